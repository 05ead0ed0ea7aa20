import type { ChangeEvent } from '../../../shared/contract/events.ts'
import { type AlertRules, type DeadlineStage, type Occasion, quietPeriod, stageAt } from '../../../shared/model/alert.ts'
import type { ApprovalItem } from '../../../shared/model/approval.ts'
import type { JournalRecord } from '../../../shared/model/event.ts'
import type { HostWords } from '../../../shared/words/host.ts'
import { type Clock, toInstant } from '../clock.ts'
import type { Follower } from '../commit.ts'
import type { LiveState } from '../engine/live.ts'
import type { OpenApproval } from '../engine/open-approval.ts'
import { type Audience, nextFor, startedAt, toldAbout, toldOf, waitsFor } from './audience.ts'
import { Desk } from './desk.ts'
import { Looks } from './looks.ts'
import type { Snoozes } from './snoozes.ts'
import { WhileClosed } from './while-closed.ts'

export type AlertsDeps = {
  readonly clock: Clock
  readonly live: LiveState
  readonly snoozes: Snoozes
  readonly rules: () => AlertRules
  /** What is said, in the host's language. */
  readonly words: () => HostWords
  readonly audience: () => Audience
  /** The request as it can be read now. */
  readonly item: (id: string) => ApprovalItem | null
  /** Resolves when that record is on disk and in what can be read. */
  readonly settled: (seq: number) => Promise<void>
  /** The latest record there is. */
  readonly head: () => number
  /** What has ended since an instant, the latest first; some of it where there is very much. */
  readonly endedSince: (at: number) => readonly ApprovalItem[]
  /** Until when the application ran before this start; null where it never did. */
  readonly ranUntil: number | null
  readonly publish: (event: Extract<ChangeEvent, { kind: 'alert' | 'deadline' }>) => void
  readonly log: { error(details: object, message: string): void }
}

/** What will be told next to a person, and when. */
type Next = { readonly at: number; readonly reason: Occasion['reason']; readonly item: ApprovalItem }

/**
 * What is to be told, once it can be read. A look is about what came due after `since`, until `until`: what comes due before it can be
 * read is for the next look. `started` is when the level began that it is about.
 */
type Job = { readonly id: string } & (
  | { readonly since: number; readonly until: number; readonly started: number }
  | { readonly seq: number; readonly occasion: Occasion; readonly people: (item: ApprovalItem) => readonly string[] }
)

/** Looked at in one turn of the process. */
const batch = 200
/** New ones beyond these are in the list and the counts; the hint about the others says enough. */
const mostJobs = 2000
/** Requests that are read to find out what is next: beyond these it is a guess that is early rather than late. */
const mostRead = 200

/**
 * Who is interrupted when. Follows the journal and sees a record before the live state does. Nothing is stored: what is told follows
 * from instants, so a restart repeats nothing, and several that were slept through are one. While nobody watches, nothing is read.
 */
export class Alerts implements Follower {
  readonly #deps: AlertsDeps
  readonly #looks: Looks
  readonly #desk: Desk
  readonly #jobs: Job[] = []
  #working = false
  #running = false
  #watched = false
  /** What falls due now fell due while the application was closed. */
  #opening = false
  readonly #closed: WhileClosed
  #seq = 0

