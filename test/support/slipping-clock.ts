import type { Clock } from '../../electron/core/clock.ts'

type Timer = { readonly at: number; readonly callback: () => void }

/**
 * A machine's two clocks. The one on the wall can be set, and goes on while the machine sleeps; the one that timers go by does neither.
 * So a timer is never early and can be very late, as on a laptop whose lid was shut.
 */
export class SlippingClock implements Clock {
  #wall: number
  #highest: number
  #awake = 0
  #setBack = 0
  #timers: Timer[] = []

  constructor(at: string | number) {
    this.#wall = typeof at === 'string' ? Date.parse(at) : at
    this.#highest = this.#wall
  }

  now(): number {
    return this.#wall
  }

  /** The latest that anybody has ever seen. */
  get highest(): number {
    return this.#highest
  }

  /** How often it was set back. */
  get setBack(): number {
    return this.#setBack
  }

  get timers(): number {
    return this.#timers.length
  }

  after(ms: number, callback: () => void): () => void {
    const timer = { at: this.#awake + Math.max(0, ms), callback }
    this.#timers.push(timer)
    return () => {
      this.#timers = this.#timers.filter((other) => other !== timer)
    }
  }

  /** The machine is awake for so long: both clocks go on, and timers are called in their order. */
  pass(ms: number): void {
    const end = this.#awake + ms
    for (;;) {
      let next: Timer | undefined
      for (const timer of this.#timers) if (timer.at <= end && (next === undefined || timer.at < next.at)) next = timer
      if (next === undefined) break
      const timer = next
      this.#timers = this.#timers.filter((other) => other !== timer)
      this.#goOn(Math.max(0, timer.at - this.#awake))
      timer.callback()
    }
    this.#goOn(end - this.#awake)
  }

  /** The clock on the wall is set, or the machine slept so long: no timer knows. */
  jump(ms: number): void {
    this.#wall += ms
    if (ms < 0) this.#setBack++
    this.#highest = Math.max(this.#highest, this.#wall)
  }

  #goOn(ms: number): void {
    this.#awake += ms
    this.jump(ms)
  }
}
