import type {
  AnswerOption,
  ApprovalItem,
  ApprovalStatus,
  Attachment,
  Decision,
  Evidence,
  Priority,
  Version,
} from '../model/approval.ts'
import type { RunStatus, TaskStatus } from '../model/run.ts'

/** An amount of money as it is sent: a number, or a decimal string such as "1240.00", which loses no digits. */
export type Amount = number | string

/** What is asked. Only `type` is required: lower-case letters, digits, - and _. */
export type ApprovalRequest = {
  readonly type: string
  readonly title?: string
  readonly description?: string
  /** E-mail or name of whoever wants it: they do not decide it. */
  readonly requester?: string
  /** Who gains by it: like the requester, they do not decide it. */
  readonly beneficiary?: string
  /** Who is asked. Default: whom policy names, else the owner. */
  readonly approver_email?: string
  readonly amount?: Amount
  /** Three letters, such as EUR. */
  readonly currency?: string
  readonly priority?: Priority
  /** How long it may wait. Default: what policy says for the type. */
  readonly timeout_hours?: number
  /** The default answer leaves at the deadline, even when the machine slept through it. */
  readonly hard_limit?: boolean
  readonly department?: string
  /** Names in `data`, JSON pointers into it, or `amount`: what an approver may change before approving. */
  readonly editable?: readonly string[]
  /** An approver may approve a smaller amount. */
  readonly partial?: boolean
  /** Answers besides yes and no. */
  readonly options?: readonly AnswerOption[]
  /** JSON Schema of what an approver fills in. */
  readonly form?: Readonly<Record<string, unknown>>
  /** Everything an approver should be able to see. */
  readonly data?: Readonly<Record<string, unknown>>
  /** Files that belong to it: shown by name and address, never fetched. */
  readonly attachments?: readonly Attachment[]
  /** What speaks for it: each with a title, and a text or an address. */
  readonly evidence?: readonly Evidence[]
  /** How it can be taken back once it is done. */
  readonly rollback?: string
}

export type SubmitOptions = {
  /** The same key with the same request is the same task, however often it is sent. Default: a new one for each call. */
  readonly idempotencyKey?: string
  /** How long to try while the server cannot be reached. Default: 30 seconds. */
  readonly timeoutMs?: number
  readonly signal?: AbortSignal
}

export type Submitted = { readonly task_id: string; readonly status: RunStatus; readonly message: string }

export type WaitOptions = {
  /** When it is up, the present state is the answer. Default: as long as it takes. */
  readonly timeoutMs?: number
  readonly signal?: AbortSignal
}

/** What a person answers. Needs a token with the scope `decide`. */
export type DecideRequest = {
  readonly approval_id: string
  /** May be left out where an option is named. */
  readonly decision?: 'approve' | 'reject' | 'send_back' | 'cancel'
  /** Why; the question, when it is sent back. */
  readonly comment?: string
  /** The version that was looked at, by number or SHA-256: a newer one is refused with the difference. */
  readonly version?: number | string
  readonly on_behalf_of?: string
  readonly option?: string
  /** Edit and approve: new values by JSON pointer. */
  readonly changes?: Readonly<Record<string, unknown>>
  /** Approve a part of the amount, or some of the items. */
  readonly amount?: Amount
  readonly items?: readonly string[]
  readonly answer?: unknown
  /** Keep it for a few seconds in which it can be undone; only then it leaves. */
  readonly hold?: boolean
}

export type Decided = {
  readonly message: string
  readonly approval_id: string
  readonly decision: 'approved' | 'rejected' | 'sent_back' | 'cancelled'
  /** `pending` while more votes or levels are needed. */
  readonly status: ApprovalStatus
}

/** A change of what is asked, or the answer to a question, by whoever asked. */
export type Revision = {
  readonly approval_id: string
  readonly comment?: string
  readonly title?: string
  readonly description?: string
  readonly amount?: Amount
  readonly data?: Readonly<Record<string, unknown>>
  /** Each is replaced as a whole; an empty list and null take it away. */
  readonly attachments?: readonly Attachment[]
  readonly evidence?: readonly Evidence[]
  readonly rollback?: string | null
}

