import { isDeepStrictEqual } from 'node:util'
import { type EscalateOptions, type LevelOptions, toMs } from '../engine/workflow.ts'
import type { PolicyRuling } from './port.ts'

/** The levels of several rulings as one chain that is no easier than any of them: each level once, in order. */
export function unionOf(rulings: readonly Pick<PolicyRuling, 'rule' | 'levels'>[]): readonly LevelOptions[] {
  const chain = new Map<string, LevelOptions & { readonly rule: string | null }>()
  for (const { rule, levels } of rulings) {
    for (const level of levels) {
      const key = keyOf(level)
      const same = chain.get(key)
      chain.set(key, same === undefined ? { ...level, rule } : { ...stricter(same, level), rule: same.rule })
    }
  }
  // By itself a level needs no name; among others it is called as its rule is.
  return [...chain.values()].map(({ rule, ...level }) =>
    chain.size === 1 ? level : { ...level, name: level.name || (rule ?? 'approver') },
  )
}

/** Levels that ask the same people in the same way are one. */
const keyOf = ({ approvers, votes = 'any', one_rejection_ends = true }: LevelOptions): string =>
  JSON.stringify([[...approvers].sort(), votes, one_rejection_ends])

/** The shorter time of the two; and others are asked only where both say so. */
function stricter(one: LevelOptions, other: LevelOptions): LevelOptions {
  const steps = stepsOf(one)
  const escalate = isDeepStrictEqual(steps, stepsOf(other)) ? steps : []
  const times = [one.timeout, other.timeout].flatMap((time) => (time === undefined ? [] : toMs(time)))
  if (times.length === 0) return { ...one, escalate }
  const timeout = Math.min(...times)
  return {
    ...one,
    timeout,
    remind_before: (one.remind_before ?? []).filter((before) => toMs(before) < timeout),
    escalate: escalate.filter(({ after }) => after === undefined || toMs(after) < timeout),
  }
}

const stepsOf = ({ escalate }: LevelOptions): readonly EscalateOptions[] => [escalate ?? []].flat() as readonly EscalateOptions[]
