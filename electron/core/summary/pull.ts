import type { PullView } from '../../../shared/contract/settings.ts'
import type { Sentence } from '../../../shared/model/said.ts'
import { say } from '../../../shared/words/say.ts'
import type { Clock } from '../clock.ts'
import { explained } from './failure.ts'
import { isCloudName, ollamaUrl } from './host.ts'
import type { Fetch } from './transport.ts'

export type PullDeps = {
  readonly host: () => string
  readonly clock: Clock
  readonly fetch: Fetch
  /** Whether a model that has arrived is one of this machine. */
  readonly isLocal: (name: string) => Promise<boolean>
  /** It is there now. */
  readonly onDone: () => void
  readonly log: { info(details: object, message: string): void }
}

/** One download at a time, done by Ollama and watched from here; it goes on whatever the page does. */
export interface Puller {
  readonly current: PullView | null
  /** Starts or goes on. Who asks for the same one again joins it; another one is refused while one runs. */
  start(name: string): PullView | null
  /** Whether there was one to stop. */
  cancel(): boolean
  stop(): Promise<void>
}

/** Layers are told one by one: what there is in all grows while they are. */
type Layers = Map<string, { total: number; completed: number }>

const firstAnswerMs = 30_000
/** Ollama says where it is several times a second while it downloads. */
const idleMs = 60_000
/** Checking a model of many gigabytes takes its time and says nothing. */
const checkingMs = 20 * 60_000
const longestLine = 64 * 1024
const speedWindowMs = 5_000

type Why = ReturnType<typeof explained> & { readonly resumes: boolean }

/** Thrown inside this file alone. */
class PullError extends Error {
  readonly why: Why
  constructor(reason: Sentence, fix: Sentence, resumes = false) {
    super(reason.text)
    this.why = { ...explained(reason, fix), resumes }
  }
}

export function createPuller(deps: PullDeps): Puller {
  const { clock, log } = deps
  let current: PullView | null = null
  let controller = new AbortController()
  let running: Promise<void> | null = null

  async function pull(name: string, signal: AbortController): Promise<void> {
    const layers: Layers = new Map()
    const speed = createSpeed(clock)
    const sum = () => sumOf(layers)
    const show = (phase: 'starting' | 'downloading' | 'checking') => {
      if (signal === controller && current?.state === 'running')
        current = { state: 'running', name, phase, ...sum(), bytes_per_second: phase === 'downloading' ? speed.now() : null }
    }
    try {
      await follow(name, signal, deps, (line) => {
        const layer = readLayer(line)
        if (layer) {
          const { digest, total, completed } = layer
          if (completed < (layers.get(digest)?.completed ?? 0)) speed.reset()
          layers.set(digest, { total, completed })
          speed.add(sum().completed)
        }
        show(layer ? 'downloading' : /^(verifying|writing|removing)/.test(line.status) ? 'checking' : 'starting')
      })
      if (!(await deps.isLocal(name))) throw new PullError(say('model', 'hosted', { model: name }), say('model', 'pull_fix_other'))
      if (signal !== controller || current?.state === 'cancelled') return
      current = { state: 'done', name }
      log.info({ model: name }, 'model: it was fetched')
      deps.onDone()
    } catch (error) {
      // It was stopped, and maybe begun anew.
      if (signal !== controller || current?.state === 'cancelled') return
      const why = error instanceof PullError ? error.why : toWhy(error, deps.host())
      current = { state: 'failed', name, ...sum(), ...why }
      log.info({ model: name, reason: why.reason }, 'model: it could not be fetched')
    }
  }

  return {
    get current() {
      return current
    },
    start(name) {
      if (current?.state === 'running') return current.name === name ? current : null
      const before = current?.state === 'cancelled' || current?.state === 'failed' ? current : null
      const known = before?.name === name ? { completed: before.completed, total: before.total } : { completed: 0, total: 0 }
      current = { state: 'running', name, phase: 'starting', ...known, bytes_per_second: null }
      controller = new AbortController()
      running = pull(name, controller).finally(() => {
        running = null
      })
      return current
    },
    cancel() {
      if (current?.state !== 'running') return false
      const { name, completed, total } = current
      current = { state: 'cancelled', name, completed, total }
      controller.abort()
      return true
    },
    async stop() {
      this.cancel()
      await running
    },
  }
}

type Line = {
  readonly status: string
  readonly digest?: unknown
  readonly total?: unknown
  readonly completed?: unknown
  readonly error?: unknown
}

