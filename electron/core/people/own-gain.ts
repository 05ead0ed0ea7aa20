import { type Failure, failure } from '../../../shared/contract/errors.ts'
import type { Actor } from '../../../shared/model/actor.ts'
import type { PersonEntry } from '../settings/people-schema.ts'

/* Whoever may enter people still does not hand themselves the decisions of others. */

type StandIns = Pick<PersonEntry, 'backup' | 'assistants' | 'away'>

/** What refuses somebody who takes over another person's decisions by themselves. */
export const ownGain = (from: string): Failure =>
  failure('forbidden', `Nobody takes over decisions by themselves: ${from} hands them to you, or another administrator enters it.`)

/** Whether a change of somebody else's entry lets its author act for them where they could not before. */
export function gains(
  before: StandIns | undefined,
  after: StandIns,
  { by, email, canonical }: { readonly by: Actor; readonly email: string; readonly canonical: (email: string) => string },
): boolean {
  if (by.kind !== 'person' || canonical(by.id) === canonical(email)) return false
  const self = canonical(by.id)
  const is = (address: string | null | undefined) => typeof address === 'string' && canonical(address) === self
  if (after.assistants.some(is) && !before?.assistants.some(is)) return true
  if (!is(after.backup)) return false
  return !is(before?.backup) || (after.away !== null && JSON.stringify(after.away) !== JSON.stringify(before?.away))
}
