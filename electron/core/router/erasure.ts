import { failure } from '../../../shared/contract/errors.ts'
import { toActor } from '../engine/decide.ts'
import type { RouterDeps } from './deps.ts'
import { os, take, toError } from './os.ts'

export function erasureHandlers({ erasing }: RouterDeps) {
  const of = os.erasure
  return {
    erase: of.erase.handler(async ({ input, context }) => {
      if (context.caller.person === null) {
        throw toError(failure('forbidden', 'Only a person can erase what was said: this credential is nobody’s.'))
      }
      const { runs, done } = take(await erasing.erasures.erase(input.run_id, input.reason, toActor(context.caller)))
      return { message: messageOf(runs, done), run_id: input.run_id, erased: runs, done }
    }),
    retention: of.retention.handler(() => erasing.view()),
    setRetention: of.setRetention.handler(async ({ input, context }) =>
      take(await erasing.setRules(input, toActor(context.caller))),
    ),
    preview: of.preview.handler(({ input }) => erasing.retention.preview(input)),
  }
}

function messageOf(runs: readonly string[], done: boolean): string {
  if (!done) return 'It is erased and shown to nobody. The disk does not let it go from the files yet; that is tried again.'
  if (runs.length === 0) return 'It had been erased before.'
  return runs.length === 1
    ? 'What it said is erased.'
    : `What it said is erased, and what the ${runs.length - 1} runs it started said.`
}
