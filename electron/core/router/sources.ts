import { createRouterClient } from '@orpc/server'
import type { Caller } from '../../../shared/model/actor.ts'
import { toActor } from '../engine/decide.ts'
import { isSample, sampleName } from '../sources/sources.ts'
import type { Common } from './common.ts'
import type { RouterDeps } from './deps.ts'
import { os, take } from './os.ts'
import { requestHandlers } from './requests.ts'

/** Sources with their use, and the sample that people send themselves. */
export function sourceHandlers(deps: RouterDeps, common: Common) {
  const { access, projection } = deps
  const { submitRequest } = requestHandlers(deps, common)

  /** The sample's own source; made when the first one is sent, and revocable like every other. */
  const sampleCaller = async (by: Caller): Promise<Caller> => {
    const known = access.list().find(isSample)
    const { id, name } = known ?? take(await access.create({ name: sampleName, scope: 'submit' }, toActor(by))).item
    return { scopes: ['submit'], person: null, source: { id, name }, credential: id, via: by.via }
  }

  return {
    list: os.sources.list.handler(({ context }) => deps.listSources(context.caller)),
    sample: os.sources.sample.handler(async ({ input, context }) => {
      const caller = await sampleCaller(context.caller)
      // The same way as every other request: checked, held against the policy, journalled.
      const intake = createRouterClient({ submitRequest }, { context: { caller } })
      const { task_id } = await intake.submitRequest({
        type: 'sample',
        title: input.title,
        description: input.description,
        requester: 'sample@countersign.example',
        amount: '49.50',
        currency: 'EUR',
        timeout_hours: 24,
        data: { sample: true, order: '1042', reason: 'Arrived broken' },
      })
      await common.fresh()
      const [approval] = projection.approvals({ run_id: task_id, sort: 'newest', limit: 1 }).items
      return { task_id, approval_id: approval?.id ?? null }
    }),
  }
}
