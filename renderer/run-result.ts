import type { ApprovalItem } from '../shared/model/approval.ts'

/** What a run's result says besides how its question ended: that, by whom, why and at which level is said already. Null where nothing is left. */
export function untold(result: unknown, { status, decision }: Pick<ApprovalItem, 'status' | 'decision'>): unknown {
  if (typeof result !== 'object' || result === null || Array.isArray(result) || decision === null) return result
  const said: Readonly<Record<string, unknown>> = {
    status,
    outcome: status,
    decided_by: decision.actor.id,
    decided_at: decision.at,
    comment: decision.comment,
    reason: decision.comment,
    option: decision.option,
    answer: decision.answer,
    on_behalf_of: decision.on_behalf_of,
  }
  const left = Object.entries(result).filter(
    ([name, value]) => !(name in said && isSame(value, said[name])) && !(name === 'chain' && isChain(value)),
  )
  return left.length === 0 ? null : Object.fromEntries(left)
}

const isSame = (a: unknown, b: unknown): boolean => JSON.stringify(a ?? null) === JSON.stringify(b ?? null)

/** How a chain ended, as workflows answer it. */
const isChain = (value: unknown): boolean =>
  typeof value === 'object' && value !== null && 'status' in value && ('levels_completed' in value || 'level_name' in value)
