import type Database from 'better-sqlite3'
import type { ApprovalBirth, ApprovalRow } from './approval-row.ts'
import type { Asides } from './asides.ts'
import { createRowCache, type RowCache } from './row-cache.ts'
import { noDeadline } from './schema.ts'
import { dueMinute, everybody, scopes, type Tallies } from './tallies.ts'

type StoredApproval = Omit<ApprovalRow, 'emails' | 'former' | 'voted' | 'later' | 'asides'> & {
  readonly emails: string
  readonly former: string | null
  readonly voted: string | null
  readonly later: string | null
  readonly asides: string | null
}

const parsed = <T>(json: string | null): T | null => (json === null ? null : (JSON.parse(json) as T))
const toJson = (list: readonly unknown[] | null): string | null => (list === null ? null : JSON.stringify(list))

/**
 * Approvals, with who is asked in a table of its own. Most have a question and an end and nothing between: what only the others have
 * is written by statements of its own.
 */
export function approvalRows(db: Database.Database, tallies: Tallies): RowCache<ApprovalRow, ApprovalBirth> {
  const load = db.prepare<[string], StoredApproval>(
    `SELECT seq, id, type, requester_key, status, decided_key, decided_position, due_key, risk, risk_floor, summary_position, emails,
       former, voted, later, came, judged, amount_key, asides
     FROM approvals WHERE id = ?`,
  )
  const insert = db.prepare(
    `INSERT INTO approvals (seq, id, position, decided_position, run_seq, status, type, requester_key, due_key, decided_key, risk,
       risk_floor, emails, summary_position, came, judged, source_name, amount_key)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
  )
  const decide = db.prepare('UPDATE approvals SET status = ?, decided_key = ?, decided_position = ? WHERE seq = ?')
  const summarise = db.prepare('UPDATE approvals SET risk = ?, summary_position = ?, judged = ? WHERE seq = ?')
  const go = db.prepare(
    'UPDATE approvals SET later = ?, former = ?, voted = ?, emails = ?, due_key = ?, risk_floor = ? WHERE seq = ?',
  )
  const amend = db.prepare('UPDATE approvals SET amount_key = ? WHERE seq = ?')
  const setAside = asideRows(db)
  const insertApprover = db.prepare('INSERT INTO approval_approvers (email, status, seq) VALUES (?, ?, ?)')
  const moveApprover = db.prepare('UPDATE approval_approvers SET status = ? WHERE email = ? AND status = ? AND seq = ?')
  const deleteApprover = db.prepare('DELETE FROM approval_approvers WHERE email = ? AND status = ? AND seq = ?')

  function tally(r: ApprovalRow, by: 1 | -1): void {
    tallies.add(scopes.approvals, r.status, by)
    tallies.add(scopes.type(r.type), r.status, by)
    tallies.add(scopes.requester(r.requester_key), r.status, by)
    const minute = r.status === 'pending' && r.due_key !== noDeadline ? dueMinute(r.due_key) : null
    if (minute !== null) tallies.add(scopes.everythingDue, minute, by)
    if (r.status === 'pending' && r.emails.length > 1) {
      const together = JSON.stringify([...r.emails].sort())
      tallies.add(scopes.together, together, by)
      if (minute !== null) tallies.add(scopes.dueTogether, minute + together, by)
    }
    for (const email of askedKeys(r)) {
      tallies.add(scopes.approver(email), r.status, by)
      if (minute !== null) tallies.add(scopes.due(email), minute, by)
    }
  }

  const continued = (r: ApprovalRow): void => {
    go.run(toJson(r.later), toJson(r.former), toJson(r.voted), JSON.stringify(r.emails), r.due_key, r.risk_floor, r.seq)
  }

  function moveApprovers(r: ApprovalRow, stored: ApprovalRow): void {
    const [now, before] = [askedKeys(r), askedKeys(stored)]
    for (const email of before) {
      if (!now.includes(email)) deleteApprover.run(email, stored.status, r.seq)
      else if (r.status !== stored.status) moveApprover.run(r.status, email, stored.status, r.seq)
    }
    for (const email of now) if (!before.includes(email)) insertApprover.run(email, r.status, r.seq)
  }

  return createRowCache<ApprovalRow, ApprovalBirth>({
    load(id) {
      const row = load.get(id)
      if (!row) return undefined
      const emails = JSON.parse(row.emails) as string[]
      const [former, voted] = [parsed<string[]>(row.former), parsed<string[]>(row.voted)]
      return { ...row, emails, former, voted, later: parsed<number[]>(row.later), asides: parsed<Asides>(row.asides) }
    },
    insert(r, b) {
      const decided = [r.decided_position, b.run_seq, r.status, r.type, r.requester_key, r.due_key, r.decided_key] as const
      const read = [r.summary_position, r.came, r.judged] as const
      insert.run(
        r.seq,
        r.id,
        b.position,
        ...decided,
        r.risk,
        r.risk_floor,
        JSON.stringify(r.emails),
        ...read,
        b.source_name,
        r.amount_key,
      )
      if (r.later) continued(r)
      for (const email of askedKeys(r)) insertApprover.run(email, r.status, r.seq)
      if (r.asides) setAside(r, null)
      tally(r, 1)
    },
    update(r, stored) {
      if (r.status !== stored.status || r.emails !== stored.emails) {
        moveApprovers(r, stored)
        tally(stored, -1)
        tally(r, 1)
      }
      if (r.status !== stored.status) decide.run(r.status, r.decided_key, r.decided_position, r.seq)
      if (r.later !== stored.later || r.emails !== stored.emails) continued(r)
      if (r.amount_key !== stored.amount_key) amend.run(r.amount_key, r.seq)
      if (r.asides !== stored.asides) setAside(r, stored.asides)
      if (r.summary_position !== stored.summary_position || r.risk !== stored.risk)
        summarise.run(r.risk, r.summary_position, r.judged, r.seq)
    },
  })
}

/** Whose inboxes it is in: what nobody is asked in particular is in everybody's. */
const askedKeys = ({ emails }: ApprovalRow): readonly string[] => (emails.length > 0 ? emails : [everybody])

/** Writes who set it aside and who watches, where lists find them. */
function asideRows(db: Database.Database): (row: ApprovalRow, stored: Asides | null) => void {
  const set = db.prepare('UPDATE approvals SET asides = ?, held = ? WHERE seq = ?')
  const dropSnooze = db.prepare('DELETE FROM snoozes WHERE person = ? AND seq = ?')
  const addSnooze = db.prepare('INSERT INTO snoozes (person, seq, until_key) VALUES (?, ?, ?)')
  const dropWatcher = db.prepare('DELETE FROM watchers WHERE person = ? AND seq = ?')
  const addWatcher = db.prepare('INSERT INTO watchers (person, seq) VALUES (?, ?)')
  return ({ seq, asides }, stored) => {
    set.run(asides && JSON.stringify(asides), asides?.held ? 1 : 0, seq)
    for (const { person } of stored?.snoozes ?? []) dropSnooze.run(person, seq)
    for (const { person, until } of asides?.snoozes ?? []) addSnooze.run(person, seq, until ?? noDeadline)
    for (const person of stored?.watchers ?? []) dropWatcher.run(person, seq)
    for (const person of asides?.watchers ?? []) addWatcher.run(person, seq)
  }
}
