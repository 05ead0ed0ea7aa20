import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { systemClock } from '../../../electron/core/clock.ts'
import { openProjection, type SqliteProjection } from '../../../electron/core/projection/open.ts'
import type { ApprovalItem } from '../../../shared/model/approval.ts'
import type { NewEvent } from '../../../shared/model/event.ts'
import {
  bob,
  chainRequested,
  changed,
  due,
  ended,
  escalated,
  event,
  grace,
  later,
  levels,
  standing,
  version,
  voted,
} from './chain-events.ts'
import {
  ada,
  approvalRequested,
  type JournalFiles,
  journalFiles,
  modelSummary,
  refund,
  runCompleted,
  runStarted,
  system,
} from './journal-files.ts'

let journal: JournalFiles
let projection: SqliteProjection

beforeEach(async () => {
  journal = journalFiles()
  projection = await openProjection({
    file: join(journal.home, 'inbox.db'),
    journalFolder: journal.folder,
    durable: journal.durable,
    clock: systemClock,
  })
})

afterEach(async () => {
  await projection.close()
  journal.remove()
})

async function follow(): Promise<void> {
  projection.follow(journal.durable)
  await projection.caughtUp(journal.durable.seq)
}

async function happen(...events: readonly NewEvent[]): Promise<void> {
  for (const one of events) {
    journal.write(one)
    await follow()
  }
}

const begin = () => happen(runStarted('run_1'), chainRequested('run_1', 'apr_1'))
const item = (): ApprovalItem => projection.approval('apr_1')!
const at = (seq: number): string => new Date(Date.UTC(2026, 0, 5, 9) + seq * 1000).toISOString()
/** How many approvals lists find for each of these. */
const asks = (...emails: readonly string[]): readonly number[] =>
  emails.map((email) => {
    const page = projection.approvals({ sort: 'newest', limit: 10, approver_emails: [email] })
    expect(page.items).toHaveLength(page.total)
    return page.total
  })

test('a chain begins at its first level', async () => {
  await begin()
  expect(item()).toMatchObject({
    approvers: ['group:managers'],
    levels,
    waits_for: ['ada@example.com', 'bob@example.com'],
    needed: 2,
    progress: { done: 0, current: 'manager', total: 3 },
    ruling: { rule: 'large', policy_version: '0123456789abcdef' },
    due_at: due,
  })
})

test('votes are listed, and the level they complete makes way for the next', async () => {
  await begin()
  await happen(
    voted(ada, {}, 'fine'),
    voted(bob, {
      on_behalf_of: { email: 'eve@example.com', name: 'Eve' },
      standing: standing({ level: 1, people: ['Carl@example.com'], needed: 1, due_at: later }),
    }),
  )
  expect(item()).toMatchObject({
    waits_for: ['carl@example.com'],
    needed: 1,
    due_at: later,
    progress: { done: 1, current: 'finance', total: 3 },
    revision: 4,
  })
  const vote = { verdict: 'approved', level: 0, version: version(1), counts: true }
  expect(item().votes).toEqual([
    { ...vote, actor: ada, on_behalf_of: null, at: at(3), comment: 'fine' },
    { ...vote, actor: bob, on_behalf_of: { email: 'eve@example.com', name: 'Eve' }, at: at(4), comment: null },
  ])
  expect(asks('ada@example.com', 'bob@example.com', 'carl@example.com', 'zoe@example.com')).toEqual([0, 0, 1, 0])
  expect(
    projection
      .timeline('run_1')
      .entries.map(({ text }) => text)
      .slice(2),
  ).toEqual(['Ada Lovelace approved: fine', 'Bob for Eve approved'])
})

