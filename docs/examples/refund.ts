import { defineWorkflow } from 'countersign/workflow'
import * as z from 'zod'

/** A refund: quoted, approved by a person who may lower the amount, then paid exactly once. */
export const refund = defineWorkflow({
  name: 'refund',
  input: z.object({
    order_id: z.string().min(1),
    amount: z.number().positive(),
    requester: z.email(),
  }),
  async run(wf, { order_id, amount, requester }) {
    const quote = await wf.step('quote', () => ({ order_id, amount, fee: amount > 100 ? 5 : 0 }))

    const answer = await wf.approval('manager', {
      title: `Refund ${quote.amount} EUR for order ${order_id}`,
      approvers: ['group:managers'],
      requester,
      amount: quote.amount,
      currency: 'EUR',
      consequence: 'The customer gets the money back.',
      data: quote,
      editable: ['amount'],
      timeout: '48h',
      escalate: { after: '8h', to: ['group:directors'] },
    })
    if (answer.outcome !== 'approved') return { status: answer.outcome, reason: answer.reason }

    // What was approved, which need not be what was asked.
    const approved = answer.value as typeof quote
    const payment = await wf.step('pay', ({ idempotency_key }) => pay(approved.amount - approved.fee, idempotency_key), {
      retry: { attempts: 5, backoff: '2s' },
      timeout: '30s',
    })
    return { status: 'refunded', ...payment, changed_by: answer.edited?.by ?? null }
  },
})

/** Stands for your payment service: hand it the key, so that a repeated attempt pays nothing twice. */
function pay(amount: number, key: string): { payment_id: string; amount: number } {
  return { payment_id: key, amount }
}
