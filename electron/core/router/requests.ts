import { failure } from '../../../shared/contract/errors.ts'
import type { RequestContext } from '../context.ts'
import { toActor } from '../engine/decide.ts'
import type { StartSpec } from '../engine/deps.ts'
import { fromDeployment, fromExpense, fromRequest } from '../submissions.ts'
import type { Common } from './common.ts'
import type { RouterDeps } from './deps.ts'
import { os, take, toError } from './os.ts'

export function requestHandlers(deps: RouterDeps, common: Common) {
  const { engine } = deps
  const acts = (type: string): boolean => deps.settings.config.actions[type] !== undefined

  const submit = async (spec: StartSpec, context: RequestContext): Promise<unknown> => {
    const { source } = context.caller
    if (!source) throw toError(failure('forbidden', 'Only a source can submit. Use a token with the scope submit.'))
    const started = take(await engine.submit(spec, source, toActor(context.caller), context.idempotency))
    return started.answer
  }

  return {
    submitRequest: os.requests.submitRequest.handler(
      async ({ input, context }) =>
        (await submit(fromRequest(input, deps.settings.policy, deps.settings.config.owner, acts), context)) as never,
    ),
    submitExpense: os.requests.submitExpense.handler(
      async ({ input, context }) => (await submit(fromExpense(input, deps.settings.policy, acts), context)) as never,
    ),
    requestDeployment: os.requests.requestDeployment.handler(
      async ({ input, context }) => (await submit(fromDeployment(input, deps.settings.policy, acts), context)) as never,
    ),
  }
}
