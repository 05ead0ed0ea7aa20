import { join } from 'node:path'
import Database from 'better-sqlite3'
import { createDatabase, openWriter } from '../../../electron/core/projection/schema.ts'
import type { Figure } from '../report.ts'
import { readings, threadTime } from './readings.ts'
import type { Sample } from './sample.ts'

const group = "The machine's limits: raw SQLite"
const mostMs = 500
/** So many runs share a transaction, as they do when many are under way. */
const together = 64

type Row = readonly (string | number | null)[]
type Table = { readonly insert: string; readonly rows: readonly Row[] }

/** A table as a real home has it: its rows, and what inserts them. */
function tableOf(from: Database.Database, name: string, order: string): Table {
  // What is computed by SQLite is not written.
  const columns = (from.pragma(`table_info(${name})`) as { name: string }[]).map((column) => column.name)
  const rows = from
    .prepare<[], Row>(`SELECT ${columns.join(', ')} FROM ${name} ORDER BY ${order}`)
    .raw()
    .all() as Row[]
  return { insert: `INSERT INTO ${name} (${columns.join(', ')}) VALUES (${columns.map(() => '?').join(', ')})`, rows }
}

const tables = [
  ['runs', 'seq'],
  ['approvals', 'seq'],
  ['approval_approvers', 'seq'],
  ['events', 'run_seq, seq'],
] as const

function* piecesOf(rows: readonly Row[], runs: number, size: number): Generator<readonly Row[]> {
  const each = (rows.length / runs) * size
  for (let from = 0; from < rows.length; from += each) yield rows.slice(Math.round(from), Math.round(from + each))
}

/** Microseconds of one run, whose rows are inserted into an empty database of the same shape, so many runs a transaction. */
function insertAll(file: string, source: string, size: number | null): number {
  const from = new Database(source, { readonly: true })
  const read = tables.map(([name, order]) => tableOf(from, name, order))
  from.close()
  createDatabase(file)
  const db = openWriter(file)
  const runs = read[0]!.rows.length
  const statements = read.map(({ insert }) => db.prepare(insert))
  const pieces = read.map(({ rows }) => [...piecesOf(rows, runs, size ?? runs)])
  const write = db.transaction((piece: number) => {
    for (const [table, statement] of statements.entries()) for (const row of pieces[table]![piece] ?? []) statement.run(...row)
  })
  const before = threadTime()
  for (let piece = 0; piece < pieces[0]!.length; piece++) write(piece)
  const took = threadTime(before).total / runs
  db.close()
  return took
}

type Ended = {
  readonly seq: number
  readonly run_seq: number
  readonly status: string
  readonly at: string
  readonly where: number
}

/** Microseconds of one run that ends: what changes of its rows, so many runs a transaction, in a database where all of them wait. */
function updateAll(file: string, { waiting, ended }: Sample): number {
  insertAll(file, waiting, null)
  const from = new Database(ended, { readonly: true })
  const rows = from
    .prepare<[], Ended>(
      'SELECT seq, run_seq, status, decided_key AS at, decided_position AS "where" FROM approvals WHERE decided_position IS NOT NULL ORDER BY seq',
    )
    .all()
  const results = from.prepare<[], string>('SELECT result FROM runs ORDER BY seq').pluck().all()
  const email = from.prepare<[], string>('SELECT email FROM approval_approvers LIMIT 1').pluck().get()!
  from.close()
  const db = openWriter(file)
  const run = db.prepare(
    'UPDATE runs SET status = ?, completed_at = ?, done = done + 1, revision = revision + 2, result = ? WHERE seq = ?',
  )
  const approval = db.prepare('UPDATE approvals SET status = ?, decided_key = ?, decided_position = ? WHERE seq = ?')
  const approver = db.prepare('UPDATE approval_approvers SET status = ? WHERE email = ? AND status = ? AND seq = ?')
  const event = db.prepare('INSERT INTO events (run_seq, seq, position) VALUES (?, ?, ?)')
  const write = db.transaction((first: number) => {
    for (const [n, row] of rows.slice(first, first + together).entries()) {
      run.run('completed', row.at, results[first + n]!, row.run_seq)
      approval.run(row.status, row.at, row.where, row.seq)
      approver.run(row.status, email, 'pending', row.seq)
      for (const k of [0, 1]) event.run(row.run_seq, 1e9 + (first + n) * 2 + k, row.where)
    }
  })
  const before = threadTime()
  for (let first = 0; first < rows.length; first += together) write(first)
  const took = threadTime(before).total / rows.length
  db.close()
  return took
}

