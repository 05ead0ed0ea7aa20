import type { ApprovalItem } from '../../shared/model/approval.ts'
import { type CallFailure, toFailure } from '../failure.ts'
import { shortDate } from '../format.ts'
import { currentRoute } from '../route.ts'
import { t } from '../strings.ts'
import { visible } from '../visible-text.ts'
import type { Deps, InboxActions } from './inbox.ts'

const without = <T>(record: Readonly<Record<string, T>>, id: string): Readonly<Record<string, T>> => {
  const { [id]: _, ...rest } = record
  return rest
}

/**
 * One decision: shown at once, sent with the version that was looked at, confirmed by the stored item or taken back with a
 * sentence. A second press while one is on its way does nothing, so that a held key and a double click decide once.
 */
export async function decide(
  deps: Deps,
  actions: Pick<InboxActions, 'loadItem' | 'toast'>,
  id: string,
  decision: 'approved' | 'rejected',
  comment: string,
): Promise<boolean> {
  const { store, client } = deps
  const state = store.getState()
  const item = state.items[id]
  if (item?.status !== 'pending' || state.deciding[id]) return false
  if (state.connection.state !== 'online') {
    actions.toast('bad', t.decide.offline)
    return false
  }
  store.setState({ deciding: { ...state.deciding, [id]: decision } })
  try {
    const verb = decision === 'approved' ? 'approve' : 'reject'
    const words = comment.trim()
    await client.approvals.decide({
      approval_id: id,
      decision: verb,
      version: item.version.sha256,
      ...(words ? { comment: words } : {}),
    })
    await actions.loadItem(id)
    actions.toast(currentRoute().id === id ? 'heard' : 'good', t.decide.done(decision, visible(item.title)), id)
    return true
  } catch (error) {
    await actions.loadItem(id)
    actions.toast('bad', sentence(toFailure(error), store.getState().items[id], state.person?.email), id)
    return false
  } finally {
    store.setState((now) => ({ deciding: without(now.deciding, id) }))
  }
}

function sentence(failure: CallFailure, item: ApprovalItem | undefined, me: string | undefined): string {
  const record = item?.decision
  if (failure.code === 'already-decided' && record) {
    if (record.actor.id === me) return t.decide.decidedByYou(record.decision, shortDate(record.at))
    return t.decide.decidedBy(record.decision, visible(record.actor.name ?? record.actor.id), shortDate(record.at))
  }
  if (failure.code === 'stale-version') return t.decide.stale
  if (failure.code === 'offline') return t.decide.unanswered
  return t.decide.refused(failure.message)
}
