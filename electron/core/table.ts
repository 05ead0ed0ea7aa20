type Change = { readonly seq: number; readonly rows: Map<unknown, unknown>; readonly key: unknown; readonly before: unknown }

/**
 * In-memory state that can be taken back. Memory follows the journal at once, before the disk has confirmed; should the write fail,
 * every change made for a record that will never exist is undone, newest first.
 */
export class UndoLog {
  #entries: Change[] = []
  #seq = 0
  #recording = false

  /** Changes from here on belong to this record. */
  begin(seq: number): void {
    this.#seq = seq
    this.#recording = true
  }

  /** A row is about to be another. `before` is undefined where there was none. */
  push<K, V>(rows: Map<K, V>, key: K, before: V | undefined): void {
    if (this.#recording) this.#entries.push({ seq: this.#seq, rows, key, before })
  }

  /** These records are durable: they will never be taken back. */
  settle(upToSeq: number): void {
    const keep = this.#entries.findIndex((entry) => entry.seq > upToSeq)
    if (keep < 0) this.#entries = []
    else if (keep > 0) this.#entries = this.#entries.slice(keep)
  }

  /** Undoes what the records from `fromSeq` on changed. */
  takeBack(fromSeq: number): void {
    this.#recording = false
    while (this.#entries.length > 0) {
      const last = this.#entries.at(-1)!
      if (last.seq < fromSeq) break
      this.#entries.pop()
      if (last.before === undefined) last.rows.delete(last.key)
      else last.rows.set(last.key, last.before)
    }
  }
}

/** A map whose changes can be taken back. Values are replaced, never changed in place. */
export class Table<K, V> {
  readonly #rows = new Map<K, V>()
  readonly #log: UndoLog

  constructor(log: UndoLog) {
    this.#log = log
  }

  get size(): number {
    return this.#rows.size
  }

  get(key: K): V | undefined {
    return this.#rows.get(key)
  }

  values(): IterableIterator<V> {
    return this.#rows.values()
  }

  entries(): IterableIterator<[K, V]> {
    return this.#rows.entries()
  }

  set(key: K, value: V): void {
    this.#log.push(this.#rows, key, this.#rows.get(key))
    this.#rows.set(key, value)
  }

  delete(key: K): void {
    const before = this.#rows.get(key)
    if (before === undefined) return
    this.#rows.delete(key)
    this.#log.push(this.#rows, key, before)
  }
}
