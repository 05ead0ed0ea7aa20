import { memo, useEffect, useMemo, useRef } from 'react'
import type { View } from '../../shared/model/view.ts'
import { rowHeights, useDensity } from '../density.ts'
import { useCommands } from '../keys.ts'
import { layOut, type Span } from '../list-layout.ts'
import { type Heading, headingsOf, lineAt, lineOf } from '../lists.ts'
import { useNow } from '../now.ts'
import { go, useRoute } from '../route.ts'
import { useActions, useInbox } from '../store/context.ts'
import { t } from '../strings.ts'
import { tt } from '../strings-triage.ts'
import { useListWindow } from './list-window.ts'
import { PickBox } from './pick-box.tsx'
import { Row } from './row.tsx'

const groupHeight = 30
/** Rows that are not known yet and have room all the same: a browser cannot lay out a million. */
const mostWaiting = 5000
/** More is asked for before the end is seen. */
const nearEnd = 100
/** Whoever flies past rows is not sent what stands in them. */
const flyingMs = 80
/** Elements of rows that are still empty are used again, by as many as fit any screen. */
const emptySlots = 128

/** The headings of a list by deadline: where the urgency changes. Other lists have none. */
function useHeadings(name: View): readonly Heading[] {
  const rows = useInbox((state) => state.lists[name].rows)
  const byDeadline = useInbox((state) => state.lists[name].query.sort === 'due')
  const now = useNow(20_000)
  return useMemo(() => (byDeadline ? headingsOf(rows.length, (at) => rows.keyAt(at), now) : []), [rows, now, byDeadline])
}

/** Fetches what stands in the rows that are seen; a connection that is back is asked again. */
function useShownRows(name: View, { from, to }: Span): void {
  const actions = useActions()
  const rows = useInbox((state) => state.lists[name].rows)
  const online = useInbox((state) => state.connection.state !== 'offline')
  const last = useRef({ from: 0, to: 0 })
  useEffect(() => {
    const flew = from > last.current.to || to < last.current.from
    last.current = { from, to }
    if (!online) return
    const timer = setTimeout(() => void actions.showRows(rows.slice(from, to)), flew ? flyingMs : 0)
    return () => clearTimeout(timer)
  }, [actions, rows, from, to, online])
}

/**
 * Only what is seen is drawn, and only that is fetched: a hundred thousand requests scroll like ten, and one can jump anywhere in them.
 */
