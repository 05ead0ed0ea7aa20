import type { JournalRecord } from '../../../shared/model/event.ts'
import { endedStatuses } from '../../../shared/model/run.ts'
import { segmentOf } from '../journal/port.ts'
import type { Projection, Source } from '../projection/port.ts'

/* What erasing asks of the projection. It is read in small pieces: there may be a million runs. */

/** A run that has ended and still says what it said. */
export type EndedRun = { readonly seq: number; readonly id: string; readonly type: string; readonly completed_at: string }

const runsAtOnce = 1000

const ended = endedStatuses.map((status) => `'${status}'`).join(', ')

/** All of them, oldest first. The event loop turns between two pieces. */
export async function* endedRuns(projection: Pick<Projection, 'query'>): AsyncGenerator<readonly EndedRun[]> {
  for (let after = -1; ; ) {
    const { from, rows, last } = projection.query((source) => pieceOf(source, after))
    if (rows.length > 0) yield rows
    if (last === null || last === from) return
    after = last
    await new Promise((resolve) => setImmediate(resolve))
  }
}

/** By place and not by what is found: a piece costs the same wherever it is. */
function pieceOf({ db }: Source, after: number) {
  const last = db
    .prepare<[number, number], number | null>('SELECT max(seq) FROM (SELECT seq FROM runs WHERE seq > ? ORDER BY seq LIMIT ?)')
    .pluck()
    .get(after, runsAtOnce)
  const rows = db
    .prepare<[number, number], EndedRun>(
      `SELECT seq, id, type, completed_at FROM runs
       WHERE seq > ? AND seq <= ? AND erased_position IS NULL AND completed_at IS NOT NULL AND status IN (${ended}) ORDER BY seq`,
    )
    .all(after, last ?? after)
  return { from: after, rows, last: last ?? null }
}

/** The run that waits or waited for this one; null for one that stands alone. */
export const parentOf = ({ db, records }: Source, runId: string): string | null => {
  const position = db.prepare<[string], number>('SELECT position FROM runs WHERE id = ?').pluck().get(runId)
  if (position === undefined) return null
  return records.at<JournalRecord<'run_started'>>(position).data.parent?.run_id ?? null
}

/** The runs that this one started. */
export const childrenOf = ({ db, records }: Source, runId: string): readonly string[] =>
  positionsOf(db, runId).flatMap((position) => {
    const record = records.at<JournalRecord>(position)
    return record.type === 'child_started' ? [record.data.child_id] : []
  })

/** The segments in which records of this run stand that came before this one. */
export const segmentsOf = ({ db }: Source, runId: string, before: number): readonly number[] => [
  ...new Set(positionsOf(db, runId, before).map(segmentOf)),
]

const positionsOf = (db: Source['db'], runId: string, before = Number.MAX_SAFE_INTEGER): readonly number[] =>
  db
    .prepare<[string, number], number>(
      'SELECT position FROM events WHERE run_seq = (SELECT seq FROM runs WHERE id = ?) AND seq < ? ORDER BY seq',
    )
    .pluck()
    .all(runId, before)
