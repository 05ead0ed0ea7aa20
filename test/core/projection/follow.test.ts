import { copyFileSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { systemClock } from '../../../electron/core/clock.ts'
import { openProjection, type SqliteProjection } from '../../../electron/core/projection/open.ts'
import type { Change, ProjectionProgress } from '../../../electron/core/projection/port.ts'
import {
  approvalDecided,
  approvalRequested,
  type JournalFiles,
  journalFiles,
  runCompleted,
  runStarted,
  system,
} from './journal-files.ts'

let journal: JournalFiles
let file: string
let projection: SqliteProjection | null

beforeEach(() => {
  journal = journalFiles()
  file = join(journal.home, 'inbox.db')
  projection = null
})

afterEach(async () => {
  await projection?.close()
  journal.remove()
})

async function open(durable = journal.durable): Promise<SqliteProjection> {
  projection = await openProjection({ file, journalFolder: journal.folder, durable, clock: systemClock })
  return projection
}

async function close(): Promise<void> {
  await projection?.close()
  projection = null
}

function writeRun(n: number): void {
  journal.write(runStarted(`run_${n}`))
  journal.write(
    approvalRequested(`run_${n}`, `apr_${n}`, { title: `Request ${n}`, approvers: ['ada@example.com', 'bob@example.com'] }),
  )
  if (n % 2 === 0) return
  journal.write(approvalDecided(`run_${n}`, `apr_${n}`, n % 3 === 0 ? 'rejected' : 'approved'))
  journal.write({
    type: 'delivery_queued',
    run_id: `run_${n}`,
    actor: system,
    data: { delivery_id: `del_${n}`, source: 'src_shop', url: 'http://127.0.0.1:9/' },
    content: { body: '{}' },
  })
  journal.write(runCompleted(`run_${n}`))
}

/** Every row of every table, and every word that is indexed with the number of approvals it is in. */
function dump(): Record<string, unknown[]> {
  const db = new Database(file)
  try {
    const named = "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'search_words%' ORDER BY name"
    const names = db.prepare(named).pluck().all() as string[]
    db.exec("CREATE VIRTUAL TABLE temp.words USING fts5vocab(main, search_words, 'row')")
    const words = db.prepare('SELECT term, doc FROM temp.words ORDER BY term').all()
    const key = (name: string) => ((db.pragma(`table_info(${name})`) as unknown[]).length > 1 ? '1, 2' : '1')
    const rows = names.map((name) => [name, db.prepare(`SELECT * FROM ${name} ORDER BY ${key(name)}`).all()])
    return { ...Object.fromEntries(rows), words }
  } finally {
    db.close()
  }
}

test('a rebuilt database equals the one that followed live', async () => {
  const live = await open()
  for (let n = 1; n <= 30; n++) {
    writeRun(n)
    if (n > 10) journal.write(approvalDecided(`run_${n - 10}`, `apr_${n - 10}`, 'expired'))
    live.follow(journal.durable)
    if (n % 3 === 0) await live.caughtUp(journal.durable.seq)
  }
  await live.caughtUp(journal.durable.seq)
  const followed = dump()
  expect(followed.approvals).toHaveLength(30)
  expect(followed.words).toContainEqual({ term: 'refund', doc: 30 })

  await live.rebuild()
  expect(live.progress).toEqual({ applied: journal.durable.seq, total: journal.durable.seq, rebuilding: false })
  expect(live.approval('apr_7')?.status).toBe('approved')
  await close()
  expect(dump()).toEqual(followed)
})

test('what was journalled while it was closed is caught up', async () => {
  writeRun(1)
  await (await open()).caughtUp(journal.durable.seq)
  await close()
  writeRun(3)
  const reopened = await open()
  await reopened.caughtUp(journal.durable.seq)
  expect(reopened.progress.rebuilding).toBe(false)
  expect(reopened.approval('apr_3')?.run.status).toBe('completed')
})

test('a database that is ahead of the journal is rebuilt', async () => {
  writeRun(1)
  const { durable } = journal
  writeRun(3)
  await (await open()).caughtUp(journal.durable.seq)
  await close()
  const reopened = await open(durable)
  await reopened.caughtUp(durable.seq)
  expect([reopened.approval('apr_1')?.id, reopened.approval('apr_3')]).toEqual(['apr_1', null])
})

test('a database of another journal is rebuilt', async () => {
  writeRun(1)
  await (await open()).caughtUp(journal.durable.seq)
  await close()
  const other = journalFiles()
  try {
    for (const n of [5, 7]) {
      other.write(runStarted(`run_${n}`))
      other.write(approvalRequested(`run_${n}`, `apr_${n}`))
      other.write(runCompleted(`run_${n}`))
    }
    projection = await openProjection({ file, journalFolder: other.folder, durable: other.durable, clock: systemClock })
    await projection.caughtUp(6)
    expect(projection.runs({ limit: 9 }).items.map(({ id }) => id)).toEqual(['run_7', 'run_5'])
    await close()
  } finally {
    other.remove()
  }
})

test.each([
  ['a file that is no database', () => writeFileSync(file, 'not a database at all, but long enough to be read as one'.repeat(99))],
  [
    'a damaged page',
    () => {
      const bytes = readFileSync(file)
      writeFileSync(file, bytes.fill(0xff, 4096 * 3, 4096 * 20))
    },
  ],
  [
    'another schema version',
    () => {
      const db = new Database(file)
      db.pragma('user_version = 999')
      db.close()
    },
  ],
])('%s is rebuilt', async (_, spoil) => {
  writeRun(1)
  await (await open()).caughtUp(journal.durable.seq)
  await close()
  spoil()
  const reopened = await open()
  await reopened.caughtUp(journal.durable.seq)
  expect(reopened.approval('apr_1')?.decision?.decision).toBe('approved')
  expect(reopened.problem).toBeNull()
})

test('a rebuild tells how far it is, and queries are answered meanwhile', async () => {
  for (let n = 1; n <= 20; n++) writeRun(n)
  const opened = await open()
  const told: ProjectionProgress[] = []
  opened.onProgress((progress) => told.push(progress))
  expect(opened.approvals({ sort: 'newest', limit: 5 }).total).toBeLessThanOrEqual(20)
  const rebuilt = opened.rebuild()
  expect(opened.approvals({ sort: 'newest', limit: 5 }).total).toBeLessThanOrEqual(20)
  await rebuilt
  expect(told[0]?.rebuilding).toBe(true)
  expect(told.at(-1)).toEqual({ applied: journal.durable.seq, total: journal.durable.seq, rebuilding: false })
})

test('a query after caughtUp sees its own write', async () => {
  const opened = await open()
  for (let n = 1; n <= 100; n++) {
    writeRun(n)
    opened.follow(journal.durable)
    await opened.caughtUp(journal.durable.seq)
    expect(opened.run(`run_${n}`)?.revision).toBe(journal.durable.seq)
  }
})

test('nothing beyond what is durable is applied', async () => {
  writeRun(1)
  const { durable } = journal
  writeRun(3)
  const opened = await open(durable)
  await opened.caughtUp(durable.seq)
  expect([opened.progress.applied, opened.run('run_3')]).toEqual([durable.seq, null])
})

test('it follows from segment to segment', async () => {
  const opened = await open()
  writeRun(1)
  opened.follow(journal.durable)
  journal.roll()
  writeRun(3)
  journal.roll()
  writeRun(5)
  opened.follow(journal.durable)
  await opened.caughtUp(journal.durable.seq)
  journal.roll()
  opened.follow({ ...journal.durable })
  writeRun(7)
  opened.follow(journal.durable)
  await opened.caughtUp(journal.durable.seq)
  expect(opened.runs({ limit: 9 }).items.map(({ id }) => id)).toEqual(['run_7', 'run_5', 'run_3', 'run_1'])
})

test('a record that is larger than a batch is applied', async () => {
  const opened = await open()
  journal.write(runStarted('run_1'))
  journal.write(approvalRequested('run_1', 'apr_1', { data: { text: 'x'.repeat(5 * 1024 * 1024) } }))
  opened.follow(journal.durable)
  await opened.caughtUp(2)
  expect(opened.approval('apr_1')?.data_bytes).toBe(5 * 1024 * 1024 + 11)
})

test('a journal that cannot be read is reported to whoever waits, and does not end the application', async () => {
  writeRun(1)
  const opened = await open()
  await opened.caughtUp(journal.durable.seq)
  writeFileSync(join(journal.folder, '00000001.jsonl'), 'this is not a record\n', { flag: 'a' })
  opened.follow({ seq: journal.durable.seq + 1, end: journal.durable.end + 21 })
  await expect(opened.caughtUp(journal.durable.seq + 1)).rejects.toThrow('cannot be computed')
  expect(opened.problem).toMatch('cannot be computed')
})

test('a database that breaks while it is followed is computed anew', async () => {
  writeRun(1)
  const opened = await open()
  await opened.caughtUp(journal.durable.seq)
  const other = new Database(file)
  other.exec('DROP TABLE events')
  other.close()
  writeRun(3)
  opened.follow(journal.durable)
  await opened.caughtUp(journal.durable.seq)
  expect([opened.problem, opened.timeline('run_1').entries.length, opened.timeline('run_3').entries.length]).toEqual([null, 5, 5])
})

test('what was applied before a crash is not applied again', async () => {
  for (let n = 1; n <= 20; n++) writeRun(n)
  await (await open()).caughtUp(journal.durable.seq)
  const crashed = join(journal.home, 'crashed.db')
  for (const suffix of ['', '-wal']) copyFileSync(file + suffix, crashed + suffix)
  const before = projection?.runs({ limit: 100 })
  await close()
  file = crashed
  const reopened = await open()
  expect(reopened.progress).toEqual({ applied: journal.durable.seq, total: journal.durable.seq, rebuilding: false })
  expect(reopened.runs({ limit: 100 })).toEqual(before)
})

test('nothing waits for ever on a projection that is closed', async () => {
  const opened = await open()
  const waiting = opened.caughtUp(99)
  const refused = expect(waiting).rejects.toThrow('closed')
  await close()
  await refused
  await expect(opened.caughtUp(99)).rejects.toThrow('closed')
  expect(() => opened.counts()).toThrow('closed')
})

test('listeners get each changed run and its approvals once and whole', async () => {
  const opened = await open()
  const seen: Change[] = []
  const { promise, resolve } = Promise.withResolvers<void>()
  const stop = opened.onChange((changes) => {
    seen.push(...changes)
    if (changes.some(({ item }) => item.revision === journal.durable.seq)) resolve()
  })
  writeRun(1)
  opened.follow(journal.durable)
  await promise
  stop()
  expect(seen.map(({ kind, item }) => [kind, item.id, item.revision])).toEqual([
    ['run', 'run_1', 5],
    ['approval', 'apr_1', 5],
  ])
  expect(seen[1]?.item).toEqual(opened.approval('apr_1'))
})
