import { join } from 'node:path'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { openProjection, type SqliteProjection } from '../../../electron/core/projection/open.ts'
import type { ApprovalSort } from '../../../electron/core/projection/port.ts'
import type { Actor } from '../../../shared/model/actor.ts'
import type { ApprovalItem } from '../../../shared/model/approval.ts'
import type { NewEvent } from '../../../shared/model/event.ts'
import { type View, views } from '../../../shared/model/view.ts'
import { standing, version } from './chain-events.ts'
import { approvalDecided, approvalRequested, journalFiles, modelSummary, runStarted, system } from './journal-files.ts'

const hour = 3_600_000
const now = Date.UTC(2026, 0, 6, 12)
const at = (hours: number): string => new Date(now + hours * hour).toISOString()
const person = (email: string): Actor => ({ kind: 'person', id: email, name: email.split('@')[0]!, via: 'browser' })

const [ada, bob, carl] = ['ada@example.com', 'bob@example.com', 'carl@example.com'] as const
/** Ada stands in for Bob. */
const who: { person: string; asks: string[] } = { person: ada, asks: [ada, bob] }

type Step = { readonly of: number; readonly make: (ids: Ids) => NewEvent }
type Ids = { readonly run_id: string; readonly approval_id: string }

const someone = fc.constantFrom(ada, bob, carl)
const people = fc.uniqueArray(someone, { maxLength: 3 })
const due = fc.option(fc.integer({ min: -4, max: 40 }).map(at), { nil: null })
const event = (type: string, actor: Actor, data: object, content: object | null) => (ids: Ids) =>
  ({ type, actor, data, content, ...ids }) as unknown as NewEvent

const request = fc.record({
  approvers: people,
  due,
  amount: fc.option(fc.constantFrom(0, 5, -900, '1500.50', 20_000), { nil: null }),
  type: fc.constantFrom('refund', 'trip_cost', 'deployment'),
  title: fc.constantFrom('Refund a broken cup', 'Train to Pôrto', 'Ship version 7', 'Old cup, broken handle'),
  requester: fc.constantFrom(null, 'grace@example.com', 'Alan Turing'),
})

const makes = fc.oneof(
  fc
    .tuple(someone, fc.option(fc.integer({ min: -3, max: 9 }).map(at), { nil: null }), fc.boolean())
    .map(([who, until, on_change]) => event('approval_snoozed', person(who), { person: who, until, on_change }, null)),
  someone.map((who) => event('approval_unsnoozed', person(who), { person: who }, null)),
  fc.tuple(someone, fc.boolean()).map(([who, watching]) => event('approval_watched', person(who), { person: who, watching }, null)),
  someone.map((who) =>
    event(
      'approval_held',
      person(who),
      { said: 'approved', version: version(1), on_behalf_of: null, release_at: at(1) },
      { events: [], comment: null },
    ),
  ),
  people.map((asked) => event('approval_unheld', person(ada), { why: 'undone', standing: standing({ people: asked }) }, null)),
  fc.constant(event('approval_commented', person(carl), { version: version(1) }, { comment: 'Seen the photo' })),
  fc.constant(event('approval_sent_back', person(carl), { version: version(1), level: 0 }, { question: 'Which shelf?' })),
  fc
    .tuple(people, due)
    .map(([asked, due_at]) =>
      event(
        'approval_reassigned',
        person(carl),
        { from: [], to: asked, standing: standing({ people: asked, due_at }) },
        { comment: null },
      ),
    ),
  someone.map((who) =>
    event(
      'approval_voted',
      person(who),
      {
        verdict: 'approved',
        version: version(1),
        level: 0,
        on_behalf_of: null,
        self_approved: false,
        standing: standing({ people: [ada, bob, carl] }),
      },
      { comment: 'fine' },
    ),
  ),
  fc.constant(event('summary_recorded', system, { state: 'ready', risk: 'high' }, { summary: modelSummary })),
  fc
    .constantFrom('approved' as const, 'rejected' as const, 'expired' as const, 'cancelled' as const)
    .map((decision) => (ids: Ids) => approvalDecided(ids.run_id, ids.approval_id, decision, 'so be it')),
)

const history = fc.record({
  requests: fc.array(request, { minLength: 1, maxLength: 12 }),
  steps: fc.array(fc.record({ of: fc.nat(11), make: makes }), { maxLength: 40 }) as fc.Arbitrary<Step[]>,
})

/** The same said once more, over whole items. */
const isMine = ({ waits_for }: ApprovalItem) => waits_for.length === 0 || waits_for.some((email) => who.asks.includes(email))
const isSnoozed = ({ snoozes }: ApprovalItem) =>
  snoozes.some((snooze) => snooze.person === ada && (snooze.until === null || Date.parse(snooze.until) > now))
const isOpen = ({ status }: ApprovalItem) => status === 'pending'
const toAnswer = (item: ApprovalItem) => isOpen(item) && isMine(item) && item.held === null

const isIn: Readonly<Record<View, (item: ApprovalItem) => boolean>> = {
  inbox: (item) => toAnswer(item) && !isSnoozed(item),
  due_soon: (item) => isIn.inbox(item) && item.due_at !== null && Date.parse(item.due_at) <= now + 24 * hour,
  waiting: (item) => isOpen(item) && !toAnswer(item),
  snoozed: (item) => toAnswer(item) && isSnoozed(item),
  done: (item) => !isOpen(item),
  all: () => true,
}

