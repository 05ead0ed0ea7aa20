import type { Sentence } from '../../../shared/model/said.ts'
import { say } from '../../../shared/words/say.ts'
import type { Clock } from '../clock.ts'
import { cloudRefused, failureOf, ModelError } from './failure.ts'
import type { Fetch } from './transport.ts'

/** How long and how large one call may be. */
export type Limits = {
  readonly firstByteMs: number
  readonly idleMs: number
  readonly totalMs: number
  /** Of a plain answer: its body; of a stream: what the model wrote. */
  readonly bytes: number
}

const longestLine = 256 * 1024

/**
 * Stands between the client package and the network for one call. Every deadline is of the given clock, answers are capped, and an
 * error status or a line that is no chunk becomes a typed error before the package sees it: the package would print the one to the
 * console and pass over the other.
 */
export class Guard {
  /** The first thing that went wrong; what surfaces later follows from it. */
  error: ModelError | null = null
  readonly #controller = new AbortController()
  readonly #options: { clock: Clock; model: string; limits: Limits; fetch: Fetch }
  readonly #cancelTotal: () => void
  readonly #leave: () => void
  #cancelIdle = () => {}
  #closed = false

  constructor(options: { clock: Clock; model: string; limits: Limits; fetch: Fetch; signal: AbortSignal }) {
    this.#options = options
    const { clock, limits, signal, model } = options
    this.#cancelTotal = clock.after(limits.totalMs, () => this.#late(say('model', 'never_ended', { model, ms: limits.totalMs })))
    const onAbort = () => this.#fail(new ModelError('aborted', say('model', 'not_wanted')))
    signal.addEventListener('abort', onAbort, { once: true })
    this.#leave = () => signal.removeEventListener('abort', onAbort)
    if (signal.aborted) onAbort()
  }

  /** Ends the call: timers are off, and a connection that is still open is closed. */
  close(): void {
    this.#closed = true
    this.#cancelTotal()
    this.#cancelIdle()
    this.#leave()
    this.#controller.abort()
  }

  readonly fetch: Fetch = async (input, init) => {
    const { limits, model, fetch } = this.#options
    this.#expect(limits.firstByteMs, say('model', 'never_began', { model, ms: limits.firstByteMs }))
    const { signal: _own, ...rest } = init ?? {}
    const response = await fetch(input, { ...rest, redirect: 'error', signal: this.#controller.signal })
    const streams = response.ok && (response.headers.get('content-type') ?? '').includes('x-ndjson')
    if (streams && response.body !== null)
      return new Response(this.#checked(response.body), { headers: { 'content-type': 'application/x-ndjson' } })
    const text = await this.#readAll(response)
    if (!response.ok) throw this.#keep(failureOf(response.status, errorText(text), model))
    return new Response(asJson(text, this.#keep), { headers: { 'content-type': 'application/json' } })
  }

  #late(reason: Sentence): void {
    this.#fail(new ModelError('timeout', reason, say('model', 'fix_quicker')))
  }

  readonly #keep = (error: ModelError): ModelError => {
    this.error ??= error
    return error
  }

  #fail(error: ModelError): void {
    this.#keep(error)
    this.#controller.abort(error)
  }

  #expect(ms: number, reason: Sentence): void {
    this.#cancelIdle()
    // What was on its way when the call ended arrives all the same.
    if (this.#closed) return
    this.#cancelIdle = this.#options.clock.after(ms, () => this.#late(reason))
  }

  #expectMore(): void {
    const { limits, model } = this.#options
    this.#expect(limits.idleMs, say('model', 'stopped', { model, ms: limits.idleMs }))
  }

  async #readAll(response: Response): Promise<string> {
    const parts: Uint8Array[] = []
    let size = 0
    for await (const part of response.body ?? []) {
      this.#expectMore()
      size += part.length
      if (size > this.#options.limits.bytes) throw this.#keep(tooLarge(this.#options.model))
      parts.push(part)
    }
    return Buffer.concat(parts).toString('utf8')
  }

  /** The stream again, line by line: each a chunk, none too long, ended by the one that says it is the last. */
  #checked(body: ReadableStream<Uint8Array>): ReadableStream<Uint8Array> {
    const lines = this.#lines(body)
    return new ReadableStream({
      pull: async (controller) => {
        try {
          const { value, done } = await lines.next()
          if (done) controller.close()
          else controller.enqueue(Buffer.from(`${value}\n`))
        } catch (error) {
          controller.error(this.error ?? error)
        }
      },
      cancel: async () => {
        await lines.return(undefined)
      },
    })
  }

  async *#lines(body: ReadableStream<Uint8Array>): AsyncGenerator<string, undefined> {
    const decoder = new TextDecoder()
    let rest = ''
    let written = 0
    this.#expectMore()
    for await (const part of body) {
      this.#expectMore()
      const lines = (rest + decoder.decode(part, { stream: true })).split('\n')
      rest = lines.pop()!
      if (rest.length > longestLine) throw this.#keep(tooLarge(this.#options.model))
      for (const line of lines) {
        if (line.trim() === '') continue
        const chunk = this.#readChunk(line)
        written += chunk.size
        if (written > this.#options.limits.bytes) throw this.#keep(tooLarge(this.#options.model))
        yield line.trim()
        if (chunk.last) return
      }
    }
    if (rest.trim() !== '') {
      this.#readChunk(rest)
      yield rest.trim()
    }
  }

  #readChunk(line: string): { readonly size: number; readonly last: boolean } {
    const { model } = this.#options
    const chunk = parsed(line) as {
      error?: unknown
      remote_host?: unknown
      done?: unknown
      message?: Record<string, unknown>
    } | null
    if (typeof chunk !== 'object' || chunk === null) throw this.#keep(new ModelError('invalid-answer', say('model', 'no_json')))
    if (chunk.error !== undefined) throw this.#keep(failureOf(0, String(chunk.error), model))
    if (chunk.remote_host !== undefined && chunk.remote_host !== '') throw this.#keep(cloudRefused(model))
    const length = (text: unknown) => (typeof text === 'string' ? text.length : 0)
    return { size: length(chunk.message?.content) + length(chunk.message?.thinking), last: chunk.done === true }
  }
}

const tooLarge = (model: string): ModelError => new ModelError('too-large', say('model', 'too_much', { model }))

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

function asJson(text: string, keep: (error: ModelError) => ModelError): string {
  const value = parsed(text)
  if (typeof value === 'object' && value !== null) return text
  throw keep(new ModelError('refused', say('model', 'not_ollama'), say('model', 'fix_host')))
}

/** The text of an error: Ollama's `error` member, else what came, unless it is a page. */
function errorText(body: string): string {
  const { error } = (parsed(body) ?? {}) as { error?: unknown }
  if (typeof error === 'string') return error
  if (error !== undefined) return JSON.stringify(error)
  return /^\s*</.test(body) ? 'it sent a web page' : body
}
