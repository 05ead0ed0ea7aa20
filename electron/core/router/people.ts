import { toActor } from '../engine/decide.ts'
import type { RouterDeps } from './deps.ts'
import { os, take } from './os.ts'

export function peopleHandlers({ people }: RouterDeps) {
  const of = os.people
  return {
    get: of.get.handler(() => people.view()),
    savePerson: of.savePerson.handler(async ({ input, context }) => take(await people.savePerson(input, toActor(context.caller)))),
    removePerson: of.removePerson.handler(async ({ input, context }) =>
      take(await people.removePerson(input.email, toActor(context.caller))),
    ),
    saveGroup: of.saveGroup.handler(async ({ input, context }) => take(await people.saveGroup(input, toActor(context.caller)))),
    removeGroup: of.removeGroup.handler(async ({ input, context }) =>
      take(await people.removeGroup(input.name, toActor(context.caller))),
    ),
    setAway: of.setAway.handler(async ({ input, context }) => take(await people.setAway(input.email, input.away, context.caller))),
    delegate: of.delegate.handler(async ({ input, context }) => take(await people.delegate(input, context.caller))),
    endDelegation: of.endDelegation.handler(async ({ input, context }) =>
      take(await people.endDelegation(input.delegation_id, context.caller)),
    ),
  }
}
