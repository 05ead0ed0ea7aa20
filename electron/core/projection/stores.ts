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
    `INSERT INTO runs (seq, id, workflow, type, title, source, source_name, status, created_at, completed_at, current, done, revision, error,
       result, input)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
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
        r.workflow,
        r.type,
        b.title,
        b.source,
        b.source_name,
        r.status,
        b.created_at,
        r.completed_at,
        r.current,
        r.done,
        r.revision,
        r.error,
        r.result,
        b.input,
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

type StoredApproval = Omit<ApprovalRow, 'emails' | 'decision' | 'summary'> & { readonly emails: string }

function approvalRows(db: Database.Database, tallies: Tallies): RowCache<ApprovalRow, ApprovalBirth> {
  // Bodies are wide and seldom change: neither is one read to change an approval, nor written for a decision.
  const load = db.prepare<[string], StoredApproval>(
    'SELECT seq, id, type, requester_key, status, decided_key, risk, risk_floor, emails FROM approvals WHERE id = ?',
  )
  const insert = db.prepare(
    `INSERT INTO approvals (seq, id, run_seq, status, type, requester_key, due_key, decided_key, risk, risk_floor, emails, search)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
  )
  const insertBody = db.prepare('INSERT INTO approval_bodies (seq, data_bytes, item, summary, data) VALUES (?, ?, ?, ?, ?)')
  const insertApprover = db.prepare('INSERT INTO approval_approvers (email, status, seq) VALUES (?, ?, ?)')
  const decide = db.prepare('UPDATE approvals SET status = ?, decided_key = ? WHERE seq = ?')
  const setRisk = db.prepare('UPDATE approvals SET risk = ? WHERE seq = ?')
  const insertDecision = db.prepare('INSERT INTO approval_decisions (seq, decision) VALUES (?, ?)')
  const setSummary = db.prepare('UPDATE approval_bodies SET summary = ? WHERE seq = ?')
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
      if (!stored) return undefined
      return { ...stored, decision: null, summary: null, emails: JSON.parse(stored.emails) as string[] }
    },
    insert(r, b) {
      const emails = JSON.stringify(r.emails)
      insert.run(
        r.seq,
        r.id,
        b.run_seq,
        r.status,
        r.type,
        r.requester_key,
        b.due_key,
        r.decided_key,
        r.risk,
        r.risk_floor,
        emails,
        b.search,
      )
      insertBody.run(r.seq, b.data_bytes, b.item, r.summary, b.data)
      if (r.decision !== null) insertDecision.run(r.seq, r.decision)
      for (const email of r.emails) insertApprover.run(email, r.status, r.seq)
      tally(r, 1)
    },
    update(r, stored) {
      if (r.status !== stored.status) {
        decide.run(r.status, r.decided_key, r.seq)
        insertDecision.run(r.seq, r.decision)
        for (const email of r.emails) moveApprover.run(r.status, email, stored.status, r.seq)
        tally(stored, -1)
        tally(r, 1)
      }
      if (r.risk !== stored.risk) setRisk.run(r.risk, r.seq)
      if (r.summary !== stored.summary) setSummary.run(r.summary, r.seq)
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
