import type { View } from '../../shared/model/view.ts'
import { type CallFailure, toFailure } from '../failure.ts'
import { when } from '../format.ts'
import { extended, noSelection, type Selection, toggled } from '../selection.ts'
import { t } from '../strings.ts'
import { tt } from '../strings-triage.ts'
import { ownTitle } from '../title.ts'
import { visible } from '../visible-text.ts'
import type { Deps } from './inbox.ts'
import type { Toast } from './state.ts'

type Parts = {
  /** Does something to one request, shows how it is afterwards, and says so. */
  readonly attempt: (id: string, work: () => Promise<string>) => Promise<CallFailure | null>
  readonly loadItem: (id: string) => Promise<void>
  /** Fetches every one of these that is not here. */
  readonly fetchAll: (ids: readonly string[]) => Promise<void>
  readonly toast: (tone: Toast['tone'], text: string, open?: string | null) => void
}

/** What became of one of several. */
export type BulkResult = Awaited<ReturnType<Deps['client']['approvals']['decideMany']>>['results'][number]

/** So many the host decides at once. */
const mostPicked = 1000

/** What is set aside, and until when; `until` null: until something happens to it. */
export type Aside = { readonly until: string | null; readonly onChange: boolean; readonly pastDeadline: boolean }

/** What is done with a request besides answering it, and taking answers back. */
export function triageActions({ client, store }: Deps, { attempt, loadItem, toast, fetchAll }: Parts) {
  // Those on their way back: pressed again, it is about another one.
  const undoing = new Set<string>()
  const undo = async (id: string): Promise<void> => {
    if (undoing.has(id)) return
    undoing.add(id)
    const item = store.getState().items.get(id)
    try {
      await client.approvals.undo({ approval_id: id })
      await loadItem(id)
      toast('good', tt.undo.undone(item ? visible(ownTitle(item)) : id), id)
    } catch (error) {
      await loadItem(id)
      toast('bad', t.failed(toFailure(error).message), id)
    } finally {
      undoing.delete(id)
    }
  }
  /** Takes back an answer that is on its way to the host, as soon as it is there. */
  const undoOnceStored = (id: string): void => {
    undoing.add(id)
    const end = store.subscribe(({ deciding, held }) => {
      if (deciding[id]) return
      end()
      undoing.delete(id)
      if (held.some((each) => each.id === id)) void undo(id)
    })
  }
  /** Sends one answer for several, each with the version that was `shown`. The result is null where nothing could be sent. */
  const decideMany = async (
    ids: readonly string[],
    decision: 'approve' | 'reject',
    comment: string,
    shown: ReadonlyMap<string, string>,
  ): Promise<readonly BulkResult[] | null> => {
    const { items, connection } = store.getState()
    if (connection.state !== 'online') {
      toast('bad', t.decide.offline)
      return null
    }
    const wanted = ids.flatMap((id) => {
      const item = items.get(id)
      return item ? [{ approval_id: id, version: shown.get(id) ?? item.version.sha256 }] : []
    })
    const words = comment.trim()
    try {
      const { results } = await client.approvals.decideMany({
        items: wanted,
        decision,
        hold: true,
        ...(words ? { comment: words } : {}),
      })
      return results
    } catch (error) {
      toast('bad', t.failed(toFailure(error).message))
      return null
    }
  }
  const select = (next: Selection) => store.setState({ selection: next })
  /** Picks what may not have been seen yet: it is fetched before it can be decided. */
  const pickAllOf = ({ ids, anchor }: Selection) => {
    const picked = ids.slice(0, mostPicked)
    select({ ids: picked, anchor })
    fetchAll(picked).catch((error) => toast('bad', t.failed(toFailure(error).message)))
  }
  return {
    undo,
    decideMany,
    /** Picks one, or lets it go. */
    pick: (id: string) => select(toggled(store.getState().selection, id)),
    /** Picks everything between the last one and this one. */
    pickTo: (view: View, id: string) => pickAllOf(extended(store.getState().selection, store.getState().lists[view].rows, id)),
    /** Picks everything that is listed and belongs there. */
    pickAll: (view: View) => {
      const { rows, left } = store.getState().lists[view]
      const gone = new Set(left)
      const ids = rows.slice(0, mostPicked + gone.size).filter((id) => !gone.has(id))
      pickAllOf({ ids, anchor: null })
    },
    letGo: (ids: readonly string[]) => {
      const { selection } = store.getState()
      select({ ...selection, ids: selection.ids.filter((id) => !ids.includes(id)) })
    },
    clearPicks: () => select(noSelection),
    /** Takes back everything that has not left yet. */
    undoAll: async () => {
      await Promise.all(store.getState().held.map(({ id }) => undo(id)))
    },
    /** The latest answer first: pressed again, the one before it. */
    undoLast: (): void => {
      const { held, deciding } = store.getState()
      const given = Object.keys(deciding).findLast((id) => !undoing.has(id))
      const last = held.findLast(({ id }) => !undoing.has(id))
      if (given !== undefined) undoOnceStored(given)
      else if (last) void undo(last.id)
      else if (held.length === 0) toast('bad', tt.undo.nothing)
    },
    snooze: (id: string, { until, onChange, pastDeadline }: Aside) =>
      attempt(id, async () => {
        const set = await client.approvals.snooze({
          approval_id: id,
          ...(until === null ? {} : { until }),
          on_change: onChange,
          ...(pastDeadline ? { past_deadline: true } : {}),
        })
        if (until !== null) return tt.snooze.until(when(until, Date.now()))
        return set.until === null ? tt.snooze.untilChange : tt.snooze.untilChangeOr(when(set.until, Date.now()))
      }),
    unsnooze: (id: string) =>
      attempt(id, async () => {
        await client.approvals.unsnooze({ approval_id: id })
        return tt.snooze.isBack
      }),
    watch: (id: string, watching: boolean) =>
      attempt(id, async () => {
        await client.approvals.watch({ approval_id: id, watching })
        return watching ? tt.watch.on : tt.watch.off
      }),
    remark: (id: string, comment: string) =>
      attempt(id, async () => {
        await client.approvals.comment({ approval_id: id, comment })
        return tt.remark.posted
      }),
  }
}
