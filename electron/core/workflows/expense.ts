import * as z from 'zod'
import { expenseData } from '../../../shared/contract/requests.ts'
import { amount, currency, said } from '../../../shared/contract/schemas.ts'
import { compareAmounts } from '../engine/answers.ts'
import { type Answer, defineWorkflow } from '../engine/workflow.ts'
import { isChanged, readAgreed, refuseAgreed } from './agreed.ts'
import { asking, questionOf } from './asking.ts'
import { besides, idFrom, toReason } from './people.ts'

const expenseShape = z.looseObject({ amount, currency: currency.optional(), description: z.string().optional() })

const expenseRun = z.object({
  /** As it came. */
  expense: expenseShape,
  /** Who gets the money, and does not decide. */
  requester: z.string(),
  title: z.string(),
  consequence: z.string(),
  consequence_said: said.optional(),
  asking,
})
export type ExpenseRun = z.infer<typeof expenseRun>

/** An expense: approved by its threshold or by people, then paid by the configured action. */
export const expense = defineWorkflow({
  name: 'expense',
  input: expenseRun,
  async run(wf, { expense, requester, title, consequence, consequence_said, asking }) {
    const answer = await wf.approval(
      'approver',
      questionOf(asking, {
        title,
        description: expense.description ?? null,
        requester,
        amount: expense.amount,
        currency: expense.currency ?? null,
        consequence,
        consequence_said,
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
    const agreed = agreedTo(expense, answer)
    const paid = await wf.action(
      'pay',
      {
        task_id: wf.run.id,
        expense: agreed,
        approved_by: answer.decided_by,
        comment: answer.reason,
      },
      'expense',
    )
    return {
      status: 'processed',
      amount: agreed.amount,
      payment_id: idFrom(paid, 'payment_id'),
      approved_by: answer.decided_by,
      auto_approved: answer.rule !== null,
      ...besides(answer),
    }
  },
})

/** What is paid is more than nothing, whoever changed it. */
const payable = expenseShape.extend({ amount: expenseData.shape.amount })

/** The expense as it was agreed to; the very same where nobody has changed it. */
function agreedTo(expense: ExpenseRun['expense'], answer: Answer): ExpenseRun['expense'] {
  if (!isChanged(answer)) return expense
  const agreed = readAgreed('The expense', payable, answer)
  if (answer.amount !== null && compareAmounts(agreed.amount, answer.amount) !== 0) {
    refuseAgreed('The expense', answer, `its amount is ${answer.amount}, and its data says ${agreed.amount}`)
  }
  if (agreed.currency !== expense.currency) {
    const said = [expense.currency, agreed.currency].map((one) => one ?? 'none')
    refuseAgreed('The expense', answer, `its currency is ${said[0]}, and its data says ${said[1]}`)
  }
  return agreed
}
