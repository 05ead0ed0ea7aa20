import { afterEach, expect, test } from 'vitest'
import { systemClock } from '../../electron/core/clock.ts'
import type { Caller } from '../../shared/model/actor.ts'
import { clientFor, openTestApp, ownerEmail, type TestApp } from '../support/app.ts'
import { FakeClock } from '../support/fake-clock.ts'

let app: TestApp
afterEach(() => app.remove())

const reader: Caller = { scopes: ['read'], person: null, source: null, credential: 'tok_reader', via: 'http' }
const request = {
  type: 'refund',
  title: 'Refund for order 88-1',
  requester: 'shop',
  amount: 12.5,
  currency: 'EUR',
  data: { order: 1 },
}

async function ask(clock = new FakeClock()) {
  app = await openTestApp({ clock })
  const { task_id } = await app.source.requests.submitRequest(request)
  const [pending] = (await app.owner.approvals.pending({})).pending_approvals
  return { clock, task_id, id: pending!.id }
}

/** Real turns of the loop: what a due instant sets in motion is on disk then. */
const settle = async () => {
  for (let n = 0; n < 20; n++) await new Promise((resolve) => systemClock.after(2, () => resolve(null)))
}

test('an answer that can be undone is seen by people who decide, and by nobody else', async () => {
  const { clock, task_id, id } = await ask()
  const said = await app.owner.approvals.decide({ approval_id: id, decision: 'approve', comment: 'Fine.', hold: true })
  expect(said).toMatchObject({ status: 'pending', decision: 'approved', release_at: '2026-03-02T09:00:05.000Z' })
  const seen = await app.owner.approvals.get({ approval_id: id })
  expect(seen).toMatchObject({
    status: 'pending',
    held: { said: 'approved', comment: 'Fine.', actor: { id: ownerEmail }, release_at: '2026-03-02T09:00:05.000Z' },
  })
  const others = clientFor(app.app, reader)
  const items = [
    await others.approvals.get({ approval_id: id }),
    ...(await others.approvals.list({})).items,
    ...(await others.approvals.pending({})).pending_approvals,
    ...(await app.source.tasks.status({ task_id })).pending_approvals,
  ]
  expect(items.map(({ status, held }) => [status, held])).toEqual(items.map(() => ['pending', null]))
  expect(items).toHaveLength(4)
  const told = (await others.tasks.timeline({ task_id })).entries.map(({ type }) => type)
  expect(told).not.toContain('approval_held')
  expect((await app.owner.tasks.timeline({ task_id })).entries.map(({ text }) => text)).toContainEqual(
    expect.stringMatching(/answered: approve; can be undone until 2026-03-02T09:00:05.000Z: Fine\.$/),
  )
  clock.advance(5000)
  await settle()
  expect(await app.source.tasks.status({ task_id })).toMatchObject({ status: 'completed', result: { status: 'approved' } })
})

test('undone in time, it waits again as if nothing had been said', async () => {
  const { clock, task_id, id } = await ask()
  await app.owner.approvals.decide({ approval_id: id, decision: 'reject', comment: 'No.', hold: true })
  expect((await app.owner.approvals.undo({ approval_id: id })).message).toBe('The answer was taken back; it waits again.')
  clock.advance(60_000)
  await settle()
  expect(await app.source.tasks.status({ task_id })).toMatchObject({ status: 'waiting', pending_approvals: [{ id, held: null }] })
  await app.owner.approvals.decide({ approval_id: id, decision: 'approve' })
  await expect(app.owner.approvals.undo({ approval_id: id })).rejects.toMatchObject({ code: 'already-decided' })
})

test('it is set aside until an instant or a change, for oneself alone, and never past its deadline unasked', async () => {
  const { id } = await ask()
  const item = await app.owner.approvals.get({ approval_id: id })
  const past = app.owner.approvals.snooze({ approval_id: id, until: '2026-03-02T08:00:00Z' })
  await expect(past).rejects.toMatchObject({ code: 'invalid-input' })
  const late = new Date(Date.parse(item.due_at!) + 1000).toISOString()
  await expect(app.owner.approvals.snooze({ approval_id: id, until: late })).rejects.toThrow(`at ${item.due_at}`)
  expect((await app.owner.approvals.snooze({ approval_id: id, until: late, past_deadline: true })).until).toBe(late)
  const said = { person: ownerEmail, past_deadline: true }
  expect((await app.owner.approvals.get({ approval_id: id })).snoozes).toEqual([{ ...said, until: late, on_change: false }])
  const before = new Date(Date.parse(item.due_at!) - 15 * 60_000).toISOString()
  expect((await app.owner.approvals.snooze({ approval_id: id })).until).toBe(before)
  expect((await app.owner.approvals.get({ approval_id: id })).snoozes).toEqual([
    { person: ownerEmail, until: before, on_change: true },
  ])
  expect((await app.owner.approvals.snooze({ approval_id: id, past_deadline: true })).until).toBe(null)
  await app.source.approvals.comment({ approval_id: id, comment: 'It is urgent after all.' })
  const after = await app.owner.approvals.get({ approval_id: id })
  expect([after.snoozes, after.status]).toEqual([[], 'pending'])
  await app.owner.approvals.snooze({ approval_id: id, until: '2026-03-02T10:00:00Z' })
  await app.owner.approvals.unsnooze({ approval_id: id })
  await app.owner.approvals.watch({ approval_id: id })
  const last = await app.owner.approvals.get({ approval_id: id })
  expect([last.snoozes, last.watchers]).toEqual([[], [ownerEmail]])
  await app.owner.approvals.watch({ approval_id: id, watching: false })
  expect((await app.owner.approvals.get({ approval_id: id })).watchers).toEqual([])
})

