import type { ApprovalItem } from '../../shared/model/approval.ts'
import { currentRoute } from '../route.ts'
import type { Deps } from './inbox.ts'
import { trimmed } from './trim.ts'
import { withItems } from './updates.ts'

/** So many the host gives at once. */
const mostAtOnce = 200

/** What stands in rows, fetched when they are seen. */
export function rowActions({ client, store }: Deps) {
  let wanted: readonly string[] = []
  let busy = false

  const fetchRows = async (ids: readonly string[]) => {
    const { items } = await client.approvals.byIds({ ids: [...ids] })
    store.setState((state) => {
      const next = { ...state, ...withItems(state, items as readonly ApprovalItem[]) }
      return { ...next, ...trimmed(next, currentRoute()) }
    })
  }
  const missing = (ids: readonly string[]) => ids.filter((id) => !store.getState().items.has(id))

  return {
    /**
     * Shows what stands in these rows. One question at a time, and the latest counts: whoever scrolls fast is not sent what they flew
     * past. A failure leaves the rows empty until they are seen again.
     */
    showRows: async (ids: readonly string[]): Promise<void> => {
      wanted = ids
      // Also of what is here already: it must not be let go while it is looked at.
      store.setState({ inView: ids })
      if (busy) return
      busy = true
      try {
        for (let now = missing(wanted); now.length > 0; now = missing(wanted)) {
          wanted = []
          await fetchRows(now.slice(0, mostAtOnce))
        }
      } catch {
        // The list says what is wrong with the connection.
      } finally {
        busy = false
      }
    },
    /** Fetches every one of these that is not here. Throws what the call throws. */
    fetchAll: async (ids: readonly string[]): Promise<void> => {
      const rest = missing(ids)
      for (let at = 0; at < rest.length; at += mostAtOnce) await fetchRows(rest.slice(at, at + mostAtOnce))
    },
  }
}
