import type * as z from 'zod'
import type { Decision, Priority, Version } from '../../../shared/model/approval.ts'

/** A length of time: milliseconds, or a number with a unit such as `30s`, `15m`, `48h`, `7d`. */
export type Duration = number | `${number}${'ms' | 's' | 'm' | 'h' | 'd'}`

const unitMs = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const

/** Milliseconds of a duration. Throws a `RangeError` on anything that is not one: that is a mistake in a workflow. */
export function toMs(duration: Duration): number {
  if (typeof duration === 'number' && Number.isFinite(duration) && duration >= 0) return duration
  const match = /^(\d+(?:\.\d+)?)(ms|s|m|h|d)$/.exec(String(duration))
  if (!match) throw new RangeError(`"${duration}" is not a duration; write for example 30s, 15m, 48h or 7d`)
  return Number(match[1]) * unitMs[match[2] as keyof typeof unitMs]
}

export type StepContext = {
  /** The same for every attempt of this step of this run: hand it to whatever must not happen twice. */
  readonly idempotency_key: string
  /** 1 for the first. */
  readonly attempt: number
  /** Aborted when the step's time is up or the run is cancelled. */
  readonly signal: AbortSignal
}

export type StepOptions = {
  /** `attempts` counts the first; waits double from `backoff` on, up to `max_backoff` (default 5m). Default: one attempt. */
  readonly retry?: { readonly attempts: number; readonly backoff?: Duration; readonly max_backoff?: Duration }
  /** How long one attempt may take. Default: no limit. */
  readonly timeout?: Duration
}

export type ApprovalOptions = {
  readonly title: string
  readonly description?: string | null
  readonly requester?: string | null
  /** E-mail addresses of the people asked; any one of them decides. */
  readonly approvers: readonly string[]
  readonly amount?: number | string | null
  readonly currency?: string | null
  readonly priority?: Priority
  /** What approving will do, as a sentence for the card. */
  readonly consequence: string
  /** Everything the approver should be able to see. */
  readonly data: unknown
  /** After this time the answer is `expired`. Default: waits for ever. */
  readonly timeout?: Duration
  /** Decides at once, in the name of a policy rule; recorded like any other decision. */
  readonly automatic?: { readonly decision: 'approved' | 'rejected'; readonly rule: string; readonly comment: string } | null
}

/** What people (or the clock) said. */
export type Answer = {
  readonly outcome: Decision
  readonly reason: string | null
  readonly decided_by: string | null
  readonly decided_at: string
  readonly approval_id: string
  readonly version: Version
  /** The data that was agreed to. */
  readonly value: unknown
}

/**
 * What a workflow may do to the world. Each name is the storage key of what it returned: when the run wakes, the function starts
 * again from the top and everything that is stored returns at once.
 */
export interface Wf {
  readonly run: { readonly id: string; readonly type: string; readonly source: string }
  /** Runs `work` once it is certain that everything before it is on disk, and stores its (JSON) result for ever. */
  step<T>(name: string, work: (context: StepContext) => T | Promise<T>, options?: StepOptions): Promise<T>
  /** Asks people, and resolves with their answer: minutes or months later, in this process or another. */
  approval(name: string, options: ApprovalOptions): Promise<Answer>
  /** Resolves with the next message of this name, also one that came earlier; null when the time is up. */
  signal<T = unknown>(name: string, options?: { readonly timeout?: Duration }): Promise<T | null>
  sleep(name: string, duration: Duration): Promise<void>
  /** Carries out what the configuration names for this request type, as a step; null where nothing is configured. */
  action(name: string, payload: unknown): Promise<unknown>
  /** The time as the run has it: that of the last thing that happened to it. The same in every pass. */
  now(): Date
}

export type Workflow<Input = unknown> = {
  readonly name: string
  /** Raise it when steps are renamed or reordered. */
  readonly version: number
  readonly input: z.ZodType<Input>
  readonly run: (wf: Wf, input: Input) => Promise<unknown>
}

/** Declares a workflow: an async function whose every effect goes through `wf`. */
export function defineWorkflow<Schema extends z.ZodType>(definition: {
  readonly name: string
  readonly version?: number
  readonly input: Schema
  readonly run: (wf: Wf, input: z.infer<Schema>) => Promise<unknown>
}): Workflow {
  return { version: 1, ...definition } as unknown as Workflow
}

/** Thrown into a workflow when a step has failed for the last time. Uncaught, it sends the run to review. */
export class StepFailed extends Error {
  readonly step: string
  constructor(step: string, reason: string) {
    super(`Step "${step}" failed: ${reason}`)
    this.name = 'StepFailed'
    this.step = step
  }
}

/** Throw it to end a run as `failed`, on purpose: nobody needs to look at it. */
export class RunFailure extends Error {
  constructor(reason: string) {
    super(reason)
    this.name = 'RunFailure'
  }
}
