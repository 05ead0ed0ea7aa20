import * as z from 'zod'
import { deploymentInput } from '../../../shared/contract/requests.ts'
import { defineWorkflow } from '../engine/workflow.ts'
import { idFrom, toReason } from './people.ts'

const deploymentRun = z.object({
  deployment: deploymentInput,
  title: z.string(),
  approver: z.string(),
  timeout_ms: z.number(),
  consequence: z.string(),
})
export type DeploymentRun = z.infer<typeof deploymentRun>

/** A deployment: approved by a person within its time, then carried out by the configured action. */
export const deployment = defineWorkflow({
  name: 'deployment',
  input: deploymentRun,
  async run(wf, { deployment, title, approver, timeout_ms, consequence }) {
    const { service_name: service, version, environment } = deployment
    const answer = await wf.approval('approver', {
      title,
      description: deployment.description ?? null,
      requester: deployment.requester ?? null,
      approvers: [approver],
      priority: environment === 'production' ? 'high' : 'normal',
      consequence,
      data: { service_name: service, version, environment, ...deployment.data },
      timeout: timeout_ms,
    })
    if (answer.outcome !== 'approved') {
      return {
        status: 'deployment_cancelled',
        reason: toReason(answer),
        outcome: answer.outcome,
        service,
        version,
        environment,
        decided_by: answer.decided_by,
      }
    }
    const done = await wf.action('deploy', {
      task_id: wf.run.id,
      service_name: service,
      version,
      environment,
      data: deployment.data ?? {},
      approved_by: answer.decided_by,
      comment: answer.reason,
    })
    return {
      status: 'deployed',
      service,
      version,
      environment,
      deployment_id: idFrom(done, 'deployment_id'),
      approved_by: answer.decided_by,
    }
  },
})
