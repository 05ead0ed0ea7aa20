import type Database from 'better-sqlite3'
import { normalEmail } from '../../../shared/model/actor.ts'
import type { JournalRecord } from '../../../shared/model/event.ts'
import type { Erasure } from '../../../shared/model/run.ts'
import { maxRisk, type Risk } from '../../../shared/model/summary.ts'
import type { Position } from '../journal/port.ts'
import { erasedText } from './describe.ts'
import type { Records } from './records.ts'
import { scopes, type Tallies } from './tallies.ts'

/*
 * What was said goes out of the rows as its tombstone is applied: they become what a rebuild would make of the blanked records. What SQLite
 * still keeps in pages that nobody reads goes afterwards, with `purgeDatabase`.
 */

/** A run whose tombstone was read, and where that stands. */
export type ErasedRun = { readonly id: string; readonly position: Position }

type ApprovalPart = {
  readonly seq: number
  readonly position: Position
  readonly summary_position: Position | null
  readonly requester_key: string
  readonly status: string
  readonly risk_floor: Risk
}

/** Takes what was said out of a run's rows; names its approvals, whose words are others now. Called inside a transaction. */
export function createErasing(db: Database.Database, tallies: Tallies, records: Records): (run: ErasedRun) => readonly number[] {
  const seqOf = db.prepare<[string], number>('SELECT seq FROM runs WHERE id = ?').pluck()
  const eraseRun = db.prepare(
    `UPDATE runs SET erased_position = ?, result = 'null', error = CASE status WHEN 'completed' THEN NULL ELSE ? END WHERE seq = ?`,
  )
  const eraseDeliveries = db.prepare(
    `UPDATE deliveries SET last_error = ? WHERE run_seq = ? AND attempts > 0 AND state <> 'delivered'`,
  )
  const approvalsOf = db.prepare<[number], ApprovalPart>(
    'SELECT seq, position, summary_position, requester_key, status, risk_floor FROM approvals WHERE run_seq = ?',
  )
  const eraseApproval = db.prepare('UPDATE approvals SET requester_key = ?, amount_key = -1, risk = ? WHERE seq = ?')

  function eraseOne({ seq, position, summary_position, requester_key, status, risk_floor }: ApprovalPart): void {
    const { data } = records.at<JournalRecord<'approval_requested'>>(position)
    const key = normalEmail(data.requesters[0] ?? '')
    const read = summary_position === null ? null : records.at<JournalRecord<'summary_recorded'>>(summary_position).data.risk
    eraseApproval.run(key, maxRisk(risk_floor, read ?? 'low'), seq)
    if (key === requester_key) return
    tallies.add(scopes.requester(requester_key), status, -1)
    tallies.add(scopes.requester(key), status, 1)
  }

  return ({ id, position }) => {
    const seq = seqOf.get(id)
    if (seq === undefined) return []
    eraseRun.run(position, erasedText, seq)
    eraseDeliveries.run(erasedText, seq)
    const approvals = approvalsOf.all(seq)
    for (const approval of approvals) eraseOne(approval)
    return approvals.map((approval) => approval.seq)
  }
}

/**
 * Writes the file anew without what its rows do not say any more: the index over words keeps what it dropped until its parts are
 * merged, pages keep it until they are filled, and the log keeps pages as they were.
 */
export function purgeDatabase(db: Database.Database): void {
  mergeWords(db)
  // In a file: as large as the database, it has no place in memory.
  db.pragma('temp_store = 1')
  try {
    db.exec('VACUUM')
  } finally {
    db.pragma('temp_store = 2')
  }
  const [state] = db.pragma('wal_checkpoint(TRUNCATE)') as { busy: number }[]
  if (state?.busy !== 0) throw Object.assign(new Error('The log of the inbox database is in use.'), { code: 'SQLITE_BUSY' })
}

/** What is one part already is not merged, so it gets a neighbour first. */
function mergeWords(db: Database.Database): void {
  const nobody = -1
  db.transaction(() => {
    db.prepare('INSERT INTO search_words (rowid, line) VALUES (?, ?)').run(nobody, 'nobody')
    db.prepare('DELETE FROM search_words WHERE rowid = ?').run(nobody)
  })()
  db.exec(`INSERT INTO search_words (search_words) VALUES ('optimize')`)
}

/** Who erased it, when and why; null where nobody did. */
export function erasureAt(position: Position | null, records: Records): Erasure | null {
  if (position === null) return null
  const { at, actor, data } = records.at<JournalRecord<'run_erased'>>(position)
  const { kind, id, name, via } = actor
  const by = name === undefined ? { kind, id, via } : { kind, id, name, via }
  return { at, actor: by, reason: data.reason, retention_days: data.retention_days ?? null }
}