/** Asks Ollama for the model and tells each line; returns once it said that all went well. */
async function follow(name: string, own: AbortController, deps: PullDeps, tell: (line: Line) => void): Promise<void> {
  const { clock, fetch } = deps
  const host = ollamaUrl(deps.host())
  if (host === null) throw new PullError(say('model', 'no_address', { host: deps.host() }), say('model', 'fix_address'))
  if (isCloudName(name)) throw new PullError(say('model', 'hosted', { model: name }), say('model', 'pull_fix_other'))
  let late: PullError | null = null
  let cancelTimer = () => {}
  const expect = (ms: number) => {
    cancelTimer()
    cancelTimer = clock.after(ms, () => {
      late = new PullError(say('model', 'pull_silent', { ms }), say('model', 'pull_fix_network'), true)
      own.abort()
    })
  }
  try {
    expect(firstAnswerMs)
    const response = await fetch(`${host}/api/pull`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ model: name, stream: true }),
      signal: own.signal,
      redirect: 'error',
    })
    if (!response.ok) throw failureOf(name, response.status, await response.text())
    for await (const line of linesOf(response)) {
      if (typeof line.error === 'string') throw failureOf(name, 200, line.error)
      if (line.status === 'success') return
      tell(line)
      expect(/^(verifying|writing|removing)/.test(line.status) ? checkingMs : idleMs)
    }
    throw new PullError(say('model', 'pull_cut'), say('model', 'pull_fix_kept'), true)
  } catch (error) {
    throw late ?? error
  } finally {
    cancelTimer()
    own.abort()
  }
}

async function* linesOf(response: Response): AsyncGenerator<Line> {
  const decoder = new TextDecoder()
  let rest = ''
  for await (const part of response.body ?? []) {
    const lines = (rest + decoder.decode(part, { stream: true })).split('\n')
    rest = lines.pop()!
    if (rest.length > longestLine) throw notOllama
    for (const line of lines) if (line.trim() !== '') yield readLine(line)
  }
  if (rest.trim() !== '') yield readLine(rest)
}

const notOllama = new PullError(say('model', 'not_ollama'), say('model', 'fix_address'))

function readLine(text: string): Line {
  try {
    const line = JSON.parse(text) as Line | null
    if (typeof line === 'object' && line !== null) return { ...line, status: String(line.status ?? '') }
  } catch {
    // Said below.
  }
  throw notOllama
}

function readLayer({ digest, total, completed = 0 }: Line): { digest: string; total: number; completed: number } | null {
  if (typeof digest !== 'string' || !isSize(total) || !isSize(completed)) return null
  return { digest, total, completed: Math.min(completed, total) }
}

const isSize = (value: unknown): value is number => Number.isSafeInteger(value) && (value as number) >= 0

function sumOf(layers: Layers): { completed: number; total: number } {
  let completed = 0
  let total = 0
  for (const layer of layers.values()) {
    completed += layer.completed
    total += layer.total
  }
  return { completed, total }
}

/** Bytes a second over the last few seconds; null until there is something to compare. */
function createSpeed(clock: Clock) {
  let samples: { readonly at: number; readonly completed: number }[] = []
  return {
    reset: () => {
      samples = []
    },
    add(completed: number) {
      const at = clock.now()
      const last = samples.at(-1)
      if (last && at - last.at < 100) return
      samples = [...samples.filter((sample) => at - sample.at <= speedWindowMs), { at, completed }]
    },
    now(): number | null {
      const first = samples[0]
      const last = samples.at(-1)
      if (!first || !last || last.at === first.at) return null
      return Math.max(0, Math.round(((last.completed - first.completed) * 1000) / (last.at - first.at)))
    },
  }
}

/** What Ollama's words mean for whoever waits. They change between releases: a part of the text decides. */
function failureOf(name: string, status: number, said: string): PullError {
  const text = said.toLowerCase()
  const has = (...parts: readonly string[]) => parts.some((part) => text.includes(part))
  if (status === 403 && said.trim() === '') return new PullError(say('model', 'not_allowed'), say('model', 'fix_origins'))
  if (has('no space left', 'disk full', 'not enough space'))
    return new PullError(say('model', 'pull_disk_full'), say('model', 'pull_fix_room'), true)
  if (has('newer version of ollama'))
    return new PullError(say('model', 'pull_newer', { model: name }), say('model', 'pull_fix_newer'))
  if (has('file does not exist', 'not found', 'invalid model name', 'manifest unknown'))
    return new PullError(say('model', 'pull_unknown', { model: name }), say('model', 'pull_fix_name'))
  if (has('unauthorized', 'cloud', 'sign in'))
    return new PullError(say('model', 'pull_not_here', { model: name }), say('model', 'pull_fix_other'))
  if (has('dial tcp', 'no such host', 'lookup', 'timeout', 'connection', 'network', 'eof', 'max retries', 'tls'))
    return new PullError(say('model', 'pull_offline'), say('model', 'pull_fix_network'), true)
  const short = /^\s*</.test(said) ? 'it sent a web page' : said.replaceAll(/\s+/g, ' ').trim().slice(0, 200)
  return new PullError(say('model', 'error', { status: 0, words: short }), say('model', 'pull_fix_again'), true)
}

function toWhy(error: unknown, host: string): Why {
  const { message, cause } = error as Error & { cause?: { code?: string } }
  if (message === 'fetch failed' && cause?.code !== 'ECONNRESET')
    return { ...explained(say('model', 'unreachable', { host }), say('model', 'pull_fix_start')), resumes: true }
  return { ...explained(say('model', 'broke_off'), say('model', 'pull_fix_kept')), resumes: true }
}
