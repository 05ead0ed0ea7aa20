import { createHistogram } from 'node:perf_hooks'

export type Call = {
  readonly method: 'GET' | 'POST'
  readonly path: string
  readonly token: string
  readonly body?: unknown
  /** Sent as it is, in place of a body. */
  readonly raw?: string
  readonly key?: string
  /** Answers that are right. */
  readonly expect: readonly number[]
  /** Answers that are right too where an earlier attempt was cut off. */
  readonly again?: readonly number[]
  /** It is meant to take its time. */
  readonly waits?: boolean
}

export type Answer = { readonly status: number; readonly json: Readonly<Record<string, unknown>>; readonly text: string }

/** Where a server is at the moment. `goes` says whether it is one that was not killed meanwhile. */
export type Place = { readonly url: string; goes(): boolean }

const patienceMs = 30_000
const mostTold = 20
const mostAttempts = 100

/** Calls one server as its clients do, and keeps what was not as it should be. */
export class Caller {
  /** Resolves with where it is once it is up. */
  readonly place: () => Promise<Place>
  requests = 0
  /** The connection went because the process was killed. */
  cut = 0
  wrong = 0
  readonly problems: string[] = []
  /** Microseconds until the whole answer was there, of calls that do not wait for anything. */
  readonly took = createHistogram()

  constructor(place: () => Promise<Place>) {
    this.place = place
  }

  /** What was asked for and answered with a yes, by door. */
  readonly acknowledged = new Map<string, number>()

  #acknowledge(path: string): void {
    const door = path.replace(/(apr|run)_[0-9a-f]+/, '{id}')
    this.acknowledged.set(door, (this.acknowledged.get(door) ?? 0) + 1)
  }

  blame(problem: string): void {
    this.wrong++
    if (this.problems.length < mostTold) this.problems.push(problem)
  }

  /** Null when the process was killed under it. */
  async call({ method, path, token, body, raw, key, expect, waits = false }: Call): Promise<Answer | null> {
    const place = await this.place()
    const began = performance.now()
    this.requests++
    try {
      const sent = raw ?? (body === undefined ? undefined : JSON.stringify(body))
      const answer = await fetch(place.url + path, {
        method,
        headers: {
          authorization: `Bearer ${token}`,
          ...(sent === undefined ? {} : { 'content-type': 'application/json' }),
          ...(key === undefined ? {} : { 'idempotency-key': key }),
        },
        ...(sent === undefined ? {} : { body: sent }),
        signal: AbortSignal.timeout(patienceMs),
      })
      const text = await answer.text()
      if (!waits) this.took.record(Math.max(1, Math.round((performance.now() - began) * 1000)))
      if (method === 'POST' && answer.ok) this.#acknowledge(path)
      if (!expect.includes(answer.status)) this.blame(`${method} ${path} was answered ${answer.status}: ${text.slice(0, 300)}`)
      return { status: answer.status, text, json: toJson(text) }
    } catch (error) {
      if (place.goes()) this.blame(`${method} ${path} was not answered: ${reason(error)}`)
      else this.cut++
      return null
    }
  }

  /** Again and again until there is an answer; the second is whether an earlier one was cut off. */
  async insist(call: Call): Promise<readonly [Answer, boolean]> {
    for (let attempt = 0; ; attempt++) {
      const expect = attempt > 0 ? [...call.expect, ...(call.again ?? [])] : call.expect
      const answer = await this.call({ ...call, expect })
      if (answer !== null) return [answer, attempt > 0]
      if (attempt > mostAttempts) throw new Error(`${call.method} ${call.path} had no answer in ${attempt} attempts.`)
    }
  }
}

const reason = (error: unknown): string => {
  const { name, message, cause } = error as Error & { cause?: Error }
  return `${name} ${message} ${cause?.message ?? ''}`.trim()
}

function toJson(text: string): Readonly<Record<string, unknown>> {
  try {
    return (JSON.parse(text) ?? {}) as Record<string, unknown>
  } catch {
    return {}
  }
}
