import { closeSync, mkdirSync, mkdtempSync, openSync, writeSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { systemClock } from '../../electron/core/clock.ts'
import { type Position, toPosition } from '../../electron/core/journal/port.ts'
import { encodeRecord, genesisHash } from '../../electron/core/journal/record.ts'
import { openProjection, type SqliteProjection } from '../../electron/core/projection/open.ts'
import type { ApprovalQuery } from '../../electron/core/projection/port.ts'
import type { NewEvent } from '../../shared/model/event.ts'
import { approvalDecided, approvalRequested, runStarted } from '../core/projection/journal-files.ts'
import { openBareLists } from './limits/lists.ts'
import { type Figure, median } from './report.ts'

const names = ['grace', 'alan', 'bob', 'carl', 'zoe', 'mallory', 'trent', 'peggy', 'victor', 'walter']
const types = ['refund', 'deployment', 'expense', 'access', 'purchase']
const ada = { person: 'ada@example.com', asks: ['ada@example.com', 'bob@example.com'] }
/** One in so many waits still. */
const open = 10

/** Numbers that look random and are the same each time. */
function numbers(): (below: number) => number {
  let state = 1
  return (below) => {
    state = (Math.imul(state, 1103515245) + 12345) & 0x7fffffff
    return Math.floor((state / 0x80000000) * below)
  }
}

/** What a company asks for: words that all have, words that many have, and words that one has. */
function requestOf(n: number, random: (below: number) => number): NewEvent {
  const name = names[random(names.length)]!
  const type = types[random(types.length)]!
  const words = Array.from({ length: 12 }, () => `word${Math.floor((random(1000) * random(1000)) / 300).toString(36)}`).join(' ')
  const due = n % 3 === 0 ? null : new Date(Date.now() + random(96 * 60) * 60_000 + 3_600_000).toISOString()
  return approvalRequested(
    'run_1',
    `apr_${n.toString(16).padStart(8, '0')}`,
    {
      title: `Request ${n}: ${type} for customer${random(5000)}`,
      type,
      requester: `${name}@example.com`,
      approvers: n % 5 === 0 ? ['bob@example.com'] : ['ada@example.com'],
      amount: random(1_000_000) / 100,
      description: words,
      data: { order_id: `o-${n}`, note: `left at the door ${random(100)}` },
    },
    due,
  )
}

/** A journal of so many approvals, without waiting for a disk. */
function writeJournal(folder: string, count: number) {
  mkdirSync(folder)
  const random = numbers()
  let [hash, seq, segment, offset] = [genesisHash, 0, 1, 0]
  let fd = openSync(join(folder, '00000001.jsonl'), 'w')
  let lines = ''
  const startedAt = Date.now() - 365 * 86_400_000
  const flush = () => {
    offset += writeSync(fd, lines)
    lines = ''
  }
  const write = (event: NewEvent, n: number) => {
    const at = new Date(startedAt + (n / count) * 365 * 86_400_000).toISOString()
    const encoded = encodeRecord(event, ++seq, at, hash)
    hash = encoded.hash
    lines += encoded.line
    if (lines.length > 1 << 20) flush()
    if (offset < 500 << 20) return
    closeSync(fd)
    segment++
    offset = 0
    fd = openSync(join(folder, `${String(segment).padStart(8, '0')}.jsonl`), 'w')
  }
  write(runStarted('run_1'), 0)
  for (let n = 1; n <= count; n++) {
    write(requestOf(n, random), n)
    const id = `apr_${n.toString(16).padStart(8, '0')}`
    const decision = n % 4 === 0 ? 'rejected' : 'approved'
    if (n % open !== 0) write(approvalDecided('run_1', id, decision, n % 1000 === 1 ? 'not without a receipt' : null), n)
  }
  flush()
  closeSync(fd)
  return { seq, end: toPosition(segment, offset) as Position }
}

type Query = Pick<ApprovalQuery, 'search' | 'view' | 'sort' | 'status'>

/** Words that all have, that many have, that few have; together, with operators, in each order; and what is nowhere. */
const queries: readonly Query[] = [
  { search: 'request', sort: 'newest' },
  { search: 'r', sort: 'due', view: 'inbox' },
  { search: 'request customer', sort: 'amount' },
  { search: 'customer4711', sort: 'newest' },
  { search: 'request customer4711 grace', sort: 'risk' },
  { search: 'refund from:grace is:rejected over:5k', sort: 'decided' },
  { search: 'receipt type:expense', sort: 'oldest' },
  { search: '"left at the door" -refund -from:bob', sort: 'amount' },
  { search: 'request nowhere', sort: 'newest' },
  { search: 'over:9990 risk:medium is:mine', sort: 'oldest' },
  { search: 'customer12 by:ada before:30d', sort: 'newest' },
  { search: 'id:apr_000abcde', sort: 'newest' },
  { search: 'deployment', sort: 'due', view: 'due_soon' },
  { search: 'type:refund type:deployment', sort: 'newest' },
]

/** Lists without words: each order, views of one person, and by what rows are filtered. */
const lists: readonly Query[] = [
  { sort: 'newest' },
  { sort: 'due', view: 'inbox' },
  { sort: 'newest', view: 'inbox' },
  { sort: 'amount', view: 'inbox' },
  { sort: 'risk', view: 'inbox' },
  { sort: 'due', view: 'due_soon' },
  { sort: 'decided', status: ['approved', 'rejected'] },
  { sort: 'oldest', status: ['pending'] },
  { sort: 'amount', status: ['approved'] },
]

export async function measureSearch(count: number, repeats: number): Promise<Figure[]> {
  const home = mkdtempSync(join(tmpdir(), 'bench-search-'))
  const journalFolder = join(home, 'journal')
  const durable = writeJournal(journalFolder, count)
  const startedAt = performance.now()
  const projection = await openProjection({ file: join(home, 'inbox.db'), journalFolder, durable, clock: systemClock })
  await projection.caughtUp(durable.seq)
  const ready = (performance.now() - startedAt) / 1000
  while (projection.approvals({ search: 'x', sort: 'newest', limit: 1 }).index_building) await wait(250)
  const indexed = (performance.now() - startedAt) / 1000
  const bareLists = openBareLists(join(home, 'inbox.db'), journalFolder)
  const slowest: number[] = []
  const middle: number[] = []
  const paged: number[] = []
  const bareSearch: number[] = []
  const barePage: number[] = []
  const counted: number[] = []
  for (let round = 0; round <= repeats; round++) {
    const times = queries.map((query) => timeOf(() => projection.approvals({ ...query, who: ada, limit: 50 })))
    const pages = lists.map((query) => middleOf(3, () => projection.approvals({ ...query, who: ada, limit: 50 })))
    const bare = [middleOf(20, () => bareLists.search('customer4711')), middleOf(20, () => bareLists.page())] as const
    const counts = Array.from({ length: 20 }, (_, n) => countTime(projection, n))
    // The first round reads what the system has not read yet.
    if (round === 0) continue
    slowest.push(Math.max(...times))
    middle.push(median(times))
    paged.push(Math.max(...pages))
    bareSearch.push(bare[0])
    barePage.push(bare[1])
    counted.push(Math.max(...counts))
  }
  bareLists.close()
  await projection.close()
  await rm(home, { recursive: true, force: true })
  const group = `${count.toLocaleString('en')} approvals, ${(count / open).toLocaleString('en')} of them open`
  const less = 'less'
  return [
    { group, name: 'one match, its rows and records, by SQLite and Node', key: 'search.bare', unit: 'ms', readings: bareSearch },
    { group, name: 'a page of rows and records, by SQLite and Node', key: 'lists.bare', unit: 'ms', readings: barePage },
    { group, name: `search, the worst of ${queries.length} queries`, unit: 'ms', readings: slowest, aim: 100, better: less },
    { group, name: 'search, the middle of them', key: 'search.middle', unit: 'ms', readings: middle, better: less },
    {
      group,
      name: `lists, the worst of ${lists.length} pages`,
      key: 'lists.worst',
      unit: 'ms',
      readings: paged,
      aim: 100,
      better: less,
    },
    { group, name: 'numbers of all views of one person', unit: 'ms', readings: counted, aim: 1, better: less },
    { group, name: 'rebuild until lists are ready', unit: 's', readings: [ready], better: less },
    {
      group,
      name: 'rebuild until every word is indexed',
      unit: 's',
      readings: [indexed],
      better: less,
    },
  ]
}

function timeOf(work: () => unknown): number {
  const startedAt = performance.now()
  work()
  return performance.now() - startedAt
}

/** The middle of so many times: what else the machine did during one of them is not in it. */
const middleOf = (times: number, work: () => unknown): number => median(Array.from({ length: times }, () => timeOf(work)))

/** Each time for somebody else, so that nothing is remembered. */
const countTime = (projection: SqliteProjection, n: number): number =>
  timeOf(() =>
    projection.viewCounts({ person: 'ada@example.com', asks: ['ada@example.com', ...(n === 0 ? [] : [`x${n}@example.com`])] }),
  )
