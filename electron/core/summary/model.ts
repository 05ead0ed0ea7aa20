import { type Failure, failure } from '../../../shared/contract/errors.ts'
import type { ModelView, PullView } from '../../../shared/contract/settings.ts'
import type { Asked } from '../../../shared/model/approval.ts'
import type { Language } from '../../../shared/model/language.ts'
import { fail, ok, type Result } from '../../../shared/model/result.ts'
import type { Said } from '../../../shared/model/said.ts'
import type { Clock } from '../clock.ts'
import type { Config } from '../settings/port.ts'
import { isCloudName } from './host.ts'
import { createOllama, fullName } from './ollama.ts'
import type { Summaries } from './port.ts'
import { buildPrompt } from './prompt.ts'
import { createPuller } from './pull.ts'
import { createTransport, type Fetch } from './transport.ts'

export type ModelDeps = {
  readonly config: () => Config['model']
  readonly language: () => Language
  readonly summaries: Pick<Summaries, 'status'>
  readonly clock: Clock
  readonly log: { info(details: object, message: string): void }
  readonly fetch?: Fetch
}

type Tried = {
  readonly model: string
  readonly summary: string | null
  readonly impact: string | null
  readonly risk: string | null
  readonly ms: number
  readonly reason: string | null
  readonly fix: string | null
  readonly said: readonly Said[]
}

/** The local model as people set it up: what is there, fetching one, trying it out. */
export interface Model {
  status(): Promise<ModelView>
  pull(name: string): Result<PullView, Failure>
  cancel(): boolean
  test(signal?: AbortSignal): Promise<Tried>
  stop(): Promise<void>
}

/** What a trial summarises: nobody's request, with something in it that a summary should name. */
const sample: Asked = {
  type: 'refund',
  title: 'Refund for order 1042',
  description: 'The parcel arrived broken, and the customer wants the money back.',
  requester: 'shop@example.com',
  approvers: [],
  amount: '49.50',
  currency: 'EUR',
  priority: 'normal',
  consequence: 'EUR 49.50 are paid back.',
  data: { order: '1042', reason: 'Arrived broken' },
}

export function openModel(deps: ModelDeps): Model {
  const { config, language, summaries, clock, log } = deps
  const fetch = deps.fetch ?? createTransport(clock)
  const stopping = new AbortController()
  const ollama = () => createOllama({ host: config().host, model: config().name, clock, fetch })
  const installed = () => ollama().installed(stopping.signal)
  const puller = createPuller({
    host: () => config().host,
    clock,
    fetch,
    isLocal: async (name) => (await installed()).some((model) => fullName(model.name) === fullName(name)),
    // Whoever waits for a summary gets one now.
    onDone: () => void summaries.status(),
    log,
  })

  return {
    async status() {
      const { host, name } = config()
      const found = await summaries.status()
      const there = found.state === 'ready' || found.state === 'model_missing'
      return {
        state: found.state,
        host,
        name,
        detail: 'detail' in found ? found.detail : null,
        fix: 'fix' in found ? found.fix : null,
        said: 'said' in found ? found.said : [],
        version: found.state === 'ready' ? found.version : null,
        installed: there || found.state === 'off' ? await installed() : [],
        pull: puller.current,
      }
    },
    pull(name) {
      if (isCloudName(name)) return fail(refused('must be a model on this machine: cloud models send requests to a hosted service'))
      const started = puller.start(name)
      if (started !== null) return ok(started)
      return fail(refused(`must wait: ${puller.current?.name} is being fetched. Stop that first.`))
    },
    cancel: () => puller.cancel(),
    async test(signal) {
      const started = clock.now()
      const model = config().name
      const signals = signal ? AbortSignal.any([signal, stopping.signal]) : stopping.signal
      const one = ollama()
      const status = await one.probe(signals)
      const none = { model, summary: null, impact: null, risk: null }
      if (status.state !== 'ready')
        return {
          ...none,
          ms: clock.now() - started,
          reason: 'detail' in status ? status.detail : null,
          fix: 'fix' in status ? status.fix : null,
          said: 'said' in status ? status.said : [],
        }
      const said = await one.ask(buildPrompt(sample, language()), signals)
      const ms = clock.now() - started
      if (!said.ok) return { ...none, ms, reason: said.failure.reason, fix: said.failure.fix, said: said.failure.said }
      const { summary, impact, risk } = said.value
      return { model, summary, impact, risk, ms, reason: null, fix: null, said: [] }
    },
    async stop() {
      stopping.abort()
      await puller.stop()
    },
  }
}

const refused = (message: string): Failure =>
  failure('invalid-input', `/name ${message}`, { errors: [{ pointer: '/name', message }] })