/** A value, or a function that makes it from the arguments of the call. */
export type From<Args extends readonly unknown[], T> = T | ((...args: Args) => T)

/** How a function's calls are put to people. */
export type GateOptions<Args extends readonly unknown[]> = {
  readonly type: string
  readonly title: From<Args, string>
  /** Says whether these arguments need a person; only `false` runs at once. Default: always. */
  readonly when?: (...args: Args) => boolean | Promise<boolean>
  readonly description?: From<Args, string>
  /** Names of the argument's members, or JSON pointers: what an approver may change before the function runs. */
  readonly editable?: readonly string[]
  readonly amount?: From<Args, Amount>
  readonly currency?: string
  readonly requester?: string
  readonly beneficiary?: From<Args, string>
  readonly department?: string
  readonly approver_email?: string
  readonly priority?: Priority
  readonly timeout_hours?: number
  readonly attachments?: From<Args, readonly Attachment[]>
  readonly evidence?: From<Args, readonly Evidence[]>
  /** How it can be taken back once it is done. */
  readonly rollback?: From<Args, string>
  /** The same key is the same question: a program that starts again waits for the answer it had asked for. */
  readonly key?: From<Args, string>
  /** Told once it is asked, for example to write the task down. */
  readonly onAsked?: (asked: { readonly task_id: string }) => void
  readonly signal?: AbortSignal
}

/** A running Countersign, over HTTP. Each failure is a `CountersignError` with a stable `code`. */
export interface Client {
  /** Asks, and resolves once the request is stored durably. Sent again while the server is away; never stored twice. */
  submit(request: ApprovalRequest, options?: SubmitOptions): Promise<Submitted>
  /** Starts a workflow of your own by its name. */
  start(workflow: string, input: unknown, options?: SubmitOptions & { readonly title?: string }): Promise<Submitted>
  status(taskId: string): Promise<TaskStatus>
  /** Waits until the task has ended, also across restarts of the server. */
  wait(taskId: string, options?: WaitOptions): Promise<TaskStatus>
  /** What waits, for one approver or for all. */
  pending(filter?: { readonly approver_email?: string; readonly limit?: number }): Promise<readonly ApprovalItem[]>
  approval(approvalId: string): Promise<ApprovalItem>
  decide(decision: DecideRequest): Promise<Decided>
  /** Changes what is asked, or answers the question it was sent back with. */
  revise(revision: Revision): Promise<{ readonly message: string; readonly approval_id: string; readonly version: Version }>
  withdraw(approvalId: string, reason?: string): Promise<void>
  cancel(taskId: string, reason?: string): Promise<void>
  /** Sends a named message to a task. */
  signal(taskId: string, name: string, payload?: unknown): Promise<void>
  /**
   * Wraps a function: each call is asked first, with its arguments as data. The function runs once that is approved, with the
   * arguments that were approved; otherwise the call throws `NotApproved`, and the function has not run.
   */
  gate<Args extends readonly unknown[], T>(
    run: (...args: Args) => T | Promise<T>,
    options: GateOptions<Args>,
  ): (...args: Args) => Promise<T>
}

export type ClientOptions = {
  /** Address of the server, such as http://127.0.0.1:7171. */
  readonly url: string
  /** A token: `submit` to ask and wait, `decide` to answer, `read` to look. */
  readonly token: string
  /** In place of the global `fetch`. */
  readonly fetch?: (request: Request) => Promise<Response>
}

/** What a source is told at its callback URL when a task has ended. */
export type Outcome = {
  /** The `webhook-id`: the same at every attempt of this delivery. */
  readonly id: string
  readonly type: 'task.completed' | 'task.failed' | 'task.cancelled'
  readonly timestamp: string
  readonly data: {
    readonly type: string
    readonly task_id: string
    readonly workflow: string
    readonly status: RunStatus
    readonly result: unknown
    readonly error: string | null
    /** The last answer that was given; null where nobody was asked. */
    readonly decision: {
      readonly outcome: Decision
      readonly reason: string | null
      readonly decided_by: string | null
      readonly decided_at: string
      readonly approval_id: string
      readonly version: Version
    } | null
  }
}
