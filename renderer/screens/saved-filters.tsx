import { ArrowDown, ArrowUp, Pencil, Trash2, Undo2 } from 'lucide-react'
import { type FormEvent, useRef, useState } from 'react'
import type { SavedFilter } from '../../shared/contract/filters.ts'
import { mostFilters } from '../../shared/model/view.ts'
import { count } from '../format.ts'
import { Sheet } from '../parts/dialog.tsx'
import { Field } from '../parts/form.tsx'
import { currentRoute } from '../route.ts'
import { filterHere, nameProblem, shifted } from '../saved-filters.ts'
import { useActions, useInboxHandle } from '../store/context.ts'
import { useFilters, useKeepFilters } from '../store/filters.ts'
import { t } from '../strings.ts'
import { tpa } from '../strings-palette.ts'
import { tt } from '../strings-triage.ts'
import { visible } from '../visible-text.ts'

const words = tpa.filters

/** What it shows, in words: the view, what is searched, and the order where it is another one. */
const shownBy = ({ view, search, sort }: Omit<SavedFilter, 'name'>): string =>
  [tt.views[view], search === '' ? words.everything : visible(search), sort ? tt.sort[sort] : null]
    .filter((part) => part !== null)
    .join(' · ')

/** Asks under which name the list is kept as it is now. */
export function SaveFilter({ onClose }: { onClose: () => void }) {
  const filters = useFilters()
  const keep = useKeepFilters()
  const actions = useActions()
  const [here] = useState(() => filterHere(currentRoute()))
  const [name, setName] = useState('')
  const [problem, setProblem] = useState<string | undefined>()
  const field = useRef<HTMLInputElement>(null)
  const submit = async (event: FormEvent) => {
    event.preventDefault()
    const wrong = nameProblem(filters, -1, name)
    if (wrong || filters.length >= mostFilters) {
      setProblem(wrong ? words.problems[wrong] : words.full(count(mostFilters)))
      return field.current?.focus()
    }
    if (here && (await keep([...filters, { name: name.trim(), ...here }]))) {
      onClose()
      actions.toast('good', words.saved(visible(name.trim())))
    }
  }
  return (
    <Sheet open onClose={onClose} title={words.save} focus={field}>
      <form onSubmit={submit} className="grid gap-3" noValidate>
        {here && <p className="text-muted wrap-anywhere">{shownBy(here)}</p>}
        <Field label={words.name} help={words.nameHelp} error={problem}>
          {(tied) => (
            <input
              {...tied}
              ref={field}
              className="field"
              maxLength={60}
              autoComplete="off"
              value={name}
              onChange={(event) => {
                setName(event.target.value)
                setProblem(undefined)
              }}
            />
          )}
        </Field>
        <div className="answers mt-1 flex justify-end gap-2">
          <button type="button" className="btn" onClick={onClose}>
            {t.cancel}
          </button>
          <button type="submit" className="btn btn-accent">
            {words.keep}
          </button>
        </div>
      </form>
    </Sheet>
  )
}

/** Renames, moves and removes them. What was removed can be brought back, here and for a while after. */
export function ArrangeFilters({ onClose }: { onClose: () => void }) {
  const { store } = useInboxHandle()
  const filters = useFilters()
  const keep = useKeepFilters()
  const actions = useActions()
  const [said, setSaid] = useState('')
  const [removed, setRemoved] = useState<{ filter: SavedFilter; back: () => Promise<void> } | null>(null)
  const list = useRef<HTMLUListElement>(null)
  const move = async (at: number, step: 1 | -1) => {
    const { name } = filters[at]!
    if (await keep(shifted(filters, at, step))) {
      setSaid(words.moved(visible(name), count(at + step + 1), count(filters.length)))
    }
  }
  const rename = async (at: number, name: string) => {
    if (await keep(filters.map((each, index) => (index === at ? { ...each, name } : each)))) setSaid(words.renamed(visible(name)))
  }
  const remove = async (at: number) => {
    const filter = filters[at]!
    setSaid('')
    // Before its button goes: the way back is the next thing one may want, and takes the focus.
    setRemoved({ filter, back: () => bringBack(filter, at) })
    if (!(await keep(filters.toSpliced(at, 1)))) setRemoved(null)
  }
  /** Where it was, among those that there are by then. */
  const bringBack = async (filter: SavedFilter, at: number) => {
    const now = store.getState().settings?.filters ?? []
    await keep(now.toSpliced(at, 0, filter))
  }
  const undo = async () => {
    await removed?.back()
    list.current?.querySelector('button')?.focus()
    setRemoved(null)
  }
  const close = () => {
    onClose()
    if (removed) actions.toast('good', words.removed(visible(removed.filter.name)), null, () => void removed.back())
  }
  return (
    <Sheet open onClose={close} title={words.arrange}>
      <div className="grid grid-cols-[minmax(0,1fr)] gap-2">
        {filters.length === 0 && <p className="text-muted text-pretty">{words.none}</p>}
        <ul ref={list} aria-label={words.label} className="divide-y divide-line">
          {filters.map((filter, at) => (
            <FilterRow
              key={`${filter.view} ${filter.search} ${filter.sort ?? ''}`}
              filter={filter}
              at={at}
              all={filters}
              onMove={move}
              onRename={rename}
              onRemove={remove}
            />
          ))}
        </ul>
        <div role="status" className="min-h-8">
          {removed && (
            <span className="flex items-center justify-between gap-2 rounded-control bg-well py-0.5 pr-0.5 pl-3">
              <span className="min-w-0 truncate">{words.removed(visible(removed.filter.name))}</span>
              <button
                key={removed.filter.name}
                ref={takeFocus}
                type="button"
                className="btn btn-quiet px-2.5"
                onClick={() => void undo()}
              >
                <Undo2 size={15} aria-hidden />
                {words.undo}
              </button>
            </span>
          )}
          {said && <span className="sr-only">{said}</span>}
        </div>
      </div>
    </Sheet>
  )
}

