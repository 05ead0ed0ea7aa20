import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Clock } from '../../../electron/core/clock.ts'
import { openProjection, type SqliteProjection } from '../../../electron/core/projection/open.ts'
import type { ApprovalQuery } from '../../../electron/core/projection/port.ts'
import type { ApprovalItem } from '../../../shared/model/approval.ts'
import { approvalDecided, approvalRequested, type JournalFiles, journalFiles, runCompleted, runStarted } from './journal-files.ts'

const count = 60
const now = Date.UTC(2026, 0, 5, 12)
const clock: Clock = { now: () => now, after: () => () => {} }
const hour = 3_600_000

let journal: JournalFiles
let projection: SqliteProjection

/** Every third is decided; every fifth may wait for ever; deadlines come in another order than arrival. */
function writeApproval(n: number): void {
  const due = n % 5 === 0 ? null : new Date(now + ((n * 7) % 31) * hour).toISOString()
  journal.write(runStarted(`run_${n}`))
  journal.write(
    approvalRequested(
      `run_${n}`,
      `apr_${n}`,
      {
        title: `Request ${n}${n === 7 ? ' 100% sure' : n === 8 ? ' 100 pct_sure' : ''}`,
        type: n % 4 === 0 ? 'deployment' : 'refund',
        requester: n % 2 === 0 ? 'grace@example.com' : 'Alan@Example.com',
        approvers: n % 6 === 0 ? ['bob@example.com', 'ada@example.com'] : ['Ada+x@example.com'],
        description: n === 9 ? 'A Rare Description' : null,
      },
      due,
    ),
  )
  if (n % 3 === 0) journal.write(approvalDecided(`run_${n}`, `apr_${n}`, n % 2 === 0 ? 'approved' : 'rejected'))
  if (n % 6 === 0) journal.write(runCompleted(`run_${n}`))
}

async function follow(): Promise<void> {
  projection.follow(journal.durable)
  await projection.caughtUp(journal.durable.seq)
}

beforeAll(async () => {
  journal = journalFiles()
  for (let n = 1; n <= count; n++) writeApproval(n)
  projection = await openProjection({
    file: join(journal.home, 'inbox.db'),
    journalFolder: journal.folder,
    durable: journal.durable,
    clock,
  })
  await projection.caughtUp(journal.durable.seq)
})

afterAll(async () => {
  await projection.close()
  journal.remove()
})

const numberOf = (id: string): number => Number(id.split('_')[1])

function walk(query: ApprovalQuery, between: () => void = () => {}): ApprovalItem[] {
  const items: ApprovalItem[] = []
  let cursor: string | null = null
  do {
    const page = projection.approvals(cursor === null ? query : { ...query, cursor })
    items.push(...page.items)
    cursor = page.next_cursor
    between()
  } while (cursor !== null)
  return items
}

const numbers = Array.from({ length: count }, (_, i) => i + 1)

test.each<[string, Partial<ApprovalQuery>, (n: number) => boolean]>([
  ['everything', {}, () => true],
  ['one status', { status: ['pending'] }, (n) => n % 3 !== 0],
  ['several statuses', { status: ['approved', 'rejected'] }, (n) => n % 3 === 0],
  ['an approver, however the address is spelled', { approver_emails: [' BOB+work@example.com'] }, (n) => n % 6 === 0],
  ['an approver and a status', { approver_emails: ['ada@example.com'], status: ['pending'] }, (n) => n % 3 !== 0],
  ['any of several approvers', { approver_emails: ['bob@example.com', 'Ada@example.com', 'nobody@example.com'] }, () => true],
  [
    'any of several approvers and a status',
    { approver_emails: ['bob@example.com', 'nobody@example.com'], status: ['approved'] },
    (n) => n % 6 === 0,
  ],
  [
    'any of several approvers and words',
    { approver_emails: ['bob@example.com', 'x@example.com'], search: 'grace' },
    (n) => n % 6 === 0,
  ],
  ['nothing for no approver at all', { approver_emails: [] }, () => false],
  ['a requester without regard to case', { requester: 'alan@example.com' }, (n) => n % 2 === 1],
  ['a type', { type: 'deployment' }, (n) => n % 4 === 0],
  ['a run', { run_id: 'run_12' }, (n) => n === 12],
  ['a type and an approver', { type: 'deployment', approver_emails: ['bob@example.com'] }, (n) => n % 12 === 0],
  ['words in any order and case', { search: 'ALAN  request' }, (n) => n % 2 === 1],
  ['a word of the description', { search: 'rare' }, (n) => n === 9],
  ['a number without what stands beside it', { search: '100%' }, (n) => n === 7 || n === 8],
  ['words that follow each other', { search: 'pct_sure' }, (n) => n === 8],
  ['a backslash and a quote as themselves', { search: "\\ ' OR 1=1" }, () => false],
])('finds %s', (_, filter, matches) => {
  const expected = numbers.filter(matches)
  const page = projection.approvals({ sort: 'oldest', limit: 1000, ...filter })
  expect(page.items.map(({ id }) => numberOf(id))).toEqual(expected)
  expect([page.total, page.next_cursor]).toEqual([expected.length, null])
})

