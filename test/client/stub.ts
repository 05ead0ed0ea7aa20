import { createServer, type IncomingHttpHeaders, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'

export type Call = { readonly method: string; readonly path: string; readonly headers: IncomingHttpHeaders; readonly body: unknown }
export type Reply = { readonly status?: number; readonly body: unknown } | 'cut'

/** A server that answers as told, for what a real one does only when something is wrong. */
export class Stub {
  readonly calls: Call[] = []
  readonly #server: Server
  #port = 0

  constructor(answer: (call: Call, number: number) => Reply) {
    this.#server = createServer(async (request, response) => {
      let text = ''
      for await (const chunk of request) text += chunk
      const { method = '', url = '', headers } = request
      const call: Call = { method, path: url, headers, body: text === '' ? null : JSON.parse(text) }
      this.calls.push(call)
      const reply = answer(call, this.calls.length)
      if (reply === 'cut') return void request.socket.destroy()
      const { status = 200, body } = reply
      const type = status < 400 ? 'application/json' : 'application/problem+json'
      response.writeHead(status, { 'content-type': type }).end(JSON.stringify(body))
    })
  }

  get url(): string {
    return `http://127.0.0.1:${this.#port}`
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

/** A problem document as the API sends it. */
export const problem = (code: string, status: number, more: object = {}): Reply => ({
  status,
  body: { type: `/docs#${code}`, title: code, status, detail: `About ${code}.`, code, ...more },
})

/** A task as the API answers with it. */
export const task = (status: string, result: unknown = null, error: string | null = null): Reply => ({
  body: {
    task_id: 'run_1',
    status,
    result,
    error,
    created_at: '2026-03-02T09:00:00.000Z',
    completed_at: null,
    progress: { done: 0, current: null, total: null },
    pending_approvals: [],
  },
})
