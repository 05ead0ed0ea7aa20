import { type FormEvent, useState } from 'react'
import { type AuditFilter, formatFilter, isFiltered, noFilter, readFilter } from '../audit-filter.ts'
import { go } from '../route.ts'
import { tau } from '../strings-audit.ts'
import { Labelled } from './settings-forms.tsx'

/** What the records are searched for. It goes into the address, so that a search can be kept. */
export function AuditSearch({ search }: { search: string }) {
  const [filter, setFilter] = useState<AuditFilter>(readFilter(search))
  const set = (change: Partial<AuditFilter>) => setFilter((held) => ({ ...held, ...change }))
  const show = (next: AuditFilter) => go({ view: 'audit', search: formatFilter(next) })
  const submit = (event: FormEvent) => {
    event.preventDefault()
    show(filter)
  }
  const field = (name: 'type' | 'actor' | 'id', label: string, hint: string) => (
    <Labelled label={label}>
      <input
        className="field min-w-0"
        value={filter[name]}
        onChange={(event) => set({ [name]: event.target.value })}
        placeholder={hint}
        maxLength={100}
        spellCheck={false}
        type="search"
      />
    </Labelled>
  )
  const day = (name: 'from' | 'to', label: string) => (
    <Labelled label={label}>
      <input className="field" type="date" value={filter[name]} onChange={(event) => set({ [name]: event.target.value })} />
    </Labelled>
  )
  return (
    <search>
      <form
        className="grid grid-cols-2 items-end gap-3 md:grid-cols-3 xl:grid-cols-[1fr_1fr_1.2fr_150px_150px_auto]"
        onSubmit={submit}
      >
        {field('type', tau.type, tau.typeHint)}
        {field('actor', tau.actor, tau.actorHint)}
        <div className="max-md:col-span-2">{field('id', tau.id, tau.idHint)}</div>
        {day('from', tau.from)}
        {day('to', tau.to)}
        <div className="flex gap-2 max-md:col-span-2">
          <button type="submit" className="btn">
            {tau.search}
          </button>
          {(isFiltered(filter) || search !== '') && (
            <button
              type="button"
              className="btn btn-quiet"
              onClick={() => {
                setFilter(noFilter)
                show(noFilter)
              }}
            >
              {tau.clear}
            </button>
          )}
        </div>
      </form>
    </search>
  )
}
