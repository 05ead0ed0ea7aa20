import type { WantedApproval } from './port.ts'

/** An approval in the queue. While it `waits` its record says a summary will come, so it must be settled one way or the other. */
export type Wanted = WantedApproval & {
  readonly order: number
  readonly due: number
  readonly bytes: number
  readonly waits: boolean
  readonly attempts: number
}

const mostOfEach = 500
const mostBytes = 32 * 1024 * 1024
const nearMs = 60 * 60 * 1000
const oldestEvery = 4

/**
 * Who wants a summary, bounded in number and in bytes. Those whose record says `waiting` come first; behind them are kept the newest
 * of those that were told there is no model, in case one appears.
 */
export class WantedQueue {
  readonly #waiting = new Map<string, Wanted>()
  readonly #settled = new Map<string, Wanted>()
  #order = 0
  #bytes = 0
  #taken = 0

  get size(): number {
    return this.#waiting.size + this.#settled.size
  }

  /** Whether newcomers had better not be promised a summary. Leaves room for those promised in the same moment. */
  get crowded(): boolean {
    return this.#waiting.size >= mostOfEach * 0.8 || this.#bytes >= mostBytes * 0.8
  }

  /** Takes it in; false when it waits and there is no room for it. */
  add(approval: WantedApproval, waits: boolean, attempts = 0): boolean {
    this.remove(approval.id)
    const due = approval.due_at ? Date.parse(approval.due_at) : Number.POSITIVE_INFINITY
    const entry: Wanted = { ...approval, order: ++this.#order, due, bytes: sizeOf(approval.asked), waits, attempts }
    if (!this.#makeRoom(entry)) return false
    const map = waits ? this.#waiting : this.#settled
    map.set(entry.id, entry)
    this.#bytes += entry.bytes
    return true
  }

  #makeRoom(entry: Wanted): boolean {
    for (const [id] of this.#settled) {
      const tooMany = !entry.waits && this.#settled.size >= mostOfEach
      if (!tooMany && this.#bytes + entry.bytes <= mostBytes) break
      this.remove(id)
    }
    return this.#bytes + entry.bytes <= mostBytes && (!entry.waits || this.#waiting.size < mostOfEach)
  }

  remove(id: string): void {
    for (const map of [this.#waiting, this.#settled]) {
      this.#bytes -= map.get(id)?.bytes ?? 0
      map.delete(id)
    }
  }

  waiting(): readonly Wanted[] {
    return [...this.#waiting.values()]
  }

  /** Takes out the next one: urgent ones and near deadlines first, then the oldest; every fourth time the oldest whatever comes. */
  take(now: number): Wanted | null {
    const from = this.#waiting.size > 0 ? this.#waiting : this.#settled
    const oldest = this.#taken++ % oldestEvery === oldestEvery - 1
    let best: Wanted | null = null
    for (const entry of from.values()) {
      if (best === null || (!oldest && rank(entry, now) < rank(best, now))) best = entry
    }
    if (best !== null) this.remove(best.id)
    return best
  }

  clear(): void {
    this.#waiting.clear()
    this.#settled.clear()
    this.#bytes = 0
  }
}

function rank(entry: Wanted, now: number): number {
  if (entry.asked.priority === 'urgent' || entry.due - now <= nearMs) return 0
  return entry.asked.priority === 'high' ? 1 : 2
}

function sizeOf(asked: WantedApproval['asked']): number {
  try {
    return JSON.stringify(asked).length * 2
  } catch {
    return mostBytes
  }
}