test('whoever has voted is not waited for until a change or the next level asks again', async () => {
  await begin()
  await happen(voted(ada))
  expect([item().waits_for, asks('ada@example.com', 'bob@example.com')]).toEqual([['bob@example.com'], [0, 1]])
  await happen(event('approval_extended', bob, { standing: standing({ due_at: later }) }, { comment: null }))
  expect([item().waits_for, asks('ada@example.com', 'bob@example.com')]).toEqual([['bob@example.com'], [0, 1]])
  await happen(changed(2, { amount: 1 }))
  expect([item().waits_for, asks('ada@example.com', 'bob@example.com')]).toEqual([
    ['ada@example.com', 'bob@example.com'],
    [1, 1],
  ])
  const forBob = { version: version(2), on_behalf_of: { email: 'Bob+x@example.com', name: 'Bob' } }
  await happen(voted(ada, forBob))
  expect(item().waits_for).toEqual(['ada@example.com'])
  const next = standing({ level: 1, people: ['ada@example.com', 'bob@example.com'] })
  await happen(voted(ada, { version: version(2), standing: next }))
  expect([item().waits_for, asks('ada@example.com', 'bob@example.com')]).toEqual([
    ['ada@example.com', 'bob@example.com'],
    [1, 1],
  ])
  await happen(voted(ada, { version: version(2), level: 1, standing: { ...next, people: ['ada@example.com'] } }))
  expect(item().waits_for).toEqual(['ada@example.com'])
  await happen(ended(bob, { version: version(2), level: 1 }))
  expect(asks('ada@example.com', 'bob@example.com')).toEqual([1, 1])
})

test('the vote that ends a chain is the last of its votes; whoever was ever asked finds it', async () => {
  await begin()
  await happen(
    voted(ada, { standing: standing({ level: 1, people: ['carl@example.com'], needed: 1 }) }),
    ended(bob, { decision: 'rejected', level: 1 }, { comment: 'too much' }),
  )
  expect(item()).toMatchObject({
    status: 'rejected',
    progress: { done: 1, current: null, total: 3 },
    waits_for: ['carl@example.com'],
  })
  expect(item().votes.map(({ actor, verdict, level, comment, counts }) => [actor.id, verdict, level, comment, counts])).toEqual([
    ['ada@example.com', 'approved', 0, null, true],
    ['bob@example.com', 'rejected', 1, 'too much', true],
  ])
  expect(asks('ada@example.com', 'bob@example.com', 'carl@example.com', 'zoe@example.com')).toEqual([1, 1, 1, 0])
  await happen(voted(ada, { standing: standing({ people: ['zoe@example.com'] }) }))
  expect(asks('zoe@example.com')).toEqual([0])
  expect(item().votes).toHaveLength(2)
})

test.each<[string, NewEvent]>([
  ['the clock', ended(system, { decision: 'expired', while_away: true })],
  ['a rule', ended({ kind: 'policy', id: 'small', via: 'engine' }, { rule: 'small' })],
  ['a withdrawal', ended(grace, { decision: 'cancelled' })],
])('what %s ends has no vote for that', async (_, end) => {
  await begin()
  await happen(end)
  expect(item().votes).toEqual([])
  expect(item().decision?.while_away).toBe(item().status === 'expired')
  expect(item().progress).toEqual({ done: item().status === 'approved' ? 3 : 0, current: null, total: 3 })
})

test('a decision says for whom, at which level and what else was answered', async () => {
  await begin()
  const on_behalf_of = { email: 'eve@example.com', name: 'Eve' }
  await happen(ended(ada, { level: 2, on_behalf_of, option: 'full' }, { comment: null, answer: { cost_center: 7 } }))
  expect(item().decision).toMatchObject({ on_behalf_of, level: 2, option: 'full', answer: { cost_center: 7 }, while_away: false })
  expect(projection.timeline('run_1').entries.at(-1)?.text).toBe('Approved by Ada Lovelace for Eve, full')
})

