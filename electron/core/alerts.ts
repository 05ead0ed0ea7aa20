import type { Clock } from './clock.ts'

/** Which deadline alert: half of the time is over, 15 minutes are left, the time is over. */
export type AlertStage = 'half' | 'fifteen_minutes' | 'expired'

/** A deadline that is near or has passed. */
export type DeadlineAlert = { readonly approval_id: string; readonly stage: AlertStage; readonly due_at: number }

export type AlertsDeps = {
  readonly clock: Clock
  /** Whether this approval still waits. What was decided meanwhile is passed over in silence. */
  readonly isOpen: (approvalId: string) => boolean
  readonly emit: (alert: DeadlineAlert) => void
}

/** Tells each open approval's deadline once a stage. Nothing is stored: the stage follows from the approval's two instants. */
export interface Alerts {
  /** An approval waits. Stages that lie in the past already are not repeated (another start of the app told them). */
  opened(approval: { readonly id: string; readonly createdAt: number; readonly dueAt: number }): void
  /** It ended. `expiredAt` is its deadline when the engine let it expire, so that whoever comes first, it is told once. */
  closed(approvalId: string, expiredAt?: number): void
  /** Starts telling. What closes before, while the journal is read, is history. */
  start(): void
  /** Looks at the clock now; the host calls it when the machine wakes. */
  tick(): void
  stop(): void
}

const quarterHourMs = 15 * 60_000
const longestNapMs = 30_000
/** Alerts told in one turn; the rest follows in the next one, so that a long sleep does not block the process. */
const batch = 200

type Entry = { readonly id: string; readonly createdAt: number; readonly dueAt: number; at: number }

/** The last stage that `now` has passed, or null. The quarter hour is only told when the whole time is more than half an hour. */
export function stageAt(now: number, createdAt: number, dueAt: number): AlertStage | null {
  if (now >= dueAt) return 'expired'
  const quarter = dueAt - quarterHourMs
  if (dueAt - createdAt > 2 * quarterHourMs && now >= quarter) return 'fifteen_minutes'
  return now >= createdAt + (dueAt - createdAt) / 2 ? 'half' : null
}

/** The first instant after `now` at which the stage changes, or null when all are over. */
export function nextStageAt(now: number, createdAt: number, dueAt: number): number | null {
  if (now >= dueAt) return null
  const half = createdAt + (dueAt - createdAt) / 2
  if (now < half) return half
  const quarter = dueAt - quarterHourMs
  return dueAt - createdAt > 2 * quarterHourMs && now < quarter ? quarter : dueAt
}

export function createAlerts({ clock, isOpen, emit }: AlertsDeps): Alerts {
  let heap: Entry[] = []
  /** Told as expired by the clock, and not yet closed by the engine. */
  const told = new Set<string>()
  let closedSince = 0
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
    for (let count = 0; count < batch && heap[0] && heap[0].at <= now; ) {
      const entry = heap[0]
      if (!isOpen(entry.id)) pop(heap)
      else {
        tell(entry, now)
        count++
      }
    }
    arm()
  }

  const tell = (entry: Entry, now: number) => {
    const stage = stageAt(now, entry.createdAt, entry.dueAt)
    const next = nextStageAt(now, entry.createdAt, entry.dueAt)
    pop(heap)
    if (next !== null) {
      entry.at = next
      push(heap, entry)
    }
    if (stage === 'expired') told.add(entry.id)
    // The clock was set back since: nothing has passed after all.
    if (stage !== null) emit({ approval_id: entry.id, stage, due_at: entry.dueAt })
  }

  return {
    opened({ id, createdAt, dueAt }) {
      const next = nextStageAt(clock.now(), createdAt, dueAt)
      if (next === null) return
      push(heap, { id, createdAt, dueAt, at: next })
      arm()
    },
    closed(approvalId, expiredAt) {
      const already = told.delete(approvalId)
      if (running && expiredAt !== undefined && !already) {
        emit({ approval_id: approvalId, stage: 'expired', due_at: expiredAt })
      }
      // Entries of what has ended stay until their instant comes; without this a busy day of decisions would pile up.
      if (++closedSince > 1000 && closedSince * 2 > heap.length) {
        closedSince = 0
        heap = heap.filter((entry) => isOpen(entry.id))
        for (let index = (heap.length >> 1) - 1; index >= 0; index--) sink(heap, index)
      }
    },
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
    if (heap[parent]!.at <= entry.at) break
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
    if (child + 1 < heap.length && heap[child + 1]!.at < heap[child]!.at) child++
    if (heap[child]!.at >= entry.at) break
    heap[index] = heap[child]!
    index = child
  }
  heap[index] = entry
}
