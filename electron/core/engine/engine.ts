import type { DecideInput } from '../../../shared/contract/approvals.ts'
import { type Failure, failure } from '../../../shared/contract/errors.ts'
import { type Actor, type Caller, normalEmail } from '../../../shared/model/actor.ts'
import type { JournalRecord, NewEvent } from '../../../shared/model/event.ts'
import { fail, ok, type Result } from '../../../shared/model/result.ts'
import type { TaskStatus } from '../../../shared/model/run.ts'
import type { Commit, Follower } from '../commit.ts'
import { JournalError } from '../journal/port.ts'
import { Approvals } from './approvals.ts'
import { newId, toAskEvents } from './ask.ts'
import { engineActor } from './attempts.ts'
import { Away } from './away.ts'
import { nextCancelling, toLeftovers } from './cancel.ts'
import { createChildren, lacksChild } from './children.ts'
import { Deadlines } from './deadlines.ts'
import { type Said, toActor } from './decide.ts'
import type { EngineDeps, StartSpec } from './deps.ts'
import type { DueEntry } from './due.ts'
import { toEndEvents } from './ends.ts'
import { History } from './history.ts'
import { findInstalled } from './installed.ts'
import { idempotencyKey, type LiveRun, type Remembered, rememberMs } from './live.ts'
import { isPassing, toFailure } from './outcome.ts'
import { Pass } from './pass.ts'
import { isNews, type PassDeps } from './pass-deps.ts'
import { toStartSpec } from './starts.ts'
import { Waiters } from './waiters.ts'

/** So many messages a run keeps before it waits for them. */
const mostKept = 1000
/** How often idempotency keys that are too old are forgotten. */
const forgetMs = 3_600_000
/** How long after a refused write the runs it hit are driven again. */
const recoverMs = 1000
const erasedSince = 'This request came before, and what it said has been erased since. It is not asked again.'

type Driving = { readonly pass: Pass; again: boolean }

/** Drives runs: starts them, wakes them when what they wait for comes, and picks them up after a crash. */
export class Engine implements Follower {
  readonly #deps: EngineDeps
  readonly #passDeps: PassDeps
  readonly #deadlines: Deadlines
  readonly #driving = new Map<string, Driving>()
  readonly #waiters: Waiters
  readonly #approvals: Approvals
  #running = false
  #forgetAt = 0
  readonly #away = new Away()
  #cancelRecover: (() => void) | null = null