test('a change is a new version: its differences are shown, and votes for the version before count no more', async () => {
  await begin()
  await happen(
    voted(ada),
    {
      type: 'summary_recorded',
      run_id: 'run_1',
      approval_id: 'apr_1',
      actor: system,
      data: { state: 'ready', risk: 'high' },
      content: { summary: modelSummary },
    },
    changed(
      2,
      { title: 'Refund a part of order 7', amount: '20.00' },
      { risk_floor: 'low', requesters: ['grace@example.com', 'ada@example.com'] },
      'only a part',
    ),
    voted(bob, { version: version(2) }),
  )
  expect(item()).toMatchObject({
    title: 'Refund a part of order 7',
    amount: '20.00',
    version: version(2),
    excluded: ['grace@example.com', 'ada@example.com'],
    risk: 'low',
    risk_floor: 'low',
    risk_reasons: [],
    summary: { origin: 'rules', summary: 'Version 2' },
  })
  expect(item().votes.map(({ actor, counts }) => [actor.id, counts])).toEqual([
    ['ada@example.com', false],
    ['bob@example.com', true],
  ])
  const change = {
    version: version(2),
    by: 'requester',
    actor: grace,
    at: at(5),
    comment: 'only a part',
    differences: [
      { pointer: '/title', before: 'Refund order 7', after: 'Refund a part of order 7' },
      { pointer: '/approvers/0', before: 'group:managers', after: 'Ada+inbox@Example.com' },
      { pointer: '/amount', before: '42.00', after: '20.00' },
    ],
  }
  expect(item().changes).toEqual([change])
  expect(projection.versions('apr_1')).toEqual([
    { version: { number: 1, sha256: 'a'.repeat(64) }, asked: { ...refund, approvers: ['group:managers'] }, change: null },
    { version: version(2), asked: { ...refund, title: 'Refund a part of order 7', amount: '20.00' }, change },
  ])
  expect(projection.versions('apr_unknown')).toEqual([])
  const found = (search: string) => projection.approvals({ sort: 'newest', limit: 5, search }).total
  expect([found('a part of'), found('shop'), found('refund order'), found('"refund order')]).toEqual([1, 1, 1, 0])
})

test('a plain question that was changed stays plain', async () => {
  await happen(
    runStarted('run_1'),
    approvalRequested('run_1', 'apr_1'),
    changed(2, { amount: '41.00' }),
    changed(3, { amount: 41 }),
  )
  expect(item()).toMatchObject({ version: version(3), amount: 41, levels: [], progress: { done: 0, current: null, total: 1 } })
  expect(item().changes.map(({ differences }) => differences)).toEqual([
    [{ pointer: '/amount', before: '42.00', after: '41.00' }],
    [{ pointer: '/amount', before: '41.00', after: 41 }],
  ])
  await happen(ended(bob, { version: version(3) }))
  expect(item()).toMatchObject({ status: 'approved', votes: [], progress: { done: 1, current: null, total: 1 } })
})

test('what is sent back waits for an answer or a change', async () => {
  await begin()
  const sentBack = event('approval_sent_back', ada, { version: version(1), level: 0 }, { question: 'Which parcel?' })
  await happen(sentBack)
  expect(item().sent_back).toEqual({ question: 'Which parcel?', actor: ada, at: at(3) })
  await happen(event('approval_answered', grace, { version: version(1) }, { comment: 'The second' }))
  expect(item().sent_back).toBeNull()
  await happen(sentBack, changed(2, {}))
  expect(item().sent_back).toBeNull()
  expect(
    projection
      .timeline('run_1')
      .entries.map(({ text }) => text)
      .slice(2),
  ).toEqual([
    'Sent back by Ada Lovelace: Which parcel?',
    'Answered by Grace: The second',
    'Sent back by Ada Lovelace: Which parcel?',
    'Changed by Grace, version 2',
  ])
})

