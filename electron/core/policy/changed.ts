import type { Asked } from '../../../shared/model/approval.ts'
import type { PolicyBook } from './port.ts'
import { toMatter } from './views.ts'

/**
 * What the policy makes of a request as it is asked now, as a text that can be compared: a change of what is asked must not slip under
 * a rule that asks fewer or other people. `input` is what the run began with; the amount is looked after by itself.
 */
export function rulingText(policy: Pick<PolicyBook, 'rule'>, asked: Asked, source: string, input: unknown): string {
  const { request } = (input ?? {}) as { readonly request?: { readonly department?: string } }
  const [approver] = asked.approvers
  const { action, rule, levels } = policy.rule(
    toMatter({
      type: asked.type,
      title: asked.title,
      priority: asked.priority,
      source,
      ...(asked.currency === null ? {} : { currency: asked.currency }),
      ...(asked.requester === null ? {} : { requester: asked.requester }),
      ...(asked.amount === null ? {} : { amount: asked.amount }),
      ...(request?.department === undefined ? {} : { department: request.department }),
      ...(approver === undefined ? {} : { approver_email: approver }),
      ...(typeof asked.data === 'object' && asked.data !== null ? { data: asked.data as Record<string, unknown> } : {}),
    }),
  )
  return JSON.stringify({ action, rule, levels })
}
