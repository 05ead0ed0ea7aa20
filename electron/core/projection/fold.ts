import { normalEmail } from '../../../shared/model/actor.ts'
import type { ApprovalStatus } from '../../../shared/model/approval.ts'
import type { DeliveryState } from '../../../shared/model/delivery.ts'
import type { JournalRecord } from '../../../shared/model/event.ts'
import { endedStatuses, nextStatus, type RunStatus } from '../../../shared/model/run.ts'
import { maxRisk, type Risk } from '../../../shared/model/summary.ts'
import type { Position } from '../journal/port.ts'
import { askedOf } from './contents.ts'
import { orErased } from './describe.ts'
import { noDeadline } from './schema.ts'

/** What changes about a run. `result` is JSON text. */
export type RunRow = {
  readonly seq: number
  readonly id: string
  readonly workflow: string
  readonly type: string
  readonly status: RunStatus
  readonly completed_at: string | null
  readonly current: string | null
  readonly done: number
  readonly revision: number
  readonly error: string | null
  readonly result: string
}

/** What a run is born with and keeps: where in the journal that is. */
export type RunBirth = { readonly position: Position }

/** What changes about an approval, and what is needed to change it. Positions are null until there is such a record. */
export type ApprovalRow = {
  readonly seq: number
  readonly id: string
  readonly type: string
  readonly requester_key: string
  readonly status: ApprovalStatus
  readonly decided_key: string
  readonly decided_position: Position | null
  readonly risk: Risk
  readonly risk_floor: Risk
  readonly summary_position: Position | null
  /** Normalised e-mails of who is asked. */
  readonly emails: readonly string[]
}

/** What an approval is born with and keeps. */
export type ApprovalBirth = {
  readonly position: Position
  readonly run_seq: number
  readonly due_key: string
  readonly search: string
}

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
    case 'run_parked':
      next.current = record.data.step
      break
    case 'approval_decided':
      next.current = null
      // What was withdrawn was not done.
      if (record.data.decision !== 'cancelled') next.done++
      break
    case 'timer_fired':
      next.current = null
      next.done++
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

export function bornApproval(
  record: JournalRecord<'approval_requested'>,
  run: RunRow,
  position: Position,
): { row: ApprovalRow; birth: ApprovalBirth } {
  const { data: facts } = record
  const { asked, summary } = askedOf(record, run.type)
  return {
    row: {
      seq: record.seq,
      id: record.approval_id,
      type: asked.type,
      requester_key: normalEmail(asked.requester ?? ''),
      status: 'pending',
      decided_key: '',
      decided_position: null,
      risk: maxRisk(facts.risk_floor, summary.risk ?? 'low'),
      risk_floor: facts.risk_floor,
      summary_position: null,
      emails: [...new Set(facts.approvers.map(normalEmail))],
    },
    birth: {
      position,
      run_seq: run.seq,
      due_key: facts.due_at ?? noDeadline,
      search: [asked.title, asked.requester, asked.type, asked.description, facts.source_name].join('\n').toLowerCase(),
    },
  }
}

/** The first decision stands; whatever came later is in the journal and changes nothing. */
export function decideApproval(approval: ApprovalRow, record: JournalRecord<'approval_decided'>, position: Position): ApprovalRow {
  if (approval.status !== 'pending') return approval
  return { ...approval, status: record.data.decision, decided_key: record.at, decided_position: position }
}

/** The model can raise the risk that is shown above the floor, and never lower it. */
export function summariseApproval(
  approval: ApprovalRow,
  record: JournalRecord<'summary_recorded'>,
  position: Position,
): ApprovalRow {
  return { ...approval, summary_position: position, risk: maxRisk(approval.risk_floor, record.data.risk ?? 'low') }
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
    last_error: orErased(record, record.content?.error, null),
    delivered_at: state === 'delivered' ? record.at : null,
  }
}
