import type { Actor } from '../../../shared/model/actor.ts'
import type { Asked } from '../../../shared/model/approval.ts'
import type { Language } from '../../../shared/model/language.ts'
import type { Summary } from '../../../shared/model/summary.ts'
import type { Clock } from '../clock.ts'
import type { Commit } from '../commit.ts'
import { JournalError } from '../journal/port.ts'
import type { Config } from '../settings/port.ts'
import { assess } from './assess.ts'
import { unsupportedWords } from './claims.ts'
import type { ModelFailure } from './failure.ts'
import { createOllama, type OllamaModel, type Said } from './ollama.ts'
import type { Assessment, ModelStatus, Summaries, WantedApproval } from './port.ts'
import { buildPrompt, type Prompt } from './prompt.ts'
import { crowded, lateReason, notShown, type Reason, reasonOf, reasonOfFailure, switchedOff } from './reasons.ts'
import { createTransport, type Fetch } from './transport.ts'
import { type Wanted, WantedQueue } from './wanted-queue.ts'

export type SummaryDeps = {
  readonly config: () => Config['model']
  /** What the model is asked to write. */
  readonly language: () => Language
  readonly commit: Commit
  readonly clock: Clock
  readonly fetch?: Fetch
  readonly log: { info(details: object, message: string): void; warn(details: object, message: string): void }
}

const actor: Actor = { kind: 'system', id: 'summary', via: 'engine' }
const lookAgainMs = 30_000
/** Whoever waits longer gets a summary by rules. What the model says later is handed in all the same. */
const settleMs = 180_000

/** The queue in front of the local model: one request at a time, results journalled, never in front of a decision. */
export function createSummaries(deps: SummaryDeps): Summaries {
  return new SummaryQueue(deps)
}

/** What is known of the model, and of which settings that is true. */
type Known = { readonly key: string; readonly status: ModelStatus }

/** What is being asked just now. `settled`: it has waited too long, and stands there with a summary by rules. */
type Current = { readonly entry: Wanted; readonly controller: AbortController; settled: boolean }

class SummaryQueue implements Summaries {
  readonly #deps: SummaryDeps
  readonly #fetch: Fetch
  readonly #wanted = new WantedQueue()
  readonly #stopping = new AbortController()
  #started = false
  #known: Known | null = null
  #model: { readonly key: string; readonly ollama: OllamaModel } | null = null
  #looking: { readonly key: string; readonly done: Promise<ModelStatus> } | null = null
  #current: Current | null = null
  /** When each that waits is settled by rules, or stored once more, to be taken back once that is done. */
  readonly #settling = new Map<string, () => void>()
  #working: Promise<void> | null = null
  #cancelTick = () => {}

  constructor(deps: SummaryDeps) {
    this.#deps = deps
    this.#fetch = deps.fetch ?? createTransport(deps.clock)
  }

  first(assessment: Assessment): Summary {
    const { summary, impact, said, total_bytes } = assessment
    const { state, reason } = this.#outlook()
    return {
      state,
      origin: 'rules',
      summary,
      impact,
      risk: null,
      model: null,
      unsupported: [],
      reason: reason?.text ?? null,
      covered_bytes: 0,
      total_bytes,
      said: reason === null ? said : { ...said, reason: reason.said },
    }
  }

  /** What a new approval can be told about its summary. */
  #outlook(): { readonly state: 'waiting' | 'failed' | 'off'; readonly reason: Reason | null } {
    if (!this.#deps.config().enabled) return { state: 'off', reason: switchedOff }
    const status = this.#known?.key === this.#key() ? this.#known.status : null
    if (status !== null && status.state !== 'ready') return { state: 'failed', reason: reasonOf(status) }
    return this.#wanted.crowded ? { state: 'failed', reason: crowded } : { state: 'waiting', reason: null }
  }

