import type { DecideInput, ReviseInput } from '../../../shared/contract/approvals.ts'
import { type Failure, failure } from '../../../shared/contract/errors.ts'
import type { Caller } from '../../../shared/model/actor.ts'
import type { ApprovalItem, Asked, Difference, Version } from '../../../shared/model/approval.ts'
import { differencesOf } from '../../../shared/model/difference.ts'
import type { JournalRecord, NewEvent } from '../../../shared/model/event.ts'
import { type Level, nextInstant } from '../../../shared/model/level.ts'
import { fail, ok, type Result } from '../../../shared/model/result.ts'
import { toInstant } from '../clock.ts'
import type { Position } from '../journal/port.ts'
import { applyRevision } from './answers.ts'
import { Asides } from './asides.ts'
import {
  changeProblem,
  type DecideRules,
  nextChange,
  nextDecision,
  nextRepeat,
  type Question,
  type Said,
  toActor,
  toCancelled,
} from './decide.ts'
import type { EngineDeps } from './deps.ts'
import { Holds } from './holds.ts'
import { type OpenApproval, standingOf } from './open-approval.ts'
import { toFailure, toQuestionOutcome } from './outcome.ts'
import { nextOverdue } from './overdue.ts'
import { nextSeats } from './seats.ts'
import { isExcluded, voterOf } from './voter.ts'

const longestExtensionMs = 366 * 86_400_000
const hourMs = 3_600_000
/** So many chains keep their levels in memory. */
const mostRecent = 512

export type ApprovalsDeps = EngineDeps & {
  /** The run may go on: its approval has ended. */
  readonly wake: (runId: string) => void
  /** Handles what has fallen due; before a decision, so that it meets the state that the clock has made. */
  readonly tick: () => void
}

type Reply<T> = Promise<Result<T, Failure>>

/** What people and sources do with open approvals. Each is checked against the present state in the turn in which it is recorded. */
export class Approvals {
  readonly #deps: ApprovalsDeps
  /** Levels of the chains that people are at: one vote follows another, and levels never change. */
  readonly #recentLevels = new Map<string, readonly Level[]>()
  readonly #holds: Holds
  readonly asides: Asides

