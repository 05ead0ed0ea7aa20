import { Ellipsis, Search, X } from 'lucide-react'
import { useEffect, useRef, useState } from 'react'
import { type View, views } from '../../shared/model/view.ts'
import { count } from '../format.ts'
import { run, useCommands } from '../keys.ts'
import { Notice } from '../parts/notice.tsx'
import { go, toRoute, useRoute } from '../route.ts'
import { filterAt, filterHash } from '../saved-filters.ts'
import { useActions, useInbox } from '../store/context.ts'
import { useFilters } from '../store/filters.ts'
import { t } from '../strings.ts'
import { tpa } from '../strings-palette.ts'
import { tt } from '../strings-triage.ts'
import { visible } from '../visible-text.ts'
import { ReviewBanner } from './banners.tsx'
import { EmptyInbox } from './empty.tsx'
import { FilterMenu } from './filter-menu.tsx'
import { VirtualList } from './virtual-list.tsx'

const searchPauseMs = 250

/** Search, what is new, and the list itself with its states. */
export function ListPane({ name, isEmptyInbox }: { name: View; isEmptyInbox: boolean }) {
  const list = useInbox((state) => state.lists[name])
  const actions = useActions()
  const first = list.rows.length === 0
  const again = () => (first ? actions.load(name, list.query) : actions.loadMore(name))
  return (
    <>
      <SearchField name={name} />
      <StatusLine name={name} />
      <SearchNotes name={name} />
      {first && (list.phase === 'loading' || list.phase === 'idle') && <Skeleton />}
      {first && list.phase === 'error' && (
        <Notice title={t.list.failed} text={list.failure?.message ?? ''}>
          <button type="button" className="btn" onClick={() => void again()}>
            {t.retry}
          </button>
        </Notice>
      )}
      {isEmptyInbox && (
        <div className="flex flex-1 md:hidden">
          <EmptyInbox />
        </div>
      )}
      {first && list.phase === 'ready' && !isEmptyInbox && <NothingHere name={name} searched={list.query.search !== ''} />}
      {!first && <VirtualList name={name} />}
      {!first && list.phase === 'error' && (
        <div className="flex items-center justify-between gap-2 border-t border-line px-4 py-2 text-red">
          <span>{t.list.moreFailed}</span>
          <button type="button" className="btn" onClick={() => void actions.load(name, list.query)}>
            {t.retry}
          </button>
        </div>
      )}
      <ReviewBanner />
    </>
  )
}

function SearchField({ name }: { name: View }) {
  const route = useRoute()
  const [text, setText] = useState(route.search)
  const field = useRef<HTMLInputElement>(null)
  // A space behind what is searched for belongs to the next word.
  useEffect(() => setText((typed) => (typed.trim() === route.search ? typed : route.search)), [route.search])
  useEffect(() => {
    if (text.trim() === route.search) return
    const timer = setTimeout(() => go({ ...route, view: name, search: text.trim() }, 'replace'), searchPauseMs)
    return () => clearTimeout(timer)
  }, [text, route, name])
  useCommands({ search: () => field.current?.select() })
  return (
    <div className="flex gap-2 px-3 pt-3 pb-1.5">
      <div className="relative min-w-0 flex-1">
        <Search size={14} className="absolute inset-y-0 left-2.5 my-auto text-muted" aria-hidden />
        <input
          ref={field}
          type="search"
          className="field pr-8 pl-8 [&::-webkit-search-cancel-button]:hidden"
          aria-label={t.list.search}
          placeholder={t.list.searchHint}
          maxLength={200}
          value={text}
          onChange={(event) => setText(event.target.value)}
          onKeyDown={(event) => event.key === 'Escape' && (text ? setText('') : field.current?.blur())}
        />
        {text && (
          <button
            type="button"
            className="absolute inset-y-0 right-0.5 my-auto grid size-7 place-items-center text-muted hover:text-ink"
            aria-label={t.list.clear}
            onClick={() => {
              setText('')
              field.current?.focus()
            }}
          >
            <X size={14} aria-hidden />
          </button>
        )}
      </div>
      <FilterMenu name={name} />
      <button
        type="button"
        className="btn min-h-8 px-2 md:hidden"
        aria-label={tpa.open}
        title={tpa.open}
        onClick={() => run('palette')}
      >
        <Ellipsis size={16} aria-hidden />
      </button>
    </div>
  )
}

/** Why a list is empty: a search that finds nothing is another matter than a view with nothing in it. */
function NothingHere({ name, searched }: { name: View; searched: boolean }) {
  if (searched) return <Notice title={t.list.noMatch} text={t.list.noMatchHelp} />
  if (name === 'inbox' || name === 'done') return <Notice title={t.list.noneDone} text={t.list.noneDoneHelp} />
  const [title, text] = tt.none[name]
  return <Notice title={title} text={text} />
}

