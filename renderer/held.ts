import { normalEmail } from '../shared/model/actor.ts'
import type { ApprovalItem, Held } from '../shared/model/approval.ts'
import type { Rows } from './store/rows.ts'

/** Whether it waits for nobody any more: it has ended, or an answer is about to leave. */
export const isAnswered = ({ status, held }: Pick<ApprovalItem, 'status' | 'held'>): boolean =>
  status !== 'pending' || held !== null

/** The answer that this person gave and can take back. */
export const ownHeld = (item: Pick<ApprovalItem, 'held'> | undefined, me: string | undefined): Held | null =>
  item?.held && me !== undefined && item.held.actor.id === normalEmail(me) ? item.held : null

/** How long an answer is held in all, ms: by the host's clock, which may not be this one's. */
export const holdMs = ({ at, release_at }: Held): number => Math.max(0, Date.parse(release_at) - Date.parse(at))

/** The next one that waits, in the order of the list: behind the one that was answered, else before it; null when none does. */
export function nextWaiting(rows: Rows, from: string, waits: (id: string) => boolean): string | null {
  const at = rows.placeOf(from)
  return rows.find(at + 1, 1, waits) ?? rows.find(at - 1, -1, waits)
}
