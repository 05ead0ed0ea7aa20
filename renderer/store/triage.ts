import { type CallFailure, toFailure } from '../failure.ts'
import { when } from '../format.ts'
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
  readonly toast: (tone: Toast['tone'], text: string, open?: string | null) => void
}

/** What is set aside, and until when; `until` null: until something happens to it. */
export type Aside = { readonly until: string | null; readonly onChange: boolean; readonly pastDeadline: boolean }

/** What is done with a request besides answering it, and taking answers back. */
export function triageActions({ client, store }: Deps, { attempt, loadItem, toast }: Parts) {
  const undo = async (id: string): Promise<void> => {
    const item = store.getState().items.get(id)
    try {
      await client.approvals.undo({ approval_id: id })
      await loadItem(id)
      toast('good', tt.undo.undone(item ? visible(ownTitle(item)) : id), id)
    } catch (error) {
      await loadItem(id)
      toast('bad', t.failed(toFailure(error).message), id)
    }
  }
  return {
    undo,
    /** The latest answer first: pressed again, the one before it. */
    undoLast: (): void => {
      const last = store.getState().held.at(-1)
      if (last) void undo(last.id)
      else toast('bad', tt.undo.nothing)
    },
    snooze: (id: string, { until, onChange, pastDeadline }: Aside) =>
      attempt(id, async () => {
        await client.approvals.snooze({
          approval_id: id,
          ...(until === null ? {} : { until }),
          on_change: onChange,
          ...(pastDeadline ? { past_deadline: true } : {}),
        })
        return until === null ? tt.snooze.untilChange : tt.snooze.until(when(until, Date.now()))
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
