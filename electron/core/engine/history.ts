import type { Actor } from '../../../shared/model/actor.ts'
import type { JournalRecord } from '../../../shared/model/event.ts'
import type { Came } from './hand-out.ts'
import { Messages } from './messages.ts'
import { Questions } from './questions.ts'
import type { Answer, ChildResult } from './workflow.ts'

type StepState =
  | { readonly state: 'completed'; readonly result: unknown; readonly came: Came }
  /** `retry_at` null: it has failed for the last time. */
  | {
      readonly state: 'failed'
      readonly attempts: number
      readonly error: string
      readonly retry_at: number | null
      readonly came: Came
    }

type Timer = { readonly fired: Came | null; readonly due_at: number }
type Child = { readonly id: string; readonly result: ChildResult | null; readonly came: Came }

const never: Came = { seq: 0, at: '1970-01-01T00:00:00.000Z' }

/** What a name stands for. */
type Kind = 'step' | 'approval' | 'sleep' | 'signal' | 'child' | 'clean-up'

/** What still counts once a run is being cancelled: nothing but its clean-up steps. */
const ofCleanUp: readonly JournalRecord['type'][] = ['step_completed', 'step_failed', 'run_retried']

const longestName = 200

/**
 * What a run remembers, read from its own records: the ledger of one pass. It also watches names, because a name is a storage
 * key: used twice, two different things would get the same result.
 */
export class History {
  readonly #steps = new Map<string, StepState>()
  readonly #questions = new Questions()
  readonly #used = new Map<string, Kind>()
  /** Names in the records that the function has not come by in this pass. */
  readonly #left = new Map<string, Kind>()
  // Most runs have none of these, and there are many runs.
  #timers: Map<string, Timer> | null = null
  #children: Map<string, Child> | null = null
  #messages: Messages | null = null
  #cleanups: Set<string> | null = null
  #reported: Set<string> | null = null
  #again: Set<string> | null = null
  #input: unknown = null
  /** The record with which the run began. */
  started: Came = never
  lastSeq = 0
  /** Set while the run only cleans up before it ends as cancelled: who cancelled it, and why. */
  cancelling: { readonly actor: Actor; readonly reason: string | null } | null = null

  constructor(records: readonly JournalRecord[]) {
    for (const record of records) this.add(record)
  }

  get input(): unknown {
    return this.#input
  }

  get lastAnswer(): Answer | null {
    return this.#questions.last
  }

  add(record: JournalRecord): void {
    this.lastSeq = record.seq
    if (this.cancelling && !ofCleanUp.includes(record.type)) return
    this.#questions.add(record)
    switch (record.type) {
      case 'approval_requested':
        this.#comesBy(record.data.step, 'approval')
        break
      case 'run_started':
        this.started = record
        this.#input = record.content?.input ?? null
        break
      case 'step_completed':
        this.#comesBy(record.data.step, 'step')
        this.#steps.set(record.data.step, { state: 'completed', result: record.content?.result ?? null, came: record })
        break
      case 'step_failed': {
        const { step, attempt, retry_at } = record.data
        const error = record.content?.error ?? '(erased)'
        this.#comesBy(step, 'step')
        this.#steps.set(step, {
          state: 'failed',
          attempts: attempt,
          error,
          retry_at: retry_at === null ? null : Date.parse(retry_at),
          came: record,
        })
        break
      }
      case 'run_retried':
        for (const [step, kept] of this.#steps) if (kept.state === 'failed') this.#forget(step)
        break
      case 'timer_set':
        this.#comesBy(record.data.step, 'sleep')
        this.#timers ??= new Map()
        this.#timers.set(record.data.step, { fired: null, due_at: Date.parse(record.data.due_at) })
        break
      case 'timer_fired':
        this.#timers ??= new Map()
        this.#timers.set(record.data.step, { fired: record, due_at: 0 })
        break
      case 'signal_awaited':
      case 'signal_lapsed':
      case 'signal_received':
        this.#messages ??= new Messages()
        this.#messages.add(record)
        break
      case 'child_started':
        this.#comesBy(record.data.step, 'child')
        this.#children ??= new Map()
        this.#children.set(record.data.step, { id: record.data.child_id, result: null, came: record })
        break
      case 'child_ended': {
        const { step, child_id: id, status } = record.data
        const { result = null, error = null } = record.content ?? {}
        this.#children ??= new Map()
        this.#children.set(step, { id, result: { run_id: id, status, result, error }, came: record })
        break
      }
      case 'progress_reported':
        this.#reported ??= new Set()
        this.#reported.add(reportKey(record.data.done, record.data.total, record.content?.text ?? null))
        break
      case 'cleanup_registered':
        this.#comesBy(record.data.step, 'clean-up')
        this.#cleanups ??= new Set()
        this.#cleanups.add(record.data.step)
        break
      case 'run_cancelling':
        this.cancelling = { actor: record.actor, reason: record.content?.reason ?? null }
        break
    }
  }

  /** Takes a name for this pass. Throws when the workflow has used it already. */
  claim(name: string, kind: Kind): void {
    if (typeof name !== 'string' || name === '' || name.length > longestName) {
      throw new Error(`${JSON.stringify(name)} cannot be the name of a ${kind}: it takes 1 to ${longestName} characters.`)
    }
    const before = this.#used.get(name)
    if (before !== undefined) {
      const what = before === kind ? `two ${kind}s of one run` : `a ${before} and a ${kind} of one run`
      throw new Error(
        `The name "${name}" is used twice, by ${what}. A name is the key under which a result is stored: give each its own, in a loop with the item's id in it.`,
      )
    }
    this.#used.set(name, kind)
    if (this.#left.get(name) === kind) this.#left.delete(name)
  }

  #comesBy(name: string, kind: Kind): void {
    if (this.#used.get(name) !== kind) this.#left.set(name, kind)
  }

  #forget(step: string): void {
    this.#steps.delete(step)
    if (this.#left.get(step) === 'step') this.#left.delete(step)
    this.#again ??= new Set()
    this.#again.add(step)
  }

  /**
   * Something this run has done that the function has not come by in this pass; undefined when there is none. Where that stays so, its
   * code is another one, or it does not repeat itself.
   */
  vanished(): { readonly kind: Kind; readonly name: string } | undefined {
    for (const [name, kind] of this.#left) return { kind, name }
    for (const name of this.#messages?.vanished() ?? []) return { kind: 'signal', name }
    return undefined
  }

  /** Whether it has failed for good, and a person has said to try it again. */
  isRetried(step: string): boolean {
    return this.#again?.has(step) ?? false
  }

  step(name: string): StepState | undefined {
    return this.#steps.get(name)
  }

  approval(name: string): ReturnType<Questions['find']> {
    return this.#questions.find(name)
  }

  timer(name: string): Timer | undefined {
    return this.#timers?.get(name)
  }

  child(name: string): Child | undefined {
    return this.#children?.get(name)
  }

  hasCleanup(name: string): boolean {
    return this.#cleanups?.has(name) ?? false
  }

  /** Whether the same was reported before, in this pass or an earlier one. */
  hasReported(done: number, total: number, text: string | null): boolean {
    return this.#reported?.has(reportKey(done, total, text)) ?? false
  }

  /** Which call for this signal it is, from 1 on. */
  nextCall(name: string): number {
    this.#messages ??= new Messages()
    return this.#messages.nextCall(name)
  }

  signal(name: string, call: number): ReturnType<Messages['look']> {
    this.#messages ??= new Messages()
    return this.#messages.look(name, call)
  }
}

const reportKey = (done: number | null, total: number | null, text: string | null): string => `${done} ${total} ${text ?? ''}`
