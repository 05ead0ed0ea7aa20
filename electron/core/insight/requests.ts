import type { Asked, DecisionRecord } from '../../../shared/model/approval.ts'
import type { JournalRecord } from '../../../shared/model/event.ts'
import type { Position } from '../journal/port.ts'
import { askedAnew, askedOf, decisionOf } from '../projection/contents.ts'
import type { Records } from '../projection/records.ts'
import type { DecidedRow, PresentRow } from './queries.ts'

/** What is asked, in the version that stands, and where it came from. */
export type AskedRequest = {
  readonly asked: Asked
  readonly created_at: string
  readonly run_id: string
  readonly source_name: string
}

export function requestAt(
  { position, later, type }: Pick<PresentRow, 'position' | 'later' | 'type'>,
  records: Records,
): AskedRequest {
  const record = records.at<JournalRecord<'approval_requested'>>(position)
  const changed = later === null ? undefined : lastChange(JSON.parse(later) as Position[], records)
  const { asked } = changed ? askedAnew(changed, type) : askedOf(record, type)
  return { asked, created_at: record.at, run_id: record.run_id, source_name: record.data.source_name }
}

function lastChange(positions: readonly Position[], records: Records): JournalRecord<'approval_changed'> | undefined {
  for (const position of positions.toReversed()) {
    const record = records.at(position)
    if (record.type === 'approval_changed') return record
  }
  return undefined
}

export const decisionAt = ({ decided_position }: DecidedRow, records: Records): DecisionRecord =>
  decisionOf(records.at<JournalRecord<'approval_decided'>>(decided_position))

/** Others have their turn between two slices of long work. */
export const pause = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))
