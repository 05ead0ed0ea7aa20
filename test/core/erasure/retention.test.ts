import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, expect, it, vi } from 'vitest'
import { Retention } from '../../../electron/core/erasure/retention.ts'
import { isPast } from '../../../electron/core/erasure/rules.ts'
import { retentionRules } from '../../../shared/contract/erasure.ts'
import { askAndDecide, filesWith, openScene, type Scene, secret } from './scene.ts'

let scene: Scene
afterEach(() => scene?.remove())

const day = 86_400_000
const titleOf = async (task_id: string) => (await scene.owner.tasks.get({ task_id })).title
const isErased = (task_id: string) =>
  vi.waitFor(async () => {
    // The look before may not have come to its end.
    scene.app.tick()
    expect(await titleOf(task_id)).toBe('(erased)')
  }, 5000)
const unfinished = async () => (await scene.owner.erasure.retention({})).unfinished

/** Time in which no timer is looked at: a year of them would be a million calls. Its last minute is the one after a jump. */
function pass(ms: number): void {
  for (const part of [ms - 60_000, 60_000]) {
    scene.clock.sleepSilently(part)
    scene.app.tick()
  }
}

/** Lets the daily look, if one is due now, come to its end. */
async function look(): Promise<void> {
  scene.app.tick()
  await vi.waitFor(async () => expect(await unfinished()).toBe(0), 5000)
}

it('keeps everything for ever where nobody says otherwise', async () => {
  scene = await openScene()
  const { task_id } = await askAndDecide(scene)
  pass(4000 * day)
  await look()
  expect(await titleOf(task_id)).toContain(secret)
})

it('erases each type after its own days, counted from the end, and says by which rule', async () => {
  scene = await openScene('retention: { days: 30, types: { deploy: 7, payment: null } }')
  const [refund, deploy, payment] = [
    await askAndDecide(scene, 'refund'),
    await askAndDecide(scene, 'deploy'),
    await askAndDecide(scene, 'payment'),
  ]
  pass(7 * day - 60_000)
  await look()
  expect(await titleOf(deploy.task_id)).toContain(secret)
  pass(day)
  await isErased(deploy.task_id)
  expect(await titleOf(refund.task_id)).toContain(secret)
  pass(23 * day)
  await isErased(refund.task_id)
  expect(await titleOf(payment.task_id)).toContain(secret)
  expect((await scene.owner.tasks.get({ task_id: refund.task_id })).erased).toMatchObject({
    actor: { kind: 'system', id: 'retention' },
    reason: 'kept for 30 days',
    retention_days: 30,
  })
  const { items } = await scene.owner.audit.list({ type: 'run_erased' })
  expect(items.map(({ run_id }) => run_id).sort()).toEqual([deploy.task_id, refund.task_id].sort())
})

it('catches up after a sleep, and erases each thing once', async () => {
  scene = await openScene('retention: { days: 1 }')
  const { task_id } = await askAndDecide(scene)
  pass(40 * day)
  await isErased(task_id)
  pass(3 * day)
  await look()
  expect((await scene.owner.audit.list({ type: 'run_erased' })).items).toHaveLength(1)
  await vi.waitFor(() => expect(filesWith(scene.home, `refund for ${secret}`)).toEqual([]), 5000)
})

it('erases nothing because of a clock that is wrong for less than a minute', async () => {
  scene = await openScene('retention: { days: 30 }')
  const { task_id } = await askAndDecide(scene)
  scene.clock.sleepSilently(40 * day)
  scene.app.tick()
  scene.clock.sleepSilently(30_000)
  await look()
  scene.clock.sleepSilently(-40 * day)
  for (let minutes = 0; minutes < 20; minutes += 5) {
    scene.clock.advance(5 * 60_000)
    await look()
  }
  await new Promise((resolve) => setTimeout(resolve, 50))
  expect(await titleOf(task_id)).toContain(secret)
  // It is looked at again a day later, and not when that other day comes.
  pass(31 * day)
  await isErased(task_id)
})

it('leaves alone what waits, and what is on hold', async () => {
  scene = await openScene('retention: { days: 1, hold: { types: [payment] } }')
  const held = await askAndDecide(scene, 'payment')
  const { task_id: waiting } = await scene.source.requests.submitRequest({ type: 'refund', title: secret })
  const ended = await askAndDecide(scene)
  pass(3 * day)
  await isErased(ended.task_id)
  expect([await titleOf(held.task_id), await titleOf(waiting)].every((title) => title.includes(secret))).toBe(true)
})

