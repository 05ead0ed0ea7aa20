import { approvalHandlers } from './router/approvals.ts'
import { auditHandlers } from './router/audit.ts'
import { createCommon } from './router/common.ts'
import type { Router, RouterDeps } from './router/deps.ts'
import { erasureHandlers } from './router/erasure.ts'
import { homeHandlers } from './router/home.ts'
import { insightHandlers } from './router/insight.ts'
import { modelHandlers } from './router/model.ts'
import { os } from './router/os.ts'
import { peopleHandlers } from './router/people.ts'
import { policyHandlers } from './router/policy.ts'
import { requestHandlers } from './router/requests.ts'
import { sourceHandlers } from './router/sources.ts'
import { taskHandlers } from './router/tasks.ts'
import { workflowHandlers } from './router/workflows.ts'

/** Implements every procedure of the contract by calling the modules beside it. Decides nothing itself but who may call. */
export function createRouter(deps: RouterDeps): Router {
  const common = createCommon(deps)
  return os.router({
    requests: requestHandlers(deps, common),
    approvals: approvalHandlers(deps, common),
    tasks: taskHandlers(deps, common),
    workflows: workflowHandlers(deps),
    people: peopleHandlers(deps),
    policy: policyHandlers(deps, common),
    sources: sourceHandlers(deps, common),
    model: modelHandlers(deps),
    audit: auditHandlers(deps),
    erasure: erasureHandlers(deps),
    insight: insightHandlers(deps, common),
    ...homeHandlers(deps),
  })
}
