import type { ApprovalItem, Asked, Change } from '../../../shared/model/approval.ts'
import type { Delivery } from '../../../shared/model/delivery.ts'
import type { JournalRecord } from '../../../shared/model/event.ts'
import type { Position } from '../journal/port.ts'
import { decisionOf, summaryOf } from './contents.ts'
import { erasureAt } from './erasing.ts'
import type { Projection } from './port.ts'
import type { Records } from './records.ts'
import { dataLimitBytes } from './schema.ts'
import { type LaterRecord, standingOf, versionsOf } from './standing.ts'

/** An approval's row joined with its run's. `later` and `result` are JSON text. */
export type StoredApproval = {
  readonly seq: number
  readonly position: Position
  readonly later: string | null
  readonly decided_position: Position | null
  readonly summary_position: Position | null
  readonly run_seq: number
  readonly type: string
  readonly status: ApprovalItem['status']
  readonly decided_key: string
  readonly risk: ApprovalItem['risk']
  readonly run_status: string
  readonly result: string
  readonly error: string | null
  readonly revision: number
  readonly erased_position: Position | null
}

type Row = Pick<StoredApproval, 'position' | 'later' | 'type'>

const requestedAt = (row: Row, records: Records) => records.at<JournalRecord<'approval_requested'>>(row.position)

const laterOf = ({ later }: Row, records: Records): readonly LaterRecord[] =>
  later === null ? [] : (JSON.parse(later) as Position[]).map((position) => records.at<LaterRecord>(position))

/** Everything that was asked, oldest first. */
export function versionsAt(row: Row, records: Records): ReturnType<Projection['versions']> {
  const changed = laterOf(row, records).filter((record) => record.type === 'approval_changed')
  return versionsOf(requestedAt(row, records), changed, row.type)
}

/** An approval as readers get it. `whole` includes data of any size. */
export function toApproval(row: StoredApproval, records: Records, whole: boolean, deliveries: readonly Delivery[]): ApprovalItem {
  const record = requestedAt(row, records)
  const decided = row.decided_position === null ? null : records.at<JournalRecord<'approval_decided'>>(row.decided_position)
  const { asked, summary, ...standing } = standingOf(record, laterOf(row, records), decided, row.type)
  const { escalation } = standing
  const erased = erasureAt(row.erased_position, records)
  return {
    ...standing,
    ...askedMembers(asked, standing.changes, whole),
    title: escalation ? `[ESCALATED] ${asked.title}` : asked.title,
    id: record.approval_id,
    run_id: record.run_id,
    step: record.data.step,
    source: record.data.source,
    source_name: record.data.source_name,
    created_at: record.at,
    status: row.status,
    decided_at: row.decided_key || null,
    decision: decided && decisionOf(decided),
    risk: row.risk,
    summary: row.summary_position === null ? summary : summaryOf(records.at(row.summary_position)),
    run: { status: row.run_status, result: JSON.parse(row.result), error: row.error },
    deliveries,
    ...(erased ? { erased } : {}),
    revision: row.revision,
  }
}

type AskedMembers = Omit<Asked, 'data' | 'items'> & Pick<ApprovalItem, 'data' | 'data_bytes' | 'data_omitted' | 'items' | 'changes'>

/** What is asked, with what senders can make large left out where it is, unless all of it is wanted. */
function askedMembers(
  { data, items, attachments, evidence, ...rest }: Asked,
  changes: readonly Change[],
  whole: boolean,
): AskedMembers {
  const data_bytes = bytesOf(data) + (items ? bytesOf(items) : 0)
  const enclosed = { ...(attachments ? { attachments } : {}), ...(evidence ? { evidence } : {}) }
  const enclosedBytes = attachments || evidence ? bytesOf(enclosed) : 0
  const changedBytes = changes.length === 0 ? 0 : bytesOf(changes.map(({ differences }) => differences))
  if (whole || data_bytes + enclosedBytes + changedBytes <= dataLimitBytes)
    return { ...rest, ...enclosed, data, ...(items ? { items } : {}), data_bytes, data_omitted: false, changes }
  return {
    ...rest,
    data: null,
    ...(items ? { items: items.map((item) => ({ ...item, data: null })) } : {}),
    data_bytes,
    data_omitted: true,
    changes: changes.map((change) => ({ ...change, differences: change.differences.filter(({ pointer }) => !isLarge(pointer)) })),
  }
}

const bytesOf = (value: unknown): number => Buffer.byteLength(JSON.stringify(value) ?? 'null')

/** Whether a JSON pointer leads into what is left out. */
const isLarge = (pointer: string): boolean => /^\/(data|items|attachments|evidence)(\/|$)/.test(pointer)
