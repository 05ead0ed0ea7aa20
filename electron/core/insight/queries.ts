import type Database from 'better-sqlite3'
import type { Decision } from '../../../shared/model/approval.ts'
import type { Risk } from '../../../shared/model/summary.ts'
import type { Position } from '../journal/port.ts'
import { createStatements, type Statements } from '../projection/paging.ts'

/** An approval that has ended, as far as the database says it; the rest is read where its positions point to. */
export type DecidedRow = {
  readonly seq: number
  readonly id: string
  readonly type: string
  readonly status: Decision
  readonly position: Position
  readonly later: string | null
  readonly decided_position: Position
  readonly decided_key: string
  readonly risk: Risk
  readonly judged: Risk | null
}

/** The request whose precedents are wanted. `decided_key` is empty while it waits. */
export type PresentRow = Pick<DecidedRow, 'seq' | 'type' | 'position' | 'later' | 'decided_key'> & {
  readonly requester_key: string
}

const decided: readonly Decision[] = ['approved', 'rejected', 'expired', 'cancelled']
const columns = 'seq, id, type, status, position, later, decided_position, decided_key, risk, judged'

const kept = new WeakMap<Database.Database, Statements>()

function statementsOf(db: Database.Database): Statements {
  const known = kept.get(db)
  if (known) return known
  const statements = createStatements(db)
  kept.set(db, statements)
  return statements
}

const sameRequester = { index: 'approvals_by_requester', sql: 'requester_key = ? AND status = ? AND type = ?' }
const sameType = { index: 'approvals_by_type', sql: 'type = ? AND status = ?' }

export function insightQueries(db: Database.Database) {
  const statements = statementsOf(db)

  /** The latest that came before. Each status is a run of rows in the index, read backwards on its own. */
  function latest(
    { index, sql }: typeof sameType,
    values: (status: Decision) => readonly string[],
    before: PresentRow,
    limit: number,
  ) {
    const rows = decided.flatMap(
      (status) =>
        statements(`SELECT ${columns} FROM approvals INDEXED BY ${index} WHERE ${sql} AND seq < ? ORDER BY seq DESC LIMIT ?`).all(
          ...values(status),
          before.seq,
          limit,
        ) as DecidedRow[],
    )
    const known = rows.filter((row) => before.decided_key === '' || row.decided_key < before.decided_key)
    return known.sort((a, b) => b.seq - a.seq).slice(0, limit)
  }

  return {
    present: (id: string) =>
      (statements('SELECT seq, type, requester_key, position, later, decided_key FROM approvals WHERE id = ?').get(id) ??
        null) as PresentRow | null,

    ofRequester: (row: PresentRow, limit: number): readonly DecidedRow[] =>
      latest(sameRequester, (status) => [row.requester_key, status, row.type], row, limit),

    ofType: (row: PresentRow, limit: number): readonly DecidedRow[] => latest(sameType, (status) => [row.type, status], row, limit),

    /** What the requester asked for before, of this type, and still waits. */
    waiting: ({ requester_key, type, seq }: PresentRow, limit: number) =>
      statements(
        `SELECT position, later, type FROM approvals INDEXED BY ${sameRequester.index}
         WHERE ${sameRequester.sql} AND seq < ? ORDER BY seq DESC LIMIT ?`,
      ).all(requester_key, 'pending', type, seq, limit) as Pick<PresentRow, 'position' | 'later' | 'type'>[],

    /** What was counted by the hour. */
    hours: (type: string, from: number, to: number) =>
      statements('SELECT hour, kind, n FROM insight_hours WHERE type = ? AND hour >= ? AND hour < ?')
        .raw()
        .all(type, from, to) as readonly (readonly [hour: number, kind: string, n: number])[],

    /** Times to decide, counted by type and class: those of single days, or of blocks of so many. */
    times: (type: string | null, days: number, from: number, to: number) =>
      statements(
        `SELECT type, class, sum(n) AS n FROM insight_times WHERE days = ? AND day >= ? AND day < ?
         ${type === null ? '' : 'AND type = ?'} GROUP BY type, class`,
      ).all(days, from, to, ...(type === null ? [] : [type])) as {
        readonly type: string
        readonly class: number
        readonly n: number
      }[],

    types: (limit: number) =>
      (
        statements(
          `SELECT substr(scope, 6) AS type FROM tallies WHERE scope >= 'type ' AND scope < 'type!'
           GROUP BY scope ORDER BY sum(n) DESC, scope LIMIT ?`,
        ).all(limit) as { readonly type: string }[]
      ).map((row) => row.type),

    /** Decided ones in the order in which they were, behind a place; statuses are merged as their index gives them. */
    decidedFrom(place: { readonly key: string; readonly seq: number }, to: string, type: string | null, limit: number) {
      const one = decided
        .map(
          (status) =>
            `SELECT ${columns} FROM approvals INDEXED BY approvals_by_decided
             WHERE status = '${status}' AND (decided_key, seq) > (?, ?) AND decided_key < ?`,
        )
        .join(' UNION ALL ')
      const values = decided.flatMap(() => [place.key, place.seq, to])
      const rows = statements(`${one} ORDER BY decided_key, seq LIMIT ?`).all(...values, limit) as DecidedRow[]
      const last = rows.at(-1)
      return {
        rows: type === null ? rows : rows.filter((row) => row.type === type),
        next: last && rows.length === limit ? { key: last.decided_key, seq: last.seq } : null,
      }
    },
  }
}
