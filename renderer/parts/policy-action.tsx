import { Check, Users, UsersRound, X } from 'lucide-react'
import type { RulingView } from '../../shared/contract/policy.ts'
import { ty } from '../strings-policy.ts'

const looks = {
  auto_approve: { icon: Check, ink: 'text-accent' },
  require_approval: { icon: Users, ink: '' },
  escalate: { icon: UsersRound, ink: 'text-amber' },
  reject: { icon: X, ink: 'text-red' },
} as const satisfies Record<RulingView['action'], unknown>

/** What a rule does: a glyph and words. */
export function ActionWord({ action }: { action: RulingView['action'] }) {
  const { icon: Icon, ink } = looks[action]
  return (
    <span className={`word ${ink}`}>
      <Icon size={14} aria-hidden /> {ty.action[action]}
    </span>
  )
}
