import type { JournalRecord } from '../../shared/model/event.ts'
import type { Alerts } from './alerts.ts'
import type { Follower } from './commit.ts'
import type { LiveState } from './engine/live.ts'

/** Keeps the alerts to the deadlines that the journal says there are. Sees a record before the live state does. */
export function deadlineFollower(alerts: Alerts, live: LiveState): Follower {
  return {
    apply(record: JournalRecord) {
      if (record.type === 'approval_requested' && record.data.due_at) {
        alerts.opened({ id: record.approval_id, createdAt: Date.parse(record.at), dueAt: Date.parse(record.data.due_at) })
      } else if (record.type === 'approval_decided') {
        const due = record.data.decision === 'expired' ? live.approvals.get(record.approval_id)?.due_at : null
        alerts.closed(record.approval_id, due ?? undefined)
      } else if (record.type === 'approval_reminded') {
        alerts.remind(record.approval_id, Date.parse(record.data.due_at))
      } else if ('approval_id' in record && 'standing' in record.data && record.data.standing.due_at !== null) {
        const { level_started_at, due_at } = record.data.standing
        const id = record.approval_id
        if (live.approvals.get(id)?.due_at === Date.parse(due_at)) return
        alerts.opened({ id, createdAt: Date.parse(level_started_at), dueAt: Date.parse(due_at) })
      }
    },
  }
}
