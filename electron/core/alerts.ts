import type { Clock } from './clock.ts'

/** Which deadline alert: half of the time is over, 15 minutes are left, a reminder that the chain asks for, the time is over. */
export type AlertStage = 'half' | 'fifteen_minutes' | 'reminder' | 'expired'

/** A deadline that is near or has passed. */
export type DeadlineAlert = { readonly approval_id: string; readonly stage: AlertStage; readonly due_at: number }

export type AlertsDeps = {
  readonly clock: Clock
  /** Whether this approval still waits until that instant. What was decided or moved meanwhile is passed over in silence. */
  readonly isCurrent: (approvalId: string, dueAt: number) => boolean
  readonly emit: (alert: DeadlineAlert) => void
}

/** Tells each open approval's deadline once a stage. Nothing is stored: the stage follows from the approval's two instants. */
export interface Alerts {
  /** An approval waits, or waits until another instant. Stages that lie in the past are not repeated (another start told them). */
  opened(approval: { readonly id: string; readonly createdAt: number; readonly dueAt: number }): void
  /** It ended. `expiredAt` is its deadline when the engine let it expire: only the engine knows what a passed deadline leads to. */
  closed(approvalId: string, expiredAt?: number): void
  /** Those asked are to be reminded now. */
  remind(approvalId: string, dueAt: number): void
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

export function createAlerts({ clock, isCurrent, emit }: AlertsDeps): Alerts {
  let heap: Entry[] = []
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
      if (!isCurrent(entry.id, entry.dueAt)) pop(heap)
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
    // The clock was set back since, nothing has passed after all; or the engine says what comes of it.
    if (stage !== null && stage !== 'expired') emit({ approval_id: entry.id, stage, due_at: entry.dueAt })
  }

  return {
    opened({ id, createdAt, dueAt }) {
      const next = nextStageAt(clock.now(), createdAt, dueAt)
      if (next === null) return
      push(heap, { id, createdAt, dueAt, at: next })
      arm()
    },
    closed(approvalId, expiredAt) {
      if (running && expiredAt !== undefined) emit({ approval_id: approvalId, stage: 'expired', due_at: expiredAt })
      // Entries of what has ended stay until their instant comes; without this a busy day of decisions would pile up.
      if (++closedSince > 1000 && closedSince * 2 > heap.length) {
        closedSince = 0
        heap = heap.filter((entry) => isCurrent(entry.id, entry.dueAt))
        for (let index = (heap.length >> 1) - 1; index >= 0; index--) sink(heap, index)
      }
    },
    remind(approvalId, dueAt) {
      if (running) emit({ approval_id: approvalId, stage: 'reminder', due_at: dueAt })
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
