import type { JournalRecord } from '../../shared/model/event.ts'
import type { Follower } from './commit.ts'
import type { LiveState } from './engine/live.ts'
import type { Position } from './journal/port.ts'
import type { Summaries } from './summary/port.ts'

/** At a start, only so many waiting approvals are handed to the model: the newest. */
const takenUp = 500
/** As many of the last records are remembered as may still be taken back. */
const remembered = 1000

/**
 * Hands approvals to the summary queue and takes them back when they are decided. While the journal is read at start it only notes
 * which ones have their model's summary.
 */
export class SummaryFollower implements Follower {
  readonly #summaries: Summaries
  readonly #live: LiveState
  readonly #read: (position: Position) => JournalRecord
  readonly #summarised = new Set<string>()
  #recent: { readonly seq: number; readonly id: string }[] = []
  #started = false

  constructor(summaries: Summaries, live: LiveState, read: (position: Position) => JournalRecord) {
    this.#summaries = summaries
    this.#live = live
    this.#read = read
  }

  apply(record: JournalRecord): void {
    if (record.type === 'summary_recorded' && !this.#started) this.#summarised.add(record.approval_id)
    else if (record.type === 'approval_decided') {
      this.#summarised.delete(record.approval_id)
      if (!this.#started) return
      this.#remember(record)
      this.#summaries.forget(record.approval_id)
    } else if (record.type === 'approval_changed') {
      // What the model said was about another version.
      this.#summarised.delete(record.approval_id)
      if (!this.#started) return
      this.#remember(record)
      this.#summaries.forget(record.approval_id)
      this.#request(record)
    } else if (record.type === 'approval_requested' && this.#started) {
      this.#remember(record)
      this.#request(record)
    }
  }

  /** What was never asked wants no summary; what was never decided still wants its own. */
  takenBack(fromSeq: number): void {
    const ids = new Set(this.#recent.filter(({ seq }) => seq >= fromSeq).map(({ id }) => id))
    this.#recent = this.#recent.filter(({ seq }) => seq < fromSeq)
    for (const id of ids) {
      this.#summaries.forget(id)
      this.#takeUp(id)
    }
  }

  start(): void {
    this.#started = true
    const waiting = [...this.#live.approvals.values()].filter((open) => !this.#summarised.has(open.id)).slice(-takenUp)
    this.#summarised.clear()
    for (const open of waiting) this.#takeUp(open.id)
  }

  #remember({ seq, approval_id: id }: JournalRecord<'approval_requested' | 'approval_changed' | 'approval_decided'>): void {
    this.#recent.push({ seq, id })
    if (this.#recent.length > 2 * remembered) this.#recent = this.#recent.slice(-remembered)
  }

  #takeUp(id: string): void {
    const open = this.#live.approvals.get(id)
    if (open === undefined) return
    const record = this.#read(open.course?.asked ?? open.position)
    if (record.type === 'approval_requested' || record.type === 'approval_changed') this.#request(record)
  }

  #request(record: JournalRecord<'approval_requested' | 'approval_changed'>): void {
    if (!record.content || record.content.summary.state === 'off') return
    const { summary, asked } = record.content
    this.#summaries.request({
      id: record.approval_id,
      run_id: record.run_id,
      asked,
      due_at: record.type === 'approval_requested' ? record.data.due_at : record.data.standing.due_at,
      state: summary.state,
    })
  }
}