const size = ({ amount }: ApprovalItem) => (amount === null ? -1 : Math.abs(Number(amount)))
const ranks = { low: 0, medium: 1, high: 2 }
const keys: Readonly<Record<ApprovalSort, (item: ApprovalItem) => string | number>> = {
  due: (item) => item.due_at ?? '~',
  newest: (item) => item.created_at,
  oldest: (item) => item.created_at,
  decided: (item) => item.decided_at ?? '',
  amount: size,
  risk: (item) => ranks[item.risk],
}
const sorts = Object.keys(keys) as ApprovalSort[]

const words = (text: string) =>
  text
    .normalize('NFKD')
    .replaceAll(/\p{M}/gu, '')
    .toLowerCase()
    .split(/[^\p{L}\p{N}]+/u)
    .filter(Boolean)
const begins = (text: string | null | undefined, word: string) => words(text ?? '').some((one) => one.startsWith(word))
const deciders = ({ votes, decision }: ApprovalItem) => [...votes, ...(decision ? [decision] : [])].map(({ actor }) => actor.id)

const searches: readonly (readonly [string, (item: ApprovalItem) => boolean])[] = [
  ['cup', ({ title }) => begins(title, 'cup')],
  ['PORT', ({ title }) => begins(title, 'port')],
  ['"broken cup"', ({ title }) => title.includes('broken cup')],
  ['-cup is:pending', (item) => !begins(item.title, 'cup') && isOpen(item)],
  ['type:trip', ({ type }) => type === 'trip_cost'],
  ['from:alan', ({ requester }) => begins(requester, 'alan')],
  ['-from:shop', () => false],
  ['over:1k', (item) => size(item) > 1000],
  ['under:900 ', (item) => size(item) >= 0 && size(item) < 900],
  ['-over:5', (item) => size(item) <= 5],
  ['risk:high', ({ risk }) => risk === 'high'],
  ['is:approved is:rejected', ({ status }) => status === 'approved' || status === 'rejected'],
  ['-is:expired -is:pending', ({ status }) => status !== 'expired' && status !== 'pending'],
  ['is:snoozed', isSnoozed],
  ['is:watched', ({ watchers }) => watchers.includes(ada)],
  ['is:sent_back', ({ sent_back }) => sent_back !== null],
  ['by:carl', (item) => deciders(item).includes(carl)],
  ['is:overdue', (item) => isOpen(item) && item.due_at !== null && Date.parse(item.due_at) < now],
  ['nowhere', () => false],
]

async function run({
  requests,
  steps,
}: {
  requests: readonly (typeof request extends fc.Arbitrary<infer R> ? R : never)[]
  steps: Step[]
}) {
  const journal = journalFiles()
  const projection = await openProjection({
    file: join(journal.home, 'inbox.db'),
    journalFolder: journal.folder,
    durable: journal.durable,
    clock: { now: () => now, after: () => () => {} },
  })
  const follow = async () => {
    projection.follow(journal.durable)
    await projection.caughtUp(journal.durable.seq)
  }
  try {
    for (const [n, { due, ...asked }] of requests.entries()) {
      journal.write(runStarted(`run_${n}`))
      journal.write(approvalRequested(`run_${n}`, `apr_${n}`, asked, due))
    }
    for (const [n, { of, make }] of steps.entries()) {
      const id = of % requests.length
      journal.write(make({ run_id: `run_${id}`, approval_id: `apr_${id}` }))
      // Some of it in small batches as it happens, the rest at once.
      if (n % 7 === 0) await follow()
    }
    await follow()
    agree(projection)
  } finally {
    await projection.close()
    journal.remove()
  }
}

function walk(projection: SqliteProjection, query: { view?: View; search?: string; sort: ApprovalSort }): readonly ApprovalItem[] {
  const items: ApprovalItem[] = []
  let cursor: string | null = null
  do {
    const page = projection.approvals({ ...query, who, limit: 4, ...(cursor === null ? {} : { cursor }) })
    expect(page.index_building).toBe(false)
    items.push(...page.items)
    cursor = page.next_cursor
  } while (cursor !== null)
  return items
}

const ids = (items: readonly ApprovalItem[]) => items.map(({ id }) => id).sort()

function agree(projection: SqliteProjection): void {
  const everything = projection.approvals({ sort: 'oldest', limit: 1000 }).items
  const counts = projection.viewCounts(who)
  for (const view of views) {
    const expected = everything.filter(isIn[view])
    expect([view, counts[view]]).toEqual([view, expected.length])
    for (const sort of sorts) {
      const items = walk(projection, { view, sort })
      expect([view, sort, ids(items)]).toEqual([view, sort, ids(expected)])
      const sign = sort === 'due' || sort === 'oldest' ? 1 : -1
      for (const [n, item] of items.slice(1).entries()) {
        const [before, after] = [keys[sort](items[n]!), keys[sort](item)]
        expect(before === after || (before < after ? 1 : -1) === sign).toBe(true)
      }
    }
    const page = projection.approvals({ view, who, sort: 'newest', limit: 1 })
    expect([view, page.total, page.total_is_at_least]).toEqual([view, expected.length, false])
  }
  for (const [search, matches] of searches) {
    const found = walk(projection, { search, sort: 'amount' })
    const expected = everything.filter(matches)
    expect([search, ids(found)]).toEqual([search, ids(expected)])
    expect([search, ids(walk(projection, { search, view: 'inbox', sort: 'due' }))]).toEqual([
      search,
      ids(expected.filter(isIn.inbox)),
    ])
  }
}

test('lists, numbers and a plain filter agree about views and searches, whatever happened', { timeout: 120_000 }, async () => {
  await fc.assert(fc.asyncProperty(history, run), { numRuns: 25 })
})
