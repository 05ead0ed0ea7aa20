import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openProjection, type SqliteProjection } from '../../../electron/core/projection/open.ts'
import type { ApprovalQuery } from '../../../electron/core/projection/port.ts'
import { approvalDecided, approvalRequested, type JournalFiles, journalFiles, runStarted } from './journal-files.ts'

/* More approvals than a sample has, so that rare words are found by the index over words and common ones by walking. */

const count = 4000
let journal: JournalFiles
let projection: SqliteProjection

const isOpen = (n: number) => n % 4 !== 0
const amountOf = (n: number) => (n * 7919) % 10_007
const titleOf = (n: number) => `Request ${n} ${n % 2 === 0 ? 'even' : 'odd'} customer${n % 1000}${n === 1234 ? ' Zürich' : ''}`

beforeAll(async () => {
  journal = journalFiles()
  journal.write(runStarted('run_1'))
  for (let n = 1; n <= count; n++) {
    const asked = { title: titleOf(n), amount: amountOf(n), type: n % 5 === 0 ? 'deployment' : 'refund', description: null }
    journal.write(approvalRequested('run_1', `apr_${n}`, asked))
    if (!isOpen(n)) journal.write(approvalDecided('run_1', `apr_${n}`, 'rejected'))
  }
  projection = await openProjection({
    file: join(journal.home, 'inbox.db'),
    journalFolder: journal.folder,
    durable: journal.durable,
    clock: { now: () => Date.UTC(2026, 0, 6), after: () => () => {} },
  })
  await projection.caughtUp(journal.durable.seq)
  while (projection.approvals({ search: 'x', sort: 'newest', limit: 1 }).index_building) await wait(20)
}, 120_000)

afterAll(async () => {
  await projection.close()
  journal.remove()
})

const who = { person: 'ada@example.com', asks: ['ada@example.com'] }

function walk(query: ApprovalQuery): { readonly found: number[]; readonly total: number; readonly atLeast: boolean } {
  const first = projection.approvals({ ...query, who })
  const found = first.items.map(({ id }) => Number(id.slice(4)))
  for (let cursor = first.next_cursor; cursor !== null; ) {
    const page = projection.approvals({ ...query, who, cursor })
    found.push(...page.items.map(({ id }) => Number(id.slice(4))))
    cursor = page.next_cursor
  }
  return { found, total: first.total, atLeast: first.total_is_at_least }
}

const numbers = Array.from({ length: count }, (_, n) => n + 1)

test.each<[string, (n: number) => boolean]>([
  ['request', () => true],
  ['zurich', (n) => n === 1234],
  ['customer777', (n) => n % 1000 === 777],
  ['customer77', (n) => /^77/.test(String(n % 1000))],
  ['"customer77"', (n) => n % 1000 === 77],
  ['request customer777 -odd', () => false],
  ['even type:deployment', (n) => n % 10 === 0],
  ['even odd', () => false],
  ['type:refund type:deployment', () => false],
  ['is:rejected customer4', (n) => !isOpen(n) && /^4/.test(String(n % 1000))],
  ['over:10k', (n) => amountOf(n) > 10_000],
  ['under:100 even', (n) => amountOf(n) < 100 && n % 2 === 0],
  ['-request', () => false],
  ['id:apr_1234', (n) => n === 1234],
  ['nowhere', () => false],
])('%s finds the same in each order, page by page', (search, matches) => {
  const expected = numbers.filter(matches)
  for (const sort of ['newest', 'oldest', 'amount', 'due', 'risk', 'decided'] as const) {
    const { found, total, atLeast } = walk({ search, sort, limit: 700 })
    expect([sort, found.toSorted((a, b) => a - b)]).toEqual([sort, expected])
    expect(atLeast ? total <= expected.length : total === expected.length).toBe(true)
    if (sort === 'newest') expect(found).toEqual(expected.toReversed())
    if (sort === 'amount') expect(found.map(amountOf)).toEqual(expected.map(amountOf).sort((a, b) => b - a))
  }
})

test('a view counts exactly what it lists, however long it is', () => {
  const counts = projection.viewCounts(who)
  for (const view of ['inbox', 'done', 'all', 'waiting'] as const) {
    const { found, total, atLeast } = walk({ view, sort: 'amount', limit: 900 })
    expect([view, found.length, total, atLeast]).toEqual([view, counts[view], counts[view], false])
  }
  expect(counts).toMatchObject({ inbox: 3000, done: 1000, all: 4000, waiting: 0 })
})

test('what is seldom is found, and counted, without looking at the rest', () => {
  expect(projection.approvals({ search: 'customer777', sort: 'newest', limit: 2 })).toMatchObject({
    total: 4,
    total_is_at_least: false,
  })
  expect(projection.approvals({ search: 'request', sort: 'newest', limit: 2 })).toMatchObject({ total_is_at_least: true })
})
