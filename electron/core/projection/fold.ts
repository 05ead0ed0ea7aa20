import type { DeliveryState } from '../../../shared/model/delivery.ts'
import type { JournalRecord } from '../../../shared/model/event.ts'
import { endedStatuses, nextStatus, type RunStatus } from '../../../shared/model/run.ts'
import type { Position } from '../journal/port.ts'
import { orErased } from './describe.ts'

/** What changes about a run. `result` is JSON text. */
export type RunRow = {
  readonly seq: number
  readonly id: string
  readonly workflow: string
  readonly type: string
  readonly status: RunStatus
  readonly completed_at: string | null
  readonly current: string | null
  /** Counted here; what the run reported of itself takes precedence. */
  readonly done: number
  readonly reported_done: number | null
  readonly reported_total: number | null
  readonly revision: number
  readonly error: string | null
  readonly result: string
}

/** What a run is born with and keeps: where in the journal that is. */
export type RunBirth = { readonly position: Position }

export type DeliveryRow = {
  readonly seq: number
  readonly id: string
  readonly run_seq: number
  readonly source: string
  readonly url: string
  readonly state: DeliveryState
  readonly attempts: number
  readonly next_at: string | null
  readonly last_status: number | null
  readonly last_error: string | null
  readonly delivered_at: string | null
}

/** JSON text of anything; what JSON does not know becomes null. */
const toJson = (value: unknown): string => JSON.stringify(value) ?? 'null'

export function bornRun(record: JournalRecord<'run_started'>, position: Position): { row: RunRow; birth: RunBirth } {
  return {
    row: {
      seq: record.seq,
      id: record.run_id,
      workflow: record.data.workflow,
      type: record.data.type,
      status: nextStatus('running', record),
      completed_at: null,
      current: null,
      done: 0,
      reported_done: null,
      reported_total: null,
      revision: record.seq,
      error: null,
      result: 'null',
    },
    birth: { position },
  }
}

/** What a record makes of its run. Every record of a run is a new revision of it and of its approvals, deliveries included. */
export function nextRun(run: RunRow, record: JournalRecord): RunRow {
  const next: { -readonly [K in keyof RunRow]: RunRow[K] } = { ...run, revision: record.seq }
  if (endedStatuses.includes(run.status)) return next
  next.status = nextStatus(run.status, record)
  switch (record.type) {
    case 'step_completed':
      next.done++
      break
    case 'approval_requested':
    case 'timer_set':
    case 'signal_awaited':
    case 'child_started':
    case 'run_parked':
    case 'run_resumed':
      next.current = record.data.step
      break
    case 'approval_decided':
      next.current = null
      // What was withdrawn was not done.
      if (record.data.decision !== 'cancelled') next.done++
      break
    case 'timer_fired':
    case 'child_ended':
      next.current = null
      next.done++
      break
    case 'progress_reported':
      next.reported_done = record.data.done ?? next.reported_done
      next.reported_total = record.data.total ?? next.reported_total
      break
    case 'signal_received':
      if (!record.data.awaited) break
      next.current = null
      next.done++
      break
    case 'signal_lapsed':
      next.current = null
      break
    case 'run_retried':
    case 'run_cancelling':
      next.current = null
      next.error = null
      break
    case 'run_needs_review':
      next.current = record.data.step
      next.error = orErased(record, record.content?.error, null)
      break
    case 'run_completed':
      end(next, record.at, null)
      next.result = toJson(record.content?.result)
      break
    case 'run_failed':
      end(next, record.at, orErased(record, record.content?.error, null))
      break
    case 'run_cancelled':
      end(next, record.at, orErased(record, record.content?.reason, null))
      break
  }
  return next
}

function end(
  run: { current: string | null; completed_at: string | null; error: string | null },
  at: string,
  error: string | null,
): void {
  run.current = null
  run.completed_at = at
  run.error = error
}

export function bornDelivery(record: JournalRecord<'delivery_queued'>, run: RunRow): DeliveryRow {
  return {
    seq: record.seq,
    id: record.data.delivery_id,
    run_seq: run.seq,
    source: record.data.source,
    url: record.data.url,
    state: 'pending',
    attempts: 0,
    next_at: null,
    last_status: null,
    last_error: null,
    delivered_at: null,
  }
}

export function nextDelivery(
  delivery: DeliveryRow,
  record: JournalRecord<'delivery_attempted'> | JournalRecord<'delivery_requeued'>,
): DeliveryRow {
  if (record.type === 'delivery_requeued') return { ...delivery, state: 'pending', next_at: null }
  const { state, attempt, next_at, status } = record.data
  return {
    ...delivery,
    state,
    attempts: attempt,
    next_at,
    last_status: status,
    // Of what arrived there is nothing to say, erased or not.
    last_error: state === 'delivered' ? null : orErased(record, record.content?.error, null),
    delivered_at: state === 'delivered' ? record.at : null,
  }
}
