import type { ApprovalItem } from '../../shared/model/approval.ts'
import { toFailure } from '../failure.ts'
import type { Deps } from './inbox.ts'
import { emptyList, type InboxState, type ListName, type ListQuery } from './state.ts'
import { withArrivals, withItems, withList } from './updates.ts'

const firstPage = 100
const laterPage = 500
const ended = 'approved,rejected,expired,cancelled'

function fetchPage(deps: Deps, name: ListName, query: ListQuery, cursor: string | null) {
  return deps.client.approvals.list({
    status: name === 'inbox' ? 'pending' : query.status || ended,
    sort: name === 'inbox' ? 'due' : 'decided',
    limit: cursor === null ? firstPage : laterPage,
    ...(query.search ? { search: query.search } : {}),
    ...(cursor === null ? {} : { cursor }),
  })
}

const sameQuery = (a: ListQuery, b: ListQuery) => a.search === b.search && a.status === b.status

/** What the stream told of while the page was on its way: it may be in neither. */
function createdMeanwhile(state: InboxState, ids: readonly string[], since: number): readonly string[] {
  const listed = new Set(ids)
  return Object.values(state.items)
    .filter((item) => item.status === 'pending' && Date.parse(item.created_at) >= since && !listed.has(item.id))
    .map((item) => item.id)
}

/** Fetches a list's first page. What was shown stays until the answer is there, if it belongs to the same question. */
export async function loadList(deps: Deps, name: ListName, query: ListQuery): Promise<void> {
  const { store } = deps
  const loadedAt = Date.now()
  const before = store.getState().lists[name]
  const kept = sameQuery(before.query, query) ? before : emptyList(query)
  store.setState((state) => withList(state, name, { ...kept, phase: 'loading', failure: null, loadedAt }))
  const isCurrent = () => store.getState().lists[name].loadedAt === loadedAt && sameQuery(store.getState().lists[name].query, query)
  try {
    const page = await fetchPage(deps, name, query, null)
    if (!isCurrent()) return
    store.setState((state) => {
      const items = withItems(state, page.items as readonly ApprovalItem[])
      const ids = page.items.map((item) => item.id)
      const loaded = withList(state, name, { phase: 'ready', ids, total: page.total, cursor: page.next_cursor, arrivals: [] })
      if (name === 'done' || query.search !== '') return { ...items, ...loaded }
      return {
        ...items,
        ...withArrivals({ ...state, ...items, ...loaded }, createdMeanwhile({ ...state, ...items }, ids, loadedAt)),
      }
    })
  } catch (error) {
    if (isCurrent()) store.setState((state) => withList(state, name, { phase: 'error', failure: toFailure(error) }))
  }
}

/** Fetches the next page; while one is on its way a second call does nothing. */
export async function loadMore(deps: Deps, name: ListName): Promise<void> {
  const { store } = deps
  const list = store.getState().lists[name]
  if (list.phase !== 'ready' || list.cursor === null) return
  store.setState((state) => withList(state, name, { phase: 'more' }))
  const isCurrent = () => store.getState().lists[name].loadedAt === list.loadedAt
  try {
    const page = await fetchPage(deps, name, list.query, list.cursor)
    if (!isCurrent()) return
    store.setState((state) => {
      const held = new Set(state.lists[name].ids)
      const fresh = page.items.map((item) => item.id).filter((id) => !held.has(id))
      return {
        ...withItems(state, page.items as readonly ApprovalItem[]),
        ...withList(state, name, { phase: 'ready', ids: [...state.lists[name].ids, ...fresh], cursor: page.next_cursor }),
      }
    })
  } catch (error) {
    if (isCurrent()) store.setState((state) => withList(state, name, { phase: 'error', failure: toFailure(error) }))
  }
}
