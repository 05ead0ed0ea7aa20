import { type ImplementerInternalWithMiddlewares, implement, ORPCError } from '@orpc/server'
import { type Contract, contract } from '../../../shared/contract/contract.ts'
import { catalogue, type Failure, failure } from '../../../shared/contract/errors.ts'
import type { Caller, Scope } from '../../../shared/model/actor.ts'
import type { Result } from '../../../shared/model/result.ts'
import type { RequestContext } from '../context.ts'
import { toFailure as toExpected } from '../intake/problem.ts'
import { ProjectionUnavailable } from '../projection/port.ts'

/** An expected failure, as oRPC carries it to every kind of caller. */
export const toError = ({ code, message, data }: Failure): ORPCError<string, unknown> =>
  new ORPCError(code, { status: catalogue[code][0], message, data, defined: true })

/** A validation failure with every problem in it; null for any other error. */
function toInvalidInput(error: unknown): ORPCError<string, unknown> | null {
  if (!(error instanceof ORPCError) || error.code !== 'BAD_REQUEST') return null
  const found = toExpected(error)
  return found && toError(found)
}

export function take<T>(result: Result<T, Failure>): T {
  if (!result.ok) throw toError(result.failure)
  return result.value
}

export const notFound = (what: string, id: string) => toError(failure('not-found', `There is no ${what} ${id}.`))

/** Whether the caller holds one of the scopes that a procedure asks for. Reading is part of deciding and of administering. */
function allows(caller: Caller, scope: Scope, also: readonly Scope[]): boolean {
  const wanted = [scope, ...also]
  if (wanted.some((one) => caller.scopes.includes(one))) return true
  return wanted.includes('read') && (caller.scopes.includes('decide') || caller.scopes.includes('admin'))
}

const guarded = implement(contract)
  .$context<RequestContext>()
  // Validation comes after the check of scopes: who may not call learns nothing about what a call would take.
  .$config({ initialInputValidationIndex: Number.POSITIVE_INFINITY, initialOutputValidationIndex: Number.NaN })
  .use(async ({ context, procedure, next }) => {
    const { scope, also = [] } = procedure['~orpc'].meta
    if (scope !== null && !allows(context.caller, scope, also)) {
      const wanted = [scope, ...also].join(' or ')
      throw toError(
        failure('forbidden', `This needs the scope ${wanted}; this credential has ${context.caller.scopes.join(', ') || 'none'}.`),
      )
    }
    try {
      return await next()
    } catch (error) {
      throw toInvalidInput(error) ?? toUnavailable(error) ?? error
    }
  })

/** What cannot be looked up for now is said to be so, and is no bug. */
function toUnavailable(error: unknown) {
  if (!(error instanceof ProjectionUnavailable)) return null
  if (error.diskFull)
    return toError(failure('disk-full', 'The disk is full: this cannot be looked up. Free some space and try again.'))
  return toError(failure('read-only', `This cannot be looked up right now: ${error.message}`))
}

/** The start of every handler: who may not call is refused here, and what is wrong with an input is said in one way. */
export const os: ImplementerInternalWithMiddlewares<Contract, RequestContext, RequestContext> = guarded

/** A cursor that is not one of ours is the caller's mistake. */
export const paged = <T>(read: () => T): T => {
  try {
    return read()
  } catch (error) {
    if (error instanceof RangeError)
      throw toError(
        failure('invalid-input', 'The cursor is not one of ours.', {
          errors: [{ pointer: '/cursor', message: 'is not a cursor' }],
        }),
      )
    throw error
  }
}

/** One signal out of those there are. */
export const anySignal = (...signals: readonly (AbortSignal | undefined)[]): AbortSignal | undefined => {
  const given = signals.filter((one) => one !== undefined)
  return given.length > 0 ? AbortSignal.any(given) : undefined
}

/** Leaves out what is undefined: a query has a member or it has not. */
export function defined<T extends object>(input: T): { [K in keyof T]: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(input).filter(([, value]) => value !== undefined)) as never
}
