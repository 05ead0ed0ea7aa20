import { type Failure, failure } from '../../../shared/contract/errors.ts'
import type { Actor } from '../../../shared/model/actor.ts'
import type { Asked } from '../../../shared/model/approval.ts'
import type { Outcome } from '../channels/port.ts'
import { JournalError } from '../journal/port.ts'
import type { LiveRun } from './live.ts'
import type { OpenApproval } from './open-approval.ts'
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
    on_behalf_of: answer.on_behalf_of,
    option: answer.option,
    answer: answer.answer,
    rule: answer.rule,
    value: answer.edited ? answer.value : undefined,
    amount: answer.edited ? answer.amount : undefined,
  }
  return { type: run.type, task_id: run.id, workflow: run.workflow, status, result, error, decision }
}

/** What a run's sender is told when an approver asks something instead of deciding. */
export const toQuestionOutcome = (run: LiveRun, open: OpenApproval, asked: Asked, question: string, by: Actor): Outcome => ({
  type: run.type,
  task_id: run.id,
  workflow: run.workflow,
  status: 'sent_back',
  result: null,
  error: null,
  decision: { outcome: 'sent_back', question, asked_by: by.id, approval_id: open.id, version: open.version, title: asked.title },
})

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

/** Errors of the moment: a file is there and whole, and trying again helps. */
export const isPassing = (error: unknown): boolean =>
  ['EMFILE', 'ENFILE', 'EAGAIN', 'EBUSY', 'ENOMEM'].includes((error as NodeJS.ErrnoException | null)?.code ?? '')
