import { expectTypeOf, it } from 'vitest'
import type * as z from 'zod'
import type { Procedures } from '../../shared/client/link.ts'
import type { ApprovalRequest, DecideRequest, Revision } from '../../shared/client/types.ts'
import type { requestInput } from '../../shared/contract/requests.ts'

type InputOf<P> = P extends (input: infer I, ...rest: never[]) => unknown ? I : never

it('The client’s types have the members of the contract, no more and no fewer', () => {
  expectTypeOf<keyof ApprovalRequest>().toEqualTypeOf<keyof z.input<typeof requestInput>>()
  expectTypeOf<keyof DecideRequest>().toEqualTypeOf<keyof InputOf<Procedures['approvals']['decide']>>()
  expectTypeOf<keyof Revision>().toEqualTypeOf<keyof InputOf<Procedures['approvals']['revise']>>()
})
