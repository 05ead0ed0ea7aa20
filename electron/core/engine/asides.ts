import { type Failure, failure } from '../../../shared/contract/errors.ts'
import type { Caller } from '../../../shared/model/actor.ts'
import type { NewEvent } from '../../../shared/model/event.ts'
import { fail, ok, type Result } from '../../../shared/model/result.ts'
import { toInstant } from '../clock.ts'
import { asPerson, toActor } from './decide.ts'
import type { EngineDeps } from './deps.ts'
import type { OpenApproval } from './open-approval.ts'
import { toFailure } from './outcome.ts'

const longestSnoozeMs = 366 * 86_400_000
const beforeDeadlineMs = 15 * 60_000

/** Until when, whether a change brings it back sooner, and whether that may be later than its deadline. */
export type SnoozeInput = { readonly until?: string; readonly on_change?: boolean; readonly past_deadline?: boolean }

type Reply<T> = Promise<Result<T, Failure>>
type AsidesDeps = Pick<EngineDeps, 'commit' | 'clock' | 'directory'> & {
  readonly current: (approvalId: string) => OpenApproval | undefined
}

/** What somebody does with an open request without answering it: sets it aside, watches it, remarks on it. */
export class Asides {
  readonly #deps: AsidesDeps

  constructor(deps: AsidesDeps) {
    this.#deps = deps
  }

  async snooze(approvalId: string, input: SnoozeInput, caller: Caller): Reply<string | null> {
    const mine = this.#mine(approvalId, caller)
    if (!mine.ok) return mine
    const { open, person } = mine.value
    const until = this.#until(open, input)
    if (!until.ok) return until
    const on_change = input.on_change ?? input.until === undefined
    const past = input.past_deadline ? { past_deadline: true as const } : {}
    const event = { type: 'approval_snoozed', data: { person, until: until.value, on_change, ...past }, content: null } as const
    const stored = await this.#record(open, caller, event)
    return stored.ok ? ok(until.value) : stored
  }

  async unsnooze(approvalId: string, caller: Caller): Reply<null> {
    const mine = this.#mine(approvalId, caller)
    if (!mine.ok) return mine
    const { open, person } = mine.value
    return this.#record(open, caller, { type: 'approval_unsnoozed', data: { person }, content: null })
  }

  async watch(approvalId: string, watching: boolean, caller: Caller): Reply<null> {
    const mine = this.#mine(approvalId, caller)
    if (!mine.ok) return mine
    const { open, person } = mine.value
    return this.#record(open, caller, { type: 'approval_watched', data: { person, watching }, content: null })
  }

  async comment(approvalId: string, comment: string, caller: Caller): Reply<null> {
    const open = this.#deps.current(approvalId)
    if (!open) return fail(notOpen)
    if (!caller.person && caller.source?.id !== open.source)
      return fail(failure('forbidden', 'Only people and whoever asked can remark.'))
    const event = { type: 'approval_commented', data: { version: open.version }, content: { comment } } as const
    return this.#record(open, caller, event)
  }

  #mine(approvalId: string, caller: Caller): Result<{ readonly open: OpenApproval; readonly person: string }, Failure> {
    if (!caller.person) return fail(failure('forbidden', 'Only a person can do that. Use a token that was made with --person.'))
    const open = this.#deps.current(approvalId)
    return open ? ok({ open, person: this.#deps.directory.canonical(caller.person.email) }) : fail(notOpen)
  }

  /** Later than its deadline only where that is said, whatever happens or not: it would come back when nothing can be done any more. */
  #until({ due_at }: OpenApproval, { until, past_deadline }: SnoozeInput): Result<string | null, Failure> {
    const now = this.#deps.clock.now()
    if (until === undefined) return ok(due_at === null || past_deadline ? null : toInstant(shortlyBefore(due_at, now)))
    const at = Date.parse(until)
    const refuse = (message: string) => fail(failure('invalid-input', message, { errors: [{ pointer: '/until', message }] }))
    if (at <= now) return refuse('It would be back already: choose a time that is still to come.')
    if (at > now + longestSnoozeMs) return refuse('It can be set aside for at most 366 days.')
    if (due_at !== null && at >= due_at && !past_deadline) {
      return refuse(`Its deadline is before that, at ${toInstant(due_at)}. Choose an earlier time, or say past_deadline.`)
    }
    return ok(toInstant(at))
  }

  async #record(
    { run_id, id: approval_id }: OpenApproval,
    caller: Caller,
    event: Pick<Extract<NewEvent, { type: Aside }>, 'type' | 'data' | 'content'>,
  ): Reply<null> {
    try {
      const actor = caller.person ? asPerson(caller, this.#deps) : toActor(caller)
      await this.#deps.commit()({ ...event, actor, run_id, approval_id } as NewEvent).durable
      return ok(null)
    } catch (error) {
      return fail(toFailure(error))
    }
  }
}

/** When there is still time to answer: of a short time a quarter. */
const shortlyBefore = (due: number, now: number): number => due - Math.min(beforeDeadlineMs, Math.floor((due - now) / 4))

type Aside = 'approval_snoozed' | 'approval_unsnoozed' | 'approval_watched' | 'approval_commented'

const notOpen = failure('already-ended', 'It is not open (any more).')
