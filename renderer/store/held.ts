import type { ApprovalItem } from '../../shared/model/approval.ts'
import { holdMs, ownHeld } from '../held.ts'
import type { InboxState } from './state.ts'

/** Own answers that can still be taken back, with the moment (of this machine's clock) at which each leaves; the latest is last. */
export function withHeld(state: Pick<InboxState, 'held' | 'person'>, incoming: readonly ApprovalItem[]): Pick<InboxState, 'held'> {
  let { held } = state
  for (const item of incoming) {
    const known = held.find(({ id }) => id === item.id)
    const own = ownHeld(item, state.person?.email)
    if (own && !known) held = [...held, { id: item.id, said: own.said, until: Date.now() + holdMs(own), holdMs: holdMs(own) }]
    else if (!own && known) held = held.filter(({ id }) => id !== item.id)
  }
  return { held }
}
