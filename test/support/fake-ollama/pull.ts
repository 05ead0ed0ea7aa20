import type { ServerResponse } from 'node:http'
import { type FakeModel, fullName, goJson } from './models.ts'
import type { Scenario } from './scenarios.ts'

const layers = [
  { digest: 'sha256:dde5aa3fc5ffc17176b5e8bdc82f587b24b2678c6c66101bf7da77af9f7ccdff', total: 2019377376 },
  { digest: 'sha256:966de95ca8a62200913e3f8bfbf84c8494536f1b94b49166851e76644e966396', total: 1429 },
] as const

const statusOf = (digest: string) => `pulling ${digest.slice(7, 19)}`
const notThere = 'pull model manifest: file does not exist'

/** Downloads of the fake: what has arrived stays when the client goes away, and is where the next one goes on. */
export class Pulls {
  readonly #onInstalled: (model: FakeModel) => void
  readonly #arrived = new Map<string, number>()
  readonly #timers = new Set<NodeJS.Timeout>()

  constructor(onInstalled: (model: FakeModel) => void) {
    this.#onInstalled = onInstalled
  }

  close(): void {
    for (const timer of this.#timers) clearInterval(timer)
  }

  /** `POST /api/pull`: progress lines, or the failure that comes after a 200. */
  answer(name: string, stream: boolean, scenario: Scenario, response: ServerResponse): void {
    const unknown = scenario.kind === 'pull-unknown' || name === ''
    if (!stream) {
      if (!unknown) this.#install(name, scenario)
      response.writeHead(unknown ? 500 : 200, { 'content-type': 'application/json; charset=utf-8' })
      response.end(goJson(unknown ? { error: notThere } : { status: 'success' }))
      return
    }
    response.writeHead(200, { 'content-type': 'application/x-ndjson' })
    const line = (value: unknown) => response.write(`${goJson(value)}\n`)
    line({ status: 'pulling manifest' })
    if (unknown) return void response.end(`${goJson({ error: notThere })}\n`)
    const [{ digest, total }] = layers
    const key = fullName(name)
    const progress = (completed: number) => {
      this.#arrived.set(key, completed)
      line({ status: statusOf(digest), digest, total, completed })
    }
    const arrived = this.#arrived.get(key) ?? 0
    // Before bytes arrive there is a total and nothing else.
    line({ status: statusOf(digest), digest, total, ...(arrived > 0 ? { completed: arrived } : {}) })
    const end = () => {
      for (const layer of layers) line({ status: statusOf(layer.digest), ...layer, completed: layer.total })
      for (const status of ['verifying sha256 digest', 'writing manifest']) line({ status })
      if (scenario.kind === 'pull-no-success') return void response.end()
      this.#install(name, scenario)
      this.#arrived.delete(key)
      response.end(`${goJson({ status: 'success' })}\n`)
    }
    if (scenario.kind === 'pull-slow') return void this.#slowly(scenario, response, total, progress, end)
    progress(Math.max(arrived, 241970))
    if (scenario.kind === 'pull-stall') return
    if (scenario.kind === 'pull-error') return void response.end(`${goJson({ error: scenario.error })}\n`)
    if (scenario.kind === 'pull-reset') return void setTimeout(() => response.socket?.resetAndDestroy(), 20)
    // A download that begins anew reports less than it did.
    if (scenario.kind === 'pull-restart') progress(0)
    end()
  }

  #slowly(
    { ms, lines }: Scenario & { kind: 'pull-slow' },
    response: ServerResponse,
    total: number,
    progress: (completed: number) => void,
    end: () => void,
  ): void {
    let completed = Math.max(0, ...this.#arrived.values())
    const timer = setInterval(() => {
      completed = Math.min(total, completed + Math.ceil(total / lines))
      if (completed < total) return progress(completed)
      stop()
      end()
    }, ms)
    const stop = () => {
      clearInterval(timer)
      this.#timers.delete(timer)
    }
    this.#timers.add(timer)
    response.once('close', stop)
  }

  #install(name: string, scenario: Scenario): void {
    this.#onInstalled({ name, ...(scenario.kind === 'pull-cloud' ? { remote_host: 'https://hosted.example:443' } : {}) })
  }
}