/** What of the search could not be used, and whether its index is whole. */
function SearchNotes({ name }: { name: View }) {
  const { problems, indexing, query } = useInbox((state) => state.lists[name])
  if (query.search === '' || (problems.length === 0 && !indexing)) return null
  return (
    <ul role="status" className="grid gap-1 border-b border-line bg-amber-soft px-4 py-2 text-meta">
      {problems.map(({ start, message }) => (
        <li key={start} className="wrap-anywhere">
          {visible(message)}
        </li>
      ))}
      {indexing && <li>{tt.indexing}</li>}
    </ul>
  )
}

/** On a phone the bar below has room for few views: here are all of them, and the saved filters. */
function ViewSwitch({ name }: { name: View }) {
  const filters = useFilters()
  const saved = filterAt(filters, useRoute())
  const open = (value: string) => {
    const filter = filters[Number(value)]
    if (value !== '' && filter) go(toRoute(filterHash(filter)))
    else go({ view: value as View })
  }
  return (
    <select
      aria-label={tt.view}
      className="-ml-1 min-h-8 max-w-[50vw] min-w-0 rounded-control [field-sizing:content] bg-transparent pr-1 text-meta font-semibold text-ink md:hidden"
      value={saved < 0 ? name : String(saved)}
      onChange={(event) => open(event.target.value)}
    >
      {views.map((view) => (
        <option key={view} value={view}>
          {tt.views[view]}
        </option>
      ))}
      {filters.length > 0 && (
        <optgroup label={tpa.filters.label}>
          {filters.map((filter, index) => (
            <option key={filter.name} value={String(index)}>
              {visible(filter.name)}
            </option>
          ))}
        </optgroup>
      )}
    </select>
  )
}

/** One line of fixed height, so that what is new can be said without moving a row. */
function StatusLine({ name }: { name: View }) {
  const list = useInbox((state) => state.lists[name])
  const counts = useInbox((state) => state.counts)
  const [pending, soon] = [counts.views?.inbox ?? counts.pending, counts.views?.due_soon ?? counts.due_soon]
  const actions = useActions()
  const gone = list.left.length
  const arrivals = list.arrivals.length
  useCommands({ arrivals: () => arrivals > 0 && actions.showArrivals(name) }, arrivals > 0 ? [] : ['arrivals'])
  const words = list.query.search
    ? t.list.found(`${count(list.total)}${list.more ? '+' : ''}`)
    : name === 'inbox'
      ? t.list.waiting(count(pending))
      : name === 'done'
        ? t.list.ended(count(list.total))
        : tt.listed(list.total, count(list.total), list.more)
  const silent =
    (name === 'inbox' && pending === 0 && !list.query.search) ||
    list.phase === 'idle' ||
    (list.phase === 'loading' && list.rows.length === 0)
  return (
    <div className="flex h-8 shrink-0 items-center justify-between gap-2 border-b border-line px-4 text-meta whitespace-nowrap text-muted">
      <ViewSwitch name={name} />
      {/* On a phone there is room for this or for what is new. */}
      <span className={`min-w-0 truncate tabular-nums max-md:ml-auto ${gone + arrivals > 0 ? 'max-md:hidden' : ''}`}>
        {silent ? '' : words}
        {!silent && name === 'inbox' && soon > 0 && !list.query.search && ` · ${t.list.soon(count(soon))}`}
      </span>
      <span role="status" className="flex shrink-0 items-center gap-2">
        {gone > 0 && (
          <button
            type="button"
            className="rounded-control px-1.5 py-0.5 underline-offset-2 hover:underline"
            onClick={() => actions.tidy(name)}
          >
            {t.list.tidy(count(gone))}
          </button>
        )}
        {arrivals > 0 && (
          <button
            type="button"
            className="-mr-1.5 flex items-center gap-1.5 rounded-control bg-picked px-2 py-0.5 font-semibold text-ink"
            onClick={() => actions.showArrivals(name)}
          >
            <span className="size-1.5 rounded-full bg-accent" aria-hidden="true" />
            {t.list.arrivals(arrivals)}, {t.list.show.toLowerCase()}
            <span className="kbd font-normal" aria-hidden="true">
              n
            </span>
          </button>
        )}
      </span>
    </div>
  )
}

function Skeleton() {
  return (
    <div className="late flex-1 overflow-hidden" aria-hidden="true">
      {[0, 1, 2, 3, 4, 5, 6].map((row) => (
        <div key={row} className="grid h-(--row) content-center gap-2 border-b border-line px-4">
          <div className={`bone h-3.5 ${row % 2 ? 'w-3/5' : 'w-4/5'}`} />
          <div className="bone h-2.5 w-2/5" />
          <div className="bone h-2.5 w-11/12" />
        </div>
      ))}
    </div>
  )
}
