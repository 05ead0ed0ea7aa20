import { defineWorkflow } from 'countersign/workflow'
import * as z from 'zod'

/** A model goes to production after ML review and compliance review. What was reserved for it is released when it does not. */
export const modelDeployment = defineWorkflow({
  name: 'model-deployment',
  input: z.object({
    model: z.string().min(1),
    environment: z.enum(['staging', 'production']),
    requester: z.email(),
  }),
  async run(wf, { model, environment, requester }) {
    await wf.progress(0, 4, 'Training')
    const trained = await wf.step('train', () => ({ model, accuracy: 0.94, bias_score: 0.02 }), {
      retry: { attempts: 3, backoff: '1m' },
    })

    wf.onCancel('release-capacity', () => ({ released: model }))
    await wf.step('reserve-capacity', () => ({ reserved: model }))

    await wf.progress(1, 4, 'ML review')
    const quality = await wf.approval('ml-review', {
      title: `Is ${model} good enough?`,
      approvers: ['group:ml-team'],
      requester,
      consequence: 'Compliance is asked next.',
      data: trained,
      timeout: '24h',
      auto_approve_if: () => environment === 'staging',
    })
    if (quality.outcome !== 'approved') return stopped('ml-review', quality.outcome, quality.reason)

    await wf.progress(2, 4, 'Compliance review')
    const fairness = await wf.approval('compliance-review', {
      title: `May ${model} decide about people?`,
      approvers: ['group:compliance'],
      requester,
      consequence: `${model} serves ${environment}.`,
      data: trained,
      timeout: '48h',
      auto_approve_if: () => environment === 'staging',
    })
    if (fairness.outcome !== 'approved') return stopped('compliance-review', fairness.outcome, fairness.reason)

    await wf.progress(3, 4, 'Deploying')
    const deployed = await wf.step('deploy', ({ idempotency_key }) => ({ deployment_id: idempotency_key }))
    return { status: 'deployed', environment, ...deployed, reviewed_by: [quality.decided_by, fairness.decided_by] }
  },
})

/** Whoever asked is told where it stopped, and why. */
const stopped = (at: string, outcome: string, reason: string | null) => ({ status: 'stopped', at, outcome, reason })
