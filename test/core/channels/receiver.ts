import { createServer, type IncomingHttpHeaders, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'

export type Received = { readonly path: string; readonly headers: IncomingHttpHeaders; readonly body: string }
export type Answer = { readonly status: number; readonly headers?: Record<string, string>; readonly body?: string } | 'hang'

/** A receiver of webhooks on loopback that remembers what came and answers as told. */
export class Receiver {
  readonly received: Received[] = []
  answer: (request: Received) => Answer = () => ({ status: 204 })
  readonly #server: Server
  #port = 0

  constructor() {
    this.#server = createServer((request, response) => {
      const chunks: Buffer[] = []
      request.on('data', (chunk: Buffer) => chunks.push(chunk))
      request.on('end', () => {
        const received = { path: request.url ?? '', headers: request.headers, body: Buffer.concat(chunks).toString('utf8') }
        this.received.push(received)
        const answer = this.answer(received)
        if (answer === 'hang') return
        response.writeHead(answer.status, answer.headers).end(answer.body)
      })
    })
  }

  get url(): string {
    return `http://127.0.0.1:${this.#port}/hook`
  }

  /** Listens; after a close, at the same address again. */
  async open(): Promise<this> {
    await new Promise<void>((resolve) => this.#server.listen(this.#port, '127.0.0.1', resolve))
    this.#port = (this.#server.address() as AddressInfo).port
    return this
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections()
    await new Promise((resolve) => this.#server.close(resolve))
  }
}

/** Resolves once the condition holds; real sockets are waited for turn by turn, never by time. */
export async function until(condition: () => boolean, turns = 20_000): Promise<void> {
  for (let turn = 0; turn < turns; turn++) {
    if (condition()) return
    await new Promise((resolve) => setImmediate(resolve))
  }
  throw new Error(`It never came true: ${condition}`)
}

/** Lets everything that is ready run. */
export async function settle(turns = 50): Promise<void> {
  for (let turn = 0; turn < turns; turn++) await new Promise((resolve) => setImmediate(resolve))
}
