import { type Failure, failure } from '../../../shared/contract/errors.ts'
import type { Outcome } from '../channels/port.ts'
import { JournalError } from '../journal/port.ts'
import type { LiveRun } from './live.ts'
import type { Answer } from './workflow.ts'

/** What a run's sender is told when it has ended. */
export function toOutcome(
  run: LiveRun,
  status: 'completed' | 'failed' | 'cancelled',
  result: unknown,
  error: string | null,
  answer: Answer | null,
): Outcome {
  const decision = answer && {
    outcome: answer.outcome,
    reason: answer.reason,
    decided_by: answer.decided_by,
    decided_at: answer.decided_at,
    approval_id: answer.approval_id,
    version: answer.version,
  }
  return { type: run.type, task_id: run.id, workflow: run.workflow, status, result, error, decision }
}

/** The journal's refusal as an expected failure; anything else is a bug and goes on. */
export function toFailure(error: unknown): Failure {
  if (!(error instanceof JournalError)) throw error
  switch (error.code) {
    case 'disk-full':
      return failure('disk-full', 'The disk is full: nothing was stored. Free some space and send it again.')
    case 'read-only':
      return failure('read-only', `Nothing can be stored until a restart: ${error.message}`)
    case 'io':
      return failure('read-only', `It could not be stored: ${error.message}`)
  }
}
