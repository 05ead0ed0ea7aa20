/** An instant at which something is to be looked at. */
export type Due = { readonly id: string; readonly at: number }

/** Room for so many at first. */
const smallest = 16

/**
 * Instants, the earliest first; what falls due in the same millisecond keeps its order. An id may have several. Its columns stand side
 * by side: an object for each of very many would take several times the room.
 */
export class DueHeap {
  #size = 0
  #at = new Float64Array(smallest)
  #order = new Float64Array(smallest)
  #id: string[] = []
  #lastOrder = 0

  get size(): number {
    return this.#size
  }

  /** The earliest instant; null when there is none. */
  get next(): number | null {
    return this.#size === 0 ? null : this.#at[0]!
  }

  push(id: string, at: number): void {
    this.#makeRoom()
    const order = ++this.#lastOrder
    let index = this.#size++
    while (index > 0) {
      const parent = (index - 1) >> 1
      if (this.#isBefore(parent, at, order)) break
      this.#move(parent, index)
      index = parent
    }
    this.#put(index, id, at, order)
  }

  /** Takes the earliest out; null when there is none. */
  pop(): Due | null {
    if (this.#size === 0) return null
    const top = { id: this.#id[0]!, at: this.#at[0]! }
    const last = --this.#size
    const id = this.#id.pop()!
    if (last > 0) this.#sink(0, id, this.#at[last]!, this.#order[last]!)
    return top
  }

  /** Leaves only those for which `stays` says so. */
  keep(stays: (id: string, at: number) => boolean): void {
    let kept = 0
    for (let index = 0; index < this.#size; index++) {
      if (!stays(this.#id[index]!, this.#at[index]!)) continue
      this.#move(index, kept++)
    }
    this.#size = kept
    this.#id.length = kept
    for (let index = (kept >> 1) - 1; index >= 0; index--) {
      this.#sink(index, this.#id[index]!, this.#at[index]!, this.#order[index]!)
    }
  }

  /** All of them, in order, as they are now. Costs little for whoever stops early. */
  *inOrder(): Generator<Due, void, void> {
    const copy = new DueHeap()
    copy.#size = this.#size
    copy.#at = this.#at.slice()
    copy.#order = this.#order.slice()
    copy.#id = this.#id.slice()
    for (let due = copy.pop(); due; due = copy.pop()) yield due
  }

  #makeRoom(): void {
    if (this.#size < this.#at.length) return
    const [at, order] = [this.#at, this.#order]
    const room = Math.ceil(at.length * 1.5)
    this.#at = new Float64Array(room)
    this.#at.set(at)
    this.#order = new Float64Array(room)
    this.#order.set(order)
  }

  #sink(start: number, id: string, at: number, order: number): void {
    let index = start
    for (;;) {
      let child = 2 * index + 1
      if (child >= this.#size) break
      if (child + 1 < this.#size && !this.#isBefore(child, this.#at[child + 1]!, this.#order[child + 1]!)) child++
      if (!this.#isBefore(child, at, order)) break
      this.#move(child, index)
      index = child
    }
    this.#put(index, id, at, order)
  }

  #isBefore(index: number, at: number, order: number): boolean {
    return this.#at[index]! < at || (this.#at[index] === at && this.#order[index]! < order)
  }

  #move(from: number, to: number): void {
    this.#put(to, this.#id[from]!, this.#at[from]!, this.#order[from]!)
  }

  #put(index: number, id: string, at: number, order: number): void {
    this.#id[index] = id
    this.#at[index] = at
    this.#order[index] = order
  }
}
