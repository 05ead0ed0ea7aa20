import type { Clock } from '../clock.ts'

const longestNapMs = 30_000
/** Looked at in one turn; the rest follows in the next one, so that a long sleep does not block the process. */
const batch = 200

/** What falls due in the same millisecond keeps its order. */
type Entry = { readonly id: string; readonly at: number; readonly since: number; readonly order: number }

const isBefore = (a: Entry, b: Entry) => a.at < b.at || (a.at === b.at && a.order < b.order)

/** What is to be looked at when. Each id has one instant, or none any more; everything until `since` was told about it already. */
export interface DueTable {
  set(id: string, at: number | null, since: number): void
  remove(id: string): void
  get(id: string): { readonly at: number; readonly since: number } | undefined
  entries(): IterableIterator<Entry>
  start(): void
  /** Looks at the clock now; the host calls it when the machine wakes. */
  tick(): void
  stop(): void
}

/** A heap over instants with one timer. `onDue` says what follows by `set`; `onTurn` is told after each turn that had something due. */
export function createDueTable(deps: {
  readonly clock: Clock
  readonly onDue: (id: string, since: number, now: number) => void
  readonly onTurn: () => void
}): DueTable {
  const { clock } = deps
  const current = new Map<string, Entry>()
  let heap: Entry[] = []
  let lastOrder = 0
  let running = false
  let cancelTimer: (() => void) | null = null
  let timerAt = Number.POSITIVE_INFINITY

  const arm = () => {
    const top = heap[0]
    if (!running || !top) return
    const now = clock.now()
    const at = Math.min(Math.max(top.at, now), now + longestNapMs)
    if (cancelTimer && timerAt <= at) return
    cancelTimer?.()
    timerAt = at
    cancelTimer = clock.after(at - now, tick)
  }

  const tick = () => {
    if (!running) return
    cancelTimer?.()
    cancelTimer = null
    const now = clock.now()
    let looked = 0
    while (looked < batch && heap[0] && heap[0].at <= now) {
      const entry = heap[0]
      pop(heap)
      // Replaced or removed meanwhile: entries stay in the heap until their instant comes.
      if (current.get(entry.id) !== entry) continue
      current.delete(entry.id)
      looked++
      deps.onDue(entry.id, entry.since, now)
    }
    if (looked > 0) deps.onTurn()
    arm()
  }

  /** A busy day of decisions leaves entries behind: they go when they are most of what there is. */
  const tidy = () => {
    if (heap.length < 1000 || heap.length < current.size * 2) return
    heap = [...current.values()].filter(({ at }) => Number.isFinite(at))
    for (let index = (heap.length >> 1) - 1; index >= 0; index--) sink(heap, index)
  }

  return {
    set(id, at, since) {
      const entry = { id, at: at ?? Number.POSITIVE_INFINITY, since, order: ++lastOrder }
      current.set(id, entry)
      if (at === null) return
      push(heap, entry)
      tidy()
      arm()
    },
    remove(id) {
      if (current.delete(id)) tidy()
    },
    get: (id) => current.get(id),
    entries: () => current.values(),
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

function push(heap: Entry[], entry: Entry): void {
  let index = heap.length
  heap.push(entry)
  while (index > 0) {
    const parent = (index - 1) >> 1
    if (isBefore(heap[parent]!, entry)) break
    heap[index] = heap[parent]!
    index = parent
  }
  heap[index] = entry
}

function pop(heap: Entry[]): void {
  const last = heap.pop()
  if (!last || heap.length === 0) return
  heap[0] = last
  sink(heap, 0)
}

function sink(heap: Entry[], start: number): void {
  const entry = heap[start]!
  let index = start
  for (;;) {
    let child = 2 * index + 1
    if (child >= heap.length) break
    if (child + 1 < heap.length && isBefore(heap[child + 1]!, heap[child]!)) child++
    if (isBefore(entry, heap[child]!)) break
    heap[index] = heap[child]!
    index = child
  }
  heap[index] = entry
}
