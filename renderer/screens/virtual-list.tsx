import { useVirtualizer } from '@tanstack/react-virtual'
import { useEffect, useMemo, useRef } from 'react'
import { rowHeights, useDensity } from '../density.ts'
import { type Urgency, urgency } from '../format.ts'
import { useCommands } from '../keys.ts'
import { useNow } from '../now.ts'
import { go, useRoute } from '../route.ts'
import { useActions, useInbox } from '../store/context.ts'
import type { ListName } from '../store/state.ts'
import { t } from '../strings.ts'
import { Row } from './row.tsx'

type Line = { readonly kind: 'group'; readonly group: Urgency } | { readonly kind: 'row'; readonly id: string; readonly at: number }

const groupHeight = 30
const overscan = 8

/** Requests and the headings between them, in one flat order. A heading stands where the urgency changes. */
function useLines(name: ListName): readonly Line[] {
  const ids = useInbox((state) => state.lists[name].ids)
  const items = useInbox((state) => state.items)
  const now = useNow(20_000)
  return useMemo(() => {
    const lines: Line[] = []
    let last: Urgency | null = null
    ids.forEach((id, at) => {
      const group = name === 'inbox' ? urgency(items[id]?.due_at ?? null, now) : null
      if (group !== null && group !== last) lines.push({ kind: 'group', group })
      last = group
      lines.push({ kind: 'row', id, at })
    })
    return lines
  }, [ids, items, now, name])
}

/** Only what is seen is drawn, so that ten thousand requests scroll like ten. Further pages come as the end nears. */
export function VirtualList({ name }: { name: ListName }) {
  const lines = useLines(name)
  const list = useInbox((state) => state.lists[name])
  const route = useRoute()
  const actions = useActions()
  const rowHeight = rowHeights[useDensity()]
  const scroller = useRef<HTMLDivElement>(null)
  const waiting = list.cursor === null ? 0 : Math.max(1, list.total - list.ids.length)
  const virtual = useVirtualizer({
    count: lines.length + waiting,
    getScrollElement: () => scroller.current,
    estimateSize: (index) => (lines[index]?.kind === 'group' ? groupHeight : rowHeight),
    getItemKey: (index) => {
      const line = lines[index]
      return line === undefined ? `waiting-${index}` : line.kind === 'row' ? line.id : line.group
    },
    overscan,
  })
  const drawn = virtual.getVirtualItems()
  const end = drawn.at(-1)?.index ?? 0
  const wantsMore = end >= lines.length - 2 * overscan && list.cursor !== null && list.phase === 'ready'
  useEffect(() => {
    if (wantsMore) void actions.loadMore(name)
  }, [wantsMore, actions, name])
  // A heading that appears changes the height of a line that was measured as a row; so does another density.
  // biome-ignore lint/correctness/useExhaustiveDependencies: the lines decide the sizes
  useEffect(() => virtual.measure(), [lines, rowHeight])

  const move = (step: 1 | -1) => {
    const at = list.ids.indexOf(route.id ?? '')
    const id = at < 0 ? list.ids[0] : list.ids[at + step]
    if (id === undefined) return
    const hadFocus = document.activeElement === document.body || scroller.current?.contains(document.activeElement)
    go({ ...route, view: name, id }, 'replace')
    virtual.scrollToIndex(lines.findIndex((line) => line.kind === 'row' && line.id === id))
    if (hadFocus) requestAnimationFrame(() => document.getElementById(`row-${id}`)?.focus({ preventScroll: true }))
  }
  useCommands({
    next: () => move(1),
    previous: () => move(-1),
    open: () => {
      if (route.id === null && list.ids[0]) go({ ...route, view: name, id: list.ids[0] })
      else document.getElementById('request-title')?.focus()
    },
  })
  return (
    <div ref={scroller} className="min-h-0 flex-1 overflow-y-auto overscroll-contain">
      {/* biome-ignore lint/a11y/useSemanticElements: rows are placed absolutely, a list element would forbid the headings between them */}
      <div
        role="list"
        aria-label={name === 'inbox' ? t.nav.inbox : t.nav.done}
        className="relative"
        style={{ height: virtual.getTotalSize() }}
      >
        {drawn.map((place) => {
          const line = lines[place.index]
          const style = { height: place.size, transform: `translateY(${place.start}px)` }
          if (line?.kind === 'group') {
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
              aria-setsize={list.cursor === null ? list.ids.length : list.total}
              aria-posinset={(line?.at ?? list.ids.length + place.index - lines.length) + 1}
              className="absolute inset-x-0"
              style={style}
            >
              {line ? <Row id={line.id} name={name} picked={route.id === line.id} /> : <WaitingRow />}
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
