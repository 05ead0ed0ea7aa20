import type * as z from 'zod'
import type {
  AnswerOption,
  Attachment,
  BatchItem,
  Decision,
  Evidence,
  Named,
  Priority,
  Ruling,
  Version,
} from '../../../shared/model/approval.ts'
import type { VoteRule } from '../../../shared/model/level.ts'
import type { Said } from '../../../shared/model/said.ts'

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

/** Who is asked when nobody answers; in a list, one after the other, each once. */
export type EscalateOptions = {
  /** E-mails and `group:` names. */
  readonly to: readonly string[]
  /** While still open, so long after the level began, and besides those asked so far. Left out: on timeout, and instead of them. */
  readonly after?: Duration
  /** The fresh wait. Default: the level's own timeout. */
  readonly timeout?: Duration
}

/** Whom a level asks, and how their answers are counted. */
export type AskOptions = {
  /** E-mails and `group:` names. None: anybody who may decide. */
  readonly approvers: readonly string[]
  /** Default: `any`, the first answer decides. */
  readonly votes?: VoteRule
  /** Default true. False: it is rejected once so many have refused that the rest cannot make up the number. */
  readonly one_rejection_ends?: boolean
  /** After this time the answer is `expired`, or the next escalation is asked. Default: waits for ever. */
  readonly timeout?: Duration
  /** So long before the deadline those asked are reminded. */
  readonly remind_before?: readonly Duration[]
  /** When the last of several has not answered in time, it is rejected: maximum escalation reached. */
  readonly escalate?: EscalateOptions | readonly EscalateOptions[]
}

/** One stage of a chain. */
export type LevelOptions = AskOptions & {
  readonly name: string
  /** False: this level does not apply, for example because the amount is small. */
  readonly when?: boolean
}

/** One level by itself, or a chain of them: the first refusal ends it. */
type Asking =
  | (AskOptions & { readonly levels?: undefined })
  | { readonly levels: readonly LevelOptions[]; readonly approvers?: undefined }

export type ApprovalOptions = Asking & {
  readonly title: string
  readonly description?: string | null
  readonly requester?: string | null
  /** Who gains by it; like the requester, they do not decide it. */
  readonly beneficiary?: string | null
  readonly amount?: number | string | null
  readonly currency?: string | null
  readonly priority?: Priority
  /** What approving will do, as a sentence for the card. Default: "The workflow goes on." */
  readonly consequence?: string
  /** Which sentence of ours the consequence is. */
  readonly consequence_said?: Said | undefined
  /** Everything the approver should be able to see. */
  readonly data?: unknown
  /** Decides at once, in the name of a policy rule; recorded like any other decision. */
  readonly automatic?: {
    readonly decision: 'approved' | 'rejected'
    readonly rule: string
    readonly comment: string
    readonly said?: readonly Said[] | undefined
  } | null
  /** True, or a function that says so: approved without a person, and recorded as that. Anything but `true` asks. */
  readonly auto_approve_if?: boolean | (() => boolean)
  /** Names in `data`, JSON pointers into it, or `amount`: what an approver may change before approving. */
  readonly editable?: readonly string[]
  /** An approver may approve a smaller amount, or some of the items. */
  readonly partial?: boolean
  /** Answers besides yes and no. */
  readonly options?: readonly AnswerOption[]
  /** JSON Schema of what an approver fills in. */
  readonly form?: Readonly<Record<string, unknown>>
  /** What is decided together. */
  readonly items?: readonly BatchItem[]
  /** Files that belong to it: shown by name and address, never fetched. */
  readonly attachments?: readonly Attachment[]
  /** What speaks for it: each with a title, and a text or an address. */
  readonly evidence?: readonly Evidence[]
  /** How it can be taken back once it is done. */
  readonly rollback?: string | null
  /** The default answer leaves at the deadline, even if the machine slept through it. */
  readonly hard_limit?: boolean
  /** Which rule of which policy asks. */
  readonly ruling?: Ruling | null
}

