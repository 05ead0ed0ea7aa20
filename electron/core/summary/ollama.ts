import { Ollama } from 'ollama/browser'
import { fail, ok, type Result } from '../../../shared/model/result.ts'
import type { Sentence } from '../../../shared/model/said.ts'
import { say } from '../../../shared/words/say.ts'
import type { Clock } from '../clock.ts'
import { type Answer, readAnswer } from './answer.ts'
import { cloudRefused, ModelError, type ModelFailure, missing } from './failure.ts'
import { Guard, type Limits } from './guard.ts'
import { isCloudName, ollamaUrl } from './host.ts'
import type { ModelStatus } from './port.ts'
import { chatBody, loadOptions, type Prompt } from './prompt.ts'
import type { Fetch } from './transport.ts'

const small = { firstByteMs: 5_000, idleMs: 5_000, totalMs: 10_000, bytes: 4 * 1024 * 1024 }
/** Ollama loads a model for as long as somebody waits for it, and no longer. */
const loading = { firstByteMs: 600_000, idleMs: 20_000, totalMs: 600_000, bytes: 64 * 1024 }
const answering = { firstByteMs: 120_000, idleMs: 20_000, totalMs: 180_000, bytes: 64 * 1024 }
const warmFirstByteMs = 30_000
const busyPausesMs = [1_000, 3_000]

/** What a model answered, and what was measured on the way. */
export type Said = Answer & {
  /** Set when Ollama counted too few tokens to have read all it was sent. */
  readonly suspect: Sentence | null
  readonly tokens_read: number | null
  readonly tokens_written: number | null
  readonly total_ms: number | null
}

type Installed = { readonly name: string; readonly bytes: number | null }

/** One Ollama and one model of it. Nothing here throws or rejects. */
export interface OllamaModel {
  /** Whether both are there. Remembers what the model can do. */
  probe(signal: AbortSignal): Promise<ModelStatus>
  /** What is installed and stays on this machine; nothing where Ollama cannot be asked. */
  installed(signal: AbortSignal): Promise<readonly Installed[]>
  /** Asks for a summary; loads the model first where it is not in memory. */
  ask(prompt: Prompt, signal: AbortSignal): Promise<Result<Said, ModelFailure>>
}

/** The adapter over the official client. A client lives for one call, so that ending a call ends that one alone. */
export function createOllama(options: { host: string; model: string; clock: Clock; fetch: Fetch }): OllamaModel {
  const { model, clock } = options
  const host = ollamaUrl(options.host)
  let thinks = false

  async function call<T>(limits: Limits, signal: AbortSignal, work: (client: Ollama) => Promise<T>): Promise<T> {
    if (host === null)
      throw new ModelError('unreachable', say('model', 'no_address', { host: options.host }), say('model', 'fix_host'))
    const guard = new Guard({ clock, model, limits, fetch: options.fetch, signal })
    try {
      return await work(new Ollama({ host, fetch: guard.fetch }))
    } catch (error) {
      throw guard.error ?? toModelError(error, host)
    } finally {
      guard.close()
    }
  }

  async function probe(signal: AbortSignal): Promise<ModelStatus> {
    try {
      const { version } = await call(small, signal, (client) => client.version())
      const { models } = await call(small, signal, (client) => client.list())
      const entries = (Array.isArray(models) ? models : []) as readonly Entry[]
      const installed = entries.filter((entry) => !isRemote(entry)).map((entry) => String(entry.name))
      const entry = entries.find((one) => fullName(String(one.name)) === fullName(model))
      const gone = isCloudName(model) || isRemote(entry) ? cloudRefused(model) : entry === undefined ? missing(model) : null
      if (gone !== null) return lacking(gone, installed)
      // A list that says little leaves it to the details, also where the model really is.
      const details = entry!.capabilities === undefined ? await detailsOf(signal) : entry
      if (isRemote(details)) return lacking(cloudRefused(model), installed)
      const abilities = Array.isArray(details?.capabilities) ? details.capabilities.map(String) : []
      thinks = abilities.includes('thinking')
      if (abilities.length > 0 && !abilities.includes('completion')) {
        return lacking(new ModelError('cannot-chat', say('model', 'cannot_chat', { model }), say('model', 'fix_other')), installed)
      }
      return {
        state: 'ready',
        version: String(version ?? 'unknown'),
        model,
        digest: typeof entry!.digest === 'string' ? entry!.digest : null,
      }
    } catch (error) {
      const { reason, fix, said } = toFailure(error, host)
      if (fix !== null) return { state: 'unreachable', detail: reason, fix, said }
      const start = say('model', 'fix_start')
      return { state: 'unreachable', detail: reason, fix: start.text, said: [...said, start.said] }
    }
  }

  async function installed(signal: AbortSignal): Promise<readonly Installed[]> {
    try {
      const { models } = await call(small, signal, (client) => client.list())
      const entries = (Array.isArray(models) ? models : []) as readonly Entry[]
      return entries
        .filter((entry) => !isRemote(entry) && !isCloudName(String(entry.name)))
        .map(({ name, size }) => ({ name: String(name), bytes: typeof size === 'number' ? size : null }))
    } catch {
      return []
    }
  }

  const detailsOf = (signal: AbortSignal) => call(small, signal, async (client) => (await client.show({ model })) as Entry)

  async function isLoaded(signal: AbortSignal): Promise<boolean> {
    const { models } = await call(small, signal, (client) => client.ps())
    return Array.isArray(models) && models.some((entry) => fullName(String(entry.name)) === fullName(model))
  }

  async function load(signal: AbortSignal): Promise<void> {
    await call(loading, signal, (client) => client.chat({ model, messages: [], stream: false, ...loadOptions }))
  }

  async function chatOnce(prompt: Prompt, think: false | undefined, warm: boolean, signal: AbortSignal): Promise<Said> {
    const limits = warm ? { ...answering, firstByteMs: warmFirstByteMs } : answering
    return call(limits, signal, async (client) => {
      let text = ''
      let last: Counted = {}
      for await (const part of await client.chat(chatBody(model, prompt, think))) {
        text += typeof part.message?.content === 'string' ? part.message.content : ''
        if (part.done) last = part as Counted
      }
      if (last.done_reason === 'length')
        throw new ModelError('cut', say('model', 'unfinished', { model }), say('model', 'fix_terser'))
      const answer = readAnswer(text)
      if (answer === null) throw new ModelError('invalid-answer', say('model', 'other_form', { model }))
      return { ...answer, ...measured(last, prompt) }
    })
  }

  /** A full server is asked again after a pause. */
  async function chat(prompt: Prompt, think: false | undefined, warm: boolean, signal: AbortSignal): Promise<Said> {
    for (let turn = 0; ; turn++) {
      try {
        return await chatOnce(prompt, think, warm, signal)
      } catch (error) {
        const pause = busyPausesMs[turn]
        if (pause === undefined || !isModelError(error, 'busy')) throw error
        await wait(clock, pause, signal)
      }
    }
  }

  async function ask(prompt: Prompt, signal: AbortSignal): Promise<Result<Said, ModelFailure>> {
    try {
      const warm = await isLoaded(signal)
      if (!warm) await load(signal)
      try {
        return ok(await chat(prompt, thinks ? false : undefined, warm, signal))
      } catch (error) {
        // Some models ignore the schema while thinking is switched off, and a second try costs little for the others.
        if (!isModelError(error, 'invalid-answer')) throw error
        return ok(await chat(prompt, undefined, true, signal))
      }
    } catch (error) {
      return fail(toFailure(error, host))
    }
  }

  return { probe, installed, ask }
}

