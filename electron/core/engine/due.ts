/** Something that falls due: an approval's deadline, or a run that wants to be woken. A hint: whoever pops it checks the state. */
export type DueEntry = {
  readonly at: number
  readonly kind: 'approval' | 'run'
  readonly id: string
}

/**
 * The due table: a binary heap, earliest first. Entries are never taken out of the middle; stale ones are dropped when popped. Its
 * columns stand side by side: an object for each of very many entries would take three times the room.
 */
export class DueTable {
  #at: number[] = []
  #kind: DueEntry['kind'][] = []
  #id: string[] = []

  get size(): number {
    return this.#at.length
  }

  /** The earliest instant, ms since the epoch; null when nothing is due ever. */
  next(): number | null {
    return this.#at[0] ?? null
  }

  push(entry: DueEntry): void {
    let index = this.#at.length
    while (index > 0) {
      const parent = (index - 1) >> 1
      if (this.#at[parent]! <= entry.at) break
      this.#move(parent, index)
      index = parent
    }
    this.#put(index, entry)
  }

  /** Takes the earliest entry that is due at `now`; null when none is. */
  pop(now: number): DueEntry | null {
    const at = this.#at[0]
    if (at === undefined || at > now) return null
    const top = { at, kind: this.#kind[0]!, id: this.#id[0]! }
    const last = {
      at: this.#at.pop()!,
      kind: this.#kind.pop()!,
      id: this.#id.pop()!,
    }
    if (this.size > 0) this.#sink(last)
    return top
  }

  replaceAll(entries: Iterable<DueEntry>): void {
    this.#at = []
    this.#kind = []
    this.#id = []
    for (const entry of entries) this.push(entry)
  }

  #sink(entry: DueEntry): void {
    let index = 0
    for (;;) {
      let child = index * 2 + 1
      if (child >= this.size) break
      if (child + 1 < this.size && this.#at[child + 1]! < this.#at[child]!) child++
      if (this.#at[child]! >= entry.at) break
      this.#move(child, index)
      index = child
    }
    this.#put(index, entry)
  }

  #move(from: number, to: number): void {
    this.#at[to] = this.#at[from]!
    this.#kind[to] = this.#kind[from]!
    this.#id[to] = this.#id[from]!
  }

  #put(index: number, { at, kind, id }: DueEntry): void {
    this.#at[index] = at
    this.#kind[index] = kind
    this.#id[index] = id
  }
}
