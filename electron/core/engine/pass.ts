import type { Actor } from '../../../shared/model/actor.ts'
import type { NewEvent } from '../../../shared/model/event.ts'
import { type Clock, toInstant } from '../clock.ts'
import type { Commit } from '../commit.ts'
import { JournalError } from '../journal/port.ts'
import type { History } from './history.ts'
import type { LiveRun } from './live.ts'
import {
  type Answer,
  type ApprovalOptions,
  RunFailure,
  type StepContext,
  StepFailed,
  type StepOptions,
  toMs,
  type Wf,
  type Workflow,
} from './workflow.ts'

export const engineActor: Actor = { kind: 'system', id: 'engine', via: 'engine' }

export type PassDeps = {
  readonly clock: Clock
  readonly commit: Commit
  /** Resolves when all that this run has journalled so far is on disk. */
  readonly runDurable: (runId: string) => Promise<void>
  /** The events by which a run asks people; more than one when policy decides at once. */
  readonly ask: (run: LiveRun, step: string, options: ApprovalOptions) => readonly NewEvent[]
  /** What the configuration wants done for a request type; null when it names nothing. */
  readonly action: (type: string) => ((payload: unknown, context: StepContext) => Promise<unknown>) | null
  /** The outcome's way to the sender, committed with the end of the run; null when nobody wants to be told. */
  readonly tell: (
    run: LiveRun,
    status: 'completed' | 'failed',
    result: unknown,
    error: string | null,
    answer: Answer | null,
  ) => NewEvent | null
}

/** What a pass tells the engine. */
export type PassListener = {
  /** The run asks, waits, or works on something that may take long; called once, for whoever must answer the sender. */
  readonly underWay: () => void
  /** Nothing moves any more: the run is parked or over. */
  readonly rested: () => void
  /** The journal refused a record: this pass is void, the run has to be driven again. */
  readonly refused: () => void
}

const actionRetry: StepOptions = { retry: { attempts: 5, backoff: '2s' } }

/**
 * One walk through a workflow's function, from the top to where it has to wait. What is stored returns at once. A wait never
 * resolves: the function is left suspended, nothing refers to it, and the next pass starts again from the top. So no
 * `catch` or `finally` of the author's can mistake waiting for failure.
 */
export class Pass {
  readonly run: LiveRun
  readonly #workflow: Workflow
  readonly #history: History
  readonly #deps: PassDeps
  readonly #listener: PassListener
  readonly #abort = new AbortController()
  #working = 0
  #waiting = 0
  #waitsFor: string | null = null
  #over = false
  #announced = false
  #draining = false
  #whenIdle: (() => void)[] = []
  #checking = false

  constructor(run: LiveRun, workflow: Workflow, history: History, deps: PassDeps, listener: PassListener) {
    this.run = run
    this.#workflow = workflow
    this.#history = history
    this.#deps = deps
    this.#listener = listener
  }

  /** The last record that this pass has read or written. */
  get lastSeq(): number {
    return this.#history.lastSeq
  }

  /** What it asked for in an earlier pass and still waits for; null when nothing of the kind holds it up. */
  get waitsFor(): string | null {
    return this.#waitsFor
  }

