import type { ApprovalItem } from './approval.ts'
import type { Delivery } from './delivery.ts'
import type { JournalRecord } from './event.ts'
import type { Said } from './said.ts'

/** Where a run is. Rejection and timeout are outcomes a workflow handles, not failures. */
export type RunStatus = 'running' | 'waiting' | 'completed' | 'failed' | 'cancelled' | 'needs_review'

export const endedStatuses: readonly RunStatus[] = ['completed', 'failed', 'cancelled']

/** How far a run is: steps done, what it is at now, and how many there are where the workflow said so. */
export type Progress = { readonly done: number; readonly current: string | null; readonly total: number | null }

/** That what was said in a run was erased. What is left says so where it stood. */
export type Erasure = {
  readonly at: string
  readonly actor: { readonly kind: string; readonly id: string; readonly name?: string; readonly via: string }
  readonly reason: string
  /** The rule that asked for it; null where a person did. */
  readonly retention_days: number | null
}

/** One durable execution of a workflow. `revision` is the journal seq that last changed it. */
export type RunItem = {
  readonly id: string
  readonly workflow: string
  readonly type: string
  readonly title: string
  /** Id of the source that submitted it, and what it is called. */
  readonly source: string
  readonly source_name: string
  readonly status: RunStatus
  readonly input: unknown
  readonly result: unknown
  readonly error: string | null
  readonly created_at: string
  readonly completed_at: string | null
  readonly progress: Progress
  readonly deliveries: readonly Delivery[]
  /** Absent: it was not. */
  readonly erased?: Erasure
  readonly revision: number
}

/** The HTTP API's view of a run, which it calls a task. */
export type TaskStatus = {
  readonly task_id: string
  readonly status: RunStatus
  readonly result: unknown
  readonly error: string | null
  readonly created_at: string
  readonly completed_at: string | null
  readonly progress: Progress
  readonly pending_approvals: readonly ApprovalItem[]
}

/** One named thing that a run did or waits for, as a stage of its diagram. */
export type RunStep = {
  readonly key: string
  readonly kind: 'step' | 'approval' | 'signal' | 'sleep' | 'child'
  /** `skipped`: a wait that ended without what it waited for. */
  readonly state: 'done' | 'running' | 'waiting' | 'retrying' | 'failed' | 'skipped'
  readonly attempts: number
  readonly started_at: string
  readonly ended_at: string | null
  /** When it falls due or is tried again. */
  readonly due_at: string | null
  /** How it ended or what it waits for, in a few words. */
  readonly text: string
  /** Which sentences the text is. */
  readonly said?: readonly Said[] | undefined
  /** The stored result; absent where there is none or it is larger than 4 KiB. */
  readonly result?: unknown
  readonly error: string | null
  readonly approval_id: string | null
  readonly child_id: string | null
}

/** One line of what happened to a run, read from the journal. */
export type TimelineEntry = {
  readonly seq: number
  readonly at: string
  readonly type: string
  readonly actor: { readonly kind: string; readonly id: string; readonly name?: string; readonly via: string }
  readonly text: string
  /** Which sentences the text is. */
  readonly said: readonly Said[]
  readonly approval_id: string | null
}

/** What a record makes of a run's status: the one rule, for memory and projection alike. Others leave it as it is. */
export function nextStatus(current: RunStatus, record: Pick<JournalRecord, 'type' | 'data'>): RunStatus {
  if (endedStatuses.includes(current)) return current
  switch (record.type) {
    case 'run_started':
    case 'approval_decided':
    case 'timer_fired':
    case 'signal_lapsed':
    case 'run_retried':
    case 'child_ended':
    case 'run_cancelling':
    case 'run_resumed':
      return 'running'
    case 'signal_received':
      return (record.data as JournalRecord<'signal_received'>['data']).awaited ? 'running' : current
    case 'approval_requested':
      // What a rule decides keeps nobody waiting.
      return (record.data as JournalRecord<'approval_requested'>['data']).automatic ? 'running' : 'waiting'
    case 'timer_set':
    case 'signal_awaited':
    case 'child_started':
    case 'run_parked':
      return 'waiting'
    case 'run_completed':
      return 'completed'
    case 'run_failed':
      return 'failed'
    case 'run_cancelled':
      return 'cancelled'
    case 'run_needs_review':
      return 'needs_review'
    default:
      return current
  }
}
