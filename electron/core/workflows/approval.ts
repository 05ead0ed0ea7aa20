import * as z from 'zod'
import { requestInput } from '../../../shared/contract/requests.ts'
import { said } from '../../../shared/contract/schemas.ts'
import { withGiven } from '../../../shared/model/given.ts'
import { type Answer, defineWorkflow } from '../engine/workflow.ts'
import { isChanged, readAgreed } from './agreed.ts'
import { asking, type Question, questionOf } from './asking.ts'
import { besides, toReason } from './people.ts'

const approvalRun = z.object({
  request: requestInput,
  title: z.string(),
  consequence: z.string(),
  consequence_said: said.optional(),
  asking,
})
export type ApprovalRun = z.infer<typeof approvalRun>

/** One request, one approval, then what the configuration names for its type. */
export const approval = defineWorkflow({
  name: 'approval',
  input: approvalRun,
  async run(wf, { request, title, consequence, consequence_said, asking }) {
    const answer = await wf.approval('decision', questionOf(asking, toQuestion({ request, title, consequence, consequence_said })))
    const said = {
      decided_by: answer.decided_by,
      comment: answer.reason,
      decided_at: answer.decided_at,
      ...besides(answer),
    }
    if (answer.outcome !== 'approved') {
      return { status: answer.outcome, reason: toReason(answer), ...said }
    }
    const agreed = agreedTo(request, answer)
    const result = await wf.action('act', { task_id: wf.run.id, type: wf.run.type, request: agreed, decision: said }, request.type)
    return {
      status: 'approved',
      ...said,
      ...(agreed === request ? {} : { amount: answer.amount, data: answer.value }),
      action: result,
    }
  },
})

function toQuestion({ request, title, consequence, consequence_said }: Omit<ApprovalRun, 'asking'>): Question {
  const question = {
    title,
    description: request.description ?? null,
    requester: request.requester ?? null,
    beneficiary: request.beneficiary ?? null,
    amount: request.amount ?? null,
    currency: request.currency ?? null,
    priority: request.priority,
    consequence,
    consequence_said,
    data: request.data ?? {},
  }
  const { editable, partial, options, form, attachments, evidence, rollback } = request
  return withGiven(question, { editable, partial: partial || undefined, options, form, attachments, evidence, rollback })
}

/** The request as it was agreed to; the very same where nobody has changed it. */
function agreedTo(request: ApprovalRun['request'], answer: Answer): ApprovalRun['request'] {
  if (!isChanged(answer)) return request
  const data = answer.value === null ? {} : readAgreed('The request', requestData, answer)
  return { ...request, data, ...(answer.amount === null ? {} : { amount: answer.amount }) }
}

const requestData = requestInput.shape.data.unwrap()