export function VirtualList({ name }: { name: View }) {
  const headings = useHeadings(name)
  const { rows, cursor, phase, total } = useInbox((state) => state.lists[name])
  const items = useInbox((state) => state.items)
  const selecting = useInbox((state) => state.selection.ids.length > 0)
  const route = useRoute()
  const actions = useActions()
  const rowHeight = rowHeights[useDensity()]
  const waiting = cursor === null ? 0 : Math.min(mostWaiting, Math.max(1, total - rows.length))
  const layout = useMemo(
    () => layOut(rows.length + waiting, headings, { row: rowHeight, group: groupHeight }),
    [rows.length, waiting, headings, rowHeight],
  )
  const scroller = useRef<HTMLDivElement>(null)
  const { from, to, reveal } = useListWindow(scroller, layout)
  const wantsMore = to >= rows.length - nearEnd && cursor !== null && phase === 'ready'
  useEffect(() => {
    if (wantsMore) void actions.loadMore(name)
  }, [wantsMore, actions, name])
  // Headings are few: with them the range is only a little larger.
  useShownRows(name, { from: from - headings.length, to })

  const place = rows.placeOf(route.id ?? '')
  const isListed = place >= 0
  // What opens is seen in the list. What the list does afterwards moves nothing.
  // biome-ignore lint/correctness/useExhaustiveDependencies: another place of the same request is not followed
  useEffect(() => {
    if (isListed) reveal(lineOf(place, headings))
  }, [route.id, isListed, reveal])

  /** A row that is to have the focus once it is there. */
  const toFocus = useRef<string | null>(null)
  useEffect(() => {
    const row = toFocus.current === null ? null : document.getElementById(`row-${toFocus.current}`)
    if (!row) return
    toFocus.current = null
    // Just before the frame is laid out anyway: at once would have it laid out twice.
    requestAnimationFrame(() => row.focus({ preventScroll: true }))
  })
  const moveTo = (at: number, shift: boolean) => {
    const id = rows.idAt(at)
    if (id === undefined) return
    if (shift) {
      if (route.id !== null && !selecting) actions.pick(route.id)
      actions.pickTo(name, id)
    }
    const { activeElement } = document
    if (activeElement === document.body || scroller.current?.contains(activeElement)) toFocus.current = id
    reveal(lineOf(at, headings))
    go({ ...route, view: name, id }, 'replace')
  }
  useCommands({
    // A letter is the same in upper case: only the arrows extend.
    next: (key, shift) => moveTo(isListed ? place + 1 : 0, shift && key === 'ArrowDown'),
    previous: (key, shift) => moveTo(isListed ? place - 1 : 0, shift && key === 'ArrowUp'),
    ...(route.id === null ? {} : { select: () => actions.pick(route.id!) }),
    select_all: () => actions.pickAll(name),
    ...(selecting ? { clear: actions.clearPicks } : {}),
    open: () => {
      if (route.id === null && rows.length > 0) go({ ...route, view: name, id: rows.idAt(0)! })
      else document.getElementById('request-title')?.focus()
    },
  })
  const drawn = Array.from({ length: Math.max(0, Math.min(to, layout.lines) - from) }, (_, n) => from + n)
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: the keys are those of the rows in it
    <div
      ref={scroller}
      className="min-h-0 flex-1 overflow-y-auto overscroll-contain [contain:content]"
      onKeyDown={(event) => {
        if (event.key !== 'Home' && event.key !== 'End') return
        event.preventDefault()
        moveTo(event.key === 'Home' ? 0 : rows.length - 1, event.shiftKey)
      }}
    >
      {/* biome-ignore lint/a11y/useSemanticElements: rows are placed absolutely, a list element would forbid the headings between them */}
      <div role="list" aria-label={tt.views[name]} className="relative" style={{ height: layout.height }}>
        {drawn.map((index) => {
          const line = lineAt(index, headings)
          const top = layout.topOf(index)
          if (line.kind === 'group') return <GroupLine key={line.group} group={line.group} top={top} />
          const id = rows.idAt(line.at)
          const known = id !== undefined && items.has(id)
          const size = cursor === null ? rows.length : total
          const at = { top, height: rowHeight, size, place: line.at + 1 }
          if (!known) return <EmptyLine key={index % emptySlots} {...at} />
          return <RequestLine key={id} {...at} id={id} name={name} picked={route.id === id} selecting={selecting} />
        })}
      </div>
    </div>
  )
}

function GroupLine({ group, top }: { group: Heading['group']; top: number }) {
  const style = { height: groupHeight, transform: `translateY(${top}px)` }
  return (
    <div aria-hidden="true" className="head absolute inset-x-0 flex items-end px-4 pb-1" style={style}>
      {t.urgency[group]}
    </div>
  )
}

/** Where a row stands, and as the how many of how many it is read out. */
type Place = { readonly top: number; readonly height: number; readonly size: number; readonly place: number }

const placed = ({ top, height, size, place }: Place) => ({
  role: 'listitem',
  'aria-setsize': size,
  'aria-posinset': place,
  className: 'group absolute inset-x-0',
  style: { height, transform: `translateY(${top}px)` },
})

type RequestProps = Place & { readonly id: string; readonly name: View; readonly picked: boolean; readonly selecting: boolean }

const RequestLine = memo(function RequestLine({ id, name, picked, selecting, ...place }: RequestProps) {
  return (
    <div {...placed(place)}>
      <Row id={id} name={name} picked={picked} />
      <PickBox id={id} name={name} always={selecting} />
    </div>
  )
})

/** A row whose request is on its way. */
const EmptyLine = memo(function EmptyLine(place: Place) {
  return (
    <div {...placed(place)}>
      <div className="grid h-full content-center gap-2 border-b border-line px-4" aria-hidden="true">
        <div className="bone h-3.5 w-3/5" />
        <div className="bone h-2.5 w-2/5" />
        <div className="bone h-2.5 w-11/12" />
      </div>
    </div>
  )
})