  constructor(deps: ApprovalsDeps) {
    this.#deps = deps
    this.#holds = new Holds(deps)
    this.asides = new Asides({ ...deps, current: (id) => this.#current(id) })
  }

  /** Records a person's answer and wakes the run when that ends it; resolves once it is on disk. The first decision stands. */
  async decide(input: DecideInput, caller: Caller): Reply<Said> {
    const open = this.#current(input.approval_id)
    if (!open) return this.#decideEnded(input, caller)
    if (open.course?.held) return this.#onceStored(open, this.#holds.whileHeld(open, input, caller))
    const question = this.#question(open)
    const said = nextDecision(question, input, caller, this.#rules())
    if (!said.ok)
      return said.failure.code === 'stale-version' ? fail(this.#withDifferences(open, input.version, said.failure)) : said
    const { events, said: verb } = said.value
    const told = verb === 'sent_back' ? this.#tellSender(open, question, input.comment ?? '', caller) : null
    // Should only a part reach the disk, nothing waits for a sender who was not told.
    const answer = { ...said.value, events: told ? [told, ...events] : events }
    const held = input.hold ? await this.#holds.hold(open, answer, input, caller) : null
    if (held) return held
    const stored = await this.#record(open, answer.events)
    return stored.ok ? said : stored
  }

  /** Takes an answer back that has not left yet. */
  async undo(approvalId: string, caller: Caller): Reply<null> {
    const open = this.#current(approvalId)
    if (open) return this.#holds.undo(open, caller)
    const item = await this.#ended(approvalId)
    if (!item.ok) return item
    return fail(failure('already-decided', 'It is too late to undo that: the answer has left.', { decision: item.value.status }))
  }

  /** Everything that is held is carried out now: the application closes. */
  releaseAll(): void {
    this.#holds.releaseAll()
  }

  /** The requester changes what is asked, or answers a question. */
  async revise(input: ReviseInput, caller: Caller): Reply<{ readonly version: Version; readonly message: string }> {
    const open = this.#mine(input.approval_id, caller, 'change it')
    if (!open.ok) return open
    const question = this.#question(open.value)
    const before = question.asked()
    const revised = applyRevision(before, input)
    if (!revised.ok) return revised
    const asked = revised.value
    const comment = input.comment?.trim() || null
    const { run_id, id: approval_id, version } = open.value
    if (asked === before) {
      if (comment === null) return fail(invalid('', 'Say what changes, or answer with a comment.'))
      const data = { version }
      const actor = toActor(caller)
      const answered: NewEvent = { type: 'approval_answered', actor, run_id, approval_id, data, content: { comment } }
      const stored = await this.#record(open.value, [answered])
      return stored.ok ? ok({ version, message: 'The answer is there; what is asked has not changed.' }) : stored
    }
    const refused = changeProblem(question, asked, this.#rules())
    if (refused) return fail(refused)
    const change = nextChange(question, asked, 'requester', comment, caller, this.#rules())
    const stored = await this.#record(open.value, [change])
    if (!stored.ok) return stored
    const message = `It is asked anew, as version ${change.data.version.number}.`
    return ok({ version: change.data.version, message })
  }

  async withdraw(approvalId: string, reason: string | null, caller: Caller): Reply<null> {
    const open = this.#mine(approvalId, caller, 'take it back')
    if (!open.ok) return open
    return this.#record(open.value, [toCancelled(open.value, toActor(caller), reason?.trim() || null)])
  }

  /** Hands one's own place, or as an administrator the whole question, to others. */
  async reassign(approvalId: string, to: readonly string[], comment: string | null, caller: Caller): Reply<readonly string[]> {
    const found = this.#handled(approvalId, caller)
    if (!found.ok) return found
    const { open, principal } = found.value
    const { people, unknown } = this.#deps.directory.resolve(to)
    if (unknown.length > 0) return fail(invalid('/to', `${unknown.join(', ')} is not known here.`))
    if (people.length === 0) return fail(invalid('/to', 'has no members.'))
    const out = people.find((email) => isExcluded(email, open, this.#deps.directory))
    if (out) return fail(invalid('/to', `${out} requested this, changed it or gains by it, and cannot decide it.`))
    const next = nextSeats(open, this.#question(open).levels(), principal, people, (email) =>
      isExcluded(email, open, this.#deps.directory),
    )
    if (!next.ok) return next
    const stored = await this.#record(open, [
      {
        type: 'approval_reassigned',
        actor: toActor(caller),
        run_id: open.run_id,
        approval_id: open.id,
        data: { from: open.approvers, to: people, standing: next.value },
        content: { comment: comment?.trim() || null },
      },
    ])
    return stored.ok ? ok(next.value.people) : stored
  }

  /** Gives it more time, counted from its deadline or from now where that has passed. */
  async extend(approvalId: string, hours: number, comment: string | null, caller: Caller): Reply<string> {
    const found = this.#handled(approvalId, caller)
    if (!found.ok) return found
    const { open } = found.value
    if (open.due_at === null) return fail(invalid('/hours', 'It has no deadline: it waits for as long as it takes.'))
    const now = this.#deps.clock.now()
    const due = Math.max(open.course?.lapsed == null ? open.due_at : now, now) + hours * hourMs
    if (due > now + longestExtensionMs) return fail(invalid('/hours', 'The deadline can be at most 366 days away.'))
    const standing = standingOf(open)
    const level = this.#question(open).levels()[standing.level]!
    const started = Date.parse(standing.level_started_at)
    const next = nextInstant(level, { started, due, escalations: standing.escalations, now })
    const due_at = toInstant(due)
    const stored = await this.#record(open, [
      {
        type: 'approval_extended',
        actor: toActor(caller),
        run_id: open.run_id,
        approval_id: open.id,
        data: { standing: { ...standing, due_at, next_at: next === null ? null : toInstant(next) } },
        content: { comment: comment?.trim() || null },
      },
    ])
    return stored.ok ? ok(due_at) : stored
  }

  /** Handles everything about one approval that has fallen due, in order. */
  handleDue(approvalId: string, wasAway: (instant: number) => boolean): void {
    const { clock, live, rules } = this.#deps
    for (;;) {
      const open = live.approvals.get(approvalId)
      if (!open || open.wake_at === null || open.wake_at > clock.now()) return
      if (open.course?.held) {
        this.#holds.release(open)
        continue
      }
      const { graceMs } = rules()
      const event = nextOverdue(open, this.#question(open).levels(), {
        now: clock.now(),
        wasAway,
        graceMs,
        isExcluded: (email) => isExcluded(email, open, this.#deps.directory),
      })
      if (!event) return
      this.#deps.commit()(event)
      if (event.type === 'approval_decided') this.#deps.wake(open.run_id)
    }
  }

  #rules(): DecideRules {
    const { clock, directory, assess, firstSummary, rules } = this.#deps
    const { selfApproval, soleOperator } = rules()
    return {
      now: clock.now(),
      selfApproval,
      soleOperator,
      directory,
      assess,
      firstSummary,
      rulingText: (...of) => this.#rulingText(...of),
    }
  }

  /** An approval as it is now: what its deadline makes of it included. */
  #current(id: string): OpenApproval | undefined {
    const { live, clock } = this.#deps
    const open = live.approvals.get(id)
    if (!open || open.wake_at === null || open.wake_at > clock.now()) return open
    this.#deps.tick()
    return live.approvals.get(id)
  }

  #question(open: OpenApproval): Question {
    return {
      open,
      levels: () => this.#levels(open),
      asked: () => this.#asked(open.course?.asked ?? open.position),
      original: () => this.#asked(open.position),
    }
  }

  #levels(open: OpenApproval): readonly Level[] {
    if (open.chained) return this.#levelsOfChain(open)
    const timeout_ms = open.due_at === null ? null : open.due_at - open.created_at
    const { approvers } = open
    return [
      {
        name: '',
        approvers,
        people: approvers,
        votes: 'any',
        one_rejection_ends: true,
        timeout_ms,
        remind_before_ms: [],
        escalate: [],
      },
    ]
  }

  /** Null where the workflow itself says who is asked: then no policy can be passed by. */
  #rulingText(open: OpenApproval, asked: Asked): string | null {
    const { journal, live, rulingText } = this.#deps
    const requested = journal.read(open.position) as JournalRecord<'approval_requested'>
    const [first] = live.runs.get(open.run_id)?.positions ?? []
    if (!requested.data.ruling || first === undefined) return null
    const started = journal.read(first) as JournalRecord<'run_started'>
    return rulingText(asked, requested.data.source_name, started.content?.input ?? null)
  }