const dueKey = (item: ApprovalItem): string => item.due_at ?? '~'

test.each<[ApprovalQuery['sort'], (a: ApprovalItem, b: ApprovalItem) => number]>([
  ['due', (a, b) => (dueKey(a) === dueKey(b) ? numberOf(a.id) - numberOf(b.id) : dueKey(a) < dueKey(b) ? -1 : 1)],
  ['newest', (a, b) => numberOf(b.id) - numberOf(a.id)],
  ['oldest', (a, b) => numberOf(a.id) - numberOf(b.id)],
  [
    'decided',
    (a, b) =>
      a.decided_at === b.decided_at ? numberOf(b.id) - numberOf(a.id) : (a.decided_at ?? '') < (b.decided_at ?? '') ? 1 : -1,
  ],
])('pages of order %s join to the whole, each row once', (sort, compare) => {
  for (const filter of [
    {},
    { approver_emails: ['ada@example.com'] },
    { approver_emails: ['ada@example.com', 'bob@example.com'] },
    { status: ['pending', 'approved'] as const },
  ]) {
    const walked = walk({ sort, limit: 7, ...filter })
    const whole = projection.approvals({ sort, limit: 1000, ...filter })
    expect(walked.map(({ id }) => id)).toEqual(whole.items.map(({ id }) => id))
    expect(walked).toEqual([...walked].sort(compare))
    expect(walked).toHaveLength(whole.total)
  }
})

test('a walk sees every row once while rows are added', async () => {
  let next = 1000
  const seen: string[] = []
  let cursor: string | null = null
  do {
    const page = projection.approvals({ sort: 'newest', type: 'refund', limit: 10, ...(cursor === null ? {} : { cursor }) })
    seen.push(...page.items.map(({ id }) => id))
    cursor = page.next_cursor
    writeApproval(++next)
    await follow()
  } while (cursor !== null)
  const expected = numbers.filter((n) => n % 4 !== 0).map((n) => `apr_${n}`)
  expect(seen.filter((id) => numberOf(id) <= count).sort()).toEqual(expected.sort())
  expect(new Set(seen).size).toBe(seen.length)
})

test.each([
  '',
  '%%%',
  'bm9uc2Vuc2U',
  Buffer.from('["due","x"]').toString('base64url'),
  Buffer.from('["due",1,2]').toString('base64url'),
])('refuses the cursor %j', (cursor) => {
  expect(() => projection.approvals({ sort: 'due', limit: 5, cursor })).toThrow(new RangeError('bad cursor'))
  expect(() => projection.runs({ limit: 5, cursor })).toThrow(new RangeError('bad cursor'))
})

test('refuses a cursor of another order', () => {
  const { next_cursor } = projection.approvals({ sort: 'due', limit: 5 })
  expect(() => projection.approvals({ sort: 'newest', limit: 5, cursor: next_cursor! })).toThrow(new RangeError('bad cursor'))
})

test('lists runs by status and workflow, newest first', () => {
  const completed = projection.runs({ status: ['completed'], workflow: 'approval', limit: 3 })
  expect(completed.items.every(({ status }) => status === 'completed')).toBe(true)
  const more = projection.runs({ status: ['completed'], workflow: 'approval', limit: 1000, cursor: completed.next_cursor! })
  expect(completed.items.length + more.items.length).toBe(completed.total)
  expect(projection.runs({ workflow: 'unknown', limit: 3 })).toEqual({ items: [], total: 0, next_cursor: null })
})

test('counts what waits and what is due within a day', () => {
  const pending = projection.approvals({ status: ['pending'], sort: 'due', limit: 1000 }).items
  const soon = pending.filter(({ due_at }) => due_at !== null && Date.parse(due_at) <= now + 24 * hour)
  expect(projection.counts()).toEqual({ pending: pending.length, due_soon: soon.length, needs_review: 0, dead_deliveries: 0 })
  expect(soon.length).toBeGreaterThan(0)
})
