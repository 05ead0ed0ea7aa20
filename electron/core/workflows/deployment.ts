import * as z from 'zod'
import { deploymentInput } from '../../../shared/contract/requests.ts'
import { defineWorkflow } from '../engine/workflow.ts'
import { asking, questionOf } from './asking.ts'
import { besides, idFrom, toReason } from './people.ts'

const deploymentRun = z.object({ deployment: deploymentInput, title: z.string(), consequence: z.string(), asking })
export type DeploymentRun = z.infer<typeof deploymentRun>

/** Everything about a deployment that its approver sees. What its sender adds never stands in place of what it is. */
export function deploymentData({ service_name, version, environment, data }: DeploymentRun['deployment']): Record<string, unknown> {
  const own = { service_name, version, environment }
  return { ...own, ...data, ...own }
}

/** A deployment: approved within its time, then carried out by the configured action. */
export const deployment = defineWorkflow({
  name: 'deployment',
  input: deploymentRun,
  async run(wf, { deployment, title, consequence, asking }) {
    const { service_name: service, version, environment } = deployment
    const answer = await wf.approval(
      'approver',
      questionOf(asking, {
        title,
        description: deployment.description ?? null,
        requester: deployment.requester ?? null,
        priority: environment === 'production' ? 'high' : 'normal',
        consequence,
        data: deploymentData(deployment),
      }),
    )
    if (answer.outcome !== 'approved') {
      return {
        status: 'deployment_cancelled',
        reason: toReason(answer),
        outcome: answer.outcome,
        service,
        version,
        environment,
        decided_by: answer.decided_by,
        ...besides(answer),
      }
    }
    const done = await wf.action(
      'deploy',
      {
        task_id: wf.run.id,
        service_name: service,
        version,
        environment,
        data: deployment.data ?? {},
        approved_by: answer.decided_by,
        comment: answer.reason,
      },
      'deployment',
    )
    return {
      status: 'deployed',
      service,
      version,
      environment,
      deployment_id: idFrom(done, 'deployment_id'),
      approved_by: answer.decided_by,
      ...besides(answer),
    }
  },
})
