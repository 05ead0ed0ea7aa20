import * as z from 'zod'
import { amount, currency } from '../../../shared/contract/schemas.ts'
import { defineWorkflow } from '../engine/workflow.ts'
import { asking, questionOf } from './asking.ts'
import { besides, idFrom, toReason } from './people.ts'

const expenseRun = z.object({
  /** As it came. */
  expense: z.looseObject({ amount, currency: currency.optional(), description: z.string().optional() }),
  /** Who gets the money, and does not decide. */
  requester: z.string(),
  title: z.string(),
  consequence: z.string(),
  asking,
})
export type ExpenseRun = z.infer<typeof expenseRun>

/** An expense: approved by its threshold or by people, then paid by the configured action. */
export const expense = defineWorkflow({
  name: 'expense',
  input: expenseRun,
  async run(wf, { expense, requester, title, consequence, asking }) {
    const answer = await wf.approval(
      'approver',
      questionOf(asking, {
        title,
        description: expense.description ?? null,
        requester,
        amount: expense.amount,
        currency: expense.currency ?? null,
        consequence,
        data: expense,
      }),
    )
    if (answer.outcome !== 'approved') {
      return {
        status: answer.outcome,
        reason: toReason(answer),
        decided_by: answer.decided_by,
        ...besides(answer),
      }
    }
    const paid = await wf.action(
      'pay',
      {
        task_id: wf.run.id,
        expense: answer.version.number === 1 ? expense : answer.value,
        approved_by: answer.decided_by,
        comment: answer.reason,
      },
      'expense',
    )
    return {
      status: 'processed',
      amount: answer.amount ?? expense.amount,
      payment_id: idFrom(paid, 'payment_id'),
      approved_by: answer.decided_by,
      auto_approved: answer.rule !== null,
      ...besides(answer),
    }
  },
})
