import type { View as ListView } from '../shared/model/view.ts'

type Place = {
  readonly view: string
  /** What else an address may begin with. */
  readonly also?: string
  /** Pressed after `g`. */
  readonly key?: string
  /** On a phone there is room for five: other lists are found above the inbox, and the rest in the settings. */
  readonly roomy?: true
  /** It is not in the navigation: a way leads there when it is of use. */
  readonly aside?: true
}

/** The one table of views, in the order of the navigation: addresses, keys and the navigation come from it. */
const table = [
  { view: 'inbox', also: 'approvals', key: 'i' },
  { view: 'due_soon', key: 'd', roomy: true },
  { view: 'waiting', key: 't', roomy: true },
  { view: 'snoozed', key: 'z', roomy: true },
  { view: 'done', key: 'h' },
  { view: 'all', key: 'l', roomy: true },
  { view: 'review', key: 'r' },
  { view: 'runs', also: 'tasks', key: 'u' },
  { view: 'policy', key: 'p', roomy: true },
  { view: 'people', key: 'e', roomy: true },
  { view: 'workflows', key: 'w', roomy: true },
  { view: 'sources', key: 'o', roomy: true },
  { view: 'audit', key: 'a', roomy: true },
  { view: 'insight', key: 'n', roomy: true },
  { view: 'settings', key: 's' },
  { view: 'welcome', aside: true },
] as const satisfies readonly Place[]

type Row = (typeof table)[number]

export type View = Row['view']

/** Views that a key leads to; each is a command of that name. */
export type KeyedView = Extract<Row, { readonly key: string }>['view']

/** Views that stand in the navigation. */
export type NavigatedView = Exclude<View, Extract<Row, { readonly aside: true }>['view']>

/** The lists of requests are views: this does not compile once there is one that has no row. */
type Missing = Exclude<ListView, View>
const places: [Missing] extends [never] ? readonly (Place & { readonly view: View })[] : never = table

export const viewAt: ReadonlyMap<string, View> = new Map(
  places.flatMap(({ view, also }) => [view, ...(also === undefined ? [] : [also])].map((name) => [name, view] as const)),
)

export const keyedViews: readonly { readonly view: KeyedView; readonly key: string }[] = table.filter((row) => 'key' in row)

export const navigatedViews: readonly NavigatedView[] = places.flatMap(({ view, aside }) => (aside ? [] : [view as NavigatedView]))

const roomy: ReadonlySet<View> = new Set(places.flatMap((place) => (place.roomy ? [place.view] : [])))
export const isRoomy = (view: View): boolean => roomy.has(view)
