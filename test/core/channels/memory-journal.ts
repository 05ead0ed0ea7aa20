import type { Clock } from '../../../electron/core/clock.ts'
import { toInstant } from '../../../electron/core/clock.ts'
import { type Appended, type Journal, JournalError, type Position } from '../../../electron/core/journal/port.ts'
import type { JournalRecord, NewEvent } from '../../../shared/model/event.ts'

/** A journal in memory that can be told to hold or to refuse its syncs. */
export class MemoryJournal implements Journal {
  records: JournalRecord[] = []
  readonly readOnly = null
  mode: 'works' | 'holds' | 'full' = 'works'
  #durable = 0
  #waiting: { seq: number; resolve: () => void; reject: (error: Error) => void }[] = []
  #synced: ((durable: { seq: number; end: Position }) => void)[] = []
  #takenBack: ((fromSeq: number, error: JournalError) => void)[] = []
  readonly #clock: Clock

  constructor(clock: Clock) {
    this.#clock = clock
  }

  get head() {
    return { seq: this.records.length, hash: '' }
  }

  get durable() {
    return { seq: this.#durable, end: this.#durable }
  }

  append(event: NewEvent): Appended {
    const seq = this.records.length + 1
    const at = toInstant(this.#clock.now())
    const record = { ...event, seq, at } as JournalRecord
    this.records.push(record)
    queueMicrotask(() => this.flush())
    return { record, position: seq }
  }

  /** What the disk does in the background. */
  flush(): void {
    if (this.mode === 'holds') return
    if (this.mode === 'works') {
      this.#durable = this.records.length
      for (const listener of this.#synced) listener(this.durable)
    } else if (this.records.length > this.#durable) {
      const error = new JournalError('disk-full', 'The disk is full.')
      const from = this.#durable + 1
      this.records = this.records.slice(0, this.#durable)
      for (const listener of this.#takenBack) listener(from, error)
    }
    const waiting = this.#waiting
    this.#waiting = []
    for (const { seq, resolve, reject } of waiting) {
      if (seq <= this.#durable) resolve()
      else reject(new JournalError('disk-full', 'The disk is full.'))
    }
  }

  synced(seq: number): Promise<void> {
    if (seq <= this.#durable) return Promise.resolve()
    return new Promise((resolve, reject) => this.#waiting.push({ seq, resolve, reject }))
  }

  read(position: Position): JournalRecord {
    const record = this.records[position - 1]
    if (record === undefined) throw new Error('There is no record here.')
    return record
  }

  readAll(positions: readonly Position[]): readonly JournalRecord[] {
    return positions.map((position) => this.read(position))
  }

  onSynced(listener: (durable: { seq: number; end: Position }) => void): () => void {
    this.#synced.push(listener)
    return () => {}
  }

  onTakenBack(listener: (fromSeq: number, error: JournalError) => void): () => void {
    this.#takenBack.push(listener)
    return () => {}
  }

  async close(): Promise<void> {}
}
