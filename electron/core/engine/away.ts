/** A gap between two looks at the clock that says: the machine slept, or the application was closed. Timers look every half minute. */
const awayMs = 120_000
const nowhere = { since: 0, until: 0 }

/**
 * The last time in which nobody could see what fell due. It is remembered until the next one: what the disk refuses to take then is
 * handled later, and nobody could see it pass all the same.
 */
export class Away {
  /** When the clock was last looked at; before the start, nobody did. */
  #lookedAt = 0
  #gap = nowhere

  look(now: number): void {
    if (now - this.#lookedAt > awayMs) this.#gap = { since: this.#lookedAt, until: now }
    // Set back, the clock comes to those instants again, and somebody can see them pass.
    else if (now < this.#gap.until) this.#gap = nowhere
    this.#lookedAt = now
  }

  /** Whether an instant passed in it. */
  readonly covers = (instant: number): boolean => instant > this.#gap.since && instant <= this.#gap.until
}
