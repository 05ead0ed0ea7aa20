import type { ApprovalItem, Asked } from '../../../shared/model/approval.ts'
import type { NewEvent } from '../../../shared/model/event.ts'
import type { Risk, Summary } from '../../../shared/model/summary.ts'
import type { Outcome } from '../channels/port.ts'
import type { Clock } from '../clock.ts'
import type { Commit } from '../commit.ts'
import type { Journal } from '../journal/port.ts'
import type { Directory } from '../people/port.ts'
import type { Assessment } from '../summary/port.ts'
import type { WorkflowSource } from './installed.ts'
import type { LiveState } from './live.ts'
import type { StepContext } from './workflow.ts'

export type EngineDeps = {
  readonly journal: Journal
  readonly commit: () => Commit
  readonly live: LiveState
  readonly clock: Clock
  readonly workflows: WorkflowSource
  /** Whom names stand for, and who may act for whom. */
  readonly directory: Directory
  readonly assess: (asked: Asked, json: string) => Assessment
  readonly firstSummary: (assessment: Assessment) => Summary
  /** What policy makes of a request as it is asked, as a text that can be compared. `input` is what its run began with. */
  readonly rulingText: (asked: Asked, source: string, input: unknown) => string
  readonly action: (type: string) => ((payload: unknown, context: StepContext) => Promise<unknown>) | null
  /** The event that puts an outcome into the outbox; null when its source wants none. */
  readonly queueOutcome: (sourceId: string, runId: string, outcome: Outcome) => NewEvent | null
  /** An approval that has ended, from the projection, once everything journalled so far can be queried there. */
  readonly endedApproval: (id: string) => Promise<ApprovalItem | null>
  readonly rules: () => {
    readonly selfApproval: 'never' | 'sole_operator'
    readonly soleOperator: string | null
    readonly pendingLimit: number
    /** How long a lapsed question can still be answered after the machine woke up, ms. */
    readonly graceMs: number
    /** How long an answer that is to be held can be taken back, ms; 0: not at all. */
    readonly holdMs: (risk: Risk) => number
  }
  readonly log: { error(details: object, message: string): void }
}

/** What starts a run: everything is resolved already, so that the workflow needs nothing that may change. */
export type StartSpec = {
  readonly workflow: string
  readonly type: string
  readonly title: string
  readonly input: unknown
  /** How many people's answers it may wait for at once, where that is more than one. */
  readonly asks?: number
  /** What the sender is told; kept for a repeat of the same request. */
  readonly answer: (taskId: string) => unknown
}