/** Microseconds for the words of one approval, inserted in batches into empty tables. */
function indexAll(file: string, ended: string): number {
  const from = new Database(ended, { readonly: true })
  const lines = from.prepare<[], [number, string]>('SELECT seq, line FROM search_lines ORDER BY seq').raw().all() as [
    number,
    string,
  ][]
  from.close()
  createDatabase(file)
  const db = openWriter(file)
  const setLine = db.prepare('INSERT INTO search_lines VALUES (?, ?)')
  const addWords = db.prepare('INSERT INTO search_words (rowid, line) VALUES (?, ?)')
  const write = db.transaction((some: readonly [number, string][]) => {
    for (const [seq, line] of some) {
      setLine.run(seq, line)
      addWords.run(seq, line)
    }
  })
  const before = threadTime()
  for (let first = 0; first < lines.length; first += together) write(lines.slice(first, first + together))
  const took = threadTime(before).total / lines.length
  db.close()
  return took
}

function transactions(file: string, synchronous: string, perTransaction: number): number {
  const db = new Database(file)
  db.pragma('journal_mode=WAL')
  db.pragma(`synchronous=${synchronous}`)
  db.exec('DROP TABLE IF EXISTS t; CREATE TABLE t(id INTEGER PRIMARY KEY, k TEXT, body TEXT); CREATE INDEX i ON t(k)')
  const insert = db.prepare('INSERT INTO t(k, body) VALUES (?, ?)')
  const body = 'x'.repeat(500)
  const batch = db.transaction(() => {
    for (let n = 0; n < perTransaction; n++) insert.run(String(Math.random()), body)
  })
  const startedAt = performance.now()
  let count = 0
  for (; performance.now() - startedAt < mostMs; count += perTransaction) batch()
  const reading = count / ((performance.now() - startedAt) / 1000)
  db.close()
  return reading
}

export async function measureRows(folder: string, sample: Sample, repeats: number): Promise<Figure[]> {
  let n = 0
  const file = () => join(folder, `rows-${n++}.db`)
  const rate = async (name: string, unit: string, read: () => number): Promise<Figure> => ({
    group,
    name,
    unit,
    readings: await readings(repeats, read),
    better: 'more',
  })
  const cost = async (name: string, key: string, read: () => number): Promise<Figure> => ({
    group,
    name,
    key,
    unit: 'µs',
    readings: await readings(repeats, read),
    better: 'less',
  })
  return [
    await rate('500 B row a transaction, synchronous=FULL', 'tx/s', () => transactions(file(), 'FULL', 1)),
    await rate('500 B row a transaction, NORMAL', 'tx/s', () => transactions(file(), 'NORMAL', 1)),
    await rate('500 B rows, 1,000 a transaction, NORMAL', 'rows/s', () => transactions(file(), 'NORMAL', 1000)),
    await cost("a waiting run's own rows, 64 a transaction", 'start.rows', () => insertAll(file(), sample.waiting, together)),
    await cost('what changes of them when it ends, 64 a transaction', 'end.rows', () => updateAll(file(), sample)),
    await cost("an ended run's rows, all at once", 'run.rows', () => insertAll(file(), sample.ended, null)),
    await cost("an approval's words", 'approval.words', () => indexAll(file(), sample.ended)),
  ]
}
