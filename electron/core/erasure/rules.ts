import type { RetentionRules } from '../../../shared/contract/erasure.ts'

const dayMs = 86_400_000

/** What the rules look at. */
export type Subject = { readonly id: string; readonly type: string }

/** How many days what this type said is kept after its end; null: for ever. */
export const daysFor = ({ days, types }: RetentionRules, type: string): number | null => {
  const own = types[type]
  return own === undefined ? days : own
}

/** Kept whatever the rules say, and whoever asks: somebody needs it as evidence. */
export const isOnHold = ({ hold }: RetentionRules, { id, type }: Subject): boolean =>
  hold.runs.includes(id) || hold.types.includes(type)

/** Whether what ended at this instant is past its time. */
export function isPast(rules: RetentionRules, type: string, endedAt: string, now: number): boolean {
  const days = daysFor(rules, type)
  return days !== null && Date.parse(endedAt) + days * dayMs <= now
}
