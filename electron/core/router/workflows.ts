import { failure } from '../../../shared/contract/errors.ts'
import { toActor } from '../engine/decide.ts'
import type { RouterDeps } from './deps.ts'
import { os, take, toError } from './os.ts'

export function workflowHandlers({ engine, workflows }: RouterDeps) {
  return {
    list: os.workflows.list.handler(() => ({ items: workflows.list() })),
    reload: os.workflows.reload.handler(async () => ({ items: await workflows.reload() })),
    start: os.workflows.start.handler(async ({ input, context }) => {
      const { source } = context.caller
      if (!source) throw toError(failure('forbidden', 'Only a source can start a workflow. Use a token with the scope submit.'))
      const spec = take(engine.toStart(input.name, input.input ?? {}, input.title))
      const started = take(await engine.submit(spec, source, toActor(context.caller), context.idempotency))
      return started.answer as never
    }),
  }
}