  #levelsOfChain(open: OpenApproval): readonly Level[] {
    const known = this.#recentLevels.get(open.id)
    const levels = known ?? (this.#deps.journal.read(open.position) as JournalRecord<'approval_requested'>).data.levels!
    this.#recentLevels.delete(open.id)
    this.#recentLevels.set(open.id, levels)
    if (this.#recentLevels.size > mostRecent) this.#recentLevels.delete(this.#recentLevels.keys().next().value!)
    return levels
  }

  #asked(position: Position): Asked {
    const record = this.#deps.journal.read(position) as JournalRecord<'approval_requested' | 'approval_changed'>
    if (!record.content) throw new Error('What was asked has been erased; it can only be rejected or cancelled.')
    return record.content.asked
  }

  /** An open approval of the caller's own source; an administrator's are all. */
  #mine(id: string, caller: Caller, what: string): Result<OpenApproval, Failure> {
    const open = this.#current(id)
    if (!open) return fail(failure('already-ended', 'It is not open (any more).'))
    if (caller.scopes.includes('admin') || caller.source?.id === open.source) return ok(open)
    return fail(failure('forbidden', `Only whoever asked can ${what}.`))
  }

  /** An open approval that asks the caller, or that the caller administers: then `principal` is null. */
  #handled(id: string, caller: Caller): Result<{ readonly open: OpenApproval; readonly principal: string | null }, Failure> {
    const open = this.#current(id)
    if (!open) return fail(failure('already-ended', 'It is not open (any more).'))
    if (open.course?.held) return fail(failure('already-decided', 'It has been answered just now. Undo that first.'))
    const voter = voterOf(open, {}, caller, () => this.#question(open).asked(), this.#rules())
    if (voter.ok && !voter.value.own) return ok({ open, principal: voter.value.principal })
    if (caller.scopes.includes('admin')) return ok({ open, principal: null })
    return voter.ok ? fail(failure('self-approval', 'You requested this yourself: others decide what becomes of it.')) : voter
  }

  async #record(open: OpenApproval, events: readonly NewEvent[]): Reply<null> {
    try {
      // What was said before may be on its way to the disk still.
      if (events.length === 0) await this.#deps.journal.synced(this.#deps.journal.head.seq)
      if (events.length === 0) return ok(null)
      const { durable } = this.#deps.commit()(...events)
      if (events.some(({ type }) => type === 'approval_decided')) this.#deps.wake(open.run_id)
      await durable
      return ok(null)
    } catch (error) {
      return fail(toFailure(error))
    }
  }

  /** An answer that repeats what is in memory waits for the disk as the first one does. */
  async #onceStored<T>(open: OpenApproval, reply: Result<T, Failure>): Reply<T> {
    const stored = reply.ok ? await this.#record(open, []) : reply
    return stored.ok ? reply : stored
  }

  async #decideEnded(input: DecideInput, caller: Caller): Reply<Said> {
    const item = await this.#ended(input.approval_id)
    return item.ok ? nextRepeat(item.value, input, caller, this.#deps) : item
  }

  /** One that has ended. Should the disk not take its end, it has not. */
  async #ended(approvalId: string): Reply<ApprovalItem> {
    try {
      const item = await this.#deps.endedApproval(approvalId)
      return item ? ok(item) : fail(failure('not-found', `There is no approval ${approvalId}.`))
    } catch (error) {
      return fail(toFailure(error))
    }
  }

  /** The sender learns of a question with the same delivery as of an outcome. */
  #tellSender(open: OpenApproval, question: Question, text: string, caller: Caller): NewEvent | null {
    const run = this.#deps.live.runs.get(open.run_id)
    return run
      ? this.#deps.queueOutcome(open.source, run.id, toQuestionOutcome(run, open, question.asked(), text, toActor(caller)))
      : null
  }

  /** What a caller who looked at an earlier version has to look at. */
  #withDifferences(open: OpenApproval, seen: DecideInput['version'], refused: Failure): Failure {
    const asked = this.#versions(open)
    const before = asked.find(({ version }) => version.number === seen || version.sha256 === seen)
    const now = asked.at(-1)
    const differences: readonly Difference[] = before && now ? differencesOf(before.asked, now.asked) : []
    return failure('stale-version', refused.message, { current: open.version, seen: before?.version ?? null, differences })
  }

  #versions(open: OpenApproval): readonly { readonly version: Version; readonly asked: Asked }[] {
    const positions = this.#deps.live.runs.get(open.run_id)?.positions ?? []
    return this.#deps.journal.readAll(positions).flatMap((record) => {
      if (record.type !== 'approval_requested' && record.type !== 'approval_changed') return []
      if (record.approval_id !== open.id || !record.content) return []
      return [{ version: record.data.version, asked: record.content.asked }]
    })
  }
}

const invalid = (pointer: string, message: string): Failure => failure('invalid-input', message, { errors: [{ pointer, message }] })
