import type { JournalRecord, NewEvent } from '../../../shared/model/event.ts'
import { toInstant } from '../clock.ts'
import { JournalError } from '../journal/port.ts'
import { engineActor, messageOf, nextRetryAt, runLimited, toJson } from './attempts.ts'
import { toMissingDecision, withAutomatic } from './automatic.ts'
import { settleAll } from './branches.ts'
import type { EndEvent } from './ends.ts'
import { runGate } from './gate.ts'
import { type Came, HandOut } from './hand-out.ts'
import type { History } from './history.ts'
import { vanishedMessage } from './installed.ts'
import type { LiveRun } from './live.ts'
import type { Cleanup, Part, PassDeps, PassListener, Walk, Work } from './pass-deps.ts'
import { awaitSignal, registerCleanup, reportProgress, runChild, sleep, takeAction } from './verbs.ts'
import { Waits } from './waits.ts'
import {
  type Answer,
  type ApprovalOptions,
  type ChildResult,
  RunFailure,
  StepFailed,
  type StepOptions,
  toMs,
  type Wf,
  type Workflow,
} from './workflow.ts'

/**
 * One walk through a workflow's function, from the top to where it has to wait. What is stored returns at once. A wait never
 * resolves: the function is left suspended, nothing refers to it, and the next pass starts again from the top. So no
 * `catch` or `finally` of the author's can mistake waiting for failure.
 */
export class Pass implements Walk {
  readonly run: LiveRun
  readonly #workflow: Workflow
  readonly history: History
  readonly #handOut: HandOut
  readonly deps: PassDeps
  readonly #listener: PassListener
  /** Made for the first step: most passes have none at work. */
  #abort: AbortController | null = null
  #working = 0
  /** Places that want something new, and wait until it is known whether they may. */
  #beginning = 0
  /** Why the run cannot go on; said once nothing is at work any more. */
  #stuck: string | null = null
  readonly #waits = new Waits()
  #writing = false
  #over = false
  #announced = false
  #draining = false
  #whenIdle: (() => void)[] = []
  #checking = false
  /** The workflow may do nothing new: it only goes to where it stands. */
  #still: boolean
  #cleaning = false
  readonly #cleanups: Cleanup[] = []

  constructor(run: LiveRun, workflow: Workflow, history: History, deps: PassDeps, listener: PassListener) {
    this.run = run
    this.#workflow = workflow
    this.history = history
    this.#handOut = new HandOut(history.started)
    this.deps = deps
    this.#listener = listener
    this.#still = history.cancelling !== null
  }

  /** The last record that this pass has read or written. */
  get lastSeq(): number {
    return this.history.lastSeq
  }

  /** What it asked for in an earlier pass and still waits for; null when nothing of the kind holds it up. */
  get waitsFor(): string | null {
    return this.history.cancelling ? null : this.#waits.name
  }

