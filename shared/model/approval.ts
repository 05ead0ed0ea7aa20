import type { Actor } from './actor.ts'
import type { Delivery } from './delivery.ts'
import type { Risk, Summary } from './summary.ts'

/** How an approval ended. Expired is neither approved nor rejected. */
export type Decision = 'approved' | 'rejected' | 'expired' | 'cancelled'

/** Where an approval is: waiting for people, or ended by its decision. */
export type ApprovalStatus = 'pending' | Decision

export type Priority = 'low' | 'normal' | 'high' | 'urgent'

/** Number and SHA-256 (hex) of exactly what an approver is asked to agree to. A vote carries the version it saw. */
export type Version = { readonly number: number; readonly sha256: string }

/** What the people asked see and agree to: the version's SHA-256 is taken over this object's JSON text as journalled. */
export type Asked = {
  readonly type: string
  readonly title: string
  readonly description: string | null
  /** E-mail or name of whoever wants it; null when a source asks in its own name. */
  readonly requester: string | null
  readonly approvers: readonly string[]
  readonly amount: number | string | null
  readonly currency: string | null
  readonly priority: Priority
  /** What approving will do, as a sentence. */
  readonly consequence: string
  /** The request's own data, as received. */
  readonly data: unknown
}

/** Something about the content that tries to fool a reader: hidden characters, look-alike hosts, text that addresses the reviewer. */
export type Flag = { readonly code: string; readonly message: string; readonly pointer: string }

/** How it ended, by whom and why. */
export type DecisionRecord = {
  readonly decision: Decision
  readonly actor: Actor
  readonly at: string
  readonly comment: string | null
  /** The version that was decided. */
  readonly version: Version
  /** True when requester and approver are the same person, allowed by policy for a sole operator. */
  readonly self_approved: boolean
  /** Name of the policy rule that decided; null when a person did. */
  readonly rule: string | null
}

/** One question to people: the item in the inbox. `revision` is the journal seq that last changed it, so that applying one is an idempotent upsert. */
export type ApprovalItem = Omit<Asked, 'data'> & {
  readonly id: string
  readonly run_id: string
  /** The approval's name in its workflow. */
  readonly step: string
  /** Id of the source that submitted it, and what it is called. */
  readonly source: string
  readonly source_name: string
  readonly status: ApprovalStatus
  readonly version: Version
  readonly created_at: string
  /** The absolute deadline, UTC; null when it may wait for ever. */
  readonly due_at: string | null
  readonly decided_at: string | null
  readonly decision: DecisionRecord | null
  /** What is shown: the larger of floor and model. */
  readonly risk: Risk
  readonly risk_floor: Risk
  readonly risk_reasons: readonly string[]
  readonly flags: readonly Flag[]
  readonly summary: Summary
  /** The request's data; null with `data_omitted` in lists and events when it is larger than 16 KiB. */
  readonly data: unknown
  readonly data_bytes: number
  readonly data_omitted: boolean
  /** What happened afterwards: the run's status, result and error. */
  readonly run: { readonly status: string; readonly result: unknown; readonly error: string | null }
  readonly deliveries: readonly Delivery[]
  readonly revision: number
}
