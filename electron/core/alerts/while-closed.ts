import { type Occasion, planAlerts, quietPeriod } from '../../../shared/model/alert.ts'
import type { ApprovalItem } from '../../../shared/model/approval.ts'
import type { JournalRecord } from '../../../shared/model/event.ts'
import type { ApprovalEvent } from '../engine/open-approval.ts'
import type { AlertsDeps } from './alerts.ts'
import { startedAt, toAlertItem, toldAbout, toldOf, waitsFor } from './audience.ts'
import type { Looks } from './looks.ts'

/** A page that has just come is still being drawn. */
const settleMs = 1500
/** Looked at in one turn of the process. */
const batch = 2000
/** Beyond so many the number says enough. */
const mostRead = 500

type ApprovalRecord = JournalRecord<ApprovalEvent>

type Due = { readonly item: ApprovalItem; readonly reason: Occasion['reason'] }

type Deps = Pick<AlertsDeps, 'clock' | 'live' | 'rules' | 'audience' | 'item' | 'endedSince' | 'ranUntil'>

/** What came due between the last run of the application and this one. Told to each person once, when their first program comes. */
export class WhileClosed {
  readonly #deps: Deps
  readonly #looks: Pick<Looks, 'nextLook'>
  /** Who has come, and as the how manieth. */
  readonly #met = new Map<string, number>()
  readonly #timers = new Set<() => void>()
  /**
   * What has ended since the start, and how many had come by then: they were told. Instants do not say that where the clock was set
   * back, or the machine slept.
   */
  readonly #endedNow = new Map<string, number>()
  /** What asks since the start, and whoever is there was told already, although the clock says that it is from before. */
  readonly #asksNow = new Set<string>()
  #startedAt: number
  #openedAt: number | null = null

  constructor(deps: Deps, looks: Pick<Looks, 'nextLook'>) {
    this.#deps = deps
    this.#looks = looks
    this.#startedAt = deps.clock.now()
  }

  opened(): void {
    this.#openedAt = this.#deps.clock.now()
  }

  apply(record: ApprovalRecord): void {
    if (record.type === 'approval_decided') {
      if (record.data.while_away) this.#endedNow.set(record.approval_id, this.#met.size)
      this.#asksNow.delete(record.approval_id)
    } else if (this.#openedAt !== null && Date.parse(record.at) <= this.#openedAt) this.#asksNow.add(record.approval_id)
  }

  meet(person: string, tell: () => void): void {
    const { ranUntil, clock } = this.#deps
    if (ranUntil === null || this.#met.has(person)) return
    this.#met.set(person, this.#met.size)
    const cancel = clock.after(settleMs, () => {
      this.#timers.delete(cancel)
      tell()
    })
    this.#timers.add(cancel)
  }

  stop(): void {
    for (const cancel of this.#timers) cancel()
    this.#timers.clear()
  }

  /** The latest word about each request: what ended first, then what waits. */
  async dueFor(person: string, isRunning: () => boolean): Promise<readonly Due[]> {
    const { ranUntil } = this.#deps
    const until = this.#openedAt
    if (ranUntil === null || until === null) return []
    return [...this.#ended(person, until), ...(await this.#waiting(person, ranUntil, until, isRunning))]
  }

  #ended(person: string, opened: number): readonly Due[] {
    const { endedSince, rules, audience } = this.#deps
    // What ends in a quiet time waits for the end of that already.
    if (quietPeriod(opened, rules().quiet) !== null) return []
    const who = audience()
    return endedSince(this.#startedAt).flatMap((item): Due[] => {
      const there = this.#endedNow.get(item.id)
      if (!item.decision?.while_away || there === undefined || there > this.#met.get(person)!) return []
      const asked = item.status === 'expired' ? toldOf(item, item.waits_for, who) : []
      if (asked.includes(person)) return rules().deadlines ? [{ item, reason: 'expired' }] : []
      return item.watchers.includes(person) ? [{ item, reason: 'watched' }] : []
    })
  }

  async #waiting(person: string, from: number, until: number, isRunning: () => boolean): Promise<readonly Due[]> {
    const { live, rules, audience, item: read } = this.#deps
    const who = audience()
    const found: Due[] = []
    let seen = 0
    for (const open of live.approvals.values()) {
      if (++seen % batch === 0) await new Promise(setImmediate)
      if (found.length >= mostRead || !isRunning()) break
      const look = this.#looks.nextLook(open, from)
      if (look === null || look > until || this.#asksNow.has(open.id) || !toldAbout(open.approvers, who).includes(person)) continue
      const item = read(open.id)
      if (item?.status !== 'pending' || !waitsFor(item, who).includes(person)) continue
      const { now } = planAlerts(toAlertItem(item, startedAt(open)), person, rules(), { told: from, now: until })
      if (now) found.push({ item, reason: now.reason })
    }
    return found
  }
}
