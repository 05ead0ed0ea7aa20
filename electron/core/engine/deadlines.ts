import type { JournalRecord } from '../../../shared/model/event.ts'
import { nextInstant } from '../../../shared/model/level.ts'
import type { Clock } from '../clock.ts'
import { JournalError } from '../journal/port.ts'
import { type DueEntry, DueTable } from './due.ts'
import type { LiveState } from './live.ts'

/** How often the due table is looked at when nothing is known to be due sooner: the machine may have slept. */
const longestNapMs = 30_000

/** What falls due and when. Instants are the truth and stand in the live state; the table and its timer are hints to look again. */
export class Deadlines {
  readonly #clock: Clock
  readonly #live: LiveState
  readonly #wake: () => void
  readonly #due = new DueTable()
  #timerAt = Number.POSITIVE_INFINITY
  #cancelTimer = () => {}

  /** `wake` is called when it is time to `tick`. */
  constructor({ clock, live }: { readonly clock: Clock; readonly live: LiveState }, wake: () => void) {
    this.#clock = clock
    this.#live = live
    this.#wake = wake
  }

  apply(record: JournalRecord): void {
    const wakes = wakesApproval(record)
    if (wakes) {
      this.#push({ at: wakes.at, kind: 'approval', id: wakes.id })
    } else if ((record.type === 'timer_set' || record.type === 'signal_awaited') && record.data.due_at) {
      this.#push({ at: Date.parse(record.data.due_at), kind: 'run', id: record.run_id })
    } else if (record.type === 'step_failed' && record.data.retry_at) {
      this.#push({ at: Date.parse(record.data.retry_at), kind: 'run', id: record.run_id })
    }
  }

  /**
   * Hands over everything that is due, in order, and sets the timer to the next. What cannot be read for a moment keeps nothing else
   * waiting; where nothing can be written, the rest waits with it. `failed` has both taken anew.
   */
  tick(handle: (entry: DueEntry) => void, failed: (error: unknown) => void): void {
    for (let entry = this.#due.pop(this.#clock.now()); entry; entry = this.#due.pop(this.#clock.now())) {
      try {
        handle(entry)
      } catch (error) {
        failed(error)
        if (error instanceof JournalError) return
      }
    }
    this.#schedule()
  }

  /** Takes everything anew from the live state. */
  refill(): void {
    const entries: DueEntry[] = []
    for (const { id, wake_at } of this.#live.approvals.values())
      if (wake_at !== null) entries.push({ at: wake_at, kind: 'approval', id })
    for (const run of this.#live.runs.values()) for (const { at } of run.due) entries.push({ at, kind: 'run', id: run.id })
    this.#due.replaceAll(entries)
  }

  stop(): void {
    this.#cancelTimer()
  }

  #push(entry: DueEntry): void {
    // Entries of what was decided long before its deadline are dead weight: shed them before they outnumber the living.
    if (this.#due.size > 1024 && this.#due.size > 3 * (this.#live.approvals.size + this.#live.runs.size)) this.refill()
    this.#due.push(entry)
    if (entry.at < this.#timerAt) this.#schedule()
  }

  #schedule(): void {
    this.#cancelTimer()
    const now = this.#clock.now()
    this.#timerAt = Math.min(this.#due.next() ?? Number.POSITIVE_INFINITY, now + longestNapMs)
    this.#cancelTimer = this.#clock.after(Math.max(0, this.#timerAt - now), this.#wake)
  }
}

/** When an approval that this record is about falls due next; null where the record says nothing of it. */
function wakesApproval(record: JournalRecord): { readonly at: number; readonly id: string } | null {
  if (record.type === 'approval_requested') {
    const first = record.data.levels?.[0]
    const due = record.data.due_at === null ? null : Date.parse(record.data.due_at)
    const started = Date.parse(record.at)
    const at = first ? nextInstant(first, { started, due, escalations: 0, now: started }) : due
    return at === null ? null : { at, id: record.approval_id }
  }
  if (!('approval_id' in record)) return null
  if (record.type === 'approval_held') return { at: Date.parse(record.data.release_at), id: record.approval_id }
  const next = 'standing' in record.data ? record.data.standing.next_at : 'next_at' in record.data ? record.data.next_at : null
  return next === null ? null : { at: Date.parse(next), id: record.approval_id }
}