  start(): void {
    const finished = (async () => this.#workflow.run(this.#wf(), this.#history.input))()
    finished.then(
      (result) => this.#complete(result),
      (error: unknown) => this.#fail(error),
    )
  }

  /** Whatever this pass still does leads to nothing: its run was cancelled, taken back, or is driven by a later pass. */
  abandon(reason: string): void {
    this.#over = true
    this.#abort.abort(new Error(reason))
  }

  /** Begins no further step; resolves when the steps at work have ended and their results are journalled. */
  async drain(): Promise<void> {
    this.#draining = true
    if (this.#working > 0) await new Promise<void>((resolve) => this.#whenIdle.push(resolve))
  }

  /** The run is parked: what is left of this pass acts no more, and nothing is interrupted. */
  retire(): void {
    this.#over = true
  }

  #wf(): Wf {
    const { run } = this
    return {
      run: { id: run.id, type: run.type, source: run.source },
      step: (name, work, options) => this.#step(name, work, options ?? {}),
      approval: (name, options) => this.#approval(name, options),
      signal: (name, options) => this.#signal(name, options?.timeout) as Promise<never>,
      sleep: (name, duration) => this.#sleep(name, toMs(duration)),
      action: (name, payload) => this.#action(name, payload),
      now: () => new Date(this.#history.lastAt),
    }
  }

  async #step<T>(name: string, work: (context: StepContext) => T | Promise<T>, options: StepOptions): Promise<T> {
    this.#history.claim(name)
    const kept = this.#history.step(name)
    if (kept?.state === 'completed') return kept.result as T
    if (kept?.state === 'failed' && kept.retry_at === null) throw new StepFailed(name, kept.error)
    if (kept?.state === 'failed' && kept.retry_at! > this.#deps.clock.now()) return this.#wait()
    const attempt = kept?.state === 'failed' ? kept.attempts + 1 : 1
    return this.#attempt(name, work, options, attempt)
  }

  async #attempt<T>(
    name: string,
    work: (context: StepContext) => T | Promise<T>,
    options: StepOptions,
    attempt: number,
  ): Promise<T> {
    if (this.#draining) return this.#wait()
    this.#working++
    this.#announce()
    try {
      // No effect before what led to it is on disk. A rejection means that it was taken back, and this pass with it.
      await this.#deps.runDurable(this.run.id).catch(() => this.abandon('taken back'))
      if (this.#over) return await this.#wait()
      const result = toJson(await this.#limited(name, work, options, attempt))
      if (!this.#commit({ type: 'step_completed', ...this.#by(), data: { step: name, attempt }, content: { result } }))
        return await this.#wait()
      return result as T
    } catch (error) {
      return this.#stepFailed(name, options, attempt, messageOf(error))
    } finally {
      this.#working--
      this.#checkRest()
      if (this.#working === 0) for (const idle of this.#whenIdle.splice(0)) idle()
    }
  }

  async #limited<T>(
    name: string,
    work: (context: StepContext) => T | Promise<T>,
    options: StepOptions,
    attempt: number,
  ): Promise<T> {
    const limit = new AbortController()
    const signal = AbortSignal.any([this.#abort.signal, limit.signal])
    const context = { idempotency_key: `${this.run.id}:${name}`, attempt, signal }
    if (options.timeout === undefined) return work(context)
    const ms = toMs(options.timeout)
    let undo = () => {}
    const late = new Promise<never>((_, reject) => {
      undo = this.#deps.clock.after(ms, () => {
        const error = new Error(`timed out after ${options.timeout}${typeof options.timeout === 'number' ? ' ms' : ''}`)
        limit.abort(error)
        reject(error)
      })
    })
    try {
      return await Promise.race([work(context), late])
    } finally {
      undo()
    }
  }

  #stepFailed(name: string, options: StepOptions, attempt: number, error: string): Promise<never> {
    if (this.#over) return this.#wait()
    const { attempts, backoff = '1s', max_backoff = '5m' } = options.retry ?? { attempts: 1 }
    const again = attempt < attempts
    const waitMs = Math.min(toMs(backoff) * 2 ** (attempt - 1), toMs(max_backoff))
    const retry_at = again ? toInstant(this.#deps.clock.now() + waitMs) : null
    const stored = this.#commit({ type: 'step_failed', ...this.#by(), data: { step: name, attempt, retry_at }, content: { error } })
    if (again || !stored) return this.#wait()
    throw new StepFailed(name, error)
  }

  async #approval(name: string, options: ApprovalOptions): Promise<Answer> {
    this.#history.claim(name)
    const kept = this.#history.approval(name)
    if (kept?.answer) return kept.answer
    if (!kept && !this.#commit(...this.#deps.ask(this.run, name, options))) return this.#wait()
    return this.#history.approval(name)?.answer ?? this.#wait(name)
  }

  async #signal(name: string, timeout: ApprovalOptions['timeout']): Promise<unknown> {
    const wait = this.#history.signal(name)
    if (wait.state === 'received') return wait.payload
    if (wait.state === 'lapsed') return null
    if (wait.state === 'new') {
      const due_at = timeout === undefined ? null : toInstant(this.#deps.clock.now() + toMs(timeout))
      this.#commit({ type: 'signal_awaited', ...this.#by(), data: { step: wait.key, signal: name, due_at }, content: null })
      return this.#wait()
    }
    if (wait.due_at === null || wait.due_at > this.#deps.clock.now()) return this.#wait(wait.key)
    const stored = this.#commit({ type: 'signal_lapsed', ...this.#by(), data: { step: wait.key, signal: name }, content: null })
    return stored ? null : this.#wait()
  }

  async #sleep(name: string, ms: number): Promise<void> {
    this.#history.claim(name)
    const kept = this.#history.timer(name)
    if (kept?.fired) return
    if (!kept) {
      const due_at = toInstant(this.#deps.clock.now() + ms)
      this.#commit({ type: 'timer_set', ...this.#by(), data: { step: name, due_at }, content: null })
      return this.#wait()
    }
    if (kept.due_at > this.#deps.clock.now()) return this.#wait(name)
    if (!this.#commit({ type: 'timer_fired', ...this.#by(), data: { step: name }, content: null })) return this.#wait()
  }

  async #action(name: string, payload: unknown): Promise<unknown> {
    const action = this.#deps.action(this.run.type)
    // Once it was attempted it must be finished, even if the configuration has lost it since: never skip a payment silently.
    if (!action && !this.#history.step(name)) return null
    const missing = () => Promise.reject(new Error(`config.yaml names no action for "${this.run.type}" any more`))
    return this.#step(name, (context) => (action ?? missing)(payload, context), actionRetry)
  }

  /** Never resolves: this is where a function is left. */
  #wait(waitsFor: string | null = null): Promise<never> {
    this.#waiting++
    this.#waitsFor ??= waitsFor
    this.#announce()
    this.#checkRest()
    return new Promise(() => {})
  }

  #announce(): void {
    if (this.#announced) return
    this.#announced = true
    this.#listener.underWay()
  }

  /** At rest once something waits and a whole turn has passed with no step at work: parallel branches get the time to go on. */
  #checkRest(): void {
    if (this.#checking || this.#over || this.#waiting === 0) return
    this.#checking = true
    setImmediate(() => {
      this.#checking = false
      if (this.#working === 0 && !this.#over) this.#listener.rested()
    })
  }

  #complete(result: unknown): void {
    if (this.#over) return
    let value: unknown
    try {
      value = toJson(result)
    } catch (error) {
      this.#fail(error)
      return
    }
    this.#end(
      { type: 'run_completed', ...this.#by(), data: {}, content: { result: value } },
      this.#deps.tell(this.run, 'completed', value, null, this.#history.lastAnswer),
    )
  }

  #fail(error: unknown): void {
    if (this.#over) return
    const message = messageOf(error)
    if (error instanceof RunFailure) {
      this.#end(
        { type: 'run_failed', ...this.#by(), data: {}, content: { error: message } },
        this.#deps.tell(this.run, 'failed', null, message, this.#history.lastAnswer),
      )
      return
    }
    const step = error instanceof StepFailed ? error.step : null
    this.#end({ type: 'run_needs_review', ...this.#by(), data: { step }, content: { error: message } }, null)
  }

  #end(event: NewEvent, told: NewEvent | null): void {
    if (!this.#commit(...(told ? [event, told] : [event]))) return
    this.#over = true
    this.#announce()
    this.#listener.rested()
  }

  /** Commits and remembers; false when the journal takes nothing, which voids this pass. */
  #commit(...events: readonly NewEvent[]): boolean {
    if (this.#over) return false
    try {
      // Whoever must know of a failure waits for the run to be durable.
      const { records } = this.#deps.commit(...events)
      for (const record of records) this.#history.add(record)
      return true
    } catch (error) {
      if (!(error instanceof JournalError)) throw error
      this.abandon('the journal takes nothing')
      this.#announce()
      this.#listener.refused()
      return false
    }
  }

  #by() {
    return { actor: engineActor, run_id: this.run.id } as const
  }
}

/** What a step returns is stored as JSON, so the first pass gets it as every later one will. */
function toJson(value: unknown): unknown {
  if (value === undefined || value === null) return null
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') return value
  return JSON.parse(JSON.stringify(value) ?? 'null')
}

function messageOf(error: unknown): string {
  if (error instanceof Error) return error.message || error.name
  return String(error)
}
