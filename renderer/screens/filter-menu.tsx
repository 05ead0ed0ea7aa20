import { ListFilter } from 'lucide-react'
import { useEffect, useState } from 'react'
import type { View } from '../../shared/model/view.ts'
import { mostFilters } from '../../shared/model/view.ts'
import { count } from '../format.ts'
import { useCommands } from '../keys.ts'
import { sortsOf } from '../lists.ts'
import { LaterDialog } from '../parts/later.tsx'
import { usePopover } from '../parts/popover.ts'
import { go, useRoute } from '../route.ts'
import { filterAt, filterHere } from '../saved-filters.ts'
import { useInbox, useInboxHandle } from '../store/context.ts'
import { useFilters } from '../store/filters.ts'
import { tpa } from '../strings-palette.ts'
import { tt } from '../strings-triage.ts'
import { visible } from '../visible-text.ts'
import { arrangeFilters, saveFilter } from './later-screens.ts'

type Facets = Awaited<ReturnType<ReturnType<typeof useInboxHandle>['client']['approvals']['facets']>>

const kinds = [
  ['types', 'type'],
  ['requesters', 'from'],
  ['sources', 'from'],
] as const

const mostShown = 6

/** A value as a search has it: in quotation marks where it is more than one word. */
const quoted = (value: string) => (/^[\p{L}\p{N}_@.-]+$/u.test(value) ? value : `"${value.replaceAll(/["“”]/g, ' ')}"`)

type Way = 'save' | 'arrange'

/** What can be done about saved filters here, and which of it is being done. */
function useSaving() {
  const route = useRoute()
  const filters = useFilters()
  const mayKeep = useInbox((state) => state.scopes.includes('admin'))
  const [asking, setAsking] = useState<Way | null>(null)
  const isNew = filterHere(route) !== null && filterAt(filters, route) < 0 && filters.length < mostFilters
  const ways: readonly Way[] = mayKeep
    ? [...(isNew ? ['save' as const] : []), ...(filters.length > 0 ? ['arrange' as const] : [])]
    : []
  useCommands({
    ...(ways.includes('save') ? { save_filter: () => setAsking('save') } : {}),
    ...(ways.includes('arrange') ? { arrange_filters: () => setAsking('arrange') } : {}),
  })
  return { ways, asking, begin: setAsking, end: () => setAsking(null) }
}

/** The order of the list, and what most of it is about. What is chosen is written into the search, where it can be read and changed. */
export function FilterMenu({ name }: { name: View }) {
  const route = useRoute()
  const { client } = useInboxHandle()
  const { open, close, ofButton, ofPanel } = usePopover('dialog', 'select, button')
  const [facets, setFacets] = useState<Facets | null>(null)
  const saving = useSaving()
  useEffect(() => {
    if (!open) return
    let current = true
    setFacets(null)
    client.approvals
      .facets({ view: name, ...(route.search ? { search: route.search } : {}) })
      .then((found) => current && setFacets(found))
      .catch(
        () =>
          current &&
          setFacets({ types: [], requesters: [], sources: [], of: 0, is_sample: false, problems: [], index_building: false }),
      )
    return () => {
      current = false
    }
  }, [open, client, name, route.search])
  const add = (operator: string, value: string) => {
    go({ ...route, view: name, search: `${route.search} ${operator}:${quoted(value)}`.trim() }, 'replace')
    close()
  }
  return (
    <span className="relative">
      <button {...ofButton} className="btn px-2" aria-label={tt.filter.open} title={tt.filter.open}>
        <ListFilter size={15} aria-hidden />
      </button>
      {open && (
        <div
          {...ofPanel}
          role="dialog"
          aria-label={tt.filter.open}
          className="popover absolute top-10 right-0 z-20 grid max-h-[70vh] w-64 gap-3 overflow-y-auto p-3 pointer-coarse:top-12"
        >
          <label className="grid gap-1">
            <span className="text-meta text-muted">{tt.sort.label}</span>
            <select
              className="field"
              value={route.sort || sortsOf[name][0]}
              onChange={(event) =>
                go({ ...route, view: name, sort: event.target.value === sortsOf[name][0] ? '' : event.target.value }, 'replace')
              }
            >
              {sortsOf[name].map((sort) => (
                <option key={sort} value={sort}>
                  {tt.sort[sort]}
                </option>
              ))}
            </select>
          </label>
          {kinds.map(([kind, operator]) => {
            const found = facets?.[kind].slice(0, mostShown) ?? []
            if (found.length === 0) return null
            return (
              <fieldset key={kind} className="grid gap-0.5">
                <legend className="mb-1 text-meta text-muted">{tt.filter[kind]}</legend>
                {found.map(({ value, count: n }) => (
                  <button
                    key={value}
                    type="button"
                    className="flex items-center justify-between gap-3 rounded-control px-2 py-1 text-left hover:bg-hover pointer-coarse:min-h-11"
                    onClick={() => add(operator, value)}
                  >
                    <span className="truncate">{visible(value)}</span>
                    <span className="text-muted tabular-nums">{count(n)}</span>
                  </button>
                ))}
              </fieldset>
            )
          })}
          {facets && kinds.every(([kind]) => facets[kind].length === 0) && <p className="text-muted">{tt.filter.none}</p>}
          {saving.ways.length > 0 && (
            <div className="-mx-3 grid gap-0.5 border-t border-line px-3 pt-2">
              {saving.ways.map((way) => (
                <button
                  key={way}
                  type="button"
                  className="rounded-control px-2 py-1 text-left hover:bg-hover pointer-coarse:min-h-11"
                  onClick={() => {
                    close()
                    saving.begin(way)
                  }}
                >
                  {tpa.filters[way]}…
                </button>
              ))}
            </div>
          )}
        </div>
      )}
      {saving.asking && (
        <LaterDialog
          load={saving.asking === 'save' ? saveFilter : arrangeFilters}
          given={{ onClose: saving.end }}
          onClose={saving.end}
        />
      )}
    </span>
  )
}
