import fs from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { systemClock } from '../../electron/core/clock.ts'
import { fileStorage } from '../../electron/core/journal/file-storage.ts'
import { openJournal } from '../../electron/core/journal/journal.ts'
import { openProjection } from '../../electron/core/projection/open.ts'
import { clientFor, openTestApp, sourceCaller } from '../support/app.ts'
import { type Part, random, Tally } from './part.ts'

const sector = 512
const files = ['inbox.db', 'inbox.db-wal', 'inbox.db-shm']

type Snapshot = Readonly<Record<string, Buffer | null>>

const take = (home: string): Snapshot =>
  Object.fromEntries(files.map((name) => [name, fs.existsSync(join(home, name)) ? fs.readFileSync(join(home, name)) : null]))

/** A journal that the application wrote, and what its database was at some moments meanwhile, as a cut would find it. */
async function written(home: string, requests: number): Promise<readonly Snapshot[]> {
  fs.writeFileSync(join(home, 'config.yaml'), 'undo: { seconds: 0 }\nmodel: { enabled: false }\n')
  const app = await openTestApp({ home })
  const source = clientFor(app.app, sourceCaller)
  const snapshots: Snapshot[] = []
  for (let n = 0; n < requests; n++) {
    const { task_id } = await source.requests.submitRequest({
      type: 'refund',
      title: `Refund ${n}`,
      amount: n,
      currency: 'EUR',
      data: { n },
    })
    const status = await app.owner.tasks.status({ task_id })
    const [pending] = status.pending_approvals
    if (pending && n % 2) await app.owner.approvals.decide({ approval_id: pending.id, decision: 'approve' })
    if (n % 4 === 0) snapshots.push(take(home))
  }
  await app.stop()
  return [...snapshots, take(home)]
}

/**
 * What a cut or a careless hand may make of these files: gone, cut off, parts never written, and in the log parts of another moment.
 * In the database itself a whole page of another moment is not something that a cut leaves (the log is on disk before its pages are), and
 * SQLite has no checksum by which anybody could tell.
 */
function damaged(snapshots: readonly Snapshot[], next: (below: number) => number): Snapshot {
  const one = snapshots[next(snapshots.length)]!
  const other = snapshots[next(snapshots.length)]!
  return Object.fromEntries(
    files.map((name) => {
      const bytes = one[name] && Buffer.from(one[name])
      const way = next(6)
      if (!bytes || way === 0) return [name, null]
      if (way === 1) return [name, bytes.subarray(0, next(bytes.length + 1))]
      if (way < 4) {
        for (let n = 0; n <= next(8); n++) {
          const from = next(Math.ceil(bytes.length / sector)) * sector
          const source = way === 2 || name === files[0] ? null : other[name]
          const piece = source?.subarray(from, from + sector) ?? Buffer.alloc(sector)
          piece.copy(bytes, from)
        }
      }
      return [name, bytes]
    }),
  )
}

/** Every row that was computed, whatever the order. What the search index keeps for itself is its own matter. */
function contentOf(file: string): string {
  const db = new Database(file, { readonly: true })
  try {
    const tables = db
      .prepare("SELECT name FROM sqlite_schema WHERE type = 'table' AND sql NOT LIKE '%VIRTUAL%' ORDER BY name")
      .pluck()
      .all() as string[]
    const kept = tables.filter((name) => !/search|fts|sqlite_|mark/.test(name))
    return JSON.stringify(
      kept.map((name) => [
        name,
        (db.prepare(`SELECT * FROM "${name}"`).all() as object[]).map((row) => JSON.stringify(row)).sort(),
      ]),
    )
  } finally {
    db.close()
  }
}

/** Opens the projection over what is left of it and waits until it has caught up. */
async function rebuilt(home: string): Promise<string> {
  const { journal } = await openJournal({
    folder: join(home, 'journal'),
    storage: fileStorage,
    clock: systemClock,
    replay: () => undefined,
  })
  const { durable } = journal
  await journal.close()
  const projection = await openProjection({
    file: join(home, 'inbox.db'),
    journalFolder: join(home, 'journal'),
    durable,
    clock: systemClock,
  })
  try {
    await projection.caughtUp(durable.seq)
  } finally {
    await projection.close()
  }
  return contentOf(join(home, 'inbox.db'))
}

/** The projection is disposable: whatever is left of its files, it says afterwards what the journal says. */
export const projection: Part = {
  name: 'projection',
  async run({ seed, quick, only }) {
    const home = fs.mkdtempSync(join(tmpdir(), 'countersign-projection-'))
    const tally = new Tally('projection', 'rebuild from deleted, cut and mixed files', seed)
    try {
      const snapshots = await written(home, 24)
      for (const name of files) fs.rmSync(join(home, name), { force: true })
      const wanted = await rebuilt(home)
      tally.note = `${Math.round(wanted.length / 1024)} KB of rows`
      for (let n = 0; n < (quick ? 20 : 300); n++) {
        const id = `projection/${n}`
        if (only !== undefined && only !== id) continue
        const left = damaged(snapshots, random(seed + n))
        for (const name of files) {
          fs.rmSync(join(home, name), { force: true })
          if (left[name]) fs.writeFileSync(join(home, name), left[name])
        }
        const found = await rebuilt(home).catch((error: Error) => `it does not open: ${error.message}`)
        tally.add(id, found === wanted ? [] : [found.startsWith('it does') ? found : 'it says something else than the journal'])
      }
    } finally {
      fs.rmSync(home, { recursive: true, force: true })
    }
    return [tally.row()]
  },
}