  constructor(deps: EngineDeps) {
    this.#deps = deps
    this.#waiters = new Waiters(deps)
    this.#approvals = new Approvals({ ...deps, wake: (runId) => this.#wake(runId), tick: () => this.tick() })
    this.#deadlines = new Deadlines(deps, () => this.tick())
    this.#passDeps = {
      clock: deps.clock,
      commit: (...events) => this.#commit(...events),
      live: (id) => deps.live.runs.get(id),
      runDurable: (id) => deps.journal.synced(deps.live.runs.get(id)?.last_seq ?? deps.journal.head.seq),
      ask: (run, step, options) =>
        toAskEvents(run, step, options, {
          now: () => deps.clock.now(),
          assess: deps.assess,
          firstSummary: deps.firstSummary,
          directory: deps.directory,
        }),
      action: deps.action,
      children: createChildren({ live: deps.live, workflows: deps.workflows, now: () => deps.clock.now() }),
      ends: (end, runId, answer) => toEndEvents(end, runId, answer, deps),
      leftovers: (runId, actor, reason) => toLeftovers(runId, actor, reason, deps),
    }
  }

  /** Picks up every run that was interrupted, a slice at a time, and handles what has fallen due meanwhile. */
  async start(): Promise<void> {
    this.#running = true
    this.#deadlines.refill()
    this.tick()
    await this.#driveAllRunning()
  }

  /**
   * Takes no new work and gives the steps at work up to `graceMs` to end. What does not is aborted; its run is picked up at the next
   * start, and the step begins again under the same idempotency key.
   */
  async stop(graceMs: number): Promise<void> {
    // Without any time left, it is carried out at the next start.
    if (graceMs > 0) this.#approvals.releaseAll()
    this.#running = false
    this.#deadlines.stop()
    this.#cancelRecover?.()
    if (graceMs > 0) {
      const drained = Promise.all([...this.#driving.values()].map(({ pass }) => pass.drain()))
      let undo = () => {}
      const late = new Promise<void>((resolve) => {
        undo = this.#deps.clock.after(graceMs, resolve)
      })
      await Promise.race([drained, late])
      undo()
    }
    for (const { pass } of this.#driving.values()) pass.abandon('the application stops')
    this.#driving.clear()
  }

  /** Journalled facts reach the engine before they change the live state, so that it can still see what ends. */
  apply(record: JournalRecord): void {
    this.#waiters.apply(record)
    if (isNews(record)) this.#driving.get(record.run_id)?.pass.learn(record)
    if (this.#running) this.#deadlines.apply(record)
  }

  /** Passes that stand on records which will never exist are void; their runs are driven again from what does. */
  takenBack(fromSeq: number): void {
    for (const [id, { pass }] of this.#driving) {
      if (pass.lastSeq < fromSeq) continue
      pass.abandon('its records were taken back')
      this.#driving.delete(id)
    }
    this.#recoverSoon()
  }

  /**
   * Starts a run and resolves once it is on disk and under way: asked, at work, or over. Should the same idempotency key have come
   * before, resolves with that run's answer instead.
   */
  async submit(
    spec: StartSpec,
    source: { readonly id: string },
    actor: Actor,
    idempotency?: { readonly key: string; readonly sha256: string },
  ): Promise<Result<{ readonly run_id: string; readonly answer: unknown; readonly repeated: boolean }, Failure>> {
    const { live, journal } = this.#deps
    const before = idempotency && live.keys.get(idempotencyKey(source.id, idempotency.key))
    if (before && before.at > this.#deps.clock.now() - rememberMs) return this.#repeat(before, idempotency.sha256)
    const { pendingLimit } = this.#deps.rules()
    const { size: waiting } = live.approvals
    if (waiting + (spec.asks ?? 1) > pendingLimit) {
      const more = spec.asks === undefined ? '' : ` and ${spec.asks} more would`
      const message = `${waiting} approvals wait already${more}. Decide some, or raise limits.pending.`
      return fail(failure('too-many-pending', message))
    }
    const run_id = newId('run', this.#deps.clock.now())
    const answer = spec.answer(run_id)
    const workflow = this.#deps.workflows.get(spec.workflow)
    try {
      const { records, durable } = this.#deps.commit()({
        type: 'run_started',
        actor,
        run_id,
        data: {
          workflow: spec.workflow,
          workflow_version: workflow?.version ?? 1,
          ...(workflow?.code ? { workflow_code: workflow.code } : {}),
          type: spec.type,
          source: source.id,
          ...(idempotency ? { idempotency } : {}),
        },
        content: { title: spec.title, input: spec.input, answer },
      })
      await new Promise<void>((resolve) => this.#drive(run_id, resolve, records))
      // Taken back meanwhile, it is as gone as one that has ended.
      await durable
      await journal.synced(live.runs.get(run_id)?.last_seq ?? journal.head.seq)
      return ok({ run_id, answer, repeated: false })
    } catch (error) {
      return fail(toFailure(error))
    }
  }

  /** What starts a workflow by its name, with its input checked; a failure that says what does not fit. */
  toStart(name: string, input: unknown, title?: string): Result<StartSpec, Failure> {
    return toStartSpec(this.#deps.workflows, name, input, title)
  }

  /** Records a person's answer and wakes the run when that ends the approval; resolves once it is on disk. The first decision stands. */
  decide(input: DecideInput, caller: Caller): Promise<Result<Said, Failure>> {
    return this.#approvals.decide(input, caller)
  }

  /** What people and sources do with an open approval besides deciding it. */
  get approvals(): Pick<Approvals, 'revise' | 'withdraw' | 'reassign' | 'extend' | 'undo' | 'asides'> {
    return this.#approvals
  }

  /** Ends a run that has not ended, everything it asks and every run that it waits for. Where there are clean-ups, they run first. */
  async cancel(runId: string, reason: string | null, caller: Caller): Promise<Result<null, Failure>> {
    const run = this.#deps.live.runs.get(runId)
    if (!run) return fail(failure('already-ended', 'It has ended already.'))
    const events = nextCancelling(run, toActor(caller), reason, this.#deps)
    const { journal } = this.#deps
    try {
      // One that goes on already may be on its way to the disk still.
      await (events.length > 0 ? this.#commit(...events).durable : journal.synced(journal.head.seq))
      return ok(null)
    } catch (error) {
      return fail(toFailure(error))
    }
  }

  /** Lets a run that needs review go on from where it failed. */
  async retry(runId: string, caller: Caller): Promise<Result<null, Failure>> {
    const run = this.#deps.live.runs.get(runId)
    if (run?.status !== 'needs_review') return fail(failure('not-retryable', 'Only a task that needs review can be retried.'))
    return this.#commitAndWake(runId, { type: 'run_retried', actor: toActor(caller), run_id: runId, data: {}, content: null })
  }

  /** Keeps a message for a run, and wakes it when that is what it waits for. */
  async signal(runId: string, name: string, payload: unknown, caller: Caller): Promise<Result<null, Failure>> {
    const run = this.#deps.live.runs.get(runId)
    if (!run) return fail(failure('already-ended', 'It has ended already.'))
    if (run.kept >= mostKept) return fail(failure('too-many-pending', `${run.kept} messages wait for this task already.`))
    const awaited = run.awaits.includes(name)
    const content = { payload: payload ?? null }
    const data = { signal: name, awaited }
    const event: NewEvent = { type: 'signal_received', actor: toActor(caller), run_id: runId, data, content }
    return this.#commitAndWake(runId, event, awaited)
  }

  /** A run that has not ended; undefined for one that has, or never was. */
  find(runId: string): LiveRun | undefined {
    return this.#deps.live.runs.get(runId)
  }

  /** Whether a run asks this person right now. */
  asks(runId: string, email: string): boolean {
    const { live } = this.#deps
    return (live.runs.get(runId)?.open ?? []).some((id) => live.approvals.get(id)?.approvers.includes(normalEmail(email)))
  }

  /** Resolves when a live run has ended and its end is on disk; null when `ms` pass first or the signal aborts. */
  wait(runId: string, ms: number, signal?: AbortSignal): Promise<TaskStatus | null> {
    return this.#waiters.wait(runId, ms, signal)
  }

  /** Handles everything that is due, in order, once. Called by timers, after the machine woke up, and by tests. */
  tick(): void {
    if (!this.#running) return
    const { live, clock } = this.#deps
    if (clock.now() >= this.#forgetAt) {
      live.forgetOldKeys()
      this.#forgetAt = clock.now() + forgetMs
    }
    this.#away.look(clock.now())
    const handle = (entry: DueEntry) => {
      if (entry.kind === 'approval') this.#approvals.handleDue(entry.id, this.#away.covers)
      else if (live.runs.get(entry.id)) this.#wake(entry.id)
    }
    this.#deadlines.tick(handle, (error) => {
      if (!(error instanceof JournalError)) this.#deps.log.error({ error }, 'what is due could not be handled; it is tried again')
      this.#recoverSoon()
    })
  }

  async #repeat(
    before: Remembered,
    sha256: string,
  ): Promise<Result<{ run_id: string; answer: unknown; repeated: boolean }, Failure>> {
    if (before.sha256 !== sha256) {
      return fail(failure('idempotency-mismatch', 'This idempotency key came with a different request before. Use a new key.'))
    }
    const started = this.#deps.journal.read(before.position) as JournalRecord<'run_started'>
    try {
      await this.#deps.journal.synced(started.seq)
    } catch (error) {
      return fail(toFailure(error))
    }
    if (!started.content) return fail(failure('erased', erasedSince, { task_id: before.run_id }))
    return ok({ run_id: before.run_id, answer: started.content.answer, repeated: true })
  }

  async #commitAndWake(runId: string, event: NewEvent, wake = true): Promise<Result<null, Failure>> {
    try {
      const { durable } = this.#deps.commit()(event)
      if (wake) this.#wake(runId)
      await durable
      return ok(null)
    } catch (error) {
      return fail(toFailure(error))
    }
  }

  /** Commits, and sets in motion or stops the runs that this concerns. Not before whoever commits has remembered it. */
  #commit(...events: readonly NewEvent[]): ReturnType<Commit> {
    const committed = this.#deps.commit()(...events)
    for (const record of committed.records) {
      const starts = record.type === 'run_started' && record.data.parent
      if (starts || record.type === 'child_ended') queueMicrotask(() => this.#wake(record.run_id))
      else if (record.type === 'run_cancelling' || record.type === 'run_cancelled') {
        queueMicrotask(() => this.#stopPass(record.run_id, record.type === 'run_cancelling'))
      }
    }
    return committed
  }

  /** Something the run may wait for has come. A pass at work is followed by another one. */
  #wake(runId: string): void {
    const driving = this.#driving.get(runId)
    if (driving) {
      driving.again = true
      driving.pass.learn(null)
    } else this.#drive(runId, () => {})
  }

  #drive(runId: string, underWay: () => void, records?: readonly JournalRecord[]): void {
    const run = this.#deps.live.runs.get(runId)
    if (!run || !this.#running) {
      underWay()
      return
    }
    const installed = findInstalled(this.#deps.workflows, run)
    if (!installed.ok) {
      this.#needsReview(run, installed.failure)
      underWay()
      return
    }
    let history: History
    try {
      history = new History(records ?? this.#deps.journal.readAll(run.positions))
    } catch (error) {
      this.#deps.log.error({ error, run_id: runId }, 'the records of a run could not be read')
      if (isPassing(error)) this.#recoverSoon()
      else this.#needsReview(run, `Its records could not be read: ${String(error)}`)
      underWay()
      return
    }
    const pass = new Pass(run, installed.value, history, this.#passDeps, {
      underWay,
      rested: () => this.#rested(runId, pass),
      refused: () => {
        this.#rested(runId, pass)
        this.#recoverSoon()
      },
    })
    this.#driving.set(runId, { pass, again: false })
    pass.start()
  }

  /** What a cancelled run is at is aborted. Its clean-up begins once that has let go: both would touch the same things. */
  #stopPass(runId: string, cleanUp: boolean): void {
    const driving = this.#driving.get(runId)
    driving?.pass.abandon('the run was cancelled')
    const goOn = () => {
      if (this.#driving.get(runId) === driving) this.#driving.delete(runId)
      if (cleanUp) this.#wake(runId)
    }
    if (driving && cleanUp) void driving.pass.drain().then(goOn)
    else goOn()
  }

  #rested(runId: string, pass: Pass): void {
    const driving = this.#driving.get(runId)
    if (driving?.pass !== pass) return
    this.#driving.delete(runId)
    pass.retire()
    if (driving.again) this.#drive(runId, () => {})
    else if (pass.waitsFor !== null && this.#deps.live.runs.get(runId)?.status === 'running') {
      this.#record({ type: 'run_parked', actor: engineActor, run_id: runId, data: { step: pass.waitsFor }, content: null })
    }
  }

  #needsReview(run: LiveRun, error: string): void {
    if (run.status === 'needs_review') return
    this.#record({ type: 'run_needs_review', actor: engineActor, run_id: run.id, data: { step: null }, content: { error } })
  }

  /** Writes what nobody waits for. What the journal refuses is looked at again a little later. */
  #record(event: NewEvent): void {
    try {
      this.#deps.commit()(event)
    } catch (error) {
      if (!(error instanceof JournalError)) throw error
      this.#recoverSoon()
    }
  }

  async #driveAllRunning(): Promise<void> {
    let slice = 0
    for (const run of [...this.#deps.live.runs.values()]) {
      const lost = run.status === 'waiting' && lacksChild(run, this.#deps.live)
      if ((run.status !== 'running' && !lost) || this.#driving.has(run.id) || !this.#running) continue
      this.#drive(run.id, () => {})
      if (++slice % 100 === 0) await new Promise((resolve) => setImmediate(resolve))
    }
  }

  #recoverSoon(): void {
    if (this.#cancelRecover || !this.#running) return
    this.#cancelRecover = this.#deps.clock.after(recoverMs, () => {
      this.#cancelRecover = null
      this.#deadlines.refill()
      this.tick()
      void this.#driveAllRunning()
    })
  }
}
