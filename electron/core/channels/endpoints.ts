const inFlightLimit = 4
const failuresToOpen = 10
const pauseMs = 5 * 60 * 1000

/** A receiver as the outbox sees it. After ten failures in a row it is left alone for a while, then tried with one message. */
type Endpoint = { waiting: string[]; inFlight: number; failures: number; pausedUntil: number }

/** Keeps order and measure for each address: who waits, how many are on their way, and when a failing receiver is tried again. */
export class Endpoints {
  readonly #endpoints = new Map<string, Endpoint>()

  wait(url: string, id: string): void {
    const endpoint = this.#endpoints.get(url) ?? { waiting: [], inFlight: 0, failures: 0, pausedUntil: 0 }
    endpoint.waiting.push(id)
    this.#endpoints.set(url, endpoint)
  }

  /** Takes what may be sent now; each one taken must be given back by `done`. */
  *take(now: number): Generator<{ readonly url: string; readonly id: string }> {
    for (const [url, endpoint] of this.#endpoints) {
      const limit = endpoint.failures >= failuresToOpen ? 1 : inFlightLimit
      while (endpoint.waiting.length > 0 && endpoint.inFlight < limit && endpoint.pausedUntil <= now) {
        endpoint.inFlight++
        yield { url, id: endpoint.waiting.shift()! }
      }
    }
  }

  /** `works` is null when nothing was learnt about the receiver. */
  done(url: string, works: boolean | null, now: number): void {
    const endpoint = this.#endpoints.get(url)
    if (endpoint === undefined) return
    endpoint.inFlight--
    if (works === true) endpoint.failures = 0
    if (works === false && ++endpoint.failures >= failuresToOpen) endpoint.pausedUntil = now + pauseMs
    if (endpoint.inFlight === 0 && endpoint.waiting.length === 0 && endpoint.failures === 0) this.#endpoints.delete(url)
  }

  /** When a paused receiver with something waiting is to be tried again. */
  nextAt(now: number): number | null {
    let next: number | null = null
    for (const { waiting, pausedUntil } of this.#endpoints.values()) {
      if (waiting.length > 0 && pausedUntil > now && (next === null || pausedUntil < next)) next = pausedUntil
    }
    return next
  }
}
