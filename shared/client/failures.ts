import type { Decision } from '../model/approval.ts'

/** What the server refused, or that it could not be reached. `code` is stable; the message says what failed and what to do. */
export class CountersignError extends Error {
  /** A code of the HTTP API, such as `already-decided`, or `unreachable`. */
  readonly code: string
  /** The HTTP status; 0 when no answer came. */
  readonly status: number
  /** What belongs to the code: `errors` of an input, who decided, the difference to a newer version. */
  readonly details: unknown
  constructor(code: string, status: number, message: string, details?: unknown, cause?: unknown) {
    super(message, cause === undefined ? {} : { cause })
    this.name = 'CountersignError'
    this.code = code
    this.status = status
    this.details = details
  }
}

/** A gated call did not run. `failed`: it could not be asked to the end. */
export class NotApproved extends Error {
  readonly outcome: Exclude<Decision, 'approved'> | 'failed'
  readonly reason: string | null
  readonly task_id: string
  constructor(outcome: NotApproved['outcome'], reason: string | null, task_id: string) {
    super(reason === null ? `It was not approved: ${outcome}.` : `It was not approved: ${outcome} (${reason}).`)
    this.name = 'NotApproved'
    this.outcome = outcome
    this.reason = reason
    this.task_id = task_id
  }
}

/** Why an outcome is not acted on. */
export type NotGenuineReason =
  | 'missing-header'
  | 'bad-timestamp'
  | 'too-old'
  | 'bad-signature'
  | 'malformed'
  | 'other-task'
  | 'other-version'
  | 'seen-before'

/** An outcome that must not be acted on. `seen-before` is a repeat: answer it with 204, it has been dealt with. */
export class NotGenuine extends Error {
  readonly reason: NotGenuineReason
  constructor(reason: NotGenuineReason, message: string) {
    super(message)
    this.name = 'NotGenuine'
    this.reason = reason
  }
}
