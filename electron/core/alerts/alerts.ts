import type { ChangeEvent } from '../../../shared/contract/events.ts'
import {
  type AlertRules,
  type DeadlineStage,
  nextLookAt,
  type Occasion,
  quietPeriod,
  stageAt,
} from '../../../shared/model/alert.ts'
import type { ApprovalItem } from '../../../shared/model/approval.ts'
import type { JournalRecord } from '../../../shared/model/event.ts'
import { type Clock, toInstant } from '../clock.ts'
import type { Follower } from '../commit.ts'
import type { LiveState } from '../engine/live.ts'
import type { OpenApproval } from '../engine/open-approval.ts'
import { type Audience, nextFor, startedAt, toldAbout, waitsFor } from './audience.ts'
import { Desk } from './desk.ts'
import { createDueTable, type DueTable } from './due-table.ts'
import type { Snoozes } from './snoozes.ts'

export type AlertsDeps = {
  readonly clock: Clock
  readonly live: LiveState
  readonly snoozes: Snoozes
  readonly rules: () => AlertRules
  readonly audience: () => Audience
  /** The request as it can be read now. */
  readonly item: (id: string) => ApprovalItem | null
  /** Resolves when that record is on disk and in what can be read. */
  readonly settled: (seq: number) => Promise<void>
  /** What has ended since an instant, the latest first; some of it where there is very much. */
  readonly endedSince: (at: number) => readonly ApprovalItem[]
  readonly publish: (event: Extract<ChangeEvent, { kind: 'alert' | 'deadline' }>) => void
  readonly log: { error(details: object, message: string): void }
}

/** What will be told next to a person, and when. */
type Next = { readonly at: number; readonly reason: Occasion['reason']; readonly item: ApprovalItem }

