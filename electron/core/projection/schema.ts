import { existsSync, rmSync, writeFileSync } from 'node:fs'
import Database from 'better-sqlite3'
import { insightTables } from '../insight/counts.ts'
import { searchTables } from './search-index.ts'

/** Another number than the file's means: computed by another version of this code, so compute it anew. */
export const schemaVersion = 12

/** Lists and events leave out a request's data when its JSON is longer than this. */
export const dataLimitBytes = 16 * 1024

/** In `due_key`, for an approval without a deadline: sorts behind every instant. */
export const noDeadline = '~'

/**
 * `seq` of a run or approval is the record that created it: it is the row's address, the order of arrival and what refers to it.
 * It is an index into the journal: what lists filter, sort and count by is here, the rest is said by position and read there.
 */
const tables = `
  CREATE TABLE mark (
    one INTEGER PRIMARY KEY CHECK (one = 1),
    seq INTEGER NOT NULL,
    position INTEGER NOT NULL,
    last_position INTEGER NOT NULL,
    last_hash TEXT NOT NULL
  ) STRICT;
  INSERT INTO mark VALUES (1, 0, 0, 0, '');

  CREATE TABLE runs (
    seq INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    position INTEGER NOT NULL,
    workflow TEXT NOT NULL,
    type TEXT NOT NULL,
    status TEXT NOT NULL,
    completed_at TEXT,
    current TEXT,
    done INTEGER NOT NULL,
    reported_done INTEGER,
    reported_total INTEGER,
    revision INTEGER NOT NULL,
    error TEXT,
    result TEXT NOT NULL,
    erased_position INTEGER
  ) STRICT;
  CREATE INDEX runs_by_status ON runs (status);
  CREATE INDEX runs_by_workflow ON runs (workflow, status);

  CREATE TABLE approvals (
    seq INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    position INTEGER NOT NULL,
    decided_position INTEGER,
    run_seq INTEGER NOT NULL REFERENCES runs (seq),
    status TEXT NOT NULL,
    type TEXT NOT NULL,
    requester_key TEXT NOT NULL,
    due_key TEXT NOT NULL,
    decided_key TEXT NOT NULL,
    risk TEXT NOT NULL,
    risk_floor TEXT NOT NULL,
    emails TEXT NOT NULL,
    summary_position INTEGER,
    later TEXT,
    former TEXT,
    voted TEXT,
    came INTEGER NOT NULL,
    judged TEXT,
    source_name TEXT NOT NULL,
    amount_key REAL NOT NULL,
    asides TEXT,
    held INTEGER NOT NULL DEFAULT 0,
    risk_rank INTEGER NOT NULL AS (CASE risk WHEN 'high' THEN 2 WHEN 'medium' THEN 1 ELSE 0 END) VIRTUAL
  ) STRICT;
  CREATE INDEX approvals_by_run ON approvals (run_seq);
  CREATE INDEX approvals_by_came ON approvals (status, came);
  CREATE INDEX approvals_by_due ON approvals (status, due_key);
  CREATE INDEX approvals_by_decided ON approvals (status, decided_key);
  CREATE INDEX approvals_by_type ON approvals (type, status);
  CREATE INDEX approvals_by_requester ON approvals (requester_key, status, type);

  CREATE TABLE approval_approvers (
    email TEXT NOT NULL,
    status TEXT NOT NULL,
    seq INTEGER NOT NULL REFERENCES approvals (seq),
    PRIMARY KEY (email, status, seq)
  ) STRICT, WITHOUT ROWID;

  CREATE INDEX approvals_by_amount ON approvals (status, amount_key);
  CREATE INDEX approvals_by_risk ON approvals (status, risk_rank);
  CREATE INDEX approvals_held ON approvals (held) WHERE held = 1;

  CREATE TABLE snoozes (
    person TEXT NOT NULL,
    seq INTEGER NOT NULL REFERENCES approvals (seq),
    until_key TEXT NOT NULL,
    PRIMARY KEY (person, seq)
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE watchers (
    person TEXT NOT NULL,
    seq INTEGER NOT NULL REFERENCES approvals (seq),
    PRIMARY KEY (person, seq)
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE tallies (
    scope TEXT NOT NULL,
    status TEXT NOT NULL,
    n INTEGER NOT NULL,
    PRIMARY KEY (scope, status)
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE deliveries (
    seq INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    run_seq INTEGER NOT NULL REFERENCES runs (seq),
    source TEXT NOT NULL,
    url TEXT NOT NULL,
    state TEXT NOT NULL,
    attempts INTEGER NOT NULL,
    next_at TEXT,
    last_status INTEGER,
    last_error TEXT,
    delivered_at TEXT
  ) STRICT;
  CREATE INDEX deliveries_by_run ON deliveries (run_seq);
  CREATE INDEX deliveries_by_state ON deliveries (state);

  CREATE TABLE events (
    run_seq INTEGER NOT NULL,
    seq INTEGER NOT NULL,
    position INTEGER NOT NULL,
    PRIMARY KEY (run_seq, seq)
  ) STRICT, WITHOUT ROWID;
${searchTables}${insightTables}`

/** How far the journal is contained in the database, and what proves that it is this journal. */
export type Mark = {
  /** Last record applied; 0 when there is none. */
  readonly seq: number
  /** Just behind it, where following goes on. */
  readonly position: number
  /** Where it begins, and its hash. */
  readonly last_position: number
  readonly last_hash: string
}

export const readMark = (db: Database.Database): Mark =>
  db.prepare<[], Mark>('SELECT seq, position, last_position, last_hash FROM mark WHERE one = 1').get()!

/** Removes the database with its log; a missing file is fine. */
function removeDatabase(file: string): void {
  for (const suffix of ['', '-wal', '-shm', '-journal']) rmSync(file + suffix, { force: true })
}

/** Makes an empty database, readable by its owner alone. */
export function createDatabase(file: string): void {
  removeDatabase(file)
  writeFileSync(file, '', { mode: 0o600 })
  const db = openWriter(file)
  try {
    db.transaction(() => {
      db.exec(tables)
      db.pragma(`user_version = ${schemaVersion}`)
    })()
  } finally {
    db.close()
  }
}

/** The worker's connection. The journal is what is synced; this file can lose its last transactions in a power cut, and be whole. */
export function openWriter(file: string): Database.Database {
  const db = new Database(file, { fileMustExist: true })
  return withSettings(db, { journal_mode: 'wal', synchronous: 1, wal_autocheckpoint: 16000, cache_size: -65_536, temp_store: 2 })
}

/** The main thread's connection. It never waits for the worker: WAL readers do not. */
export function openReader(file: string): Database.Database {
  const db = new Database(file, { fileMustExist: true, readonly: true })
  return withSettings(db, { query_only: 1, cache_size: -32_768, mmap_size: 256 * 1024 * 1024, temp_store: 2 })
}

/** Applies settings and reads each back: SQLite ignores what it does not know or cannot do without a word. */
function withSettings(db: Database.Database, own: Readonly<Record<string, string | number>>): Database.Database {
  const settings = { foreign_keys: 1, trusted_schema: 0, ...own }
  try {
    db.pragma('busy_timeout = 5000')
    for (const [name, value] of Object.entries(settings)) {
      db.pragma(`${name} = ${value}`)
      const actual = db.pragma(name, { simple: true })
      if (actual !== value) throw new Error(`SQLite kept ${name} at ${String(actual)} instead of ${value}`)
    }
    return db
  } catch (error) {
    db.close()
    throw error
  }
}

/** Whether there is a file at all; the difference between a first start and a rebuild. */
export const hasDatabase = (file: string): boolean => existsSync(file)
