import { useSyncExternalStore } from 'react'
import { type View as ListView, views } from '../shared/model/view.ts'
import { type View, viewAt } from './views.ts'

export type { View }

/** Where the page is: all of it is in the address, so that a link or a reload leads back to the same place. */
export type Route = {
  readonly view: View
  readonly id: string | null
  readonly search: string
  readonly status: string
  /** The order of a list; empty: its own. */
  readonly sort: string
}

/** Whether it is a list of requests. */
export const isList = (view: View): view is ListView => (views as readonly string[]).includes(view)

export function toRoute(hash: string): Route {
  const [path = '', query = ''] = hash.replace(/^#\/?/, '').split('?')
  const [first = '', second = ''] = path.split('/')
  const params = new URLSearchParams(query)
  return {
    view: viewAt.get(first) ?? 'inbox',
    id: second ? safeDecode(second) : null,
    search: (params.get('q') ?? '').slice(0, 500),
    status: params.get('status') ?? '',
    sort: params.get('sort') ?? '',
  }
}

export function toHash(route: Partial<Route> & { view: View }): string {
  const base = route.view === 'inbox' && route.id ? 'approvals' : route.view
  const params = new URLSearchParams()
  if (route.search) params.set('q', route.search)
  if (route.status) params.set('status', route.status)
  if (route.sort) params.set('sort', route.sort)
  const query = params.toString()
  return `#/${base}${route.id ? `/${encodeURIComponent(route.id)}` : ''}${query ? `?${query}` : ''}`
}

function safeDecode(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}

/** Moving along a list replaces the entry, so that Back leaves the list and does not walk through it. */
export function go(route: Partial<Route> & { view: View }, how: 'push' | 'replace' = 'push'): void {
  const hash = toHash(route)
  if (hash === location.hash) return
  if (how === 'push') location.hash = hash
  else {
    history.replaceState(null, '', hash)
    window.dispatchEvent(new HashChangeEvent('hashchange'))
  }
}

let held: { hash: string; route: Route } = { hash: '\0', route: toRoute('') }

export function currentRoute(): Route {
  if (held.hash !== location.hash) held = { hash: location.hash, route: toRoute(location.hash) }
  return held.route
}

const subscribe = (listener: () => void) => {
  window.addEventListener('hashchange', listener)
  return () => window.removeEventListener('hashchange', listener)
}

let query: Pick<Route, 'search' | 'sort'> = { search: '', sort: '' }

/** What of the address every row of a list shares: it stays the same object while one steps along the list. */
const currentQuery = (): Pick<Route, 'search' | 'sort'> => {
  const { search, sort } = currentRoute()
  if (search !== query.search || sort !== query.sort) query = { search, sort }
  return query
}

export const useListQuery = () => useSyncExternalStore(subscribe, currentQuery)
export const useRoute = (): Route => useSyncExternalStore(subscribe, currentRoute)
