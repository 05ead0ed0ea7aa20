import { failure } from '../../../shared/contract/errors.ts'
import { exportPage } from '../insight/export.ts'
import { overviewOf } from '../insight/overview.ts'
import { precedentsOf } from '../insight/precedents.ts'
import type { Common } from './common.ts'
import type { RouterDeps } from './deps.ts'
import { defined, notFound, os, toError } from './os.ts'

export function insightHandlers({ projection, people, clock }: RouterDeps, { fresh }: Common) {
  const of = os.insight

  /** What only the database's reading finds wrong with an input. */
  const refused = (pointer: string, message: string) => (error: unknown) => {
    if (!(error instanceof RangeError)) throw error
    throw toError(failure('invalid-input', `${pointer.slice(1)} ${message}.`, { errors: [{ pointer, message }] }))
  }

  return {
    precedents: of.precedents.handler(async ({ input, context }) => {
      await fresh()
      const { approval_id } = input
      const found = await precedentsOf(approval_id, { projection, people, now: clock.now(), reader: context.caller.person })
      if (found === null) throw notFound('approval', approval_id)
      return found
    }),
    overview: of.overview.handler(async ({ input, context }) => {
      await fresh()
      const deps = { projection, now: clock.now(), reader: context.caller.person }
      return overviewOf(defined(input), deps).catch(refused('/time_zone', 'is no time zone that is known here'))
    }),
    export: of.export.handler(async ({ input }) => {
      await fresh()
      return exportPage(defined(input), projection).catch(refused('/cursor', 'is not one of ours'))
    }),
  }
}
