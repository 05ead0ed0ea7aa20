import { type Document, isMap, type YAMLMap } from 'yaml'
import type { SavedFilter } from '../../../shared/contract/filters.ts'
import { listIn, setMember } from './document.ts'

/** Makes `filters` say this. What stays keeps its comments: found by its name, or, renamed, by what it shows. */
export function setFilters(document: Document, filters: readonly SavedFilter[]): void {
  if (filters.length === 0) {
    if (document.has('filters')) document.delete('filters')
    return
  }
  const list = listIn(document, ['filters'])
  const left = new Set(list.items.filter((item): item is YAMLMap => isMap(item)))
  const take = (fits: (map: YAMLMap) => boolean): YAMLMap | undefined => {
    const found = [...left].find(fits)
    if (found) left.delete(found)
    return found
  }
  const named = filters.map(({ name }) => take((map) => map.get('name') === name))
  list.items = filters.map((filter, index) => {
    return named[index] ?? take((map) => shows(map, filter)) ?? document.createNode({ ...filter })
  })
  for (const [index, { name, view, search, sort }] of filters.entries()) {
    const members = { name, view, search, sort: sort ?? null }
    for (const [member, value] of Object.entries(members)) setMember(document, ['filters', index, member], value)
  }
}

const shows = (map: YAMLMap, { view, search, sort }: SavedFilter): boolean =>
  map.get('view') === view && (map.get('search') ?? '') === search && (map.get('sort') ?? undefined) === sort
