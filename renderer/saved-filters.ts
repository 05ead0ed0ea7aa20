import type { SavedFilter } from '../shared/contract/filters.ts'
import { sortsOf } from './lists.ts'
import { isList, type Route, toHash } from './route.ts'

/** The order as an address has it: none where it is the view's own, or one that the view does not offer. */
const sortIn = (view: SavedFilter['view'], sort: string | undefined): string =>
  sortsOf[view].slice(1).find((each) => each === sort) ?? ''

/** The address that shows it. */
export const filterHash = ({ view, search, sort }: SavedFilter): string => toHash({ view, search, sort: sortIn(view, sort) })

/** Which of them the address shows; -1: none. */
export function filterAt(filters: readonly SavedFilter[], route: Pick<Route, 'view' | 'search' | 'sort'>): number {
  return filters.findIndex(
    ({ view, search, sort }) =>
      view === route.view && search === route.search.trim() && sortIn(view, sort) === sortIn(view, route.sort),
  )
}

/** What saving here would keep; null where the list is the view's own, or there is no list. */
export function filterHere(route: Pick<Route, 'view' | 'search' | 'sort'>): Omit<SavedFilter, 'name'> | null {
  if (!isList(route.view)) return null
  const { view } = route
  const search = route.search.trim()
  const sort = sortsOf[view].find((each) => each === sortIn(view, route.sort))
  return search === '' && sort === undefined ? null : { view, search, ...(sort ? { sort } : {}) }
}

export type NameProblem = 'empty' | 'taken'

/** Why a name cannot be given to the filter at a place; null: it can. `at` -1: to a new one. */
export function nameProblem(filters: readonly SavedFilter[], at: number, name: string): NameProblem | null {
  const heard = name.trim().toLowerCase()
  if (heard === '') return 'empty'
  return filters.some((each, index) => index !== at && each.name.toLowerCase() === heard) ? 'taken' : null
}

/** One step up or down; the ends stay where they are. */
export function shifted<T>(list: readonly T[], at: number, step: 1 | -1): readonly T[] {
  const to = at + step
  if (to < 0 || to >= list.length || list[at] === undefined) return list
  return list.toSpliced(at, 1).toSpliced(to, 0, list[at])
}
