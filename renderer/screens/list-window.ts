import { type RefObject, useCallback, useEffect, useLayoutEffect, useRef, useState } from 'react'
import { flushSync } from 'react-dom'
import { type Layout, type Span, spanAt } from '../list-layout.ts'

const first: Span = { from: 0, to: 20 }
const same = (a: Span, b: Span) => a.from === b.from && a.to === b.to

/**
 * The lines of a list that are to be drawn, as it is scrolled and resized. `reveal` brings a line into view, if it is not.
 */
export function useListWindow(scroller: RefObject<HTMLElement | null>, layout: Layout): Span & { reveal(line: number): void } {
  const [span, setSpan] = useState(first)
  // Kept here, because asking the element would have it laid out first.
  const held = useRef({ layout, span, height: 0, top: 0 })
  held.current.layout = layout
  held.current.span = span

  const look = useCallback((top: number) => {
    held.current.top = top
    const next = spanAt(held.current.layout, top, held.current.height)
    if (!same(next, held.current.span)) setSpan(next)
  }, [])

  // Another list, or another density: what is seen is other lines.
  // biome-ignore lint/correctness/useExhaustiveDependencies: the layout is read through the reference
  useLayoutEffect(() => look(held.current.top), [look, layout])

  useEffect(() => {
    const element = scroller.current
    if (!element) return
    // Drawn before the frame is, so that nothing empty is seen.
    const onScroll = () => flushSync(() => look(element.scrollTop))
    const resized = new ResizeObserver(([entry]) => {
      held.current.height = entry!.contentRect.height
      look(element.scrollTop)
    })
    resized.observe(element)
    element.addEventListener('scroll', onScroll, { passive: true })
    return () => {
      resized.disconnect()
      element.removeEventListener('scroll', onScroll)
    }
  }, [look, scroller])

  const reveal = useCallback(
    (line: number) => {
      const element = scroller.current
      if (!element) return
      // Nothing was measured yet where the list has just come with its open request.
      held.current.height ||= element.clientHeight
      const { layout: now, height, top: seen } = held.current
      const [start, end] = [now.topOf(line), now.topOf(line + 1)]
      const top = start < seen ? start : end > seen + height ? end - height : seen
      if (top === seen) return
      element.scrollTop = top
      look(top)
    },
    [look, scroller],
  )
  return { ...span, reveal }
}
