import { asksMe } from '../asked.ts'
import { isAnswered, nextWaiting } from '../held.ts'
import { currentRoute, go, isList } from '../route.ts'
import { useInboxHandle } from '../store/context.ts'

/**
 * Goes on to the next request of the list that waits for this person. Whoever was in the list stays in it; whoever read the request
 * goes on reading.
 */
export function useAdvance(id: string): () => void {
  const { store } = useInboxHandle()
  return () => {
    const state = store.getState()
    const route = currentRoute()
    if (!state.advance || !isList(route.view) || route.id !== id) return
    const waits = (other: string) => {
      const item = state.items.get(other)
      if (other === id || state.deciding[other]) return false
      // What nobody has seen yet is listed because it waits.
      if (!item) return route.view !== 'all' && route.view !== 'done'
      return !isAnswered(item) && asksMe(item, state.person?.email, state.people)
    }
    const next = nextWaiting(state.lists[route.view].rows, id, waits)
    if (next === null) return
    const inList = document.activeElement?.id === `row-${id}`
    go({ ...route, id: next }, 'replace')
    const target = inList ? `row-${next}` : 'request-title'
    requestAnimationFrame(() => document.getElementById(target)?.focus({ preventScroll: !inList }))
  }
}
