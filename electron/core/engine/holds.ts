import type { DecideInput } from '../../../shared/contract/approvals.ts'
import { type Failure, failure } from '../../../shared/contract/errors.ts'
import type { Caller } from '../../../shared/model/actor.ts'
import type { Held } from '../../../shared/model/approval.ts'
import type { JournalRecord, NewEvent } from '../../../shared/model/event.ts'
import { fail, ok, type Result } from '../../../shared/model/result.ts'
import { toInstant } from '../clock.ts'
import { JournalError } from '../journal/port.ts'
import { asPerson, clockActor, type Said, toActor } from './decide.ts'
import type { EngineDeps } from './deps.ts'
import { type OpenApproval, standingOf } from './open-approval.ts'
import { toFailure } from './outcome.ts'

type HoldsDeps = Pick<EngineDeps, 'journal' | 'commit' | 'live' | 'clock' | 'directory' | 'rules'> & {
  readonly wake: (runId: string) => void
}

type Reply<T> = Promise<Result<T, Failure>>

/**
 * Answers that can still be taken back. The answer is on disk at once, as the very events that it consists of, so that nothing is
 * judged a second time; they are committed when the time is up. Until then the approval is pending for everybody outside, and nobody
 * else can answer it. What the requester changes or takes back meanwhile voids it: nothing has left.
 */
export class Holds {
  readonly #deps: HoldsDeps

  constructor(deps: HoldsDeps) {
    this.#deps = deps
  }

  /** How long an answer to this question is held, ms. Never past its deadline: the answer came in time. */
  #releaseAt(open: OpenApproval): number {
    const { journal, clock, rules } = this.#deps
    const record = journal.read(open.course?.asked ?? open.position) as JournalRecord<'approval_requested' | 'approval_changed'>
    return Math.min(clock.now() + rules().holdMs(record.data.risk_floor), open.due_at ?? Number.POSITIVE_INFINITY)
  }

  /** Keeps an answer until its time is up; null where answers leave at once. */
  async hold(open: OpenApproval, said: Said, input: DecideInput, caller: Caller): Promise<Result<Said, Failure> | null> {
    const releaseAt = this.#releaseAt(open)
    if (releaseAt <= this.#deps.clock.now() || said.events.length === 0) return null
    const release_at = toInstant(releaseAt)
    const on_behalf_of = said.events.map(onBehalfOf).find((named) => named !== null) ?? null
    const stored = await this.#record({
      type: 'approval_held',
      actor: asPerson(caller, this.#deps),
      run_id: open.run_id,
      approval_id: open.id,
      data: { said: said.said, version: open.version, on_behalf_of, release_at },
      content: { events: said.events, comment: input.comment?.trim() || null },
    })
    return stored.ok ? ok({ ...said, status: 'pending', release_at }) : stored
  }

  /** What an answer meets that comes while another one is held: the same by the same person is no conflict. */
  whileHeld(open: OpenApproval, input: DecideInput, caller: Caller): Result<Said, Failure> {
    const { by, said, until } = open.course!.held!
    const release_at = toInstant(until)
    const mine = asPerson(caller, this.#deps).id === by
    if (mine && saidBy[input.decision ?? ''] === said) {
      return ok({ said, status: 'pending', message: 'Your answer is recorded already.', release_at, events: [] })
    }
    const name = this.#deps.directory.nameOf(by)
    const message = mine
      ? `You have answered it: ${words[said]}. Undo that first; it can be undone until ${release_at}.`
      : `${name} has answered it: ${words[said]}. It can be undone until ${release_at}.`
    return fail(failure('already-decided', message, { decision: said, decided_by: by, decided_by_name: name, release_at }))
  }

  /** Takes an answer back. */
  async undo(open: OpenApproval, caller: Caller): Reply<null> {
    const held = open.course?.held
    if (!held) return fail(failure('already-decided', 'There is no answer to undo: it waits for one.'))
    if (asPerson(caller, this.#deps).id !== held.by) {
      return fail(failure('forbidden', `Only ${this.#deps.directory.nameOf(held.by)} can undo this answer.`))
    }
    return this.#record(toUnheld(open, toActor(caller)))
  }

  /** Carries out an answer whose time is up. Throws what the journal throws: then it is tried again. */
  release(open: OpenApproval): void {
    const record = this.#deps.journal.read(open.course!.held!.position) as JournalRecord<'approval_held'>
    // Its words were erased: what it said is not known any more.
    const events = record.content?.events ?? [toUnheld(open, clockActor)]
    this.#deps.commit()(...events)
    if (events.some(({ type }) => type === 'approval_decided')) this.#deps.wake(open.run_id)
  }

  /** The application closes: what people have answered does not wait for its next start, unless the journal takes nothing more. */
  releaseAll(): void {
    const held = [...this.#deps.live.approvals.values()].filter((open) => open.course?.held)
    try {
      for (const open of held) this.release(open)
    } catch (error) {
      if (!(error instanceof JournalError)) throw error
    }
  }

  async #record(event: NewEvent): Reply<null> {
    try {
      await this.#deps.commit()(event).durable
      return ok(null)
    } catch (error) {
      return fail(toFailure(error))
    }
  }
}

const toUnheld = (open: OpenApproval, actor: NewEvent['actor']): NewEvent => ({
  type: 'approval_unheld',
  actor,
  run_id: open.run_id,
  approval_id: open.id,
  data: { why: actor.kind === 'system' ? 'void' : 'undone', standing: standingOf(open) },
  content: null,
})

const onBehalfOf = (event: NewEvent) =>
  event.type === 'approval_decided' || event.type === 'approval_voted' ? (event.data.on_behalf_of ?? null) : null

const words: Readonly<Record<Held['said'], string>> = {
  approved: 'approve',
  rejected: 'reject',
  sent_back: 'send back',
  cancelled: 'cancel',
}

/** What each verb says; an option is another answer each time. */
const saidBy: Readonly<Record<string, Held['said']>> = {
  approve: 'approved',
  approved: 'approved',
  reject: 'rejected',
  rejected: 'rejected',
  send_back: 'sent_back',
  cancel: 'cancelled',
}
