import type { Delegation, PeopleView } from '../shared/contract/people.ts'

/* What is so now, by the host's answer and by the time that has passed since. The host's clock goes before this machine's. */

/** Where a delegation is in time. */
export type DelegationPhase = 'active' | 'coming' | 'ended'

export function phaseOf(delegation: Pick<Delegation, 'starts_at' | 'ends_at' | 'active'>, now: number): DelegationPhase {
  if (Date.parse(delegation.ends_at) <= now) return 'ended'
  return delegation.active || Date.parse(delegation.starts_at) <= now ? 'active' : 'coming'
}

/** Somebody's absence that is not over yet, and whether it has begun. */
export function absenceOf(person: Pick<PeopleView['people'][number], 'away' | 'is_away'> | null, now: number) {
  const away = person?.away
  if (!away || Date.parse(away.until) <= now) return null
  return { ...away, begun: person.is_away || Date.parse(away.from) <= now }
}