  start(): void {
    const finished = (async () => this.#workflow.run(this.#wf(), this.history.input))()
    finished.then(
      (result) => this.#complete(result),
      (error: unknown) => this.#fail(error),
    )
  }

  /** Whatever this pass still does leads to nothing: its run was cancelled, taken back, or is driven by a later pass. */
  abandon(reason: string): void {
    this.#over = true
    this.#abort?.abort(new Error(reason))
  }

  /** Begins no further step; resolves when the steps at work have ended and their results are journalled. */
  async drain(): Promise<void> {
    this.#draining = true
    if (this.#working > 0) await new Promise<void>((resolve) => this.#whenIdle.push(resolve))
  }

  /** Something has come while other branches were at work: those that wait look whether it is for them. */
  learn(record: JournalRecord | null): void {
    if (this.#over || this.#writing) return
    if (record) this.history.add(record)
    this.#waits.tell()
  }

  /** The run is parked: what is left of this pass acts no more, and nothing is interrupted. */
  retire(): void {
    this.#over = true
  }

  #wf(): Wf {
    const { run } = this
    const wf: Wf = {
      run: { id: run.id, type: run.type, source: run.source },
      step: (name, work, options) => this.step(name, work, options ?? {}),
      approval: (name, options) => this.#approval(name, options),
      gate: (name, args, work, options) => runGate({ name, args, work, options }, wf, this.history),
      signal: (name, options) => awaitSignal(this, name, options?.timeout) as Promise<never>,
      sleep: (name, duration) => sleep(this, name, toMs(duration)),
      child: (step, workflow, input, options) =>
        runChild(this, { step, workflow, input, title: options?.title, type: options?.type }) as Promise<ChildResult<never>>,
      all: (branches) => settleAll(branches) as never,
      onCancel: (name, work, options) =>
        registerCleanup(this, { name, work, options: options ?? {} }, (cleanup) => this.#cleanups.push(cleanup)),
      progress: (done, total, text) => reportProgress(this, done, total, text ?? null),
      action: (name, payload, type) => takeAction(this, name, payload, type ?? run.type),
      now: () => new Date(this.#handOut.lastAt),
    }
    return wf
  }

  async step<T>(name: string, work: Work<T>, options: StepOptions): Promise<T> {
    this.history.claim(name, 'step')
    return this.#stored(name, work, options, 'story')
  }

  async #stored<T>(name: string, work: Work<T>, options: StepOptions, part: Part): Promise<T> {
    for (;;) {
      const kept = this.history.step(name)
      if (kept?.state === 'completed') return this.given(kept.came, kept.result as T)
      if (kept?.state === 'failed' && kept.retry_at === null) {
        await this.#handOut.take(kept.came)
        throw new StepFailed(name, kept.error)
      }
      if (kept?.state === 'failed' && kept.retry_at! > this.deps.clock.now()) await this.news()
      else if (!kept && part === 'story' && !this.isUpToDate && !(await this.mayBegin(name))) return this.wait()
      else await this.#attempt(name, work, options, part)
    }
  }

  async #attempt<T>(name: string, work: Work<T>, options: StepOptions, part: Part): Promise<void> {
    if (this.#draining || !this.may(part)) return this.wait()
    this.#working++
    this.#announce()
    // Another branch waits: after a crash this one must be picked up without it.
    if (this.deps.live(this.run.id)?.status === 'waiting') this.commit(part, this.#resumed(name))
    try {
      // No effect before what led to it is on disk. A rejection means that it was taken back, and this pass with it.
      await this.deps.runDurable(this.run.id).catch(() => this.abandon('taken back'))
      if (!this.may(part) || !this.commit(part, await this.#tryOnce(name, work, options))) return this.wait()
    } finally {
      this.#working--
      this.#checkRest()
      if (this.#working === 0) for (const idle of this.#whenIdle.splice(0)) idle()
    }
  }

  /** The record of one attempt, however it ended. */
  async #tryOnce<T>(step: string, work: Work<T>, options: StepOptions): Promise<NewEvent> {
    const kept = this.history.step(step)
    const attempt = kept?.state === 'failed' ? kept.attempts + 1 : 1
    try {
      const context = { idempotency_key: `${this.run.id}:${step}`, attempt }
      this.#abort ??= new AbortController()
      const limits = { clock: this.deps.clock, abort: this.#abort.signal }
      const result = toJson(await runLimited(work, context, options.timeout, limits))
      return { type: 'step_completed', ...this.by(), data: { step, attempt }, content: { result } }
    } catch (error) {
      const again = nextRetryAt(options, attempt, this.deps.clock.now())
      const data = { step, attempt, retry_at: again === null ? null : toInstant(again) }
      return { type: 'step_failed', ...this.by(), data, content: { error: messageOf(error) } }
    }
  }

  async #approval(name: string, options: ApprovalOptions): Promise<Answer> {
    this.history.claim(name, 'approval')
    if (!this.history.approval(name)) {
      if (!this.may('story') || !(this.isUpToDate || (await this.mayBegin()))) return this.wait()
      const asked = this.unlessImpossible(() => this.deps.ask(this.run, name, withAutomatic(options)))
      if (!asked || !this.asks(...asked)) return this.wait()
    }
    const { record, answered } = this.history.approval(name)!
    const missing = answered ? null : toMissingDecision(record, options)
    if (missing && !this.commit('story', missing)) return this.wait()
    for (;;) {
      const answered = this.history.approval(name)?.answered
      if (answered) return this.given(answered.came, answered.answer)
      await this.news(name)
    }
  }

  /** What is stored, when it is its turn. */
  async given<T>(came: Came, stored: T): Promise<T> {
    await this.#handOut.take(came)
    return stored
  }

  /** Whether the function has got all that is stored and has come by all that it did in earlier passes. */
  get isUpToDate(): boolean {
    return this.#handOut.idle && this.history.vanished() === undefined
  }

  /**
   * Whether the function may do something that it has not done before: not until it has got all that is stored. Should it not have come
   * by something that it did before, it is on another way than then, and what it wants would be done besides.
   */
  async mayBegin(step?: string): Promise<boolean> {
    await this.catchUp()
    const gone = step !== undefined && this.history.isRetried(step) ? undefined : this.history.vanished()
    if (gone && this.may('story')) this.#stuck ??= vanishedMessage(this.#workflow, gone.kind, gone.name)
    return gone === undefined
  }

  /** All that is stored is handed out before the event loop turns. */
  async catchUp(): Promise<void> {
    this.#beginning++
    await new Promise((resolve) => setImmediate(resolve))
    this.#beginning--
    this.#checkRest()
  }

  /** What cannot be asked or started sends the run to review. Thrown into the function it could be caught, and would not be recorded. */
  unlessImpossible(make: () => readonly NewEvent[]): readonly NewEvent[] | null {
    try {
      return make()
    } catch (error) {
      this.#stuck ??= messageOf(error)
      return null
    }
  }

  /** Never resolves: this is where a function is left. */
  wait(): Promise<never> {
    const left = this.#waits.forEver()
    this.#moved()
    return left
  }

  /** Resolves when something has come while other branches are at work; once none is, this too is where a function is left. */
  news(waitsFor: string | null = null): Promise<void> {
    const news = this.#waits.forNews(waitsFor)
    this.#moved()
    return news
  }

  #moved(): void {
    this.#announce()
    this.#checkRest()
  }

  #announce(): void {
    if (this.#announced) return
    this.#announced = true
    this.#listener.underWay()
  }

  /** At rest once something waits and a whole turn has passed with no step at work: parallel branches get the time to go on. */
  #checkRest(): void {
    if (this.#checking || this.#over || !this.#waits.any) return
    this.#checking = true
    setImmediate(() => {
      this.#checking = false
      if (this.#working > 0 || this.#beginning > 0 || this.#over || !this.#waits.any) return
      if (this.history.cancelling && !this.#cleaning) void this.#cleanUp()
      else if (this.#stuck !== null) this.#needsReview(null, this.#stuck)
      else this.#listener.rested()
    })
  }

  /** The function stands where the cancellation found it: what it has registered is done now, the newest first. */
  async #cleanUp(): Promise<void> {
    if (this.#cleaning || this.#over) return
    this.#cleaning = true
    const { actor, reason } = this.history.cancelling!
    const left = this.deps.leftovers(this.run.id, actor, reason)
    if (left.length > 0 && !this.#write(left)) return
    try {
      for (const { name, work, options } of this.#cleanups.toReversed()) await this.#stored(name, work, options, 'clean-up')
    } catch (error) {
      this.#needsReview(error instanceof StepFailed ? error.step : null, messageOf(error))
      return
    }
    this.#end({ type: 'run_cancelled', actor, run_id: this.run.id, data: {}, content: { reason } })
  }

  #complete(result: unknown): void {
    if (this.#over) return
    if (this.history.cancelling) return void this.#cleanUp()
    let value: unknown
    try {
      value = toJson(result)
    } catch (error) {
      this.#fail(error)
      return
    }
    const completed: EndEvent = { type: 'run_completed', ...this.by(), data: {}, content: { result: value } }
    this.#endUnlessChanged(completed)
  }

  /** A branch that lost a race gets a turn to come by what it has stored. What is left then, this code does not know any more. */
  #endUnlessChanged(end: EndEvent): void {
    if (!this.history.vanished()) {
      this.#end(end)
      return
    }
    this.#still = true
    setImmediate(() => {
      if (this.#over) return
      const gone = this.history.vanished()
      this.#still = false
      if (gone) this.#needsReview(null, vanishedMessage(this.#workflow, gone.kind, gone.name))
      else this.#end(end)
    })
  }

  #fail(error: unknown): void {
    if (this.#over) return
    if (this.history.cancelling) return void this.#cleanUp()
    const message = messageOf(error)
    const failed: EndEvent = { type: 'run_failed', ...this.by(), data: {}, content: { error: message } }
    if (error instanceof RunFailure) this.#endUnlessChanged(failed)
    else this.#needsReview(error instanceof StepFailed ? error.step : null, message)
  }

  #needsReview(step: string | null, error: string): void {
    this.#close({ type: 'run_needs_review', ...this.by(), data: { step }, content: { error } })
  }

  #end(end: EndEvent): void {
    this.#close(...this.deps.ends(end, this.run.id, this.history.lastAnswer))
  }

  #close(...events: readonly NewEvent[]): void {
    if (!this.#write(events)) return
    this.#over = true
    this.#announce()
    this.#listener.rested()
  }

  /** Whether this part of the run may still do anything. */
  may(part: Part): boolean {
    return !this.#over && (part === 'clean-up' || !this.#still)
  }

  /** Commits what the run is to wait for. Should another branch be at work, that is said in the same commit. */
  asks(...events: readonly NewEvent[]): boolean {
    return this.commit('story', ...events, ...(this.#working > 0 ? [this.#resumed(null)] : []))
  }

  #resumed(step: string | null): NewEvent {
    return { type: 'run_resumed', ...this.by(), data: { step }, content: null }
  }

  commit(part: Part, ...events: readonly NewEvent[]): boolean {
    return this.may(part) && this.#write(events)
  }

  /** Commits and remembers; false when the journal takes nothing, which voids this pass. */
  #write(events: readonly NewEvent[]): boolean {
    if (this.#over) return false
    try {
      this.#writing = true
      // Whoever must know of a failure waits for the run to be durable.
      const { records } = this.deps.commit(...events)
      for (const record of records) if ('run_id' in record && record.run_id === this.run.id) this.history.add(record)
      return true
    } catch (error) {
      if (!(error instanceof JournalError)) throw error
      this.abandon('the journal takes nothing')
      this.#announce()
      this.#listener.refused()
      return false
    } finally {
      this.#writing = false
    }
  }

  by() {
    return { actor: engineActor, run_id: this.run.id } as const
  }
}
