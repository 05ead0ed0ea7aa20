import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { type Client, clientFor, openTestApp, type TestApp } from '../support/app.ts'
import { SlippingClock } from '../support/slipping-clock.ts'
import { Receiver, until } from './channels/receiver.ts'

const hour = 3_600_000
let clock: SlippingClock
let test: TestApp
let receiver: Receiver

beforeEach(async () => {
  clock = new SlippingClock('2026-03-02T09:00:00.000Z')
  test = await openTestApp({ clock })
  receiver = await new Receiver().open()
})
afterEach(async () => {
  await test.remove()
  await receiver.close()
})

/** A source that is told outcomes. */
async function shop(): Promise<Client> {
  const { item } = await test.owner.tokens.create({ name: 'shop', scope: 'submit', callback_url: receiver.url })
  const source = { id: item.id, name: 'shop' }
  return clientFor(test.app, { scopes: ['submit'], person: null, source, credential: item.id, via: 'http' })
}

it('sends what fell due while the machine slept when it wakes, and within half a minute where nothing says that it woke', async () => {
  receiver.answer = () => ({ status: receiver.received.length < 3 ? 500 : 204 })
  const { task_id } = await (await shop()).requests.submitRequest({ type: 'refund', title: 'A refund' })
  const [{ id: approval_id } = { id: '' }] = (await test.owner.tasks.status({ task_id })).pending_approvals
  await test.owner.approvals.decide({ approval_id, decision: 'approve' })
  const sent = (count: number) => until(() => receiver.received.length === count)
  const recorded = (count: number) =>
    vi.waitFor(async () => expect((await test.owner.audit.list({ type: 'delivery_attempted' })).items).toHaveLength(count))
  await sent(1)
  await recorded(1)
  clock.jump(8 * hour)
  test.app.tick()
  test.app.tick()
  await sent(2)
  await recorded(2)
  clock.jump(8 * hour)
  clock.pass(30_000)
  await sent(3)
  await recorded(3)
})
