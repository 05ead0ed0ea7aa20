import { views } from '../../shared/model/view.ts'
import type { Route } from '../route.ts'
import type { InboxState } from './state.ts'
import { Table } from './table.ts'

/** More than this is not kept. What was let go is fetched again when it is looked at. */
const mostItems = 2500
const mostRuns = 500
const mostLooked = 200
const mostSeen = 5000
/** Whoever looks at runs keeps all of them. */
const showsRuns: ReadonlySet<Route['view']> = new Set(['runs', 'review'])
/** On either side of what is seen. */
const nearby = 100
/** New ones that can be put into a list without asking the host again. */
export const mostArrivals = 100

type Trimmed = Partial<Pick<InboxState, 'items' | 'looked' | 'stale' | 'seen' | 'timelines' | 'itemFailures' | 'runs'>>

/** What is left of the state when what nobody looks at is let go: a page that is open for weeks stays as small as on its first day. */
export function trimmed(state: InboxState, route: Pick<Route, 'view' | 'id'>): Trimmed {
  const looked = trimLooked(state)
  const items =
    state.items.size <= mostItems + state.selection.ids.length ? state.items : state.items.only(neededIds(state, looked, route.id))
  const runs =
    state.runs.size <= mostRuns || showsRuns.has(route.view)
      ? state.runs
      : Table.of([...state.runs.values()].filter(isStuck).slice(-mostRuns))
  if (items === state.items && looked === state.looked && runs === state.runs) return {}
  const kept = new Set<string>()
  for (const id of Object.keys(looked)) {
    const run = items.get(id)?.run_id
    if (run !== undefined) kept.add(run)
  }
  return {
    items,
    looked,
    runs,
    stale: only(state.stale, (id) => looked[id] !== undefined),
    seen: state.seen.size > mostSeen ? new Set([...state.seen].slice(-mostSeen)) : state.seen,
    timelines: only(state.timelines, (id) => kept.has(id)),
    itemFailures: only(state.itemFailures, (id) => looked[id] !== undefined),
  }
}

const isStuck = ({ status }: { readonly status: string }) => status === 'needs_review' || status === 'failed'

function only<T>(record: Readonly<Record<string, T>>, keeps: (id: string) => boolean): Readonly<Record<string, T>> {
  return Object.fromEntries(Object.entries(record).filter(([id]) => keeps(id)))
}

/** Those that were looked at last; the latest stands last. */
function trimLooked({ looked }: InboxState): InboxState['looked'] {
  const ids = Object.keys(looked)
  if (ids.length <= mostLooked) return looked
  const last = new Set(ids.slice(-mostLooked / 2))
  return only(looked, (id) => last.has(id))
}

function neededIds(state: InboxState, looked: InboxState['looked'], open: string | null): ReadonlySet<string> {
  const needed = new Set([
    ...(open === null ? [] : [open]),
    ...Object.keys(looked),
    ...Object.keys(state.deciding),
    ...state.selection.ids,
    ...state.held.map(({ id }) => id),
    ...state.toasts.flatMap(({ open }) => open ?? []),
    ...state.inView,
  ])
  const [from, to] = [state.inView[0], state.inView.at(-1)]
  for (const view of views) {
    const { rows, arrivals } = state.lists[view]
    if (arrivals.length <= mostArrivals) for (const id of arrivals) needed.add(id)
    const [start, end] = [from === undefined ? 0 : rows.placeOf(from), to === undefined ? 0 : rows.placeOf(to)]
    for (const id of rows.slice(start - nearby, end + 1 + nearby)) needed.add(id)
  }
  return needed
}
