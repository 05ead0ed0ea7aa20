/** Time as a value that is passed in. Deadlines are absolute instants; a timer is only a hint to look again. */
export interface Clock {
  /** Milliseconds since the epoch, UTC. */
  now(): number
  /** Calls back once after about `ms` (capped below the timer limit of 2^31-1 ms). Returns its undo. */
  after(ms: number, callback: () => void): () => void
}

const longestTimerMs = 2 ** 31 - 1

/** The machine's clock. Its timers do not keep the process alive. */
export const systemClock: Clock = {
  now: () => Date.now(),
  after(ms, callback) {
    const timer = setTimeout(callback, Math.min(Math.max(0, ms), longestTimerMs))
    timer.unref()
    return () => clearTimeout(timer)
  },
}

/** UTC with milliseconds, as the journal and the API write instants. */
export function toInstant(ms: number): string {
  const slot = ms & (slots - 1)
  if (instants[slot] !== ms) {
    texts[slot] = new Date(ms).toISOString()
    instants[slot] = ms
  }
  return texts[slot]!
}

/** Many things happen in one millisecond, and many fall due in one: the texts of the last few are kept. */
const slots = 64
const instants = new Float64Array(slots).fill(Number.NaN)
const texts: string[] = []

/** The latest of these instants, in milliseconds; null where there is none. */
export function latestOf(...instants: readonly (string | null | undefined)[]): number | null {
  const known = instants.flatMap((instant) => (instant ? [Date.parse(instant)] : []))
  return known.length > 0 ? Math.max(...known) : null
}
