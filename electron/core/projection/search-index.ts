import type Database from 'better-sqlite3'
import type { JournalRecord } from '../../../shared/model/event.ts'
import type { Position } from '../journal/port.ts'
import type { Records } from './records.ts'
import { searchLine } from './search-text.ts'
import type { LaterRecord } from './standing.ts'

/*
 * The words of every approval. A few changes at a time are indexed in the transaction that brings them; many at once, as in a rebuild,
 * are indexed behind it, newest first, so that the inbox is ready before its words are. What is missing is known at each moment.
 */

/**
 * `search_lines` has the words in order, for phrases and for what is common; `search_words` finds what is rare. The words are folded
 * already (shared/model/search-words.ts), so they are parted at spaces and nothing else is done to them.
 * `search_state.bottom`: approvals from this seq on are indexed, save those in `search_missing`. Null: nothing is yet.
 */
export const searchTables = `
  CREATE TABLE search_lines (seq INTEGER PRIMARY KEY, line TEXT NOT NULL) STRICT;
  CREATE VIRTUAL TABLE search_words USING fts5 (line, content='', contentless_delete=1, detail=none, tokenize='ascii');
  CREATE TABLE search_missing (seq INTEGER PRIMARY KEY) STRICT;
  CREATE TABLE search_state (one INTEGER PRIMARY KEY CHECK (one = 1), bottom INTEGER) STRICT;
  INSERT INTO search_state VALUES (1, NULL);
`

/** So many changed approvals are indexed at once with their rows. */
const atOnce = 50
/** So many are looked after in one transaction: each costs a piece of the index that later has to be merged. */
const atRest = 250
/** A short journal is indexed as it is read. */
const atFirst = 500

export interface SearchIndex {
  /** These rows are different now. Called inside the transaction that wrote them; `first` when there were none before. */
  changed(seqs: readonly number[], first: boolean): void
  /** Reads what the approvals of these runs say now, and forgets what they said. In a transaction of its own. */
  anew(runIds: readonly string[]): void
  /** Indexes some of what is missing, in a transaction of its own. Returns whether there is more. */
  fill(): boolean
  /** After a transaction that failed. */
  forget(): void
}

type Row = {
  readonly position: Position
  readonly later: string | null
  readonly decided_position: Position | null
  readonly type: string
  readonly emails: string
  readonly former: string | null
}

export function createSearchIndex(db: Database.Database, records: Records): SearchIndex {
  const readBottom = db.prepare<[], number | null>('SELECT bottom FROM search_state WHERE one = 1').pluck()
  const setBottom = db.prepare('UPDATE search_state SET bottom = ? WHERE one = 1')
  const newest = db.prepare<[], number | null>('SELECT max(seq) FROM approvals').pluck()
  const below = db.prepare<[number, number], number>('SELECT seq FROM approvals WHERE seq < ? ORDER BY seq DESC LIMIT ?').pluck()
  const missing = db.prepare<[number], number>('SELECT seq FROM search_missing ORDER BY seq DESC LIMIT ?').pluck()
  const addMissing = db.prepare('INSERT OR IGNORE INTO search_missing VALUES (?)')
  const dropMissing = db.prepare('DELETE FROM search_missing WHERE seq = ?')
  const read = db.prepare<[number], Row>(
    'SELECT position, later, decided_position, type, emails, former FROM approvals WHERE seq = ?',
  )
  const readLine = db.prepare<[number], string>('SELECT line FROM search_lines WHERE seq = ?').pluck()
  const setLine = db.prepare('INSERT OR REPLACE INTO search_lines VALUES (?, ?)')
  const dropWords = db.prepare('DELETE FROM search_words WHERE rowid = ?')
  const addWords = db.prepare('INSERT INTO search_words (rowid, line) VALUES (?, ?)')
  let bottom = readBottom.get() ?? null

  function index(seq: number): void {
    const row = read.get(seq)
    if (!row) return
    const line = searchLine({
      requested: records.at<JournalRecord<'approval_requested'>>(row.position),
      later: positionsIn(row.later).map((position) => records.at<LaterRecord>(position)),
      decided: row.decided_position === null ? null : records.at<JournalRecord<'approval_decided'>>(row.decided_position),
      type: row.type,
      emails: [...(JSON.parse(row.emails) as string[]), ...(row.former === null ? [] : (JSON.parse(row.former) as string[]))],
    })
    const before = readLine.get(seq)
    if (before === line) return
    if (before !== undefined) dropWords.run(seq)
    addWords.run(seq, line)
    setLine.run(seq, line)
  }

  /** What changed in between may be indexed already; then this finds it so. */
  function fillBelow(): boolean {
    const seqs = below.all(bottom!, atRest)
    for (const seq of seqs) index(seq)
    bottom = seqs.length < atRest ? 0 : seqs.at(-1)!
    setBottom.run(bottom)
    return bottom > 0
  }

  function fillMissing(): boolean {
    const seqs = missing.all(atRest)
    for (const seq of seqs) {
      index(seq)
      dropMissing.run(seq)
    }
    return seqs.length === atRest
  }

  const ofRun = db
    .prepare<[string], number>('SELECT seq FROM approvals WHERE run_seq = (SELECT seq FROM runs WHERE id = ?)')
    .pluck()
  const anew = db.transaction((runIds: readonly string[]): void => {
    for (const id of runIds) for (const seq of ofRun.all(id)) index(seq)
  })

  const fill = db.transaction((): boolean => {
    if (bottom === null) {
      bottom = (newest.get() ?? -1) + 1
      setBottom.run(bottom)
    }
    if (fillMissing()) return true
    return bottom > 0 && fillBelow()
  })

  return {
    changed(seqs, first) {
      if (first && bottom === null && seqs.length <= atFirst) {
        bottom = 0
        setBottom.run(bottom)
      }
      if (bottom === null) return
      const now = seqs.length <= (first ? atFirst : atOnce)
      for (const seq of seqs) {
        if (now) {
          index(seq)
          dropMissing.run(seq)
        } else if (seq >= bottom) addMissing.run(seq)
      }
    },
    anew: (runIds) => anew.immediate(runIds),
    fill() {
      try {
        return fill.immediate()
      } catch (error) {
        bottom = readBottom.get() ?? null
        throw error
      }
    },
    forget() {
      bottom = readBottom.get() ?? null
    },
  }
}

const positionsIn = (json: string | null): readonly Position[] => (json === null ? [] : (JSON.parse(json) as Position[]))
