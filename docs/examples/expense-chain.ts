import { defineWorkflow, toChainResult } from 'countersign/workflow'
import * as z from 'zod'

/** An expense on its way up: manager, over 1,000 finance, over 10,000 the CEO. The first refusal ends it. */
export const expenseChain = defineWorkflow({
  name: 'expense-chain',
  input: z.object({
    id: z.string(),
    employee: z.email(),
    amount: z.number().positive(),
    description: z.string().default(''),
  }),
  async run(wf, expense) {
    const answer = await wf.approval('chain', {
      title: `Expense ${expense.id}: ${expense.amount} EUR`,
      description: expense.description,
      requester: expense.employee,
      amount: expense.amount,
      currency: 'EUR',
      consequence: 'The expense is paid out with the next run.',
      data: expense,
      levels: [
        { name: 'manager', approvers: ['group:managers'], timeout: '48h' },
        { name: 'finance', approvers: ['group:finance'], timeout: '48h', when: expense.amount > 1000 },
        { name: 'ceo', approvers: ['ceo@example.com'], timeout: '72h', when: expense.amount > 10_000 },
      ],
    })
    const result = toChainResult(answer)
    if (result.status !== 'fully_approved') return result
    const paid = await wf.step('pay', ({ idempotency_key }) => ({ payment_id: idempotency_key }))
    return { ...result, ...paid }
  },
})