type Entry = {
  name?: unknown
  size?: unknown
  digest?: unknown
  remote_host?: unknown
  remote_model?: unknown
  capabilities?: readonly string[]
}

/** Ollama forwards to a hosted service what is asked of it. */
const isRemote = (entry: Entry | undefined): boolean => Boolean(entry?.remote_host || entry?.remote_model)

type Counted = { done_reason?: string; prompt_eval_count?: number; eval_count?: number; total_duration?: number }

/** Names compare without case; a missing tag is `latest`. */
export function fullName(name: string): string {
  const lower = name.toLowerCase().replace(/:local$/, '')
  return /:[^/]*$/.test(lower) ? lower : `${lower}:latest`
}

function lacking({ failure }: ModelError, installed: readonly string[]): ModelStatus {
  return { state: 'model_missing', detail: failure.reason, fix: failure.fix ?? '', said: failure.said, installed }
}

function measured(last: Counted, prompt: Prompt) {
  const read = typeof last.prompt_eval_count === 'number' ? last.prompt_eval_count : null
  // No tokenizer makes fewer tokens than one for a dozen bytes of JSON. A count that is missing says nothing.
  const least = prompt.messages.reduce((bytes, message) => bytes + Buffer.byteLength(message.content), 0) / 12
  const suspect = read !== null && read > 0 && read < least ? say('model', 'half_read') : null
  const total = typeof last.total_duration === 'number' ? Math.round(last.total_duration / 1e6) : null
  return {
    suspect,
    tokens_read: read,
    tokens_written: typeof last.eval_count === 'number' ? last.eval_count : null,
    total_ms: total,
  }
}

const isModelError = (error: unknown, code: ModelFailure['code']): error is ModelError =>
  error instanceof ModelError && error.failure.code === code

const toFailure = (error: unknown, host: string | null): ModelFailure => toModelError(error, host ?? '').failure

function toModelError(error: unknown, host: string): ModelError {
  if (error instanceof ModelError) return error
  const { cause, message, name } = error as Error & { cause?: { code?: string; message?: string } }
  if (message?.includes('Did not receive done')) return new ModelError('cut', say('model', 'cut'), null, error)
  if (name === 'TypeError' && message === 'fetch failed' && cause?.code !== 'ECONNRESET') {
    return new ModelError('unreachable', say('model', 'unreachable', { host }), say('model', 'fix_start'), error)
  }
  const code = cause?.code ?? (error as NodeJS.ErrnoException).code
  if (code !== undefined || message === 'terminated' || message === 'aborted') {
    return new ModelError('cut', say('model', 'broke_off'), null, error)
  }
  return new ModelError('refused', say('model', 'not_asked', { words: String(message ?? error).slice(0, 200) }), null, error)
}

function wait(clock: Clock, ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const stop = () => {
      cancel()
      reject(new ModelError('aborted', say('model', 'not_wanted')))
    }
    const cancel = clock.after(ms, () => {
      signal.removeEventListener('abort', stop)
      resolve()
    })
    if (signal.aborted) stop()
    else signal.addEventListener('abort', stop, { once: true })
  })
}
