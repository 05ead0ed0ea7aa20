import type { ChangeEvent } from '../../shared/contract/events.ts'
import type { ApprovalItem } from '../../shared/model/approval.ts'
import type { RunItem } from '../../shared/model/run.ts'
import { isAnswered } from '../held.ts'
import { withHeld } from './held.ts'
import type { InboxState, ListName, ListState } from './state.ts'

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
  const items: Record<string, ApprovalItem> = { ...state.items }
  for (const item of incoming) items[item.id] = newerItem(items[item.id], item)
  return {
    items,
    ...withHeld(
      state,
      incoming.map(({ id }) => items[id]!),
    ),
  }
}

export function withRuns(state: InboxState, incoming: readonly RunItem[]): Pick<InboxState, 'runs'> {
  const runs: Record<string, RunItem> = { ...state.runs }
  for (const run of incoming) {
    const held = runs[run.id]
    if (!held || run.revision >= held.revision) runs[run.id] = run
  }
  return { runs }
}

export function withList(state: InboxState, name: ListName, change: Partial<ListState>): Pick<InboxState, 'lists'> {
  return { lists: { ...state.lists, [name]: { ...state.lists[name], ...change } } }
}

/** The server's order of what waits: by deadline, those without one last. */
function byDeadline(a: ApprovalItem, b: ApprovalItem): number {
  if (a.due_at !== b.due_at) {
    if (a.due_at === null) return 1
    if (b.due_at === null) return -1
    return a.due_at < b.due_at ? -1 : 1
  }
  if (a.created_at !== b.created_at) return a.created_at < b.created_at ? -1 : 1
  return a.id < b.id ? -1 : 1
}

/** Puts new ones where they belong. What sorts behind the last fetched one is left out: it comes with its page. */
export function withArrivals(state: InboxState, ids: readonly string[]): Pick<InboxState, 'lists'> {
  const list = state.lists.inbox
  const known = (id: string) => state.items[id] !== undefined
  const order = (a: string, b: string) => byDeadline(state.items[a]!, state.items[b]!)
  const last = list.cursor === null ? undefined : list.ids.at(-1)
  const fresh = ids.filter((id) => known(id) && !list.ids.includes(id) && (last === undefined || order(id, last) < 0))
  const merged = [...list.ids.filter(known), ...fresh].sort(order)
  return withList(state, 'inbox', { ids: merged, arrivals: [], total: Math.max(list.total + ids.length, merged.length) })
}

/** Takes out of the list what is decided by now. */
export function tidied(state: InboxState): Pick<InboxState, 'lists'> {
  const list = state.lists.inbox
  const ids = list.ids.filter((id) => state.items[id] && !isAnswered(state.items[id]))
  return withList(state, 'inbox', { ids, total: Math.max(0, list.total - (list.ids.length - ids.length)) })
}

function withApproval(state: InboxState, item: ApprovalItem): Partial<InboxState> {
  const change: Partial<InboxState> = withItems(state, [item])
  const list = state.lists.inbox
  const current = change.items?.[item.id]
  const listed = list.ids.includes(item.id)
  if (!current || isAnswered(current)) {
    if (!list.arrivals.includes(item.id)) return change
    return { ...change, ...withList(state, 'inbox', { arrivals: list.arrivals.filter((id) => id !== item.id) }) }
  }
  const isNew =
    !listed && !list.arrivals.includes(item.id) && (list.cursor === null || Date.parse(item.created_at) >= list.loadedAt)
  if (!isNew || list.phase === 'idle' || list.phase === 'loading' || list.query.search !== '') return change
  if (list.ids.length === 0) return { ...change, ...withArrivals({ ...state, ...change }, [item.id]) }
  return { ...change, ...withList(state, 'inbox', { arrivals: [...list.arrivals, item.id] }) }
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
      return {}
  }
}
