import { toActor } from '../engine/decide.ts'
import { pastDecisions, toReplay } from '../policy/replay.ts'
import type { Common } from './common.ts'
import type { RouterDeps } from './deps.ts'
import { os, take } from './os.ts'

export function policyHandlers({ policy, projection }: RouterDeps, { fresh }: Common) {
  const of = os.policy
  return {
    get: of.get.handler(() => policy.view()),
    check: of.check.handler(async ({ input }) => {
      const problems = take(await policy.check(input.text ?? policy.view().text))
      return { ok: problems.length === 0, problems }
    }),
    save: of.save.handler(async ({ input, context }) =>
      take(await policy.save(input.text, input.version, toActor(context.caller))),
    ),
    try: of.try.handler(async ({ input }) => take(await policy.try(input.text, input.sample))),
    replay: of.replay.handler(async ({ input }) => {
      await fresh()
      const past = await pastDecisions(projection, input)
      return toReplay(past, take(await policy.replay(input.text, past)))
    }),
  }
}
