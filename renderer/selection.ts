import type { Rows } from './store/rows.ts'

/** What was picked in a list, in its order, and where a range begins. */
export type Selection = { readonly ids: readonly string[]; readonly anchor: string | null }

export const noSelection: Selection = { ids: [], anchor: null }

/** Picks one more, or lets it go. */
export function toggled(selection: Selection, id: string): Selection {
  const has = selection.ids.includes(id)
  return { ids: has ? selection.ids.filter((each) => each !== id) : [...selection.ids, id], anchor: id }
}

/** Picks everything from the anchor to here, in the order of the list; what was picked before stays. */
export function extended(selection: Selection, rows: Rows, id: string): Selection {
  const from = rows.placeOf(selection.anchor ?? id)
  const to = rows.placeOf(id)
  if (from < 0 || to < 0) return toggled(selection, id)
  const range = rows.slice(Math.min(from, to), Math.max(from, to) + 1)
  return { ids: [...new Set([...selection.ids, ...range])], anchor: selection.anchor ?? id }
}
