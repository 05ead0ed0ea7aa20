import * as z from 'zod'
import { requestInput } from '../../../shared/contract/requests.ts'
import { defineWorkflow } from '../engine/workflow.ts'
import { toReason } from './people.ts'

const approvalRun = z.object({
  request: requestInput,
  title: z.string(),
  approvers: z.array(z.string()).readonly(),
  timeout_ms: z.number(),
  consequence: z.string(),
})
export type ApprovalRun = z.infer<typeof approvalRun>

/** One request, one approval, then what the configuration names for its type. */
export const approval = defineWorkflow({
  name: 'approval',
  input: approvalRun,
  async run(wf, { request, title, approvers, timeout_ms, consequence }) {
    const answer = await wf.approval('decision', {
      title,
      description: request.description ?? null,
      requester: request.requester ?? null,
      approvers,
      amount: request.amount ?? null,
      currency: request.currency ?? null,
      priority: request.priority,
      consequence,
      data: request.data ?? {},
      timeout: timeout_ms,
    })
    const said = { decided_by: answer.decided_by, comment: answer.reason, decided_at: answer.decided_at }
    if (answer.outcome !== 'approved') return { status: answer.outcome, reason: toReason(answer), ...said }
    const result = await wf.action('act', { task_id: wf.run.id, type: wf.run.type, request, decision: said })
    return { status: 'approved', ...said, action: result }
  },
})
