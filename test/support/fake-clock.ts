import type { Clock } from '../../electron/core/clock.ts'

/** Time that moves only when told to. */
export class FakeClock implements Clock {
  #now = Date.parse('2026-03-02T09:00:00.000Z')
  #timers: { at: number; callback: () => void }[] = []

  now(): number {
    return this.#now
  }

  after(ms: number, callback: () => void): () => void {
    const timer = { at: this.#now + ms, callback }
    this.#timers.push(timer)
    return () => {
      this.#timers = this.#timers.filter((other) => other !== timer)
    }
  }

  /** Timers that are set: none may be left behind by what was closed. */
  get timers(): number {
    return this.#timers.length
  }

  /** Moves on and calls what fell due, in order. */
  advance(ms: number): void {
    const end = this.#now + ms
    for (;;) {
      const next = this.#timers.filter((timer) => timer.at <= end).sort((a, b) => a.at - b.at)[0]
      if (next === undefined) break
      this.#timers = this.#timers.filter((timer) => timer !== next)
      this.#now = Math.max(this.#now, next.at)
      next.callback()
    }
    this.#now = end
  }

  /** The machine sleeps, and something else wakes before the timers do. */
  sleepSilently(ms: number): void {
    this.#now += ms
  }

  /** The machine sleeps: time has passed when the next timers are called. */
  sleep(ms: number): void {
    this.sleepSilently(ms)
    this.advance(0)
  }
}
