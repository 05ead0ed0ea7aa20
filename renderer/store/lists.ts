import type { ApprovalItem } from '../../shared/model/approval.ts'
import { type View, views } from '../../shared/model/view.ts'
import { toFailure } from '../failure.ts'
import { keyOf, toKey } from '../lists.ts'
import type { Deps } from './inbox.ts'
import { Rows } from './rows.ts'
import { emptyList, type InboxState, type ListQuery } from './state.ts'
import { withArrivals, withChanges, withItems, withList } from './updates.ts'

/** So many are fetched whole at first: more than any screen shows. */
const firstPage = 40
const idsPage = 2000
const patienceMs = 5000

/**
 * How much of a list is fetched without being looked at. What waits is fetched to its end, so that one can jump anywhere in it. What
 * was ever decided, and what a search finds, goes on as its end comes near.
 */
const fetchedAhead: Readonly<Record<View, number>> = {
  inbox: 200_000,
  due_soon: 200_000,
  waiting: 200_000,
  snoozed: 200_000,
  done: 10_000,
  all: 10_000,
}
const foundAhead = 2000

const asked = (view: View, { search, sort }: ListQuery, cursor: string | null) => ({
  view,
  sort,
  ...(search ? { search } : {}),
  ...(cursor === null ? {} : { cursor }),
})

const sameQuery = (a: ListQuery, b: ListQuery) => a.search === b.search && a.sort === b.sort

/** What the stream told of while the page was on its way: it may be in neither. */
function createdMeanwhile(state: InboxState, since: number): readonly string[] {
  const meanwhile: string[] = []
  for (const item of state.items.values()) if (Date.parse(item.created_at) >= since) meanwhile.push(item.id)
  return meanwhile
}

/** Fetches a list's beginning, then its order. What was shown stays until the answer is there, if it belongs to the same question. */
export async function loadList(deps: Deps, view: View, query: ListQuery): Promise<void> {
  const { client, store } = deps
  const loadedAt = Date.now()
  const before = store.getState().lists[view]
  // Asked for already, before its screen was there. What takes too long is asked again: its line may be dead.
  const isFresh = loadedAt - before.loadedAt < patienceMs
  if (isFresh && before.phase === 'loading' && sameQuery(before.query, query) && before.rows.length === 0) return
  const kept = sameQuery(before.query, query) ? before : emptyList(query)
  store.setState((state) => withList(state, view, { ...kept, phase: 'loading', failure: null, loadedAt }))
  const isCurrent = () => store.getState().lists[view].loadedAt === loadedAt && sameQuery(store.getState().lists[view].query, query)
  const fetchPage = (cursor: string | null) => client.approvals.list({ ...asked(view, query, cursor), limit: firstPage })
  try {
    let page = await fetchPage(null)
    // A search may look through much before it finds the first: nothing found yet is not nothing found.
    while (page.items.length === 0 && page.next_cursor !== null && isCurrent()) page = await fetchPage(page.next_cursor)
    if (!isCurrent()) return
    store.setState((state) => {
      const fetched = page.items as readonly ApprovalItem[]
      const items = withItems(state, fetched)
      const { total, next_cursor: cursor, total_is_at_least: more, problems, index_building: indexing } = page
      const rows = Rows.of(
        fetched.map(({ id }) => id),
        fetched.map((item) => keyOf(query.sort, item)),
      )
      const shown = { phase: 'ready', rows, total, more, problems, indexing, cursor, arrivals: [], left: [] } as const
      const loaded = withList(state, view, shown)
      const next = { ...state, ...items, ...loaded }
      if (query.search !== '') return { ...items, ...loaded }
      // What has come back meanwhile was told of too, and is in neither just so.
      const told = [...createdMeanwhile(next, loadedAt), ...state.lists[view].arrivals]
      return { ...items, ...withArrivals(next, view, told) }
    })
    await loadAhead(deps, view, loadedAt)
  } catch (error) {
    if (isCurrent()) store.setState((state) => withList(state, view, { phase: 'error', failure: toFailure(error) }))
  }
}

/** What was created between the first list and the first word of the stream is in neither: it is asked for. */
export async function catchUp({ client, store }: Deps): Promise<void> {
  const { lists } = store.getState()
  const since = Math.min(...views.map((view) => lists[view].loadedAt).filter((at) => at > 0))
  try {
    const page = await client.approvals.list({ view: 'all', sort: 'newest', limit: firstPage })
    const missed = (page.items as readonly ApprovalItem[]).filter((item) => Date.parse(item.created_at) >= since)
    store.setState((state) =>
      withChanges(
        state,
        missed.map((item) => ({ kind: 'approval' as const, item, counts: state.counts })),
      ),
    )
  } catch {
    // The list says what is wrong with the connection.
  }
}

async function loadAhead(deps: Deps, view: View, loadedAt: number): Promise<void> {
  const list = () => deps.store.getState().lists[view]
  const most = list().query.search ? foundAhead : fetchedAhead[view]
  while (list().loadedAt === loadedAt && list().phase === 'ready' && list().cursor !== null && list().rows.length < most) {
    await loadMore(deps, view)
  }
}

/** Fetches more of the order; while that is on its way a second call does nothing. */
export async function loadMore(deps: Deps, view: View): Promise<void> {
  const { client, store } = deps
  const list = store.getState().lists[view]
  if (list.phase !== 'ready' || list.cursor === null) return
  const { loadedAt, query } = list
  store.setState((state) => withList(state, view, { phase: 'more' }))
  const isCurrent = () => store.getState().lists[view].loadedAt === loadedAt
  try {
    const page = await client.approvals.ids({ ...asked(view, query, list.cursor), limit: idsPage })
    if (!isCurrent()) return
    const keys = page.keys.map((key) => toKey(query.sort, key))
    store.setState((state) => {
      const rows = state.lists[view].rows.with(page.ids, keys)
      return withList(state, view, { phase: 'ready', rows, cursor: page.next_cursor })
    })
  } catch (error) {
    if (isCurrent()) store.setState((state) => withList(state, view, { phase: 'error', failure: toFailure(error) }))
  }
}
