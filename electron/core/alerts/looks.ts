import { nextLookAt } from '../../../shared/model/alert.ts'
import type { JournalRecord } from '../../../shared/model/event.ts'
import type { ApprovalEvent, OpenApproval } from '../engine/open-approval.ts'
import type { AlertsDeps } from './alerts.ts'
import { startedAt } from './audience.ts'
import type { Due } from './due-heap.ts'
import { createDueTable, type DueTable } from './due-table.ts'

/** When it was to be looked at before something happened to it, and whether it asks anew since. */
type Changed = { readonly before: number | null; readonly fresh: boolean }

type ApprovalRecord = JournalRecord<ApprovalEvent>

type Deps = Pick<AlertsDeps, 'clock' | 'live' | 'snoozes' | 'rules'> & {
  /** Whether anybody is told what comes due now. */
  readonly isTelling: () => boolean
  /** Something may have come due about it: everything until `since` was told. */
  readonly onLook: (open: OpenApproval, since: number, now: number) => void
  /** After each turn that had something due. */
  readonly onTurn: () => void
}

/** When each open request is to be looked at next. What was planned is all that is kept of it. */
export class Looks {
  readonly #deps: Deps
  readonly #table: DueTable
  /** What has changed in this turn. */
  readonly #dirty = new Map<string, Changed>()
  /** Until when those were looked at of which more may be due in the turns that follow. */
  readonly #lookedAt = new Map<string, number>()
  /** When those first came due whose answer can be taken back. Should it be, they are told then. */
  readonly #owed = new Map<string, number>()
  #running = false

  constructor(deps: Deps) {
    this.#deps = deps
    this.#table = createDueTable({
      clock: deps.clock,
      onDue: (id, at, now) => this.#due(id, at, now),
      onTurn: (more) => {
        if (!more) this.#lookedAt.clear()
        deps.onTurn()
      },
    })
  }

  start(): void {
    this.#running = true
    this.replan()
    this.#table.start()
  }

  tick(): void {
    this.#table.tick()
  }

  stop(): void {
    this.#running = false
    this.#table.stop()
  }

  /** Everything is planned from now on: the rules are others. */
  replan(): void {
    const now = this.#deps.clock.now()
    this.#table.keep(() => false)
    for (const open of this.#deps.live.approvals.values()) this.#add(open.id, this.nextLook(open, now))
  }

  /** Everything is planned from now on, besides what has come due and was not looked at yet. */
  planAnew(): void {
    const now = this.#deps.clock.now()
    const { approvals } = this.#deps.live
    this.#table.keep((id, at) => at <= now && approvals.get(id) !== undefined)
    for (const open of approvals.values()) this.#add(open.id, this.nextLook(open, now))
  }

  /** All that is planned, in order; some of it was replaced since, and what replaced it is there too. */
  inOrder(): Iterable<Due> {
    return this.#table.inOrder()
  }

  /** What came due after `since` was not told after all. */
  again(id: string, since: number): void {
    this.#add(id, since + 1)
  }

  /** It has ended. */
  forget(id: string): void {
    this.#owed.delete(id)
  }

  /** A record is about to be applied: planned anew once everybody has followed it. `before` is as it stood. */
  follow(record: ApprovalRecord, before: OpenApproval | undefined): void {
    const id = record.approval_id
    if (this.#dirty.size === 0) queueMicrotask(() => this.#replanDirty())
    const there = this.#dirty.get(id)
    const anew = before && 'standing' in record.data && Date.parse(record.data.standing.level_started_at) !== startedAt(before)
    this.#dirty.set(id, {
      before: there ? there.before : before ? this.nextLook(before, this.#deps.clock.now()) : null,
      fresh: there?.fresh || before === undefined || anew === true,
    })
  }

  #replanDirty(): void {
    const now = this.#deps.clock.now()
    for (const [id, { before, fresh }] of this.#dirty) {
      const open = this.#deps.live.approvals.get(id)
      if (!open || !this.#running) continue
      // One that is new, or at a new level, is told from its beginning.
      const started = startedAt(open)
      if (fresh && this.#lookedAt.has(id)) this.#lookedAt.set(id, started - 1)
      const next = this.nextLook(open, !fresh ? now : this.#deps.isTelling() ? started - 1 : started)
      // What was planned for the same instant is in the table, or is looked at just now and planned then.
      if (fresh || next !== before) this.#add(id, next)
      const owed = open.course?.held ? undefined : this.#owed.get(id)
      if (owed === undefined) continue
      this.#owed.delete(id)
      this.#add(id, owed)
    }
    this.#dirty.clear()
    this.#tidy()
  }

  /** A busy day leaves entries behind of what was decided or changed: they go when they are most of what there is. */
  #tidy(): void {
    const { approvals } = this.#deps.live
    if (this.#table.size < 1000 + 2 * approvals.size) return
    this.planAnew()
  }

  /** When it is to be looked at for the first time after an instant. */
  nextLook(open: OpenApproval, after: number): number | null {
    const snoozes = this.#deps.snoozes.of(open.id).flatMap(({ until }) => (until === null ? [] : Date.parse(until)))
    const others = open.wake_at === null || open.course?.held ? snoozes : [...snoozes, open.wake_at]
    return nextLookAt({ started_at: startedAt(open), due_at: open.due_at, others }, this.#deps.rules(), after)
  }

  #add(id: string, at: number | null): void {
    if (at !== null) this.#table.add(id, at)
  }

  /**
   * Between what was planned and the instant before it nothing came due: so everything until then was told, and nobody has to remember
   * until when. A plan that was replaced looks in vain.
   */
  #due(id: string, at: number, now: number): void {
    const open = this.#deps.live.approvals.get(id)
    if (!open || at <= (this.#lookedAt.get(id) ?? 0)) return
    // It asks anew since this very turn, and is looked at from the beginning of that.
    if (this.#dirty.get(id)?.fresh) return
    this.#add(id, this.nextLook(open, now))
    if (open.course?.held) {
      if (!this.#owed.has(id)) this.#owed.set(id, at)
      return
    }
    this.#lookedAt.set(id, now)
    if (this.#deps.isTelling()) this.#deps.onLook(open, at - 1, now)
  }
}