type Job = { readonly id: string } & (
  | { readonly since: number }
  | { readonly occasion: Occasion; readonly people: (item: ApprovalItem) => readonly string[] }
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
  readonly #table: DueTable
  readonly #desk: Desk
  readonly #jobs: Job[] = []
  /** What has changed; true where what came due meanwhile was not told because of an answer that was taken back. */
  readonly #dirty = new Map<string, boolean>()
  #working = false
  #running = false
  #watched = false
  #seq = 0

  constructor(deps: AlertsDeps) {
    this.#deps = deps
    this.#desk = new Desk(deps)
    this.#table = createDueTable({
      clock: deps.clock,
      onDue: (id, since, now) => this.#due(id, since, now),
      onTurn: () => void this.#work(),
    })
  }

  /** Tells from now on; what lies in the past is not repeated, except what the quiet time holds back just now. */
  start(): void {
    const { clock, rules } = this.#deps
    this.#running = true
    this.replan()
    this.#table.start()
    this.#desk.start()
    const quiet = quietPeriod(clock.now(), rules().quiet)
    for (const item of quiet ? this.#deps.endedSince(quiet.from) : []) {
      if (item.decided_at === null) continue
      this.#ended(
        item.id,
        Date.parse(item.decided_at),
        item.status === 'expired' ? item.waits_for : null,
        item.decision?.actor.id ?? '',
      )
    }
    void this.#work()
  }

  /** Whether anybody follows what happens. Alerts are hints: nobody who is not there gets one later. */
  setWatched(watched: boolean): void {
    this.#watched = watched
  }

  /** The rules are others now. */
  replan(): void {
    const now = this.#deps.clock.now()
    if (this.#running) for (const open of this.#deps.live.approvals.values()) this.#plan(open, now)
  }

  tick(): void {
    this.#table.tick()
    this.#desk.tick()
  }

  stop(): void {
    this.#running = false
    this.#table.stop()
    this.#desk.stop()
  }

  apply(record: JournalRecord): void {
    if (!this.#running || !('approval_id' in record)) return
    this.#seq = record.seq
    const id = record.approval_id
    const at = Date.parse(record.at)
    if (record.type === 'approval_decided') {
      const open = this.#deps.live.approvals.get(id)
      this.#table.remove(id)
      if (open) this.#ended(id, at, record.data.decision === 'expired' ? open.approvers : null, record.actor.id, open.due_at)
      return
    }
    if (record.type === 'approval_requested' && record.data.automatic) return
    this.#later(id, record.type === 'approval_unheld')
    const before = this.#deps.live.approvals.get(id)
    if (!before) return
    if (record.type === 'approval_reminded') this.#reminded(id, Date.parse(record.data.due_at), record.data.before_ms)
    const others = (people: readonly string[]) => people.filter((person) => person !== record.actor.id)
    const back = others(this.#deps.snoozes.broughtBackBy(record))
    if (back.length > 0) this.#job({ id, occasion: { reason: 'back', at }, people: () => back })
    if ('standing' in record.data) this.#asksAnew(before, record.data.standing, at, others)
  }

  takenBack(): void {
    this.#jobs.length = 0
    if (this.#running) this.replan()
  }

  /** What this person is told next, of everything that waits; null when nothing will be. */
  next(person: string): Next | null {
    const { live, clock, rules, audience, item: read } = this.#deps
    const now = clock.now()
    const who = audience()
    const looks = [...this.#table.entries()]
      .filter(({ id }) => {
        const open = live.approvals.get(id)
        return open !== undefined && toldAbout(open.approvers, who).includes(person)
      })
      .sort((a, b) => a.at - b.at)
    let best: Next | null = null
    for (const [index, { id, at }] of looks.entries()) {
      if (index >= mostRead || at >= (best?.at ?? Number.POSITIVE_INFINITY)) break
      const item = read(id)
      if (item?.status !== 'pending' || item.held || !waitsFor(item, who).includes(person)) continue
      const next = nextFor(item, startedAt(live.approvals.get(id)!), person, rules(), now)
      if (next && (!best || next.tell_at < best.at)) best = { at: next.tell_at, reason: next.reason, item }
    }
    return best
  }

  /** Its time is over, which whoever it asked is told; or it has ended, which whoever watches it is told. */
  #ended(id: string, at: number, expiredFor: readonly string[] | null, by: string, dueAt: number | null = null): void {
    if (!this.#watched && quietPeriod(at, this.#deps.rules().quiet) === null) return
    if (expiredFor && dueAt !== null) this.#stage(id, 'expired', dueAt)
    const asked = expiredFor ? toldAbout(expiredFor, this.#deps.audience()) : []
    if (asked.length > 0) this.#job({ id, occasion: { reason: 'expired', at }, people: () => asked })
    const watchers = (item: ApprovalItem) => item.watchers.filter((person) => person !== by && !asked.includes(person))
    this.#job({ id, occasion: { reason: 'watched', at }, people: watchers })
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
    const people = () => toldAbout(fresh, this.#deps.audience())
    this.#job({ id: before.id, occasion: { reason: 'new', at }, people })
  }

  #reminded(id: string, dueAt: number, beforeMs: number): void {
    const since = this.#table.get(id)?.since ?? this.#deps.clock.now()
    this.#stage(id, 'reminder', dueAt)
    if (since < dueAt - beforeMs) this.#job({ id, since })
  }

  /** Planned anew once everybody has followed the record. */
  #later(id: string, again: boolean): void {
    if (this.#dirty.size === 0) queueMicrotask(() => this.#replanDirty())
    this.#dirty.set(id, again)
  }

  #replanDirty(): void {
    const now = this.#deps.clock.now()
    for (const [id, again] of this.#dirty) {
      const open = this.#deps.live.approvals.get(id)
      if (!open || !this.#running) continue
      const entry = this.#table.get(id)
      // Up to its next look everything was told. One that is new, or at a new level, is told from its beginning.
      const told = entry && (again || entry.at <= now) ? entry.since : now
      const started = startedAt(open)
      const isFresh = entry === undefined || entry.since < started
      this.#plan(open, isFresh && this.#watched ? started - 1 : isFresh ? started : told)
    }
    this.#dirty.clear()
  }

  #plan(open: OpenApproval, since: number): void {
    const snoozes = this.#deps.snoozes.of(open.id).flatMap(({ until }) => (until === null ? [] : Date.parse(until)))
    const others = open.wake_at === null || open.course?.held ? snoozes : [...snoozes, open.wake_at]
    const facts = { started_at: startedAt(open), due_at: open.due_at, others }
    this.#table.set(open.id, nextLookAt(facts, this.#deps.rules(), since), since)
  }

  #due(id: string, since: number, now: number): void {
    const open = this.#deps.live.approvals.get(id)
    if (!open) return
    const held = open.course?.held
    // Should the answer be taken back, it is told then.
    if (held) {
      this.#table.set(id, Math.max(held.until, now) + 1000, since)
      return
    }
    this.#plan(open, now)
    if (!this.#watched) return
    const [stage, before] = [now, since].map((at) => (open.due_at === null ? null : stageAt(at, startedAt(open), open.due_at)))
    // A flood: reading each of them would cost more than the hint is worth.
    if (since < startedAt(open) && this.#jobs.length >= mostJobs) return
    if (stage && stage !== before && stage !== 'expired') this.#stage(id, stage, open.due_at!)
    this.#job({ id, since })
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
        await this.#deps.settled(this.#seq).catch(() => undefined)
        for (const job of this.#jobs.splice(0, batch)) this.#do(job)
        if (this.#jobs.length > 0) await new Promise(setImmediate)
      }
    } catch (error) {
      this.#deps.log.error({ error }, 'an alert could not be told')
    } finally {
      this.#working = false
    }
  }

  #do(job: Job): void {
    if (!this.#running) return
    if ('since' in job) {
      this.#desk.look(job.id, job.since)
      return
    }
    const item = this.#deps.item(job.id)
    const people = item ? job.people(item) : []
    if (people.length > 0) this.#desk.happened(job.id, job.occasion, people)
  }
}