const takeFocus = (button: HTMLButtonElement | null) => button?.focus()

type RowProps = {
  readonly filter: SavedFilter
  readonly at: number
  readonly all: readonly SavedFilter[]
  readonly onMove: (at: number, step: 1 | -1) => void
  readonly onRename: (at: number, name: string) => void
  readonly onRemove: (at: number) => void
}

function FilterRow({ filter, at, all, onMove, onRename, onRemove }: RowProps) {
  const [renaming, setRenaming] = useState(false)
  const pencil = useRef<HTMLButtonElement>(null)
  const name = visible(filter.name)
  const done = (next: string | null) => {
    // Before the field goes: a focus that is lost ends up at the top of the sheet.
    pencil.current?.focus()
    setRenaming(false)
    if (next !== null && next !== filter.name) onRename(at, next)
  }
  return (
    <li className="flex flex-wrap items-center justify-end gap-1 py-1.5">
      <div className="min-w-0 flex-1 max-md:basis-full">
        {renaming ? <Rename filter={filter} at={at} all={all} onDone={done} /> : <p className="truncate font-medium">{name}</p>}
        <p className="truncate text-meta text-muted" title={shownBy(filter)}>
          {shownBy(filter)}
        </p>
      </div>
      <Small label={words.up(name)} off={at === 0} onPress={() => onMove(at, -1)} icon={<ArrowUp size={15} aria-hidden />} />
      <Small
        label={words.down(name)}
        off={at === all.length - 1}
        onPress={() => onMove(at, 1)}
        icon={<ArrowDown size={15} aria-hidden />}
      />
      <button
        ref={pencil}
        type="button"
        className={small}
        aria-label={words.rename(name)}
        title={words.rename(name)}
        onClick={() => setRenaming(true)}
      >
        <Pencil size={15} aria-hidden />
      </button>
      <Small label={words.remove(name)} onPress={() => onRemove(at)} icon={<Trash2 size={15} aria-hidden />} />
    </li>
  )
}

const small =
  'btn btn-quiet min-h-8 px-2 text-muted aria-disabled:border-transparent aria-disabled:opacity-40 max-md:min-h-11 max-md:px-3'

type SmallProps = {
  readonly label: string
  readonly off?: boolean
  readonly onPress: () => void
  readonly icon: React.ReactNode
}

/** At an end it stays and does nothing: what is pressed several times does not lose the focus. */
const Small = ({ label, off = false, onPress, icon }: SmallProps) => (
  <button
    type="button"
    className={small}
    aria-label={label}
    title={label}
    aria-disabled={off || undefined}
    onClick={() => !off && onPress()}
  >
    {icon}
  </button>
)

type RenameProps = Pick<RowProps, 'filter' | 'at' | 'all'> & { readonly onDone: (name: string | null) => void }

/** Enter keeps the name, Escape the one there was. */
function Rename({ filter, at, all, onDone }: RenameProps) {
  const [name, setName] = useState(filter.name)
  const problem = nameProblem(all, at, name)
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault()
        if (!problem) onDone(name.trim())
      }}
    >
      <input
        // biome-ignore lint/a11y/noAutofocus: whoever presses the pencil writes the name next
        autoFocus
        className="field"
        aria-label={words.newName(visible(filter.name))}
        aria-invalid={problem ? true : undefined}
        maxLength={60}
        value={name}
        onFocus={(event) => event.target.select()}
        onChange={(event) => setName(event.target.value)}
        onKeyDown={(event) => {
          if (event.key !== 'Escape') return
          event.preventDefault()
          event.stopPropagation()
          onDone(null)
        }}
      />
      {problem && (
        <p role="alert" className="text-meta text-red">
          {words.problems[problem]}
        </p>
      )}
    </form>
  )
}
