import type { ApprovalItem } from '../../shared/model/approval.ts'
import type { View } from '../../shared/model/view.ts'
import { toFailure } from '../failure.ts'
import type { Deps } from './inbox.ts'
import { emptyList, type InboxState, type ListQuery } from './state.ts'
import { listed, withArrivals, withItems, withList } from './updates.ts'

const firstPage = 100
const laterPage = 500

const fetchPage = (deps: Deps, view: View, query: ListQuery, cursor: string | null) =>
  deps.client.approvals.list({
    view,
    sort: query.sort,
    limit: cursor === null ? firstPage : laterPage,
    ...(query.search ? { search: query.search } : {}),
    ...(cursor === null ? {} : { cursor }),
  })

const sameQuery = (a: ListQuery, b: ListQuery) => a.search === b.search && a.sort === b.sort

/** What the stream told of while the page was on its way: it may be in neither. */
function createdMeanwhile(state: InboxState, since: number): readonly string[] {
  const meanwhile: string[] = []
  for (const item of state.items.values()) if (Date.parse(item.created_at) >= since) meanwhile.push(item.id)
  return meanwhile
}

/** Fetches a list's first page. What was shown stays until the answer is there, if it belongs to the same question. */
export async function loadList(deps: Deps, view: View, query: ListQuery): Promise<void> {
  const { store } = deps
  const loadedAt = Date.now()
  const before = store.getState().lists[view]
  const kept = sameQuery(before.query, query) ? before : emptyList(query)
  store.setState((state) => withList(state, view, { ...kept, phase: 'loading', failure: null, loadedAt }))
  const isCurrent = () => store.getState().lists[view].loadedAt === loadedAt && sameQuery(store.getState().lists[view].query, query)
  try {
    let page = await fetchPage(deps, view, query, null)
    // A search may look through much before it finds the first: nothing found yet is not nothing found.
    while (page.items.length === 0 && page.next_cursor !== null && isCurrent()) {
      page = await fetchPage(deps, view, query, page.next_cursor)
    }
    if (!isCurrent()) return
    store.setState((state) => {
      const items = withItems(state, page.items as readonly ApprovalItem[])
      const { total, next_cursor: cursor, total_is_at_least: more, problems, index_building: indexing } = page
      const ids = listed(page.items.map((item) => item.id))
      const loaded = withList(state, view, {
        phase: 'ready',
        ...ids,
        total,
        more,
        problems,
        indexing,
        cursor,
        arrivals: [],
        left: [],
      })
      const next = { ...state, ...items, ...loaded }
      if (query.search !== '') return { ...items, ...loaded }
      return { ...items, ...withArrivals(next, view, createdMeanwhile(next, loadedAt)) }
    })
  } catch (error) {
    if (isCurrent()) store.setState((state) => withList(state, view, { phase: 'error', failure: toFailure(error) }))
  }
}

/** Fetches the next page; while one is on its way a second call does nothing. */
export async function loadMore(deps: Deps, view: View): Promise<void> {
  const { store } = deps
  const list = store.getState().lists[view]
  if (list.phase !== 'ready' || list.cursor === null) return
  store.setState((state) => withList(state, view, { phase: 'more' }))
  const isCurrent = () => store.getState().lists[view].loadedAt === list.loadedAt
  try {
    const page = await fetchPage(deps, view, list.query, list.cursor)
    if (!isCurrent()) return
    store.setState((state) => {
      const { ids, members } = state.lists[view]
      const fresh = page.items.map((item) => item.id).filter((id) => !members.has(id))
      const more = { ids: [...ids, ...fresh], members: members.with(fresh.map((id) => [id, true] as const)) }
      return {
        ...withItems(state, page.items as readonly ApprovalItem[]),
        ...withList(state, view, { phase: 'ready', ...more, cursor: page.next_cursor }),
      }
    })
  } catch (error) {
    if (isCurrent()) store.setState((state) => withList(state, view, { phase: 'error', failure: toFailure(error) }))
  }
}