  request(approval: WantedApproval): void {
    if (this.#stopping.signal.aborted) return
    const state = approval.state ?? this.#outlook().state
    if (state === 'ready' || (state === 'off' && !this.#deps.config().enabled)) return
    if (!this.#wanted.add(approval, state === 'waiting') && state === 'waiting') {
      // This may be the inside of a commit: another one has to wait for its end.
      queueMicrotask(() => this.#recordFailure(approval, crowded))
    } else if (state === 'waiting') {
      this.#settling.get(approval.id)?.()
      this.#settling.set(
        approval.id,
        this.#deps.clock.after(settleMs, () => this.#settleLate(approval.id)),
      )
    }
    this.#work()
  }

  forget(approvalId: string): void {
    this.#wanted.remove(approvalId)
    this.#noLongerWaits(approvalId)
    if (this.#current?.entry.id === approvalId) this.#current.controller.abort()
  }

  async status(): Promise<ModelStatus> {
    if (!this.#deps.config().enabled) return { state: 'off' }
    const status = await this.#look()
    this.#work()
    return status
  }

  start(): void {
    if (this.#started || this.#stopping.signal.aborted) return
    this.#started = true
    this.#tick()
  }

  async stop(): Promise<void> {
    this.#started = false
    this.#cancelTick()
    this.#stopping.abort()
    this.#current?.controller.abort()
    await Promise.all([this.#working, this.#looking?.done])
    for (const id of this.#settling.keys()) this.#noLongerWaits(id)
    this.#wanted.clear()
  }

  #noLongerWaits(id: string): void {
    this.#settling.get(id)?.()
    this.#settling.delete(id)
  }

  /** The model is being loaded, or has others before it: nobody looks at "is being read" for longer than this. */
  #settleLate(id: string): void {
    const late = lateReason(this.#deps.config().name, settleMs)
    const queued = this.#wanted.waiting().find((entry) => entry.id === id)
    if (queued) {
      this.#wanted.add(queued, false, queued.attempts)
      void this.#recordFailure(queued, late)
    } else if (this.#current?.entry.id === id) {
      this.#current.settled = true
      void this.#recordFailure(this.#current.entry, late)
    }
  }

  #tick(): void {
    this.#cancelTick = this.#deps.clock.after(lookAgainMs, () => this.#tick())
    if (this.#deps.config().enabled) void this.#look().then(() => this.#work())
    else this.#work()
  }

  #key(): string {
    const { host, name } = this.#deps.config()
    return `${host} ${name}`
  }

  #ollama(): OllamaModel {
    const key = this.#key()
    if (this.#model?.key !== key) {
      const { host, name } = this.#deps.config()
      this.#model = { key, ollama: createOllama({ host, model: name, clock: this.#deps.clock, fetch: this.#fetch }) }
    }
    return this.#model.ollama
  }

  /** Looks whether Ollama and its model are there. Who asks while somebody looks already shares the answer. */
  #look(): Promise<ModelStatus> {
    const key = this.#key()
    if (this.#looking?.key === key) return this.#looking.done
    const done = this.#ollama()
      .probe(this.#stopping.signal)
      .then((status) => {
        if (this.#looking?.done === done) this.#looking = null
        if (this.#stopping.signal.aborted || key !== this.#key()) return status
        if (this.#known?.key !== key || this.#known.status.state !== status.state) {
          this.#deps.log.info({ model: this.#deps.config().name, state: status.state }, 'summaries: the model is looked for')
        }
        this.#known = { key, status }
        return status
      })
    this.#looking = { key, done }
    return done
  }

  /** Sees to it that somebody works through the queue; starts in a turn of its own, as this may be the inside of a commit. */
  #work(): void {
    if (!this.#started || this.#working !== null || this.#wanted.size === 0) return
    this.#working = Promise.resolve()
      .then(() => this.#workThrough())
      .then(
        () => true,
        (error: unknown) => {
          this.#deps.log.warn({ error }, 'summaries: could not go on')
          return false
        },
      )
      .then((well) => {
        this.#working = null
        // Who came while this ended found somebody at work, and must not wait for the next look.
        if (well && (this.#wanted.waiting().length > 0 || this.#known?.status.state === 'ready')) this.#work()
      })
  }

  async #workThrough(): Promise<void> {
    while (this.#started && this.#wanted.size > 0) {
      if (!this.#deps.config().enabled) {
        this.#settleWaiting(switchedOff)
        this.#wanted.clear()
        return
      }
      const status = this.#known?.key === this.#key() ? this.#known.status : await this.#look()
      if (!this.#started) return
      if (status.state !== 'ready') return this.#settleWaiting(reasonOf(status))
      const next = this.#wanted.take(this.#deps.clock.now())
      if (next !== null) await this.#summarise(next, status)
    }
  }

  /** There is no model: whoever waits is told so once, and kept in case one appears. */
  #settleWaiting(reason: Reason): void {
    for (const entry of this.#wanted.waiting()) {
      this.#recordFailure(entry, reason)
      this.#wanted.add(entry, false, entry.attempts)
    }
  }

  async #summarise(entry: Wanted, status: ModelStatus & { state: 'ready' }): Promise<void> {
    const controller = new AbortController()
    const current: Current = { entry, controller, settled: false }
    this.#current = current
    try {
      const prompt = buildPrompt(entry.asked, this.#deps.language())
      const said = await this.#ollama().ask(prompt, controller.signal)
      if (controller.signal.aborted) return
      if (said.ok) await this.#recordAnswer(entry, prompt, said.value, status)
      else await this.#failed(current, said.failure)
    } catch (error) {
      this.#deps.log.warn({ error, approval_id: entry.id }, 'summaries: a request could not be shown to the model')
      await this.#recordFailure(entry, notShown)
    } finally {
      this.#current = null
    }
  }

  async #failed({ entry, settled }: Current, failure: ModelFailure): Promise<void> {
    if ((failure.code === 'unreachable' || failure.code === 'model-missing') && entry.attempts === 0) {
      // What was known is out of date. The next round looks anew and settles all who wait, this one included.
      this.#known = null
      if (this.#wanted.add(entry, entry.waits && !settled, 1)) return
    }
    if (settled) return
    await this.#recordFailure(entry, reasonOfFailure(failure))
  }

  async #recordAnswer(entry: Wanted, prompt: Prompt, said: Said, status: ModelStatus & { state: 'ready' }): Promise<void> {
    const { summary, impact, risk, suspect, flags, ...measured } = said
    const { covered_bytes, total_bytes, template_sha256, payload_sha256, language } = prompt
    const unsupported = [...new Set([summary, impact].flatMap((text) => unsupportedWords(text, entry.asked, language)))]
    this.#deps.log.info(
      {
        approval_id: entry.id,
        model: status.model,
        digest: status.digest,
        ollama: status.version,
        template_sha256,
        payload_sha256,
        flags: flags.length,
        ...measured,
      },
      'summaries: the model answered',
    )
    await this.#record(entry, {
      state: 'ready',
      origin: 'model',
      summary,
      impact,
      risk,
      model: status.model,
      unsupported,
      reason: suspect?.text ?? null,
      covered_bytes,
      total_bytes,
      ...(suspect ? { said: { summary: null, impact: null, reason: [suspect.said] } } : {}),
    })
  }

  async #recordFailure(approval: WantedApproval, reason: Reason): Promise<void> {
    const { summary, impact, total_bytes, ...assessment } = assess(approval.asked)
    const said = { ...assessment.said, reason: reason.said }
    const rest = { risk: null, model: null, unsupported: [], reason: reason.text, covered_bytes: 0, total_bytes, said }
    const texts = { summary, impact, ...rest }
    await this.#record(approval, { state: 'failed', origin: 'rules', ...texts })
  }

  async #record(approval: WantedApproval & { asked: Asked }, summary: Summary & { state: 'ready' | 'failed' }): Promise<void> {
    const { id } = approval
    const storing = () => {}
    this.#noLongerWaits(id)
    this.#settling.set(id, storing)
    let again = false
    try {
      await this.#deps.commit({
        type: 'summary_recorded',
        actor,
        run_id: approval.run_id,
        approval_id: id,
        data: { state: summary.state, risk: summary.risk },
        content: { summary },
      }).durable
    } catch (error) {
      // Advice that cannot be stored is lost and nothing else: the approval stands as it was.
      this.#deps.log.warn({ error, approval_id: id }, 'summaries: a summary could not be stored')
      again = error instanceof JournalError && error.code !== 'read-only' && !this.#stopping.signal.aborted
    }
    // Forgotten or asked anew meanwhile, it is another matter.
    if (this.#settling.get(id) !== storing) return
    // A full disk passes, and whoever was promised a summary would look at "is being read" for ever.
    if (again)
      this.#settling.set(
        id,
        this.#deps.clock.after(lookAgainMs, () => void this.#record(approval, summary)),
      )
    else this.#settling.delete(id)
  }
}
