import { afterEach, beforeEach, expect, test } from 'vitest'
import type { ChangeEvent, Counts } from '../../shared/contract/events.ts'
import type { Caller } from '../../shared/model/actor.ts'
import type { ApprovalItem } from '../../shared/model/approval.ts'
import { type Client, clientFor, openTestApp, ownerEmail, type TestApp } from '../support/app.ts'
import { FakeClock } from '../support/fake-clock.ts'

let opened: TestApp
let ben: Client

/** The numbers of views in what is told next that has any. */
async function nextViews(events: AsyncIterator<unknown, unknown, void>): Promise<Counts['views']> {
  for (;;) {
    const { value } = await events.next()
    if ((value as ChangeEvent).kind === 'counts' || (value as ChangeEvent).kind === 'hello')
      return (value as { counts: Counts }).counts.views
  }
}

const caller = (email: string | null): Caller => ({
  scopes: ['read', 'decide'],
  person: email === null ? null : { email, name: 'Ben' },
  source: null,
  credential: 'tok_1',
  via: 'http',
})

beforeEach(async () => {
  opened = await openTestApp()
  ben = clientFor(opened.app, caller('ben@example.com'))
})

afterEach(() => opened.remove())

const submit = async (title: string, approver_email: string, amount?: number) =>
  opened.source.requests.submitRequest({ type: 'refund', title, approver_email, timeout_hours: 48, ...(amount ? { amount } : {}) })

const titles = (items: readonly { readonly title: string }[]) => items.map(({ title }) => title)
const idOf = async (title: string) =>
  (await opened.owner.approvals.list({ search: `"${title}"`, limit: 1 })).items[0]?.id ?? `nothing called ${title}`

test('each person has views of their own, and sees in them whom they stand in for', async () => {
  await submit('Cup one', 'ben@example.com', 70)
  await submit('Cup two', 'ben@example.com', 900)
  await submit('Cup three', ownerEmail)
  const inbox = async (client: Client, more: object = {}) =>
    titles((await client.approvals.list({ view: 'inbox', sort: 'amount', ...more })).items)
  expect([await inbox(ben), await inbox(opened.owner)]).toEqual([['Cup two', 'Cup one'], ['Cup three']])
  expect(await inbox(opened.owner, { for: 'ben@example.com', search: 'over:100' })).toEqual(['Cup two'])

  await ben.approvals.snooze({ approval_id: await idOf('Cup two') })
  expect(await inbox(ben)).toEqual(['Cup one'])
  expect(titles((await ben.approvals.list({ view: 'snoozed' })).items)).toEqual(['Cup two'])

  await ben.people.delegate({ from: 'ben@example.com', to: ownerEmail, ends_at: new Date(Date.now() + 86_400_000).toISOString() })
  expect(await inbox(opened.owner)).toEqual(['Cup two', 'Cup one', 'Cup three'])
  expect(titles((await opened.owner.approvals.list({ search: 'is:mine -three', sort: 'oldest' })).items)).toEqual([
    'Cup one',
    'Cup two',
  ])
})

test('who is nobody in particular has to say whose view is meant', async () => {
  const program = clientFor(opened.app, caller(null))
  await expect(program.approvals.list({ view: 'inbox' })).rejects.toMatchObject({ code: 'invalid-input' })
  await expect(program.approvals.facets({ view: 'snoozed' })).rejects.toMatchObject({ code: 'invalid-input' })
  expect((await program.approvals.list({ view: 'done' })).total).toBe(0)
  expect((await program.approvals.list({ view: 'inbox', for: 'ben@example.com' })).total).toBe(0)
})

test('whoever watches is told the numbers of their own views', async () => {
  const events = await ben.events.subscribe({})
  const program = await clientFor(opened.app, caller(null)).events.subscribe({})
  const countsIn = (event: ChangeEvent | undefined): Counts | null => (event && 'counts' in event ? event.counts : null)
  expect(countsIn((await events.next()).value as ChangeEvent)?.views).toEqual({
    inbox: 0,
    due_soon: 0,
    waiting: 0,
    snoozed: 0,
    done: 0,
    all: 0,
  })
  const hello = countsIn((await program.next()).value as ChangeEvent)
  expect([hello?.pending, hello && 'views' in hello]).toEqual([0, false])
  await submit('Cup one', 'ben@example.com')
  await submit('Cup two', ownerEmail)
  let views: Counts['views']
  while (views?.all !== 2) views = countsIn((await events.next()).value as ChangeEvent)?.views ?? views
  expect(views).toEqual({ inbox: 1, due_soon: 0, waiting: 1, snoozed: 0, done: 0, all: 2 })
  await Promise.all([events.return?.(undefined), program.return?.(undefined)])
})

