import type { Clock } from '../clock.ts'
import { type Due, DueHeap } from './due-heap.ts'

const longestNapMs = 30_000
/** Looked at in one turn; the rest follows in the next one, so that a long sleep does not block the process. */
const batch = 200

/** What is to be looked at when: a hint, as whoever added it may have changed their mind. */
export interface DueTable {
  readonly size: number
  add(id: string, at: number): void
  /** Leaves only those for which `stays` says so. */
  keep(stays: (id: string, at: number) => boolean): void
  inOrder(): Iterable<Due>
  start(): void
  /** Looks at the clock now; the host calls it when the machine wakes. */
  tick(): void
  stop(): void
}

/** Instants with one timer for the earliest. `onTurn` is told after each turn that had something due, and whether more of it is left. */
export function createDueTable(deps: {
  readonly clock: Clock
  readonly onDue: (id: string, at: number, now: number) => void
  readonly onTurn: (more: boolean) => void
}): DueTable {
  const { clock } = deps
  const heap = new DueHeap()
  let running = false
  let cancelTimer: (() => void) | null = null
  let timerAt = Number.POSITIVE_INFINITY

  const arm = () => {
    if (!running || heap.next === null) return
    const now = clock.now()
    const at = Math.min(Math.max(heap.next, now), now + longestNapMs)
    if (cancelTimer && timerAt <= at) return
    cancelTimer?.()
    timerAt = at
    cancelTimer = clock.after(at - now, tick)
  }

  const isDue = (now: number) => heap.next !== null && heap.next <= now

  const tick = () => {
    if (!running) return
    cancelTimer?.()
    cancelTimer = null
    const now = clock.now()
    let looked = 0
    for (; looked < batch && isDue(now); looked++) {
      const { id, at } = heap.pop()!
      deps.onDue(id, at, now)
    }
    if (looked > 0) deps.onTurn(isDue(now))
    arm()
  }

  return {
    get size() {
      return heap.size
    },
    add(id, at) {
      heap.push(id, at)
      arm()
    },
    keep: (stays) => heap.keep(stays),
    inOrder: () => heap.inOrder(),
    start() {
      running = true
      arm()
    },
    tick,
    stop() {
      running = false
      cancelTimer?.()
      cancelTimer = null
    },
  }
}
