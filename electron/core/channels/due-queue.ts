/** What is due when, earliest first: a binary heap. Entries are hints; who takes one looks whether it still holds. */
export class DueQueue {
  #heap: { readonly at: number; readonly id: string }[] = []

  get nextAt(): number | null {
    return this.#heap[0]?.at ?? null
  }

  clear(): void {
    this.#heap = []
  }

  push(at: number, id: string): void {
    const heap = this.#heap
    let index = heap.length
    heap.push({ at, id })
    while (index > 0) {
      const parent = (index - 1) >> 1
      if (heap[parent]!.at <= at) break
      heap[index] = heap[parent]!
      heap[parent] = { at, id }
      index = parent
    }
  }

  /** Takes the earliest entry if it is due. */
  take(now: number): { readonly at: number; readonly id: string } | null {
    const heap = this.#heap
    const first = heap[0]
    if (first === undefined || first.at > now) return null
    const last = heap.pop()!
    if (heap.length > 0) this.#sink(last)
    return first
  }

  #sink(entry: { readonly at: number; readonly id: string }): void {
    const heap = this.#heap
    let index = 0
    for (;;) {
      const left = 2 * index + 1
      if (left >= heap.length) break
      const child = left + 1 < heap.length && heap[left + 1]!.at < heap[left]!.at ? left + 1 : left
      if (heap[child]!.at >= entry.at) break
      heap[index] = heap[child]!
      index = child
    }
    heap[index] = entry
  }
}
