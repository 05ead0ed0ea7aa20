import type { Clock } from '../../electron/core/clock.ts'

/** The machine's clock, which a test can set forward: what falls due then happens at once. It never goes back. */
export type MovableClock = Clock & { advance(ms: number): void }

/** With an instant to stand at, only `advance` moves it. */
export function movableClock(standsAt: number | null = null): MovableClock {
  let ahead = 0
  const pending = new Set<{ readonly at: number; readonly run: () => void; timer: NodeJS.Timeout }>()
  const now = () => (standsAt ?? Date.now()) + ahead
  return {
    now,
    after(ms, callback) {
      const run = () => {
        pending.delete(entry)
        callback()
      }
      const timer = setTimeout(run, Math.min(Math.max(0, ms), 2 ** 31 - 1))
      const entry = { at: now() + ms, run, timer }
      timer.unref()
      pending.add(entry)
      return () => {
        clearTimeout(entry.timer)
        pending.delete(entry)
      }
    },
    advance(ms) {
      ahead += ms
      for (const entry of [...pending]) {
        if (entry.at > now() || !pending.has(entry)) continue
        clearTimeout(entry.timer)
        entry.run()
      }
    },
  }
}
