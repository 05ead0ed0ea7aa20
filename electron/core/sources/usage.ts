import type { UsageView } from '../../../shared/contract/settings.ts'
import type { JournalRecord } from '../../../shared/model/event.ts'
import type { Follower } from '../commit.ts'
import { Table, type UndoLog } from '../table.ts'

/** What came of one source, counted while the journal is followed. `day` is the local day that `today` counts. */
type Used = {
  readonly requests: number
  readonly day: string
  readonly today: number
  readonly waiting: number
  readonly decided: number
  readonly last_run_id: string | null
  readonly last_approval_id: string | null
  readonly pending: number
  readonly delivered: number
  readonly dead: number
  readonly last_error: string | null
  /** The run whose delivery that was. */
  readonly failed_run_id: string | null
}

const unused: Used = {
  requests: 0,
  day: '',
  today: 0,
  waiting: 0,
  decided: 0,
  last_run_id: null,
  last_approval_id: null,
  pending: 0,
  delivered: 0,
  dead: 0,
  last_error: null,
  failed_run_id: null,
}

/** How each credential and each hook is used. Small: a row a source, and one for each thing of theirs that is not over. */
export class SourceUsage implements Follower {
  readonly readsContentOf = ['delivery_attempted'] as const
  readonly #used: Table<string, Used>
  /** When a credential was last written on a record. */
  readonly #lastAt: Table<string, string>
  /** Whose they are: approvals that wait, outcomes that are not delivered. */
  readonly #open: Table<string, string>
  readonly #now: () => number

  constructor(undo: UndoLog, now: () => number) {
    this.#used = new Table(undo)
    this.#lastAt = new Table(undo)
    this.#open = new Table(undo)
    this.#now = now
  }

  apply(record: JournalRecord): void {
    const { credential } = record.actor
    if (credential !== undefined) this.#lastAt.set(credential, record.at)
    switch (record.type) {
      case 'run_started': {
        const { source, parent } = record.data
        if (parent !== undefined) return
        const used = this.#of(source)
        const day = dayOf(Date.parse(record.at))
        const today = (used.day === day ? used.today : 0) + 1
        this.#used.set(source, { ...used, requests: used.requests + 1, day, today, last_run_id: record.run_id })
        return
      }
      case 'approval_requested': {
        const { source } = record.data
        const used = this.#of(source)
        this.#open.set(record.approval_id, source)
        this.#used.set(source, { ...used, waiting: used.waiting + 1, last_approval_id: record.approval_id })
        return
      }
      case 'approval_decided':
        this.#change(record.approval_id, (used) => ({ ...used, waiting: used.waiting - 1, decided: used.decided + 1 }), true)
        return
      case 'delivery_queued':
        this.#open.set(record.data.delivery_id, record.data.source)
        this.#change(record.data.delivery_id, (used) => ({ ...used, pending: used.pending + 1 }), false)
        return
      case 'delivery_attempted':
        this.#attempted(record)
        return
      case 'run_erased':
        // A receiver's answer can quote what it was sent.
        for (const [source, used] of [...this.#used.entries()])
          if (used.failed_run_id === record.run_id) this.#used.set(source, { ...used, last_error: null })
        return
      case 'delivery_requeued':
        this.#change(record.data.delivery_id, (used) => ({ ...used, pending: used.pending + 1, dead: used.dead - 1 }), false)
        return
      default:
    }
  }

  #attempted(record: JournalRecord<'delivery_attempted'>): void {
    const { delivery_id, state, status } = record.data
    const error = record.content?.error ?? (status === null ? null : `HTTP ${status}`)
    const failed = { last_error: error, failed_run_id: record.run_id }
    if (state === 'delivered') {
      this.#change(
        delivery_id,
        (used) => ({ ...used, pending: used.pending - 1, delivered: used.delivered + 1, last_error: null }),
        true,
      )
    } else if (state === 'dead') {
      this.#change(delivery_id, (used) => ({ ...used, pending: used.pending - 1, dead: used.dead + 1, ...failed }), false)
    } else this.#change(delivery_id, (used) => ({ ...used, ...failed }), false)
  }

  #of(source: string): Used {
    return this.#used.get(source) ?? unused
  }

  #change(id: string, change: (used: Used) => Used, over: boolean): void {
    const source = this.#open.get(id)
    if (source === undefined) return
    this.#used.set(source, change(this.#of(source)))
    if (over) this.#open.delete(id)
  }

  /** When this credential last did something that was written down. */
  lastAt(credential: string): string | null {
    return this.#lastAt.get(credential) ?? null
  }

  view(source: string): UsageView {
    const { day, today, requests, waiting, decided, last_run_id, last_approval_id, pending, delivered, dead, last_error } =
      this.#of(source)
    return {
      requests,
      requests_today: day === dayOf(this.#now()) ? today : 0,
      waiting,
      decided,
      last_run_id,
      last_approval_id,
      deliveries: { pending, delivered, dead, last_error },
    }
  }
}

let [lastMinute, lastDay] = [Number.NaN, '']

/** The day on this machine's clock: what "today" means to whoever looks. No day of any zone begins within a minute. */
function dayOf(ms: number): string {
  const minute = Math.floor(ms / 60_000)
  if (minute === lastMinute) return lastDay
  const date = new Date(ms)
  lastMinute = minute
  lastDay = `${date.getFullYear()}-${date.getMonth()}-${date.getDate()}`
  return lastDay
}