test('an escalation marks the title, and names who was asked at first', async () => {
  await begin()
  await happen(escalated())
  const mark = { number: 1, reason: 'timeout', to: ['zoe@example.com'], while_away: false, at: at(3) }
  expect(item()).toMatchObject({
    title: '[ESCALATED] Refund order 7',
    escalation: { ...mark, original_approvers: ['ada@example.com', 'bob@example.com'] },
    waits_for: ['zoe@example.com'],
    due_at: later,
  })
  expect(projection.versions('apr_1')[0]?.asked.title).toBe('Refund order 7')
  expect(asks('ada@example.com', 'zoe@example.com')).toEqual([0, 1])
  const next = standing({ people: ['zoe@example.com', 'carl@example.com'], escalations: 2 })
  await happen(
    escalated({
      number: 2,
      reason: 'no_answer',
      from: ['zoe@example.com'],
      to: ['carl@example.com'],
      while_away: true,
      standing: next,
    }),
  )
  expect(item().escalation).toMatchObject({
    number: 2,
    original_approvers: ['ada@example.com', 'bob@example.com'],
    while_away: true,
  })
  const atFinance = standing({ level: 1, people: ['ada@example.com'], escalations: 1 })
  await happen(
    voted(ada, { standing: standing({ level: 1, people: ['carl@example.com'] }) }),
    escalated({ from: ['carl@example.com'], to: ['ada@example.com'], standing: atFinance }),
  )
  expect(item().escalation).toMatchObject({ number: 1, original_approvers: ['carl@example.com'] })
  expect(
    projection
      .timeline('run_1')
      .entries.map(({ text }) => text)
      .slice(2, 4),
  ).toEqual([
    'Escalated to zoe@example.com: the time was up',
    'Escalated to carl@example.com: nobody had answered yet (while nothing ran here)',
  ])
})

test('it can be handed to others and given more time', async () => {
  await begin()
  await happen(
    event(
      'approval_reassigned',
      ada,
      {
        from: ['ada@example.com'],
        to: ['carl@example.com'],
        standing: standing({ people: ['carl@example.com', 'bob@example.com'] }),
      },
      { comment: 'on leave' },
    ),
    event(
      'approval_extended',
      bob,
      { standing: standing({ people: ['carl@example.com', 'bob@example.com'], due_at: later }) },
      { comment: null },
    ),
  )
  expect(item()).toMatchObject({ waits_for: ['carl@example.com', 'bob@example.com'], due_at: later })
  expect(asks('ada@example.com', 'bob@example.com', 'carl@example.com')).toEqual([0, 1, 1])
  expect(
    projection
      .timeline('run_1')
      .entries.map(({ text }) => text)
      .slice(2),
  ).toEqual(['Handed to carl@example.com by Ada Lovelace: on leave', `Extended until ${later} by Bob`])
})

test.each<[string, NewEvent]>([
  [
    'an extension',
    event('approval_extended', bob, { standing: standing({ due_at: '2026-02-01T00:00:00.000Z' }) }, { comment: null }),
  ],
  ['an escalation', escalated()],
  ['a change', changed(2, {})],
  ['the next level', voted(ada, { standing: standing({ level: 1, due_at: '2026-02-01T00:00:00.000Z' }) })],
])('what lapsed unseen says so until %s', async (_, next) => {
  await begin()
  await happen(event('approval_lapsed', system, { lapsed_at: due, standing: standing({ due_at: later }) }, null))
  expect(item()).toMatchObject({ status: 'pending', lapsed_at: due, due_at: later })
  await happen(voted(bob, { standing: standing({ due_at: later }) }))
  expect(item().lapsed_at).toBe(due)
  await happen(next)
  expect(item().lapsed_at).toBeNull()
  expect(projection.timeline('run_1').entries[2]?.text).toBe(
    `The time was up at ${due}, while nothing ran here; can be answered until ${later}`,
  )
})

test('a reminder is told and changes nothing else', async () => {
  await begin()
  const before = item()
  await happen(event('approval_reminded', system, { due_at: due, before_ms: 3_600_000, next_at: null }, null))
  expect(item()).toEqual({ ...before, revision: 3 })
  expect(projection.timeline('run_1').entries.at(-1)?.text).toBe(`Reminded those asked: due ${due}`)
})

test('lists sort by the deadline of now', async () => {
  await begin()
  await happen(runStarted('run_2'), approvalRequested('run_2', 'apr_2', {}, '2026-01-08T09:00:00.000Z'))
  const order = () => projection.approvals({ sort: 'due', limit: 5 }).items.map(({ id }) => id)
  expect(order()).toEqual(['apr_1', 'apr_2'])
  await happen(event('approval_extended', bob, { standing: standing({ due_at: later }) }, { comment: null }))
  expect(order()).toEqual(['apr_2', 'apr_1'])
  await happen(event('approval_extended', bob, { standing: standing({ due_at: null }) }, { comment: null }))
  expect([item().due_at, projection.timeline('run_1').entries.at(-1)?.text]).toEqual([null, 'Given all the time by Bob'])
})