it('says before a change what it would erase, and gives an hour to take it back', async () => {
  scene = await openScene()
  const { task_id } = await askAndDecide(scene)
  await askAndDecide(scene, 'payment')
  pass(10 * day)
  const rules = { days: 5, types: { payment: 2555 }, hold: { runs: [], types: [] } }
  expect(await scene.owner.erasure.preview(rules)).toEqual({
    due: 1,
    held: 0,
    of: 2,
    types: [
      { type: 'payment', due: 0, of: 1 },
      { type: 'refund', due: 1, of: 1 },
    ],
  })
  expect(await scene.owner.erasure.preview({ ...rules, hold: { runs: [task_id], types: [] } })).toMatchObject({ due: 0, held: 1 })
  expect(await titleOf(task_id)).toContain(secret)

  const { next_at } = await scene.owner.erasure.setRetention(rules)
  expect(Date.parse(next_at) - scene.clock.now()).toBe(3_600_000)
  pass(3_500_000)
  await look()
  expect(await titleOf(task_id)).toContain(secret)
  pass(200_000)
  await isErased(task_id)
})

it('writes the rules to config.yaml, keeps what is written beside them, and journals the change', async () => {
  scene = await openScene('retention:\n  # The tax office wants these.\n  types:\n    payment: 2555\n')
  await scene.owner.erasure.setRetention({ days: 90, types: { payment: 2555, deploy: 30 }, hold: { runs: [], types: ['claim'] } })
  const text = readFileSync(join(scene.home, 'config.yaml'), 'utf8')
  expect(text).toContain('# The tax office wants these.')
  const { rules } = await scene.owner.erasure.retention({})
  expect(rules).toEqual({ days: 90, types: { payment: 2555, deploy: 30 }, hold: { runs: [], types: ['claim'] } })
  const { items } = await scene.owner.audit.list({ type: 'settings_changed' })
  expect(items[0]?.data).toEqual({ paths: ['retention.days', 'retention.types.deploy', 'retention.hold.types'] })
})

it('erases hundreds in small pieces, with one rewrite of each file', async () => {
  scene = await openScene('retention: { days: 1 }')
  const tasks: string[] = []
  for (let n = 0; n < 120; n++) tasks.push((await askAndDecide(scene)).task_id)
  pass(2 * day)
  await isErased(tasks.at(-1)!)
  await vi.waitFor(async () => expect(await unfinished()).toBe(0), 10_000)
  expect((await scene.owner.audit.list({ type: 'erasure_completed' })).items).toHaveLength(1)
  expect(filesWith(scene.home, `refund for ${secret}`)).toEqual([])
  expect(await scene.owner.system.verify({})).toMatchObject({ ok: true })
})

it('counts whole days from the end', () => {
  const rules = retentionRules.parse({ days: 1, types: { kept: null } })
  const ended = '2026-03-02T09:00:00.000Z'
  const at = Date.parse(ended) + day
  expect([isPast(rules, 'refund', ended, at - 1), isPast(rules, 'refund', ended, at), isPast(rules, 'kept', ended, at)]).toEqual([
    false,
    true,
    false,
  ])
  expect(isPast(rules, 'constructor', ended, at)).toBe(true)
})

it.each([{ days: 0 }, { days: 1.5 }, { types: { 'Not a type': 1 } }, { hold: { runs: ['apr_1'] } }, { dayz: 1 }])(
  'refuses %j',
  (rules) => {
    expect(retentionRules.safeParse(rules).success).toBe(false)
  },
)

it('asks for no turn after the other while what is past takes longer than a day', () => {
  const waits: number[] = []
  let now = 0
  const clock = {
    now: () => now,
    after(ms: number) {
      waits.push(ms)
      return () => {}
    },
  }
  const endless = { caughtUp: () => new Promise<void>(() => {}) }
  const rules = () => ({ days: 30, types: {}, hold: { runs: [], types: [] } })
  const retention = new Retention({ clock, rules, durable: () => 0, projection: endless } as never)
  retention.start()
  for (let turn = 0; turn < 3; turn++) {
    now += 2 * day
    retention.tick()
  }
  expect(waits.filter((ms) => ms < 60_000)).toEqual([])
})
