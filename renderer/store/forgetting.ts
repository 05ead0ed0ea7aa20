import type { RunItem } from '../../shared/model/run.ts'
import type { Route } from '../route.ts'
import type { InboxState } from './state.ts'

/** A page that is open for weeks hears of everything; what no list shows any more is forgotten, so many changes at a time. */
export const mostUnlisted = 1000
/** Runs that have ended and are kept all the same, the newest. */
const endedKept = 200
const mostSeen = 5000

const over: ReadonlySet<RunItem['status']> = new Set(['completed', 'failed', 'cancelled'])
/** Where runs are listed by the screen itself. */
const showsRuns: ReadonlySet<Route['view']> = new Set(['runs', 'review', 'audit', 'sources'])

/** How much there is that could be forgotten. */
export const heldBy = ({ items, runs }: InboxState): number => items.size + Object.keys(runs).length

/** The state without what nobody sees: it is fetched again by whoever opens it. */
export function withForgotten(state: InboxState, here: Route): Partial<InboxState> {
  const needed = neededIds(state, here)
  const unneeded: string[] = []
  for (const { id } of state.items.values()) if (!needed.has(id)) unneeded.push(id)
  const items = state.items.without(unneeded)
  const runs = showsRuns.has(here.view) ? state.runs : keptRuns(state.runs)
  const shown = new Set([here.id, items.get(here.id ?? '')?.run_id])
  return {
    items,
    runs,
    looked: only(state.looked, (id) => items.has(id)),
    stale: only(state.stale, (id) => items.has(id)),
    timelines: only(state.timelines, (id) => shown.has(id)),
    seen: state.seen.size > mostSeen ? new Set([...state.seen].slice(-mostSeen)) : state.seen,
  }
}

/** Listed, opened, on its way; and what waits and was looked at: what it was like then is what an answer is about. */
function neededIds({ lists, held, deciding, toasts, looked, items }: InboxState, here: Route): ReadonlySet<string> {
  const needed = new Set<string>(here.id === null ? [] : [here.id])
  for (const { ids, arrivals } of Object.values(lists)) {
    for (const id of ids) needed.add(id)
    for (const id of arrivals) needed.add(id)
  }
  for (const { id } of held) needed.add(id)
  for (const id of Object.keys(deciding)) needed.add(id)
  for (const { open } of toasts) if (open !== null) needed.add(open)
  for (const id of Object.keys(looked)) if (items.get(id)?.status === 'pending') needed.add(id)
  return needed
}

function keptRuns(runs: InboxState['runs']): InboxState['runs'] {
  const ended = Object.values(runs).filter(({ status }) => over.has(status))
  if (ended.length <= endedKept) return runs
  const newest = ended.sort((a, b) => (a.created_at < b.created_at ? 1 : -1)).slice(0, endedKept)
  const kept = new Set(newest.map(({ id }) => id))
  return only(runs, (id) => kept.has(id) || !over.has(runs[id]!.status))
}

const only = <T>(record: Readonly<Record<string, T>>, stays: (id: string) => boolean): Readonly<Record<string, T>> =>
  Object.fromEntries(Object.entries(record).filter(([id]) => stays(id)))
