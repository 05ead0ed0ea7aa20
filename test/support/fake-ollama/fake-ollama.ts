import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { type FakeModel, fullName, goJson, loadedEntry, showEntry, tagEntry } from './models.ts'
import { Pulls } from './pull.ts'
import { chunk, lastChunk, metrics, okAnswer, pieces, type Scenario } from './scenarios.ts'

type Recorded = {
  readonly method: string
  readonly path: string
  readonly headers: IncomingMessage['headers']
  readonly body: string
  readonly json: Record<string, unknown>
}

export type FakeOllama = {
  readonly url: string
  readonly requests: readonly Recorded[]
  /** Chats the client went away from, with how many chunks it had got. */
  readonly aborts: readonly { readonly chunks: number }[]
  readonly sockets: () => number
  /** The most chats that were being answered at the same time. */
  readonly mostAtOnce: () => number
  setScenario(scenario: Scenario, model?: string): void
  setModels(models: readonly FakeModel[]): void
  /** Ends every pause that is under way. */
  hurry(): void
  /** Chunks of content that were written, over all chats. */
  readonly chunksSent: () => number
  /** Resolves when `count` chats have arrived. */
  chats(count: number): Promise<void>
  /** Keeps nothing of what it was asked so far, for whoever asks for hours; answers how many chats that were. */
  forget(): number
  close(): Promise<void>
}

/** A server that behaves like Ollama's, on loopback; its scenario says how it answers chats and pulls, for all models or for one. */
export async function startFakeOllama(options: { models?: readonly FakeModel[]; scenario?: Scenario } = {}): Promise<FakeOllama> {
  const fake = new Fake(options.models ?? [{ name: 'llama3.2' }], options.scenario ?? { kind: 'ok' })
  await fake.listen()
  return fake
}

