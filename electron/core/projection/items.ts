import type Database from 'better-sqlite3'
import type { ApprovalItem } from '../../../shared/model/approval.ts'
import type { Delivery, DeliveryState } from '../../../shared/model/delivery.ts'
import type { JournalRecord } from '../../../shared/model/event.ts'
import type { RunItem } from '../../../shared/model/run.ts'
import type { Position } from '../journal/port.ts'
import { type StoredApproval, toApproval, versionsAt } from './approval-item.ts'
import { orErased } from './describe.ts'
import { erasureAt } from './erasing.ts'
import type { Projection } from './port.ts'
import type { Records } from './records.ts'

/**
 * Rows and the records they point to, as the items that readers get. An approval's run and deliveries are joined here, so one record
 * never rewrites many rows.
 */
export type Items = {
  /** In the order given, with what does not exist left out. `whole` includes data of any size. */
  approvals(seqs: readonly number[], whole: boolean): ApprovalItem[]
  approvalSeq(id: string): number | null
  /** In the order of the ids, with what does not exist left out. */
  approvalSeqs(ids: readonly string[]): readonly number[]
  /** Everything that was asked under it, oldest first; nothing when there is no such row. */
  versions(seq: number): ReturnType<Projection['versions']>
  runs(seqs: readonly number[]): RunItem[]
  runSeqs(ids: readonly string[]): readonly number[]
  /** The rows of these runs' approvals, oldest first. */
  approvalsOfRuns(runSeqs: readonly number[]): readonly number[]
  /** Where the run's records begin in the journal, in order. */
  positions(runId: string): readonly Position[]
  deliveries(states: readonly DeliveryState[], limit: number): readonly Delivery[]
}

type StoredRun = Pick<RunItem, 'id' | 'workflow' | 'status' | 'error' | 'completed_at' | 'revision'> & {
  readonly seq: number
  readonly position: Position
  readonly result: string
  readonly current: string | null
  readonly done: number
  readonly total: number | null
  readonly erased_position: Position | null
}

const deliveryColumns =
  'd.id, r.id AS run_id, d.source, d.url, d.state, d.attempts, d.next_at, d.last_status, d.last_error, d.delivered_at'

type OfRun = Delivery & { readonly seq: number; readonly run_seq: number }

/** Rows by number: one statement for a whole page, however many items it has. */
const numbered = 'json_each(?) n CROSS JOIN'

export function createItems(db: Database.Database, records: Records): Items {
  const approvals = db.prepare<[string], StoredApproval>(
    `SELECT a.seq, a.position, a.later, a.decided_position, a.summary_position, a.run_seq, a.type, a.status, a.decided_key,
       a.risk, r.status AS run_status, r.result, r.error, r.revision, r.erased_position
     FROM ${numbered} approvals a ON a.seq = n.value JOIN runs r ON r.seq = a.run_seq`,
  )
  const runs = db.prepare<[string], StoredRun>(
    `SELECT r.seq, r.id, r.position, r.workflow, r.status, r.result, r.error, r.completed_at, r.current,
       coalesce(r.reported_done, r.done) AS done, r.reported_total AS total, r.revision, r.erased_position
     FROM ${numbered} runs r ON r.seq = n.value`,
  )
  const ofRuns = db.prepare<[string], OfRun>(
    `SELECT d.seq, d.run_seq, ${deliveryColumns}
     FROM ${numbered} deliveries d ON d.run_seq = n.value JOIN runs r ON r.seq = d.run_seq ORDER BY d.seq`,
  )
  const inState = db.prepare<[string, number], OfRun>(
    `SELECT d.seq, d.run_seq, ${deliveryColumns}
     FROM deliveries d JOIN runs r ON r.seq = d.run_seq WHERE d.state = ? ORDER BY d.seq DESC LIMIT ?`,
  )
  const positions = db
    .prepare<[string], Position>('SELECT position FROM events WHERE run_seq = (SELECT seq FROM runs WHERE id = ?) ORDER BY seq')
    .pluck()
  const approvalSeq = db.prepare<[string], number>('SELECT seq FROM approvals WHERE id = ?').pluck()
  const approvalSeqs = db
    .prepare<[string], number>(`SELECT a.seq FROM ${numbered} approvals a ON a.id = n.value ORDER BY n.key`)
    .pluck()
  const runSeqs = db.prepare<[string], number>(`SELECT r.seq FROM ${numbered} runs r ON r.id = n.value`).pluck()
  const approvalsOfRuns = db
    .prepare<[string], number>(`SELECT a.seq FROM ${numbered} approvals a ON a.run_seq = n.value ORDER BY a.seq`)
    .pluck()

  function deliveriesOf(runSeqs: readonly number[]): ReadonlyMap<number, Delivery[]> {
    const byRun = new Map<number, Delivery[]>()
    for (const row of ofRuns.all(JSON.stringify([...new Set(runSeqs)]))) {
      const known = byRun.get(row.run_seq)
      if (known) known.push(toDelivery(row))
      else byRun.set(row.run_seq, [toDelivery(row)])
    }
    return byRun
  }

  return {
    approvals(seqs, whole) {
      const rows = approvals.all(JSON.stringify(seqs))
      const deliveries = deliveriesOf(rows.map(({ run_seq }) => run_seq))
      return inOrder(seqs, rows, (row) => toApproval(row, records, whole, deliveries.get(row.run_seq) ?? []))
    },
    versions: (seq) => approvals.all(JSON.stringify([seq])).flatMap((row) => versionsAt(row, records)),
    approvalSeqs: (ids) => approvalSeqs.all(JSON.stringify(ids)),
    approvalSeq: (id) => approvalSeq.get(id) ?? null,
    runs(seqs) {
      const rows = runs.all(JSON.stringify(seqs))
      const deliveries = deliveriesOf(seqs)
      return inOrder(seqs, rows, (row) => toRun(row, records, deliveries.get(row.seq) ?? []))
    },
    runSeqs: (ids) => runSeqs.all(JSON.stringify(ids)),
    approvalsOfRuns: (seqs) => approvalsOfRuns.all(JSON.stringify(seqs)),
    positions: (runId) => positions.all(runId),
    deliveries(states, limit) {
      const rows = [...new Set(states)].flatMap((state) => inState.all(state, limit))
      return rows
        .sort((a, b) => b.seq - a.seq)
        .slice(0, limit)
        .map(toDelivery)
    },
  }
}

function inOrder<R extends { readonly seq: number }, T>(seqs: readonly number[], rows: readonly R[], toItem: (row: R) => T): T[] {
  const bySeq = new Map(rows.map((row) => [row.seq, row]))
  return seqs.flatMap((seq) => {
    const row = bySeq.get(seq)
    return row ? [toItem(row)] : []
  })
}

const toDelivery = ({ seq: _, run_seq: __, ...delivery }: OfRun): Delivery => delivery

function toRun(row: StoredRun, records: Records, deliveries: readonly Delivery[]): RunItem {
  const { seq: _, position, current, done, total, erased_position, ...item } = row
  const erased = erasureAt(erased_position, records)
  const record = records.at<JournalRecord<'run_started'>>(position)
  return {
    ...item,
    type: record.data.type,
    title: orErased(record, record.content?.title, ''),
    source: record.data.source,
    source_name: record.actor.name ?? record.data.source,
    input: record.content?.input ?? null,
    result: JSON.parse(row.result),
    created_at: record.at,
    progress: { done, current, total },
    deliveries,
    ...(erased ? { erased } : {}),
  }
}
