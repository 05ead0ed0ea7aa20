import * as z from 'zod'
import { expenseData } from '../../../shared/contract/requests.ts'
import { defineWorkflow } from '../engine/workflow.ts'
import { idFrom, toReason } from './people.ts'

const expenseRun = z.object({
  expense: expenseData,
  title: z.string(),
  approver: z.string(),
  timeout_ms: z.number(),
  consequence: z.string(),
  /** The rule that approves it without a person; null when it is over the threshold. */
  automatic: z.object({ rule: z.string(), comment: z.string() }).nullable(),
})
export type ExpenseRun = z.infer<typeof expenseRun>

/** An expense: approved by its threshold or by a person, then paid by the configured action. */
export const expense = defineWorkflow({
  name: 'expense',
  input: expenseRun,
  async run(wf, { expense, title, approver, timeout_ms, consequence, automatic }) {
    const answer = await wf.approval('approver', {
      title,
      description: expense.description ?? null,
      requester: expense.submitter_email,
      approvers: [approver],
      amount: expense.amount,
      currency: expense.currency ?? null,
      consequence,
      data: expense,
      timeout: timeout_ms,
      automatic: automatic && { decision: 'approved', ...automatic },
    })
    if (answer.outcome !== 'approved') {
      return { status: answer.outcome, reason: toReason(answer), decided_by: answer.decided_by }
    }
    const paid = await wf.action('pay', {
      task_id: wf.run.id,
      expense,
      approved_by: answer.decided_by,
      comment: answer.reason,
    })
    return {
      status: 'processed',
      amount: expense.amount,
      payment_id: idFrom(paid, 'payment_id'),
      approved_by: answer.decided_by,
      auto_approved: automatic !== null,
    }
  },
})