class Fake implements FakeOllama {
  readonly requests: Recorded[] = []
  readonly aborts: { chunks: number }[] = []
  url = ''
  #models: readonly FakeModel[]
  #scenario: Scenario
  readonly #byModel = new Map<string, Scenario>()
  readonly #loaded = new Set<string>()
  readonly #turns = new Map<string, Promise<void>>()
  readonly #timers = new Set<NodeJS.Timeout>()
  readonly #pauses = new Set<() => void>()
  readonly #pulls = new Pulls((model) => {
    this.#models = [...this.#models.filter((one) => fullName(one.name) !== fullName(model.name)), model]
  })
  readonly #waiting: { count: number; resolve: () => void }[] = []
  #failures = 0
  #chunksSent = 0
  #open = 0
  #atOnce = 0
  #mostAtOnce = 0
  readonly #server = createServer((request, response) => {
    this.#handle(request, response).catch(() => response.destroy())
  })

  constructor(models: readonly FakeModel[], scenario: Scenario) {
    this.#models = models
    this.#scenario = scenario
    this.#server.on('connection', (socket) => {
      this.#open++
      socket.on('close', () => this.#open--)
    })
  }

  async listen(): Promise<void> {
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve))
    this.url = `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`
  }

  sockets = () => this.#open
  mostAtOnce = () => this.#mostAtOnce
  chunksSent = () => this.#chunksSent

  forget(): number {
    this.aborts.length = 0
    return this.requests.splice(0).filter(({ path }) => path === '/api/chat').length
  }

  setScenario(scenario: Scenario, model?: string): void {
    this.#failures = 0
    if (model === undefined) this.#scenario = scenario
    else this.#byModel.set(fullName(model), scenario)
  }

  setModels(models: readonly FakeModel[]): void {
    this.#models = models
    this.#loaded.clear()
  }

  hurry(): void {
    for (const end of [...this.#pauses]) end()
  }

  chats(count: number): Promise<void> {
    return new Promise((resolve) => {
      this.#waiting.push({ count, resolve })
      this.#tellWaiting()
    })
  }

  async close(): Promise<void> {
    for (const timer of this.#timers) clearTimeout(timer)
    this.#pulls.close()
    this.#server.closeAllConnections()
    await new Promise<void>((resolve) => this.#server.close(() => resolve()))
  }

  async #handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = await readBody(request)
    const path = (request.url ?? '/').split('?')[0]!
    this.requests.push({ method: request.method ?? '', path, headers: request.headers, body, json: parsed(body) })
    if (!allowedHost(request.headers.host) || !allowedOrigin(request.headers.origin)) return void response.writeHead(403).end()
    const methods = routes[path]
    if (methods === undefined) return text(response, 404, '404 page not found')
    if (!methods.includes(request.method ?? '')) return text(response, 405, '405 method not allowed')
    if (path === '/') return text(response, 200, 'Ollama is running')
    if (path === '/api/chat') return this.#chat(body, response)
    const old = this.#scenario.kind === 'old-version'
    if (path === '/api/version') return json(response, 200, { version: old ? '0.1.30' : '0.33.0' })
    if (path === '/api/tags') return json(response, 200, { models: this.#models.map((model) => tagEntry(model, old)) })
    if (path === '/api/ps') {
      const loaded =
        this.#scenario.kind === 'ps-expired' ? [] : this.#models.filter((model) => this.#loaded.has(fullName(model.name)))
      return json(response, 200, { models: loaded.map(loadedEntry) })
    }
    if (path === '/api/status') return json(response, 200, { cloud: { disabled: false, source: 'none' } })
    const { model: name, stream } = named(parsed(body))
    if (path === '/api/pull') return this.#pulls.answer(name, stream, this.#scenario, response)
    if (name === '') return json(response, 400, { error: 'model is required' })
    const model = this.#find(name)
    if (model === undefined) return json(response, 404, { error: `model '${name}' not found` })
    return json(response, 200, showEntry(model, old))
  }

  #find(name: string): FakeModel | undefined {
    return this.#models.find((model) => fullName(model.name) === fullName(name))
  }

  async #chat(body: string, response: ServerResponse): Promise<void> {
    this.#tellWaiting()
    if (body === '') return json(response, 400, { error: 'missing request body' })
    const asked = parsed(body)
    const { model: name, stream } = named(asked)
    if (name === '') return json(response, 400, { error: 'model is required' })
    const scenario = this.#byModel.get(fullName(name)) ?? this.#scenario
    if (this.#find(name) === undefined || scenario.kind === 'missing-model')
      return json(response, 404, { error: `model '${name}' not found` })
    if (scenario.kind === 'old-version' && typeof asked.format === 'object') {
      return json(response, 400, { error: 'json: cannot unmarshal object into Go struct field ChatRequest.format of type string' })
    }
    await this.#inTurn(fullName(name), response, async () => {
      this.#mostAtOnce = Math.max(this.#mostAtOnce, ++this.#atOnce)
      try {
        if (Array.isArray(asked.messages) && asked.messages.length > 0)
          await this.#answer(name, scenario, { stream, user: lastWords(asked.messages) }, response)
        else await this.#load(name, scenario, asked.keep_alive === 0, response)
      } finally {
        this.#atOnce--
      }
    })
  }

  /** One chat at a time per model, like OLLAMA_NUM_PARALLEL=1. */
  async #inTurn(model: string, response: ServerResponse, work: () => Promise<void>): Promise<void> {
    const before = this.#turns.get(model) ?? Promise.resolve()
    const turn = before.then(async () => {
      if (!response.destroyed) await work()
    })
    this.#turns.set(
      model,
      turn.catch(() => undefined),
    )
    await turn
  }

  async #load(name: string, scenario: Scenario, unload: boolean, response: ServerResponse): Promise<void> {
    if (scenario.kind === 'slow-load' && !(await this.#pause(scenario.ms, response))) return
    if (unload) this.#loaded.delete(fullName(name))
    else this.#loaded.add(fullName(name))
    const message = { role: 'assistant', content: '' }
    json(response, 200, {
      model: name,
      created_at: '2026-08-04T08:52:19Z',
      message,
      done: true,
      done_reason: unload ? 'unload' : 'load',
    })
  }

  async #answer(name: string, scenario: Scenario, { stream, user }: Chat, response: ServerResponse): Promise<void> {
    this.#loaded.add(fullName(name))
    if (scenario.kind === 'never') return void (await this.#gone(response, 0))
    if (refuse(scenario, response)) return
    if ((scenario.kind === 'busy' && this.#failures++ < scenario.times) || (scenario.kind === 'busy' && scenario.times === 0)) {
      return json(response, 503, { error: 'server busy, please try again.  maximum pending requests exceeded' })
    }
    if (scenario.kind === 'slow-load' && !(await this.#pause(scenario.ms, response))) return
    const answered = scenario.kind === 'injected' ? JSON.stringify(scenario.obey(user)) : contentOf(scenario, this.#failures++)
    if (!stream || scenario.kind === 'unstreamed') {
      const done = scenario.kind === 'unstreamed' ? scenario.done : scenario.kind !== 'clean-no-done'
      const message = { role: 'assistant', content: answered }
      return json(response, 200, {
        model: name,
        created_at: '2026-08-04T08:52:22.110Z',
        message,
        done,
        ...(done ? { done_reason: 'stop', ...metrics } : {}),
      })
    }
    await this.#stream(name, scenario, answered, response)
  }

  async #stream(name: string, scenario: Scenario, content: string, response: ServerResponse): Promise<void> {
    response.writeHead(200, { 'content-type': 'application/x-ndjson' })
    let sent = 0
    const write = (data: string | Buffer) => new Promise<void>((resolve) => response.write(data, () => resolve()))
    const all = pieces(content)
    if (scenario.kind === 'thinking' || scenario.kind === 'thinking-only')
      await write(chunk(name, '', { thinking: 'Let me see <what> it says.' }))
    if (scenario.kind === 'split-utf8') return splitBytes(name, all, response)
    if (scenario.kind === 'huge-line') await write(chunk(name, 'x'.repeat(9 * 1024 * 1024)))
    if (scenario.kind === 'bad-line') await write('this is no JSON\n')
    if (scenario.kind === 'endless') {
      while (!response.destroyed) await write(chunk(name, 'word '.repeat(100)))
      return void this.aborts.push({ chunks: sent })
    }
    for (const piece of all) {
      if (response.destroyed) return void this.aborts.push({ chunks: sent })
      if (scenario.kind === 'stall' && sent === 3) return void (await this.#gone(response, sent))
      if ((scenario.kind === 'reset-mid' || scenario.kind === 'error-mid') && sent === scenario.chunks) {
        if (scenario.kind === 'reset-mid') return void response.socket?.resetAndDestroy()
        return void response.end(`${goJson({ error: 'an error was encountered while running the model: unexpected EOF' })}\n`)
      }
      await write(chunk(name, piece))
      sent++
      this.#chunksSent++
      if (scenario.kind === 'slow-token' && !(await this.#pause(scenario.ms, response)))
        return void this.aborts.push({ chunks: sent })
    }
    if (scenario.kind === 'clean-no-done') return void response.end()
    response.end(lastChunk(name, lastExtras(scenario), scenario.kind === 'ok' ? (scenario.metrics ?? metrics) : metrics))
  }

  /** Waits until the client has gone, and reports it. */
  async #gone(response: ServerResponse, chunks: number): Promise<void> {
    if (!response.destroyed) await new Promise<void>((resolve) => response.once('close', resolve))
    this.aborts.push({ chunks })
  }

  /** Waits; false when the client went away meanwhile. */
  #pause(ms: number, response: ServerResponse): Promise<boolean> {
    return new Promise((resolve) => {
      const end = (still: boolean) => {
        clearTimeout(timer)
        this.#timers.delete(timer)
        this.#pauses.delete(hurry)
        response.off('close', left)
        resolve(still)
      }
      const left = () => {
        this.aborts.push({ chunks: 0 })
        end(false)
      }
      const hurry = () => end(true)
      this.#pauses.add(hurry)
      const timer = setTimeout(hurry, ms)
      this.#timers.add(timer)
      response.once('close', left)
    })
  }

  #tellWaiting(): void {
    const chats = this.requests.filter((request) => request.path === '/api/chat').length
    for (const waiting of this.#waiting.filter(({ count }) => count <= chats)) {
      this.#waiting.splice(this.#waiting.indexOf(waiting), 1)
      waiting.resolve()
    }
  }
}

const routes: Record<string, readonly string[] | undefined> = {
  '/': ['GET', 'HEAD'],
  '/api/version': ['GET', 'HEAD'],
  '/api/tags': ['GET', 'HEAD'],
  '/api/ps': ['GET'],
  '/api/status': ['GET'],
  '/api/show': ['POST'],
  '/api/chat': ['POST'],
  '/api/pull': ['POST'],
}

/** Answers that end before the first chunk, whatever was asked. */
function refuse(scenario: Scenario, response: ServerResponse): boolean {
  switch (scenario.kind) {
    case 'error-before':
      json(response, scenario.status, typeof scenario.error === 'string' ? { error: scenario.error } : scenario.error)
      return true
    case 'forbidden':
      response.writeHead(403).end()
      return true
    case 'panic':
      response.writeHead(500).end()
      return true
    case 'redirect':
      response.writeHead(302, { location: 'http://127.0.0.1:1/api/chat' }).end()
      return true
    case 'html-proxy':
      response.writeHead(502, { 'content-type': 'text/html' }).end('<html><body><h1>Bad gateway</h1></body></html>')
      return true
    default:
      return false
  }
}

function contentOf(scenario: Scenario, call: number): string {
  if (scenario.kind === 'thinking-only') return ''
  if (scenario.kind === 'invalid-once' && call === 0) return 'Well, let me think.'
  const whole = scenario.kind === 'ok' ? (scenario.text ?? JSON.stringify(scenario.answer ?? okAnswer)) : JSON.stringify(okAnswer)
  return scenario.kind === 'length' ? whole.slice(0, whole.length / 2) : whole
}

function lastExtras(scenario: Scenario): object {
  if (scenario.kind === 'length') return { done_reason: 'length' }
  if (scenario.kind === 'slow-load') return { load_duration: scenario.ms * 1e6 }
  if (scenario.kind === 'cloud') return { remote_host: 'https://hosted.example:443', remote_model: 'gpt-oss:120b' }
  if (scenario.kind === 'truncated-silently') return { prompt_eval_count: 12 }
  return {}
}

/** Bytes cut anywhere, several lines a write, blank lines and carriage returns. */
async function splitBytes(name: string, all: readonly string[], response: ServerResponse): Promise<void> {
  const lines = all.map((piece, index) =>
    chunk(name, piece).replace('\n', index % 3 === 0 ? '\r\n' : index % 3 === 1 ? '\n\n' : '\n'),
  )
  const bytes = Buffer.from(lines.join('') + lastChunk(name))
  for (let at = 0; at < bytes.length; at += 37) {
    await new Promise<void>((resolve) => response.write(bytes.subarray(at, at + 37), () => resolve()))
  }
  response.end()
}

function allowedHost(host: string | undefined): boolean {
  const name = (host ?? '').replace(/:\d+$/, '').toLowerCase()
  return (
    name === '' || name === 'localhost' || /^127\./.test(name) || name === '[::1]' || /\.(localhost|local|internal)$/.test(name)
  )
}

const allowedOrigin = (origin: string | undefined): boolean =>
  origin === undefined ||
  /^https?:\/\/(localhost|127\.0\.0\.1|0\.0\.0\.0)(:\d+)?$/.test(origin) ||
  /^(app|file|tauri):\/\//.test(origin)

type Chat = { readonly stream: boolean; readonly user: string }

/** What the last message says. */
const lastWords = (messages: readonly unknown[]): string =>
  String((messages.at(-1) as { content?: unknown } | undefined)?.content ?? '')

const named = (body: Record<string, unknown>) => ({ model: String(body.model ?? body.name ?? ''), stream: body.stream !== false })

function parsed(body: string): Record<string, unknown> {
  try {
    return JSON.parse(body) as Record<string, unknown>
  } catch {
    return {}
  }
}

async function readBody(request: IncomingMessage): Promise<string> {
  const parts: Buffer[] = []
  for await (const part of request) parts.push(part as Buffer)
  return Buffer.concat(parts).toString()
}

function text(response: ServerResponse, status: number, body: string): void {
  response.writeHead(status, { 'content-type': status === 200 ? 'text/plain; charset=utf-8' : 'text/plain' }).end(body)
}

function json(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json; charset=utf-8' }).end(goJson(body))
}
