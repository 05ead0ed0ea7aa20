import type { ChangeEvent } from '../../shared/contract/events.ts'
import type { ApprovalItem } from '../../shared/model/approval.ts'
import type { RunItem } from '../../shared/model/run.ts'
import { type View, views } from '../../shared/model/view.ts'
import { belongsIn, isBehind, keyOf, placeIn, type Reader } from '../lists.ts'
import { withHeld } from './held.ts'
import type { InboxState, ListState } from './state.ts'

/** The inbox in which nothing changes but through these: pure, and safe to apply twice. */

/** A lower revision than the one held is older and ignored. Data that a list left out is kept while it belongs to the same version. */
export function newerItem(held: ApprovalItem | undefined, incoming: ApprovalItem): ApprovalItem {
  if (!held) return incoming
  if (incoming.revision < held.revision) return held
  const known = !held.data_omitted && incoming.data_omitted && held.version.sha256 === incoming.version.sha256
  if (!known) return incoming
  const { data, items, changes } = held
  return { ...incoming, data, ...(items ? { items } : {}), changes, data_omitted: false }
}

export function withItems(state: InboxState, incoming: readonly ApprovalItem[]): Pick<InboxState, 'items' | 'held'> {
  const newer = incoming.map((item) => newerItem(state.items.get(item.id), item))
  return { items: state.items.with(newer.map((item) => [item.id, item] as const)), ...withHeld(state, newer) }
}

export function withRuns(state: InboxState, incoming: readonly RunItem[]): Pick<InboxState, 'runs'> {
  const newer = incoming.filter((run) => run.revision >= (state.runs.get(run.id)?.revision ?? 0))
  return { runs: state.runs.with(newer.map((run) => [run.id, run] as const)) }
}

export function withList(state: InboxState, view: View, change: Partial<ListState>): Pick<InboxState, 'lists'> {
  return { lists: { ...state.lists, [view]: { ...state.lists[view], ...change } } }
}

const readerOf = ({ person, people }: InboxState): Reader => ({ me: person?.email, people, now: Date.now() })

/** The same as the newest ones, the newest last. */
const byArrival = (items: readonly ApprovalItem[]): readonly ApprovalItem[] =>
  items.toSorted((a, b) => (a.created_at < b.created_at ? -1 : a.created_at > b.created_at ? 1 : a.id < b.id ? -1 : 1))

/** Puts new ones where they belong. What sorts behind the last fetched one is left out: it comes with its page. */
export function withArrivals(state: InboxState, view: View, ids: readonly string[]): Pick<InboxState, 'lists'> {
  const list = state.lists[view]
  const { sort } = list.query
  const reader = readerOf(state)
  const fresh = [...new Set(ids)].flatMap((id) => {
    const item = state.items.get(id)
    return item && !list.rows.has(id) && belongsIn(view, item, reader) ? [item] : []
  })
  let { rows } = list
  for (const item of byArrival(fresh)) {
    const key = keyOf(sort, item)
    const at = placeIn(rows.length, (other) => isBehind(sort, rows.keyAt(other), key))
    if (at < rows.length || list.cursor === null) rows = rows.inserted(at, item.id, key)
  }
  const added = rows.length - list.rows.length
  return withList(state, view, { rows, arrivals: [], total: Math.max(list.total + added, rows.length) })
}

/** Takes out of the list what does not belong there any more. */
export function tidied(state: InboxState, view: View): Pick<InboxState, 'lists'> {
  const list = state.lists[view]
  const gone = new Set(list.left)
  const rows = list.rows.without(gone)
  return withList(state, view, { rows, left: [], total: Math.max(rows.length, list.total - gone.size) })
}

/** What a changed request makes of one list: rows stay where they are, and what is new waits to be shown. */
function nextList(list: ListState, view: View, item: ApprovalItem, reader: Reader): ListState {
  const belongs = belongsIn(view, item, reader)
  if (list.rows.has(item.id)) {
    const had = list.left.includes(item.id)
    if (belongs === !had) return list
    return { ...list, left: belongs ? list.left.filter((id) => id !== item.id) : [...list.left, item.id] }
  }
  const waits = list.arrivals.includes(item.id)
  if (!belongs) return waits ? { ...list, arrivals: list.arrivals.filter((id) => id !== item.id) } : list
  // Another one of a long list may be further down, and comes with its page. Of one that is on its way nobody knows what is in it.
  const isNew = list.cursor === null || list.phase === 'loading' || Date.parse(item.created_at) >= list.loadedAt
  if (waits || !isNew || list.phase === 'idle' || list.query.search !== '') return list
  return { ...list, arrivals: [...list.arrivals, item.id] }
}

function withApproval(state: InboxState, item: ApprovalItem): Partial<InboxState> {
  const change = withItems(state, [item])
  const reader = readerOf(state)
  const current = change.items.get(item.id)!
  let lists = state.lists
  for (const view of views) {
    const next = nextList(lists[view], view, current, reader)
    if (next !== lists[view]) lists = { ...lists, [view]: next }
  }
  const next = { ...state, ...change, lists }
  // Where nothing is shown, nothing can move.
  for (const view of views) {
    const { rows, arrivals, phase } = lists[view]
    if (rows.length === 0 && arrivals.length > 0 && phase !== 'loading')
      lists = withArrivals({ ...next, lists }, view, arrivals).lists
  }
  return { ...change, lists }
}

/** What an event of the stream makes of the state. */
export function withChange(state: InboxState, event: ChangeEvent): Partial<InboxState> {
  switch (event.kind) {
    case 'hello':
      return { connection: { state: 'online' }, counts: event.counts, health: event.health }
    case 'approval':
      return { ...withApproval(state, event.item as ApprovalItem), counts: event.counts }
    case 'run':
      return withRuns(state, [event.item as RunItem])
    case 'counts':
      return { counts: event.counts }
    case 'health':
      return { health: event.health }
    case 'deadline':
    case 'alert':
    case 'settings':
      return {}
  }
}

/** What several make of it, one after the other. */
export function withChanges(state: InboxState, events: readonly ChangeEvent[]): InboxState {
  let next = state
  for (const event of events) next = { ...next, ...withChange(next, event) }
  return next
}
