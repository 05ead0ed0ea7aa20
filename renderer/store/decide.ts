import type { DecideInput } from '../../shared/contract/approvals.ts'
import type { ApprovalItem, Difference } from '../../shared/model/approval.ts'
import { type CallFailure, toFailure } from '../failure.ts'
import { shortDate } from '../format.ts'
import { isAnswered } from '../held.ts'
import { currentRoute } from '../route.ts'
import { t } from '../strings.ts'
import { td } from '../strings-decide.ts'
import { ownTitle } from '../title.ts'
import { visible } from '../visible-text.ts'
import type { Deps, InboxActions } from './inbox.ts'
import type { Deciding } from './state.ts'

/** What a person answers: a verb or one of the request's own options, and what belongs to it. */
export type Choice = {
  readonly decision: 'approve' | 'reject' | 'send_back' | 'cancel'
} & Pick<DecideInput, 'option' | 'comment' | 'on_behalf_of' | 'changes' | 'amount' | 'items' | 'answer'>

const shownAs: Readonly<Record<Choice['decision'], Deciding>> = {
  approve: 'approved',
  reject: 'rejected',
  send_back: 'sent_back',
  cancel: 'cancelled',
}

const without = <T>(record: Readonly<Record<string, T>>, id: string): Readonly<Record<string, T>> => {
  const { [id]: _, ...rest } = record
  return rest
}

/**
 * One answer: shown at once, sent with the version that was looked at, confirmed by the stored item or taken back with a sentence.
 * A second press while one is on its way does nothing, so that a held key and a double click decide once. The result is null when
 * it was stored.
 */
export async function decide(
  deps: Deps,
  actions: Pick<InboxActions, 'loadItem' | 'toast'>,
  id: string,
  choice: Choice,
): Promise<CallFailure | null> {
  const { store, client } = deps
  const state = store.getState()
  const item = state.items.get(id)
  if (!item || isAnswered(item) || state.deciding[id]) return stopped
  if (state.connection.state !== 'online') {
    actions.toast('bad', t.decide.offline)
    return { ...stopped, message: t.decide.offline }
  }
  store.setState({ deciding: { ...state.deciding, [id]: shownAs[choice.decision] } })
  try {
    const version = (state.looked[id] ?? item.version).sha256
    const { decision, release_at } = await client.approvals.decide(toInput(id, version, choice))
    await actions.loadItem(id)
    const now = store.getState().items.get(id)
    lookAt(deps, now)
    // The bar over the list says it, and how to take it back.
    if (release_at !== undefined) return null
    const words = sentence(decision, now?.status === 'pending', visible(ownTitle(item)))
    actions.toast(currentRoute().id === id ? 'heard' : 'good', words, id)
    return null
  } catch (error) {
    const failure = toFailure(error)
    if (failure.code === 'stale-version') keepDifferences(deps, id, failure)
    if (choice.comment) store.setState(({ refused }) => ({ refused: { ...refused, [id]: choice.comment ?? '' } }))
    await actions.loadItem(id)
    actions.toast('bad', refusal(failure, store.getState().items.get(id), state.person?.email), id)
    return failure
  } finally {
    store.setState((now) => ({ deciding: without(now.deciding, id) }))
  }
}

/** Nothing was sent. */
const stopped: CallFailure = { code: 'unknown', status: 0, message: '', data: {} }

function toInput(id: string, version: string, { comment, option, decision, ...rest }: Choice): DecideInput {
  const words = comment?.trim()
  return {
    approval_id: id,
    // An option says itself which of the two it is.
    ...(option === undefined ? { decision } : { option }),
    version,
    hold: true,
    ...rest,
    ...(words ? { comment: words } : {}),
  }
}

/** From now on this is the version that was looked at. */
export function lookAt({ store }: Deps, item: ApprovalItem | undefined): void {
  if (!item) return
  store.setState(({ looked, stale }) => ({ looked: { ...looked, [item.id]: item.version }, stale: without(stale, item.id) }))
}

function keepDifferences({ store }: Deps, id: string, failure: CallFailure): void {
  const { differences } = failure.data
  const told = Array.isArray(differences) ? (differences as readonly Difference[]) : []
  store.setState(({ stale }) => ({ stale: { ...stale, [id]: told } }))
}

/** What a stored answer did; one of several does not end it yet. */
function sentence(said: Deciding, open: boolean, title: string): string {
  if (said === 'sent_back' || said === 'cancelled') return td.done[said](title)
  return open ? td.done.counted(title) : td.done[said](title)
}

function refusal(failure: CallFailure, item: ApprovalItem | undefined, me: string | undefined): string {
  const record = item?.decision
  if (failure.code === 'already-decided' && record) {
    if (record.actor.id === me) return t.decide.decidedByYou(record.decision, shortDate(record.at))
    return t.decide.decidedBy(record.decision, visible(record.actor.name ?? record.actor.id), shortDate(record.at))
  }
  if (failure.code === 'stale-version') return t.decide.stale
  if (failure.code === 'offline') return t.decide.unanswered
  return t.decide.refused(failure.message)
}
