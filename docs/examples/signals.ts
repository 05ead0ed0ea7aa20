import { defineWorkflow } from 'countersign/workflow'
import * as z from 'zod'

const decision = z.object({
  decision: z.enum(['approved', 'rejected']),
  approver: z.string(),
  notes: z.string().default(''),
})

/** The director's turn, a run of its own: 72 hours. */
export const directorReview = defineWorkflow({
  name: 'director-review',
  input: z.object({ id: z.string() }),
  run: (wf) => wf.signal('director_approval', { timeout: '72h' }),
})

/** An expense that is decided by messages from outside: the manager has 48 hours, then the director is asked, and waited for. */
export const signalExpense = defineWorkflow({
  name: 'signal-expense',
  input: z.object({ id: z.string(), employee: z.string(), amount: z.number().positive() }),
  async run(wf, expense) {
    const submitted = await wf.step('submit', () => ({ ...expense, submitted_at: wf.now().toISOString() }))
    let said: unknown = await wf.signal('manager_approval', { timeout: '48h' })
    const escalated = said === null
    if (escalated) said = (await wf.child('director', 'director-review', { id: expense.id })).result
    if (said === null) return { status: 'expired', escalated, ...submitted }

    // Whatever a message says, only "approved" pays: one that cannot be read is a mistake for a person to look at.
    const { decision: verdict, approver, notes } = decision.parse(said)
    if (verdict === 'rejected') return { status: 'rejected', by: approver, notes, escalated }
    const paid = await wf.step('pay', ({ idempotency_key }) => ({ payment_id: idempotency_key }))
    return { status: 'paid', by: approver, notes, escalated, ...paid }
  },
})