/** What people (or the clock) said. */
export type Answer = {
  readonly outcome: Decision
  readonly reason: string | null
  readonly decided_by: string | null
  readonly decided_at: string
  readonly approval_id: string
  readonly version: Version
  /** The data that was agreed to, edits included. */
  readonly value: unknown
  /** The amount that was agreed to. */
  readonly amount: number | string | null
  /** The items that were agreed to; null where there were none. */
  readonly items: readonly BatchItem[] | null
  /** What approvers changed before it was approved; null when it is as it was asked. */
  readonly edited: { readonly original: unknown; readonly edited: unknown; readonly by: string } | null
  /** Whose decision it was, when somebody else made it for them. */
  readonly on_behalf_of: Named | null
  /** Id of the chosen option. */
  readonly option: string | null
  /** What was filled into the form. */
  readonly answer: unknown
  /** The policy rule that decided; null for people. */
  readonly rule: string | null
  /** Index and name of the level at which it ended, and how many were passed. */
  readonly level: number
  readonly level_name: string
  readonly levels_completed: number
}

/** How a chain ended, in the words that callers of chains know. */
export type ChainResult =
  | { readonly status: 'fully_approved'; readonly levels_completed: number }
  | { readonly status: 'rejected_at_level'; readonly level: number; readonly level_name: string; readonly reason: string }

/** A value, or what makes it from the arguments of the call. */
export type From<Args, T> = T | ((args: Args) => T)

export type GateOptions<Args> = Asking & {
  /** Says whether these arguments need a person. Default: always. */
  readonly when?: (args: Args) => boolean
  readonly title: From<Args, string>
  readonly description?: From<Args, string>
  readonly consequence?: string
  readonly editable?: readonly string[]
  /** What lies beside it, as with an approval: also made from the arguments. */
  readonly attachments?: From<Args, readonly Attachment[]>
  readonly evidence?: From<Args, readonly Evidence[]>
  readonly rollback?: From<Args, string>
  readonly retry?: StepOptions['retry']
}

/** What became of a gated call. `args` are the ones that were approved: an approver may have changed them. */
export type Gated<Args, T> =
  | { readonly outcome: 'done'; readonly asked: boolean; readonly args: Args; readonly result: T; readonly answer: Answer | null }
  | { readonly outcome: Exclude<Decision, 'approved'>; readonly asked: true; readonly args: Args; readonly answer: Answer }

/** How a child run ended. */
export type ChildResult<T = unknown> = {
  readonly run_id: string
  readonly status: 'completed' | 'failed' | 'cancelled'
  readonly result: T | null
  readonly error: string | null
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
  /** Runs `work` only after its arguments were approved, and with the arguments that were approved. */
  gate<Args, T>(
    name: string,
    args: Args,
    work: (args: Args, context: StepContext) => T | Promise<T>,
    options: GateOptions<Args>,
  ): Promise<Gated<Args, T>>
  /** Resolves with the next message of this name, also one that came earlier; null when the time is up. */
  signal<T = unknown>(name: string, options?: { readonly timeout?: Duration }): Promise<T | null>
  sleep(name: string, duration: Duration): Promise<void>
  /** Starts another workflow and resolves when that has ended, however it ended. */
  child<T = unknown>(
    name: string,
    workflow: string,
    input: unknown,
    /** `type` is the request type that people see and actions are configured for; default: the workflow's name. */
    options?: { readonly title?: string; readonly type?: string },
  ): Promise<ChildResult<T>>
  /** Runs branches side by side and resolves with their results in order. All of them end before the first failure is thrown. */
  all<T extends readonly (() => Promise<unknown>)[]>(branches: T): Promise<{ -readonly [K in keyof T]: Awaited<ReturnType<T[K]>> }>
  /** What is done should the run be cancelled after this point: clean-up steps run in reverse order, each once. */
  onCancel(name: string, work: (context: StepContext) => unknown, options?: StepOptions): void
  /** Says how far the run is, for whoever watches. */
  progress(done: number, total: number, text?: string): Promise<void>
  /** Carries out what the configuration names for this request type (or `type`), as a step; null where nothing is configured. */
  action(name: string, payload: unknown, type?: string): Promise<unknown>
  /** The time as the run has it: that of the last thing `wf` returned to it, or of its start. The same at the same place of every pass. */
  now(): Date
}

export type Workflow<Input = unknown> = {
  readonly name: string
  /** Raise it when steps are renamed or reordered. */
  readonly version: number
  readonly input: z.ZodType<Input>
  /** SHA-256 of the file it was loaded from; absent for one that is built in. */
  readonly code?: string
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

/** How a chain ended, for callers that want nothing else. Expired and cancelled are no approvals either. */
export function toChainResult({ outcome, reason, level, level_name, levels_completed }: Answer): ChainResult {
  if (outcome === 'approved') return { status: 'fully_approved', levels_completed }
  return { status: 'rejected_at_level', level, level_name, reason: outcome === 'rejected' ? (reason ?? outcome) : outcome }
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
