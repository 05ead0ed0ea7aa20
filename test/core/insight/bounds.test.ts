import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { exportPage } from '../../../electron/core/insight/export.ts'
import { overviewOf } from '../../../electron/core/insight/overview.ts'
import { precedentsOf } from '../../../electron/core/insight/precedents.ts'
import { openProjection, type SqliteProjection } from '../../../electron/core/projection/open.ts'
import type { Projection } from '../../../electron/core/projection/port.ts'
import { approvalDecided, approvalRequested, type JournalFiles, journalFiles, runStarted } from '../projection/journal-files.ts'

/** More than anything here may look at. */
const count = 1500
const dayMs = 86_400_000
const now = Date.UTC(2026, 5, 1, 12)

let journal: JournalFiles
let projection: SqliteProjection

/** Four a day, the last of them waits. */
function write(n: number): void {
  const at = (later: number) => ({ at: new Date(now - ((count - n) * dayMs) / 4 + later).toISOString() })
  const requester = n % 2 === 0 ? 'grace@example.com' : 'alan@example.com'
  journal.write(runStarted(`run_${n}`), at(0))
  journal.write(approvalRequested(`run_${n}`, `apr_${n}`, { requester, data: { order: `o-${n}` } }), at(0))
  if (n < count) journal.write(approvalDecided(`run_${n}`, `apr_${n}`, n % 10 === 0 ? 'rejected' : 'approved'), at(60_000))
}

beforeAll(async () => {
  journal = journalFiles()
  for (let n = 1; n <= count; n++) write(n)
  projection = await openProjection({
    file: join(journal.home, 'inbox.db'),
    journalFolder: journal.folder,
    durable: journal.durable,
    clock: { now: () => now, after: () => () => {} },
  })
  await projection.caughtUp(journal.durable.seq)
})

afterAll(async () => {
  await projection.close()
  journal.remove()
})

/** The same projection, with how much of the journal was read, in all and at once. */
function watched() {
  const read = { all: 0, most: 0, turns: 0 }
  const query: Projection['query'] = (ask) =>
    projection.query(({ db, records }) => {
      let here = 0
      const at: typeof records.at = (position) => {
        here++
        return records.at(position)
      }
      const answer = ask({ db, records: { ...records, at } })
      read.all += here
      read.most = Math.max(read.most, here)
      read.turns++
      return answer
    })
  return { read, projection: { query } }
}

const people = { nameOf: (email: string) => email, canonical: (email: string) => email }

it('looks at the latest two hundred, a few at a time, however many there are', async () => {
  const { read, projection: counted } = watched()
  const found = await precedentsOf(`apr_${count}`, { projection: counted, people, now, reader: null })
  expect(found?.looked_at).toEqual({ of_requester: 200, of_type: 200 })
  expect(found?.precedents.map(({ id }) => id)).toEqual([2, 4, 6, 8, 10].map((before) => `apr_${count - before}`))
  // The type's latest two hundred hold a hundred of the requester's: three hundred requests and decisions, and the request itself.
  expect(read.all).toBe(1 + 300 * 2)
  expect(read.most).toBeLessThanOrEqual(100)
})

it('exports a few rows at a time, each once, with the turn of others between', async () => {
  const { read, projection: counted } = watched()
  const seen: string[] = []
  let cursor: string | null = null
  do {
    const page: Awaited<ReturnType<typeof exportPage>> = await exportPage(
      { format: 'csv', limit: 400, ...(cursor === null ? {} : { cursor }) },
      counted,
    )
    seen.push(...[...page.text.matchAll(/^\ufeff?(apr_\d+),/gm)].map((match) => match[1]!))
    cursor = page.next_cursor
  } while (cursor !== null)
  expect(seen).toEqual(Array.from({ length: count - 1 }, (_, index) => `apr_${index + 1}`))
  expect(read.most).toBeLessThanOrEqual(40)
})

it('counts a year without reading one record, in blocks and single days alike', async () => {
  const { read, projection: counted } = watched()
  const year = await overviewOf({ days: 366, time_zone: 'UTC' }, { projection: counted, now, reader: null })
  expect(read.all).toBe(0)
  expect(year.came).toBe(year.by_day.reduce((sum, day) => sum + day.came, 0))
  const decided = year.approved + year.rejected
  expect([decided, year.time_to_decide.n, year.others.approved + year.others.rejected]).toEqual([decided, decided, decided])
  expect(decided).toBeGreaterThan(1400)
  expect(Math.abs(year.time_to_decide.median_ms! / 60_000 - 1)).toBeLessThan(0.1)
})
