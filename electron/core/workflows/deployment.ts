import * as z from 'zod'
import { deploymentInput } from '../../../shared/contract/requests.ts'
import { said } from '../../../shared/contract/schemas.ts'
import { type Answer, defineWorkflow } from '../engine/workflow.ts'
import { isChanged, readAgreed } from './agreed.ts'
import { asking, questionOf } from './asking.ts'
import { besides, idFrom, toReason } from './people.ts'

const deploymentRun = z.object({
  deployment: deploymentInput,
  title: z.string(),
  consequence: z.string(),
  consequence_said: said.optional(),
  asking,
})
export type DeploymentRun = z.infer<typeof deploymentRun>

/** Everything about a deployment that its approver sees. What its sender adds never stands in place of what it is. */
export function deploymentData({ service_name, version, environment, data }: DeploymentRun['deployment']): Record<string, unknown> {
  const own = { service_name, version, environment }
  return { ...own, ...data, ...own }
}

/** What a changed deployment has to say: nothing is filled in that nobody has seen. */
const shown = z.looseObject({
  service_name: deploymentInput.shape.service_name,
  version: deploymentInput.shape.version,
  environment: deploymentInput.shape.environment.unwrap(),
})

/** The deployment as it was agreed to; the very same where nobody has changed it. */
function agreedTo(deployment: DeploymentRun['deployment'], answer: Answer) {
  if (!isChanged(answer)) return deployment
  const { service_name, version, environment, ...data } = readAgreed('The deployment', shown, answer)
  return { service_name, version, environment, data }
}

/** A deployment: approved within its time, then carried out by the configured action. */
export const deployment = defineWorkflow({
  name: 'deployment',
  input: deploymentRun,
  async run(wf, { deployment, title, consequence, consequence_said, asking }) {
    const answer = await wf.approval(
      'approver',
      questionOf(asking, {
        title,
        description: deployment.description ?? null,
        requester: deployment.requester ?? null,
        priority: deployment.environment === 'production' ? 'high' : 'normal',
        consequence,
        consequence_said,
        data: deploymentData(deployment),
      }),
    )
    if (answer.outcome !== 'approved') {
      const { service_name: service, version, environment } = deployment
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
    const agreed = agreedTo(deployment, answer)
    const { service_name: service, version, environment } = agreed
    const done = await wf.action(
      'deploy',
      {
        task_id: wf.run.id,
        service_name: service,
        version,
        environment,
        data: agreed.data ?? {},
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
