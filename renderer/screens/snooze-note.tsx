import { AlarmClock } from 'lucide-react'
import type { ApprovalItem } from '../../shared/model/approval.ts'
import { snoozeOf } from '../asked.ts'
import { when } from '../format.ts'
import { useNow } from '../now.ts'
import { useActions, useInbox } from '../store/context.ts'
import { tt } from '../strings-triage.ts'

/** That this person has set it aside, until when, and the way back. */
export function SnoozeNote({ item }: { item: ApprovalItem }) {
  const me = useInbox((state) => state.person?.email)
  const actions = useActions()
  const now = useNow(20_000)
  const own = snoozeOf(item, me, now)
  if (!own) return null
  return (
    <div className="flex flex-wrap items-center gap-x-3 gap-y-1 rounded-card bg-well px-4 py-2">
      <AlarmClock size={16} className="text-muted" aria-hidden />
      <p className="min-w-0 flex-1">{own.until === null ? tt.snooze.noteChange : tt.snooze.note(when(own.until, now))}</p>
      <button type="button" className="btn" onClick={() => void actions.unsnooze(item.id)}>
        {tt.snooze.back}
      </button>
    </div>
  )
}