const batch = [1, 2, 3].map((n) => ({
  id: `item_${n}`,
  type: 'refund',
  title: `Refund ${n}`,
  amount: n,
  currency: 'EUR',
  data: { note: 'x'.repeat(6000) },
}))

test('in lists a large batch shows its items without their data', async () => {
  await happen(runStarted('run_1'), approvalRequested('run_1', 'apr_1', { items: batch, data: null, partial: true }))
  const listed = projection.approvals({ sort: 'newest', limit: 5 }).items[0]
  expect(listed).toMatchObject({ data_omitted: true, items: batch.map((one) => ({ ...one, data: null })), partial: true })
  expect(listed?.data_bytes).toBe(JSON.stringify(batch).length + 4)
  expect(item()).toMatchObject({ data_omitted: false, items: batch })
  await happen(changed(2, { items: batch.slice(0, 2), data: null, amount: 3 }))
  const pointers = (of: ApprovalItem | undefined) => of?.changes[0]?.differences.map(({ pointer }) => pointer)
  expect(pointers(projection.approvals({ sort: 'newest', limit: 5 }).items[0])).toEqual(['/amount', '/partial'])
  expect(pointers(item())).toEqual(['/amount', '/items/2', '/partial'])
})

test('what was erased is shown as erased', async () => {
  journal.write(runStarted('run_1'), { erased: true })
  journal.write(chainRequested('run_1', 'apr_1'), { erased: true })
  for (const one of [
    voted(ada, {}, 'secret'),
    changed(2, { title: 'secret' }, {}, 'secret'),
    event('approval_sent_back', ada, { version: version(2), level: 0 }, { question: 'secret' }),
    event('approval_reassigned', ada, { from: [], to: ['bob@example.com'], standing: standing() }, { comment: 'secret' }),
    ended(bob, { version: version(2) }, { comment: 'secret', answer: 'secret' }),
  ])
    journal.write(one, { erased: true })
  journal.write(escalated())
  await follow()
  expect(item()).toMatchObject({
    title: '(erased)',
    votes: [{ comment: '(erased)', counts: false }, { comment: '(erased)' }],
    changes: [{ comment: '(erased)', differences: [] }],
    sent_back: { question: '(erased)' },
    decision: { comment: '(erased)', answer: null },
  })
  const { steps, entries } = projection.timeline('run_1')
  expect(JSON.stringify([item(), steps, entries, projection.versions('apr_1')])).not.toContain('secret')
})

test('a rebuilt database equals the one that followed', async () => {
  await begin()
  await happen(
    voted(ada),
    changed(2, { title: 'Another title', amount: 1 }),
    escalated(),
    event('approval_extended', bob, { standing: standing({ due_at: later }) }, { comment: null }),
  )
  await happen(runStarted('run_2'), chainRequested('run_2', 'apr_2'), runStarted('run_3'), chainRequested('run_3', 'apr_3'))
  await happen(
    {
      ...voted(ada, { standing: standing({ level: 1, people: ['carl@example.com'] }) }),
      run_id: 'run_2',
      approval_id: 'apr_2',
    } as NewEvent,
    { ...ended(ada), run_id: 'run_2', approval_id: 'apr_2' } as NewEvent,
    { type: 'progress_reported', run_id: 'run_2', actor: system, data: { done: 3, total: 9 }, content: { text: null } },
    runCompleted('run_2'),
  )
  const reading = () => ({
    approvals: projection.approvals({ sort: 'due', limit: 10 }),
    runs: projection.runs({ limit: 10 }),
    asked: asks('ada@example.com', 'bob@example.com', 'carl@example.com', 'zoe@example.com'),
    found: projection.approvals({ sort: 'newest', limit: 10, search: 'another title' }).total,
    versions: projection.versions('apr_1'),
  })
  const followed = reading()
  expect([followed.approvals.total, followed.found]).toEqual([3, 1])
  await projection.rebuild()
  expect(reading()).toEqual(followed)
})
