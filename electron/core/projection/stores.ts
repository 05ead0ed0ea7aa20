import type Database from 'better-sqlite3'
import type { ApprovalBirth, ApprovalRow, DeliveryRow, RunBirth, RunRow } from './fold.ts'
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
    'SELECT seq, id, workflow, type, status, completed_at, current, done, revision, error, result FROM runs WHERE id = ?',
  )
  const insert = db.prepare(
    `INSERT INTO runs (seq, id, position, workflow, type, status, completed_at, current, done, revision, error, result)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
  )
  const update = db.prepare(
    'UPDATE runs SET status = ?, completed_at = ?, current = ?, done = ?, revision = ?, error = ?, result = ? WHERE seq = ?',
  )
  const revise = db.prepare('UPDATE runs SET revision = ?, current = ?, done = ? WHERE seq = ?')
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
      tally(r, 1)
    },
    update(r, stored) {
      if (r.status !== stored.status) {
        tally(stored, -1)
        tally(r, 1)
      }
      // An assignment makes SQLite visit the indexes on that column, so what stayed the same is left out.
      if (r.status === stored.status && r.error === stored.error) revise.run(r.revision, r.current, r.done, r.seq)
      else update.run(r.status, r.completed_at, r.current, r.done, r.revision, r.error, r.result, r.seq)
    },
  })
}

type StoredApproval = Omit<ApprovalRow, 'emails'> & { readonly emails: string }

function approvalRows(db: Database.Database, tallies: Tallies): RowCache<ApprovalRow, ApprovalBirth> {
  const load = db.prepare<[string], StoredApproval>(
    `SELECT seq, id, type, requester_key, status, decided_key, decided_position, risk, risk_floor, summary_position, emails
     FROM approvals WHERE id = ?`,
  )
  const insert = db.prepare(
    `INSERT INTO approvals (seq, id, position, decided_position, run_seq, status, type, requester_key, due_key, decided_key, risk,
       risk_floor, emails, summary_position, search)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
  )
  const insertApprover = db.prepare('INSERT INTO approval_approvers (email, status, seq) VALUES (?, ?, ?)')
  const decide = db.prepare('UPDATE approvals SET status = ?, decided_key = ?, decided_position = ? WHERE seq = ?')
  const summarise = db.prepare('UPDATE approvals SET risk = ?, summary_position = ? WHERE seq = ?')
  const moveApprover = db.prepare('UPDATE approval_approvers SET status = ? WHERE email = ? AND status = ? AND seq = ?')
  const tally = (r: ApprovalRow, by: 1 | -1): void => {
    tallies.add(scopes.approvals, r.status, by)
    tallies.add(scopes.type(r.type), r.status, by)
    tallies.add(scopes.requester(r.requester_key), r.status, by)
    for (const email of r.emails) tallies.add(scopes.approver(email), r.status, by)
  }
  return createRowCache<ApprovalRow, ApprovalBirth>({
    load(id) {
      const stored = load.get(id)
      return stored && { ...stored, emails: JSON.parse(stored.emails) as string[] }
    },
    insert(r, b) {
      const decided = [r.decided_position, b.run_seq, r.status, r.type, r.requester_key, b.due_key, r.decided_key] as const
      insert.run(r.seq, r.id, b.position, ...decided, r.risk, r.risk_floor, JSON.stringify(r.emails), r.summary_position, b.search)
      for (const email of r.emails) insertApprover.run(email, r.status, r.seq)
      tally(r, 1)
    },
    update(r, stored) {
      if (r.status !== stored.status) {
        decide.run(r.status, r.decided_key, r.decided_position, r.seq)
        for (const email of r.emails) moveApprover.run(r.status, email, stored.status, r.seq)
        tally(stored, -1)
        tally(r, 1)
      }
      if (r.summary_position !== stored.summary_position) summarise.run(r.risk, r.summary_position, r.seq)
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
