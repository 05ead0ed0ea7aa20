import type Database from 'better-sqlite3'
import type { ApprovalBirth, ApprovalRow } from './approval-row.ts'
import { approvalRows } from './approval-store.ts'
import type { DeliveryRow, RunBirth, RunRow } from './fold.ts'
import { createRowCache, type RowCache } from './row-cache.ts'
import { createTallies, scopes, type Tallies } from './tallies.ts'

export type Stores = {
  readonly runs: RowCache<RunRow, RunBirth>
  readonly approvals: RowCache<ApprovalRow, ApprovalBirth>
  readonly deliveries: RowCache<DeliveryRow, undefined>
  readonly tallies: Tallies
}

/** The rows that records change, each written once per batch. Runs are flushed first: the others refer to them. */
export function createStores(db: Database.Database): Stores {
  const tallies = createTallies(db)
  return { runs: runRows(db, tallies), approvals: approvalRows(db, tallies), deliveries: deliveryRows(db, tallies), tallies }
}

function runRows(db: Database.Database, tallies: Tallies): RowCache<RunRow, RunBirth> {
  const load = db.prepare<[string], RunRow>(
    `SELECT seq, id, workflow, type, status, completed_at, current, done, reported_done, reported_total, revision, error, result
     FROM runs WHERE id = ?`,
  )
  const insert = db.prepare(
    `INSERT INTO runs (seq, id, position, workflow, type, status, completed_at, current, done, revision, error, result)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
  )
  const update = db.prepare(
    'UPDATE runs SET status = ?, completed_at = ?, current = ?, done = ?, revision = ?, error = ?, result = ? WHERE seq = ?',
  )
  const revise = db.prepare('UPDATE runs SET revision = ?, current = ?, done = ? WHERE seq = ?')
  const report = db.prepare('UPDATE runs SET reported_done = ?, reported_total = ? WHERE seq = ?')
  const tally = (r: RunRow, by: 1 | -1): void => {
    tallies.add(scopes.runs, r.status, by)
    tallies.add(scopes.workflow(r.workflow), r.status, by)
  }
  return createRowCache<RunRow, RunBirth>({
    load: (id) => load.get(id),
    insert(r, b) {
      insert.run(
        r.seq,
        r.id,
        b.position,
        r.workflow,
        r.type,
        r.status,
        r.completed_at,
        r.current,
        r.done,
        r.revision,
        r.error,
        r.result,
      )
      if (r.reported_done !== null || r.reported_total !== null) report.run(r.reported_done, r.reported_total, r.seq)
      tally(r, 1)
    },
    update(r, stored) {
      if (r.status !== stored.status) {
        tally(stored, -1)
        tally(r, 1)
      }
      if (r.reported_done !== stored.reported_done || r.reported_total !== stored.reported_total)
        report.run(r.reported_done, r.reported_total, r.seq)
      // An assignment makes SQLite visit the indexes on that column, so what stayed the same is left out.
      if (r.status === stored.status && r.error === stored.error) revise.run(r.revision, r.current, r.done, r.seq)
      else update.run(r.status, r.completed_at, r.current, r.done, r.revision, r.error, r.result, r.seq)
    },
  })
}

function deliveryRows(db: Database.Database, tallies: Tallies): RowCache<DeliveryRow, undefined> {
  const load = db.prepare<[string], DeliveryRow>(
    `SELECT seq, id, run_seq, source, url, state, attempts, next_at, last_status, last_error, delivered_at
     FROM deliveries WHERE id = ?`,
  )
  const insert = db.prepare(
    `INSERT INTO deliveries (seq, id, run_seq, source, url, state, attempts, next_at, last_status, last_error, delivered_at)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
  )
  const update = db.prepare(
    'UPDATE deliveries SET state = ?, attempts = ?, next_at = ?, last_status = ?, last_error = ?, delivered_at = ? WHERE seq = ?',
  )
  return createRowCache<DeliveryRow, undefined>({
    load: (id) => load.get(id),
    insert(d) {
      insert.run(
        d.seq,
        d.id,
        d.run_seq,
        d.source,
        d.url,
        d.state,
        d.attempts,
        d.next_at,
        d.last_status,
        d.last_error,
        d.delivered_at,
      )
      tallies.add(scopes.deliveries, d.state, 1)
    },
    update(d, stored) {
      update.run(d.state, d.attempts, d.next_at, d.last_status, d.last_error, d.delivered_at, d.seq)
      tallies.add(scopes.deliveries, stored.state, -1)
      tallies.add(scopes.deliveries, d.state, 1)
    },
  })
}