  constructor(deps: AlertsDeps) {
    this.#deps = deps
    this.#desk = new Desk(deps)
    this.#looks = new Looks({
      ...deps,
      isTelling: () => this.#watched && !this.#opening,
      onLook: (open, since, now) => this.#look(open, since, now),
      onTurn: () => void this.#work(),
    })
    this.#closed = new WhileClosed(deps, this.#looks)
  }

  /** Tells from now on; what lies in the past is not repeated, except what the quiet time holds back just now. */
  start(): void {
    const { clock, rules } = this.#deps
    this.#running = true
    this.#opening = true
    this.#looks.start()
    this.#desk.start()
    this.#seq = this.#deps.head()
    const quiet = quietPeriod(clock.now(), rules().quiet)
    if (quiet) this.#heldBack(quiet.from).catch(this.#untold)
    void this.#work()
  }

  /** What ended since it is quiet waits for the end of that, as before the start. */
  async #heldBack(since: number): Promise<void> {
    await this.#deps.settled(this.#seq).catch(() => undefined)
    if (!this.#running) return
    for (const item of this.#deps.endedSince(since)) {
      if (item.decided_at === null || !this.#running) continue
      this.#ended(
        item.id,
        Date.parse(item.decided_at),
        item.status === 'expired' ? item.waits_for : null,
        item.decision?.actor.id ?? '',
      )
    }
  }

  /** What cannot be read just now. Alerts are hints: nothing else waits for them, and nothing ends with them. */
  readonly #untold = (error: unknown): void => this.#deps.log.error({ error }, 'an alert could not be told')

  /** What was missed is handled, and time goes on. */
  opened(): void {
    this.#opening = false
    this.#closed.opened()
  }

  /** A program of theirs has come. The first one after a start hears what came due while nothing ran. */
  met(person: string): void {
    if (!this.#running) return
    const tell = async () => {
      await this.#deps.settled(this.#seq).catch(() => undefined)
      // Once the application closes, nothing can be read any more.
      const due = this.#running ? await this.#closed.dueFor(person, () => this.#running) : []
      if (this.#running) this.#desk.closed(person, due)
    }
    this.#closed.meet(person, () => void tell().catch(this.#untold))
  }

  /** Whether anybody follows what happens. Alerts are hints: nobody who is not there gets one later. */
  setWatched(watched: boolean): void {
    this.#watched = watched
  }

  /** The rules are others now. */
  replan(): void {
    if (!this.#running) return
    this.#looks.replan()
    this.#desk.replan()
  }

  tick(): void {
    this.#looks.tick()
    this.#desk.tick()
  }

  stop(): void {
    this.#running = false
    this.#looks.stop()
    this.#desk.stop()
    this.#closed.stop()
  }

  apply(record: JournalRecord): void {
    if (!this.#running || !('approval_id' in record)) return
    this.#seq = record.seq
    const id = record.approval_id
    const at = Date.parse(record.at)
    this.#closed.apply(record)
    if (record.type === 'approval_decided') {
      const open = this.#deps.live.approvals.get(id)
      this.#looks.forget(id)
      if (open) this.#ended(id, at, record.data.decision === 'expired' ? open.approvers : null, record.actor.id, open.due_at)
      return
    }
    if (record.type === 'approval_requested' && record.data.automatic) return
    const before = this.#deps.live.approvals.get(id)
    this.#looks.follow(record, before)
    if (!before) return
    if (record.type === 'approval_reminded') this.#stage(id, 'reminder', Date.parse(record.data.due_at))
    const others = (people: readonly string[]) => people.filter((person) => person !== record.actor.id)
    const back = others(this.#deps.snoozes.broughtBackBy(record))
    if (back.length > 0) this.#job({ id, seq: this.#seq, occasion: { reason: 'back', at }, people: () => back })
    if ('standing' in record.data) this.#asksAnew(before, record.data.standing, at, others)
  }

  /** What the disk took before is told all the same. */
  takenBack(fromSeq: number): void {
    this.#seq = Math.min(this.#seq, fromSeq - 1)
    const kept = this.#jobs.filter((job) => 'since' in job || job.seq < fromSeq)
    this.#jobs.splice(0, this.#jobs.length, ...kept)
    if (!this.#running) return
    this.#looks.planAnew()
    this.#desk.replan()
  }

  /** What this person is told next, of everything that waits; null when nothing will be. */
  next(person: string): Next | null {
    const { live, clock, rules, audience, item: read } = this.#deps
    const now = clock.now()
    const who = audience()
    const seen = new Set<string>()
    let best: Next | null = null
    // Nothing is told sooner than it is looked at: what comes later than the best so far cannot be better.
    for (const { id, at } of this.#looks.inOrder()) {
      if (seen.size >= mostRead || at >= (best?.at ?? Number.POSITIVE_INFINITY)) break
      const open = live.approvals.get(id)
      if (!open || seen.has(id) || !toldAbout(open.approvers, who).includes(person)) continue
      seen.add(id)
      const item = read(id)
      if (item?.status !== 'pending' || item.held || !waitsFor(item, who).includes(person)) continue
      const next = nextFor(item, startedAt(open), person, rules(), now)
      if (next && (!best || next.tell_at < best.at)) best = { at: next.tell_at, reason: next.reason, item }
    }
    return best
  }

  /** Its time is over, which whoever it asked is told; or it has ended, which whoever watches it is told. */
  #ended(id: string, at: number, expiredFor: readonly string[] | null, by: string, dueAt: number | null = null): void {
    if ((!this.#watched || this.#opening) && quietPeriod(at, this.#deps.rules().quiet) === null) return
    if (expiredFor && dueAt !== null) this.#stage(id, 'expired', dueAt)
    const asked = (item: ApprovalItem) => (expiredFor ? toldOf(item, expiredFor, this.#deps.audience()) : [])
    this.#job({ id, seq: this.#seq, occasion: { reason: 'expired', at }, people: asked })
    const watchers = (item: ApprovalItem) => item.watchers.filter((person) => person !== by && !asked(item).includes(person))
    this.#job({ id, seq: this.#seq, occasion: { reason: 'watched', at }, people: watchers })
  }

  /** Those who are asked since now, where the level is the same; a new level is new for everybody it asks. */
  #asksAnew(
    before: OpenApproval,
    standing: { readonly people: readonly string[]; readonly level_started_at: string },
    at: number,
    others: (people: readonly string[]) => readonly string[],
  ): void {
    if (Date.parse(standing.level_started_at) !== startedAt(before)) return
    const fresh = others(standing.people.filter((person) => !before.approvers.includes(person)))
    if (fresh.length === 0) return
    const people = (item: ApprovalItem) => toldOf(item, fresh, this.#deps.audience())
    this.#job({ id: before.id, seq: this.#seq, occasion: { reason: 'new', at }, people })
  }

  #look(open: OpenApproval, since: number, now: number): void {
    const [stage, before] = [now, since].map((at) => (open.due_at === null ? null : stageAt(at, startedAt(open), open.due_at)))
    // A flood: reading each of them would cost more than the hint is worth.
    if (since < startedAt(open) && this.#jobs.length >= mostJobs) return
    if (stage && stage !== before && stage !== 'expired') this.#stage(open.id, stage, open.due_at!)
    this.#job({ id: open.id, since, until: now, started: startedAt(open) })
  }

  /** The bare fact, for whoever follows all requests. */
  #stage(approval_id: string, stage: DeadlineStage, dueAt: number): void {
    if (!this.#watched) return
    const title = this.#deps.item(approval_id)?.title ?? 'An approval'
    this.#deps.publish({ kind: 'deadline', approval_id, title, stage, due_at: toInstant(dueAt) })
  }

  #job(job: Job): void {
    this.#jobs.push(job)
    void this.#work()
  }

  /** One after the other, once what they are about can be read. */
  async #work(): Promise<void> {
    if (this.#working) return
    this.#working = true
    try {
      while (this.#jobs.length > 0 && this.#running) {
        const seq = this.#seq
        await this.#deps.settled(seq).catch(() => undefined)
        // Some of it was taken back meanwhile: what is left may not be readable yet.
        if (this.#seq < seq) continue
        for (const job of this.#jobs.splice(0, batch)) this.#do(job)
        if (this.#jobs.length > 0) await new Promise(setImmediate)
      }
    } catch (error) {
      this.#untold(error)
    } finally {
      this.#working = false
    }
  }

  #do(job: Job): void {
    if (!this.#running) return
    if ('since' in job) {
      const open = this.#deps.live.approvals.get(job.id)
      // At a new level it is looked at from the beginning of that.
      if (!open || startedAt(open) !== job.started) return
      // The clock has been set back in between: what had come due comes due again.
      if (this.#deps.clock.now() < job.until) this.#looks.again(job.id, job.since)
      else this.#desk.look(job.id, job.since, job.until)
      return
    }
    const item = this.#deps.item(job.id)
    const people = item ? job.people(item) : []
    if (people.length > 0) this.#desk.happened(job.id, job.occasion, people)
  }
}