test('time alone brings back what was set aside, and says so', async () => {
  const clock = new FakeClock()
  const timed = await openTestApp({ clock })
  try {
    const client = clientFor(timed.app, caller('ben@example.com'))
    await timed.source.requests.submitRequest({
      type: 'refund',
      title: 'Cup one',
      approver_email: 'ben@example.com',
      timeout_hours: 48,
    })
    const approval_id = (await client.approvals.list({ view: 'inbox' })).items[0]!.id
    await client.approvals.snooze({ approval_id, until: new Date(clock.now() + 3_600_000).toISOString() })
    await client.approvals.list({ limit: 1 })
    const events = await client.events.subscribe({})
    expect(await nextViews(events)).toMatchObject({ inbox: 0, snoozed: 1 })
    const next = nextViews(events)
    await Promise.resolve()
    clock.advance(3_601_000)
    expect(await next).toMatchObject({ inbox: 1, snoozed: 0 })
    expect((await client.approvals.list({ view: 'inbox' })).total).toBe(1)
    await events.return?.(undefined)
  } finally {
    await timed.remove()
  }
})

type Sort = 'due' | 'newest' | 'oldest' | 'decided' | 'amount' | 'risk'

test('the ids of a list are those of its items, in the same order and pages, with what they are ordered by', async () => {
  for (let n = 0; n < 7; n++) await submit(`Cup ${n}`, 'ben@example.com', n % 2 ? undefined : (n * 37) % 50)
  await ben.approvals.decide({ approval_id: await idOf('Cup 3'), decision: 'approve' })
  const keyOf: Record<Sort, (item: ApprovalItem) => string | number | null> = {
    due: (item: ApprovalItem) => item.due_at,
    newest: (item: ApprovalItem) => item.created_at,
    oldest: (item: ApprovalItem) => item.created_at,
    decided: (item: ApprovalItem) => item.decided_at,
    amount: (item: ApprovalItem) => (item.amount === null ? null : Number(item.amount)),
    risk: (item: ApprovalItem) => item.risk,
  }
  for (const sort of Object.keys(keyOf) as Sort[]) {
    for (const view of ['inbox', 'done', 'all'] as const) {
      const { items, total } = await ben.approvals.list({ view, sort })
      const first = await ben.approvals.list({ view, sort, limit: 2 })
      const ids: string[] = first.items.map(({ id }) => id)
      const keys = (first.items as ApprovalItem[]).map(keyOf[sort])
      for (let cursor = first.next_cursor; cursor !== null; ) {
        const page = await ben.approvals.ids({ view, sort, limit: 3, cursor })
        expect(page.total).toBe(total)
        ids.push(...page.ids)
        keys.push(...page.keys)
        cursor = page.next_cursor
      }
      expect(ids).toEqual(items.map(({ id }) => id))
      expect(keys).toEqual((items as ApprovalItem[]).map(keyOf[sort]))
    }
  }
})

test('approvals are fetched by their ids in the order asked for, and what does not exist is left out', async () => {
  for (const title of ['Cup one', 'Cup two', 'Cup three']) await submit(title, 'ben@example.com')
  const [one, two, three] = [await idOf('Cup one'), await idOf('Cup two'), await idOf('Cup three')]
  const { items } = await ben.approvals.byIds({ ids: [three, 'apr_none', one, two] })
  expect(titles(items)).toEqual(['Cup three', 'Cup one', 'Cup two'])
  await expect(ben.approvals.byIds({ ids: Array.from({ length: 201 }, (_, n) => `apr_${n}`) })).rejects.toMatchObject({
    code: 'invalid-input',
  })
})
