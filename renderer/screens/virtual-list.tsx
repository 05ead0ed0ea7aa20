import { useVirtualizer } from '@tanstack/react-virtual'
import { useEffect, useMemo, useRef } from 'react'
import type { View } from '../../shared/model/view.ts'
import { rowHeights, useDensity } from '../density.ts'
import { useCommands } from '../keys.ts'
import { type Heading, headingsOf, lineAt, lineOf } from '../lists.ts'
import { useNow } from '../now.ts'
import { go, useRoute } from '../route.ts'
import { useActions, useInbox } from '../store/context.ts'
import { t } from '../strings.ts'
import { tt } from '../strings-triage.ts'
import { PickBox } from './pick-box.tsx'
import { Row } from './row.tsx'

const groupHeight = 30
const overscan = 8

/** The headings of a list by deadline: where the urgency changes. Other lists have none. */
function useHeadings(name: View): readonly Heading[] {
  const rows = useInbox((state) => state.lists[name].rows)
  const byDeadline = useInbox((state) => state.lists[name].query.sort === 'due')
  const now = useNow(20_000)
  return useMemo(() => (byDeadline ? headingsOf(rows.length, (at) => rows.keyAt(at), now) : []), [rows, now, byDeadline])
}

/** Fetches what stands in the rows that are seen; a connection that is back is asked again. */
function useShownRows(name: View, from: number, to: number): void {
  const actions = useActions()
  const rows = useInbox((state) => state.lists[name].rows)
  const online = useInbox((state) => state.connection.state !== 'offline')
  useEffect(() => {
    if (online) void actions.showRows(rows.slice(from, to))
  }, [actions, rows, from, to, online])
}

/**
 * Only what is seen is drawn, and only that is fetched: a hundred thousand requests scroll like ten, and one can jump anywhere in them.
 */
export function VirtualList({ name }: { name: View }) {
  const headings = useHeadings(name)
  const list = useInbox((state) => state.lists[name])
  const route = useRoute()
  const actions = useActions()
  const rowHeight = rowHeights[useDensity()]
  const scroller = useRef<HTMLDivElement>(null)
  const { rows } = list
  const lines = rows.length + headings.length
  const waiting = list.cursor === null ? 0 : Math.max(1, list.total - rows.length)
  const virtual = useVirtualizer({
    count: lines + waiting,
    getScrollElement: () => scroller.current,
    estimateSize: (index) => (lineAt(index, headings).kind === 'group' ? groupHeight : rowHeight),
    getItemKey: (index) => {
      const line = lineAt(index, headings)
      return line.kind === 'group' ? line.group : (rows.idAt(line.at) ?? `waiting-${index}`)
    },
    overscan,
  })
  const drawn = virtual.getVirtualItems()
  const [start, end] = [drawn[0]?.index ?? 0, drawn.at(-1)?.index ?? 0]
  const wantsMore = end >= lines - 2 * overscan && list.cursor !== null && list.phase === 'ready'
  useEffect(() => {
    if (wantsMore) void actions.loadMore(name)
  }, [wantsMore, actions, name])
  // Headings are few: without them the range is only a little larger.
  useShownRows(name, start - headings.length - overscan, end + 1 + overscan)
  // A heading that appears changes the height of a line that was measured as a row.
  // biome-ignore lint/correctness/useExhaustiveDependencies: the lines decide the sizes
  useEffect(() => virtual.measure(), [headings, rowHeight])

  const selecting = useInbox((state) => state.selection.ids.length > 0)
  const move = (step: 1 | -1, shift: boolean) => {
    const at = rows.placeOf(route.id ?? '')
    moveTo(at < 0 ? 0 : at + step, shift)
  }
  const moveTo = (at: number, shift: boolean) => {
    const id = rows.idAt(at)
    if (id === undefined) return
    if (shift) {
      if (route.id !== null && !selecting) actions.pick(route.id)
      actions.pickTo(name, id)
    }
    const hadFocus = document.activeElement === document.body || scroller.current?.contains(document.activeElement)
    go({ ...route, view: name, id }, 'replace')
    virtual.scrollToIndex(lineOf(at, headings))
    if (hadFocus) requestAnimationFrame(() => document.getElementById(`row-${id}`)?.focus({ preventScroll: true }))
  }
  useCommands({
    // A letter is the same in upper case: only the arrows extend.
    next: (key, shift) => move(1, shift && key === 'ArrowDown'),
    previous: (key, shift) => move(-1, shift && key === 'ArrowUp'),
    ...(route.id === null ? {} : { select: () => actions.pick(route.id!) }),
    select_all: () => actions.pickAll(name),
    ...(selecting ? { clear: actions.clearPicks } : {}),
    open: () => {
      if (route.id === null && rows.length > 0) go({ ...route, view: name, id: rows.idAt(0)! })
      else document.getElementById('request-title')?.focus()
    },
  })
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: the keys are those of the rows in it
    <div
      ref={scroller}
      className="min-h-0 flex-1 overflow-y-auto overscroll-contain"
      onKeyDown={(event) => {
        if (event.key !== 'Home' && event.key !== 'End') return
        event.preventDefault()
        moveTo(event.key === 'Home' ? 0 : rows.length - 1, event.shiftKey)
      }}
    >
      {/* biome-ignore lint/a11y/useSemanticElements: rows are placed absolutely, a list element would forbid the headings between them */}
      <div role="list" aria-label={tt.views[name]} className="relative" style={{ height: virtual.getTotalSize() }}>
        {drawn.map((place) => {
          const line = lineAt(place.index, headings)
          const id = line.kind === 'row' ? rows.idAt(line.at) : undefined
          const style = { height: place.size, transform: `translateY(${place.start}px)` }
          if (line.kind === 'group') {
            return (
              <div key={place.key} aria-hidden="true" className="head absolute inset-x-0 flex items-end px-4 pb-1" style={style}>
                {t.urgency[line.group]}
              </div>
            )
          }
          return (
            // biome-ignore lint/a11y/useSemanticElements: see the list
            <div
              key={place.key}
              role="listitem"
              aria-setsize={list.cursor === null ? rows.length : list.total}
              aria-posinset={line.at + 1}
              className="group absolute inset-x-0"
              style={style}
            >
              {id === undefined ? (
                <WaitingRow />
              ) : (
                <>
                  <Row id={id} name={name} picked={route.id === id} />
                  <PickBox id={id} name={name} always={selecting} />
                </>
              )}
            </div>
          )
        })}
      </div>
    </div>
  )
}

function WaitingRow() {
  return (
    <div className="grid h-full content-center gap-2 border-b border-line px-4" aria-hidden="true">
      <div className="bone h-3.5 w-3/5" />
      <div className="bone h-2.5 w-2/5" />
      <div className="bone h-2.5 w-11/12" />
    </div>
  )
}
