import { Search, X } from 'lucide-react'
import { useEffect, useRef, useState } from 'react'
import { count } from '../format.ts'
import { useCommands } from '../keys.ts'
import { Notice } from '../parts/notice.tsx'
import { go, useRoute } from '../route.ts'
import { useActions, useInbox } from '../store/context.ts'
import type { ListName } from '../store/state.ts'
import { t } from '../strings.ts'
import { ReviewBanner } from './banners.tsx'
import { EmptyInbox } from './empty.tsx'
import { VirtualList } from './virtual-list.tsx'

const searchPauseMs = 250

/** Search, what is new, and the list itself with its states. */
export function ListPane({ name, isEmptyInbox }: { name: ListName; isEmptyInbox: boolean }) {
  const list = useInbox((state) => state.lists[name])
  const actions = useActions()
  const first = list.ids.length === 0
  const again = () => (first ? actions.load(name, list.query) : actions.loadMore(name))
  return (
    <>
      <SearchField name={name} />
      <StatusLine name={name} />
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
      {first && list.phase === 'ready' && !isEmptyInbox && (
        <Notice
          title={list.query.search || list.query.status ? t.list.noMatch : t.list.noneDone}
          text={list.query.search || list.query.status ? t.list.noMatchHelp : t.list.noneDoneHelp}
        />
      )}
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

function SearchField({ name }: { name: ListName }) {
  const route = useRoute()
  const [text, setText] = useState(route.search)
  const field = useRef<HTMLInputElement>(null)
  useEffect(() => setText(route.search), [route.search])
  useEffect(() => {
    if (text.trim() === route.search) return
    const timer = setTimeout(() => go({ ...route, view: name, search: text.trim() }, 'replace'), searchPauseMs)
    return () => clearTimeout(timer)
  }, [text, route, name])
  useCommands({ search: () => field.current?.select() })
  return (
    <div className="flex gap-2 px-3 pt-3 pb-1.5">
      <div className="relative min-w-0 flex-1">
        <Search size={14} className="absolute top-[9px] left-2.5 text-muted" aria-hidden />
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
            className="absolute top-0.5 right-0.5 grid size-7 place-items-center text-muted hover:text-ink"
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
      {name === 'done' && (
        <select
          className="field w-auto"
          aria-label={t.list.filter}
          value={route.status}
          onChange={(event) => go({ ...route, view: 'done', status: event.target.value }, 'replace')}
        >
          <option value="">{t.list.all}</option>
          {(['approved', 'rejected', 'expired', 'cancelled'] as const).map((status) => (
            <option key={status} value={status}>
              {t.status[status]}
            </option>
          ))}
        </select>
      )}
    </div>
  )
}

/** One line of fixed height, so that what is new can be said without moving a row. */
function StatusLine({ name }: { name: ListName }) {
  const list = useInbox((state) => state.lists[name])
  const { pending, due_soon: soon } = useInbox((state) => state.counts)
  const decided = useInbox((state) =>
    name === 'inbox' ? list.ids.filter((id) => state.items[id]?.status !== 'pending').length : 0,
  )
  const actions = useActions()
  const arrivals = name === 'inbox' ? list.arrivals.length : 0
  useCommands({ arrivals: () => arrivals > 0 && actions.showArrivals() })
  const words = list.query.search
    ? t.list.found(count(list.total))
    : name === 'inbox'
      ? t.list.waiting(count(pending))
      : t.list.ended(count(list.total))
  const silent =
    (name === 'inbox' && pending === 0 && !list.query.search) ||
    list.phase === 'idle' ||
    (list.phase === 'loading' && list.ids.length === 0)
  return (
    <div className="flex h-8 shrink-0 items-center justify-between gap-2 border-b border-line px-4 text-meta whitespace-nowrap text-muted">
      <span className="tabular-nums">
        {silent ? '' : words}
        {!silent && name === 'inbox' && soon > 0 && !list.query.search && ` · ${t.list.soon(count(soon))}`}
      </span>
      <span role="status" className="flex items-center gap-2">
        {decided > 0 && (
          <button type="button" className="rounded-control px-1.5 py-0.5 underline-offset-2 hover:underline" onClick={actions.tidy}>
            {t.list.tidy(count(decided))}
          </button>
        )}
        {arrivals > 0 && (
          <button
            type="button"
            className="-mr-1.5 flex items-center gap-1.5 rounded-control bg-picked px-2 py-0.5 font-semibold text-ink"
            onClick={actions.showArrivals}
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
