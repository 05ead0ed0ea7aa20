import type Database from 'better-sqlite3'
import type { ApprovalItem, DecisionRecord } from '../../../shared/model/approval.ts'
import type { Delivery, DeliveryState } from '../../../shared/model/delivery.ts'
import type { RunItem, TimelineEntry } from '../../../shared/model/run.ts'
import type { Summary } from '../../../shared/model/summary.ts'
import type { ApprovalCore } from './fold.ts'
import { dataLimitBytes } from './schema.ts'

/** Rows as the items that readers get. An approval's run and deliveries are joined here, so one record never rewrites many rows. */
export type Items = {
  /** By the approval's row; `whole` includes data of any size. */
  approval(seq: number, whole: boolean): ApprovalItem | null
  approvalSeq(id: string): number | null
  run(seq: number): RunItem | null
  runSeq(id: string): number | null
  /** The rows of a run's approvals, oldest first. */
  approvalsOfRun(runSeq: number): readonly number[]
  timeline(runId: string): readonly TimelineEntry[]
  deliveries(states: readonly DeliveryState[], limit: number): readonly Delivery[]
}

type StoredApproval = {
  readonly run_seq: number
  readonly status: ApprovalItem['status']
  readonly decided_key: string
  readonly risk: ApprovalItem['risk']
  readonly decision: string | null
  readonly item: string
  readonly summary: string
  readonly data: string | null
  readonly data_bytes: number
  readonly run_status: string
  readonly result: string
  readonly error: string | null
  readonly revision: number
}

type StoredRun = Omit<RunItem, 'input' | 'result' | 'progress' | 'deliveries'> & {
  readonly input: string
  readonly result: string
  readonly current: string | null
  readonly done: number
}

const deliveryColumns =
  'd.id, r.id AS run_id, d.source, d.url, d.state, d.attempts, d.next_at, d.last_status, d.last_error, d.delivered_at'

export function createItems(db: Database.Database): Items {
  const approval = db.prepare<[number, number], StoredApproval>(
    `SELECT a.run_seq, a.status, a.decided_key, a.risk, b.decision, b.item, b.summary, b.data_bytes,
       CASE WHEN b.data_bytes <= ? THEN b.data END AS data, r.status AS run_status, r.result, r.error, r.revision
     FROM approvals a JOIN approval_bodies b ON b.seq = a.seq JOIN runs r ON r.seq = a.run_seq WHERE a.seq = ?`,
  )
  const run = db.prepare<[number], StoredRun>(
    `SELECT id, workflow, type, title, source, status, input, result, error, created_at, completed_at, current, done, revision
     FROM runs WHERE seq = ?`,
  )
  const ofRun = db.prepare<[number], Delivery>(
    `SELECT ${deliveryColumns} FROM deliveries d JOIN runs r ON r.seq = d.run_seq WHERE d.run_seq = ? ORDER BY d.seq`,
  )
  const inState = db.prepare<[string, number], Delivery & { seq: number }>(
    `SELECT d.seq, ${deliveryColumns} FROM deliveries d JOIN runs r ON r.seq = d.run_seq WHERE d.state = ? ORDER BY d.seq DESC LIMIT ?`,
  )
  const entries = db
    .prepare<[string], string>('SELECT entry FROM events WHERE run_seq = (SELECT seq FROM runs WHERE id = ?) ORDER BY seq')
    .pluck()
  const approvalSeq = db.prepare<[string], number>('SELECT seq FROM approvals WHERE id = ?').pluck()
  const runSeq = db.prepare<[string], number>('SELECT seq FROM runs WHERE id = ?').pluck()
  const approvalsOfRun = db.prepare<[number], number>('SELECT seq FROM approvals WHERE run_seq = ? ORDER BY seq').pluck()

  return {
    approval(seq, whole) {
      const row = approval.get(whole ? Number.MAX_SAFE_INTEGER : dataLimitBytes, seq)
      return row ? toApproval(row, ofRun.all(row.run_seq)) : null
    },
    approvalSeq: (id) => approvalSeq.get(id) ?? null,
    run(seq) {
      const row = run.get(seq)
      return row ? toRun(row, ofRun.all(seq)) : null
    },
    runSeq: (id) => runSeq.get(id) ?? null,
    approvalsOfRun: (seq) => approvalsOfRun.all(seq),
    timeline: (runId) => entries.all(runId).map((entry) => JSON.parse(entry) as TimelineEntry),
    deliveries(states, limit) {
      const rows = [...new Set(states)].flatMap((state) => inState.all(state, limit))
      return rows
        .sort((a, b) => b.seq - a.seq)
        .slice(0, limit)
        .map(({ seq: _, ...delivery }) => delivery)
    },
  }
}

function toApproval(row: StoredApproval, deliveries: readonly Delivery[]): ApprovalItem {
  const core = JSON.parse(row.item) as ApprovalCore
  return {
    ...core,
    status: row.status,
    decided_at: row.decided_key || null,
    decision: row.decision === null ? null : (JSON.parse(row.decision) as DecisionRecord),
    risk: row.risk,
    summary: JSON.parse(row.summary) as Summary,
    data: row.data === null ? null : JSON.parse(row.data),
    data_bytes: row.data_bytes,
    data_omitted: row.data === null,
    run: { status: row.run_status, result: JSON.parse(row.result), error: row.error },
    deliveries,
    revision: row.revision,
  }
}

function toRun(row: StoredRun, deliveries: readonly Delivery[]): RunItem {
  const { current, done, ...item } = row
  return {
    ...item,
    input: JSON.parse(row.input),
    result: JSON.parse(row.result),
    progress: { done, current, total: null },
    deliveries,
  }
}
