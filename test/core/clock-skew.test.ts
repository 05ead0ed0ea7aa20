import { afterEach, expect, it } from 'vitest'
import { type Client, newHome, openTestApp, type TestApp } from '../support/app.ts'
import { FakeClock } from '../support/fake-clock.ts'

const hour = 3_600_000
let test: TestApp
afterEach(() => test.remove())

const ask = (owner: Client, title: string) => owner.requests.submitRequest({ type: 'refund', title })
const skews = async () => (await test.owner.audit.list({ type: 'clock_skew' })).items

it('says in the journal where the clock went back, once, before the first record that is earlier', async () => {
  const clock = new FakeClock()
  test = await openTestApp({ clock })
  await ask(test.source, 'Before')
  clock.sleepSilently(-hour)
  await ask(test.source, 'After')
  await ask(test.source, 'Later')
  const [found, ...more] = await skews()
  expect(more).toEqual([])
  expect(found).toMatchObject({
    at: '2026-03-02T08:00:00.000Z',
    actor: { kind: 'system', id: 'journal' },
    data: { last_at: '2026-03-02T09:00:00.000Z', back_ms: hour },
  })
  const { items } = await test.owner.audit.list({ type: 'run_started' })
  const [later, after, before] = items.map(({ seq }) => seq)
  expect([before! < found!.seq, found!.seq < after!, after! < later!]).toEqual([true, true, true])
  expect((await test.owner.system.verify({})).ok).toBe(true)
})

it('notices it across a restart, and keeps quiet about a clock that is put right by a second', async () => {
  const home = newHome()
  const clock = new FakeClock()
  test = await openTestApp({ clock, home })
  await ask(test.source, 'Before')
  clock.sleepSilently(-1500)
  await ask(test.source, 'A second earlier')
  expect(await skews()).toEqual([])
  await test.stop()
  clock.sleepSilently(-8 * hour)
  test = await openTestApp({ clock, home })
  await ask(test.source, 'After')
  expect((await skews()).map(({ data }) => data)).toEqual([{ last_at: '2026-03-02T08:59:58.500Z', back_ms: 8 * hour }])
})
