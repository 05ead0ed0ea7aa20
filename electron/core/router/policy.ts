import { failure } from '../../../shared/contract/errors.ts'
import type { PolicyProblem } from '../../../shared/contract/policy.ts'
import { toActor } from '../engine/decide.ts'
import { readForm } from '../policy/form.ts'
import { changeText } from '../policy/form-change.ts'
import { pastDecisions, toReplay } from '../policy/replay.ts'
import type { Common } from './common.ts'
import type { RouterDeps } from './deps.ts'
import { os, take, toError } from './os.ts'

export function policyHandlers({ policy, projection }: RouterDeps, { fresh }: Common) {
  const of = os.policy
  return {
    get: of.get.handler(() => policy.view()),
    check: of.check.handler(async ({ input }) => {
      const problems = take(await policy.check(input.text ?? policy.view().text))
      return { ok: problems.length === 0, problems }
    }),
    form: of.form.handler(async ({ input }) => {
      const text = input.text ?? policy.view().text
      if (input.change === undefined) return { text, form: readForm(text) }
      const changed = take(changeText(text, input.change))
      const problems = take(await policy.check(changed.text)).filter(({ pointer }) => pointer.startsWith(changed.within))
      if (problems.length > 0) throw toError(refusal(problems, changed.within))
      return { text: changed.text, form: readForm(changed.text) }
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

/** What is wrong with what a form wrote, member by member of it. */
function refusal(problems: readonly PolicyProblem[], within: string) {
  const errors = problems.map(({ pointer, message }) => ({ pointer: pointer.slice(within.length), message }))
  return failure('invalid-input', errors.map((each) => `${each.pointer}: ${each.message}`.replace(/^: /, '')).join('; '), {
    errors,
  })
}