test('who only submits can remark on their own requests, and do none of the rest', async () => {
  const { id } = await ask()
  await expect(app.source.approvals.undo({ approval_id: id })).rejects.toMatchObject({ code: 'forbidden' })
  await expect(app.source.approvals.snooze({ approval_id: id })).rejects.toMatchObject({ code: 'forbidden' })
  await expect(app.source.approvals.watch({ approval_id: id })).rejects.toMatchObject({ code: 'forbidden' })
  const other: Caller = {
    scopes: ['submit'],
    person: null,
    source: { id: 'src_other', name: 'Other' },
    credential: 'x',
    via: 'http',
  }
  const stranger = clientFor(app.app, other).approvals.comment({ approval_id: id, comment: 'Hello' })
  await expect(stranger).rejects.toMatchObject({ code: 'forbidden' })
})

test('several are decided at once, each with a result of its own; what wants a look of its own is refused', async () => {
  const { clock } = await ask()
  for (const n of [2, 3]) await app.source.requests.submitRequest({ ...request, title: `Refund for order 88-${n}` })
  await app.source.requests.submitRequest({ ...request, title: 'Large', amount: 250_000 })
  await app.source.requests.submitRequest({ ...request, title: 'Pay \u202edetsurt', amount: 10 })
  const waiting = (await app.owner.approvals.list({ status: ['pending'], sort: 'oldest' })).items
  const items = waiting.map(({ id, version }) => ({ approval_id: id, version: version.sha256 }))
  const stale = { approval_id: items[0]!.approval_id, version: 'a'.repeat(64) }
  const unknown = { approval_id: 'apr_none', version: 'a'.repeat(64) }
  const done = await app.owner.approvals.decideMany({ items: [...items.slice(1), stale, unknown], decision: 'approve', hold: true })
  expect(done.results.map(({ decision, code }) => decision ?? code)).toEqual([
    'approved',
    'approved',
    'not-in-bulk',
    'not-in-bulk',
    'stale-version',
    'not-found',
  ])
  expect([done.message, done.decided, done.refused]).toEqual(['2 of 6 decided; 4 were refused.', 2, 4])
  expect(done.results[0]).toMatchObject({ status: 'pending', release_at: '2026-03-02T09:00:05.000Z' })
  clock.advance(5000)
  await settle()
  expect((await app.owner.approvals.list({ status: ['approved'] })).total).toBe(2)
  await expect(app.owner.approvals.decideMany({ items: items.slice(0, 1), decision: 'reject' })).rejects.toMatchObject({
    code: 'invalid-input',
  })
  const rejected = await app.owner.approvals.decideMany({ items: items.slice(0, 1), decision: 'reject', comment: 'Not these.' })
  expect(rejected.results).toMatchObject([{ decision: 'rejected', status: 'rejected', release_at: null }])
})

test('a remark and an answer of the requester leave a held answer where it is', async () => {
  const { clock, task_id, id } = await ask()
  await app.owner.approvals.decide({ approval_id: id, decision: 'send_back', comment: 'Why?' })
  await app.owner.approvals.decide({ approval_id: id, decision: 'approve', hold: true })
  await app.source.approvals.comment({ approval_id: id, comment: 'It is urgent.' })
  await app.source.approvals.revise({ approval_id: id, comment: 'The cup broke.' })
  const item = await app.owner.approvals.get({ approval_id: id })
  expect([item.held?.said, item.sent_back]).toEqual(['approved', null])
  const view = async (name: 'inbox' | 'waiting') => (await app.owner.approvals.list({ view: name })).items.map((each) => each.id)
  expect([await view('inbox'), await view('waiting')]).toEqual([[], [id]])
  await app.owner.approvals.undo({ approval_id: id })
  expect([await view('inbox'), await view('waiting')]).toEqual([[id], []])
  clock.advance(60_000)
  await settle()
  expect((await app.source.tasks.status({ task_id })).status).toBe('waiting')
})
