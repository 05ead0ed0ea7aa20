/** Something that falls due: an approval's deadline, or a run that wants to be woken. A hint: whoever pops it checks the state. */
export type DueEntry = { readonly at: number; readonly kind: 'approval' | 'run'; readonly id: string }

/** The due table: a binary heap, earliest first. Entries are never taken out of the middle; stale ones are dropped when popped. */
export class DueTable {
  #heap: DueEntry[] = []

  get size(): number {
    return this.#heap.length
  }

  /** The earliest instant, ms since the epoch; null when nothing is due ever. */
  next(): number | null {
    return this.#heap[0]?.at ?? null
  }

  push(entry: DueEntry): void {
    const heap = this.#heap
    let at = heap.push(entry) - 1
    while (at > 0) {
      const parent = (at - 1) >> 1
      if (heap[parent]!.at <= entry.at) break
      heap[at] = heap[parent]!
      at = parent
    }
    heap[at] = entry
  }

  /** Takes the earliest entry that is due at `now`; null when none is. */
  pop(now: number): DueEntry | null {
    const heap = this.#heap
    const top = heap[0]
    if (!top || top.at > now) return null
    const last = heap.pop()!
    if (heap.length > 0) this.#sink(last)
    return top
  }

  replaceAll(entries: Iterable<DueEntry>): void {
    this.#heap = []
    for (const entry of entries) this.push(entry)
  }

  #sink(entry: DueEntry): void {
    const heap = this.#heap
    let at = 0
    for (;;) {
      let child = at * 2 + 1
      if (child >= heap.length) break
      if (child + 1 < heap.length && heap[child + 1]!.at < heap[child]!.at) child++
      if (heap[child]!.at >= entry.at) break
      heap[at] = heap[child]!
      at = child
    }
    heap[at] = entry
  }
}
