import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { Alerts } from '../../../electron/core/alerts/alerts.ts'
import { Snoozes } from '../../../electron/core/alerts/snoozes.ts'
import { LiveState } from '../../../electron/core/engine/live.ts'
import { UndoLog } from '../../../electron/core/table.ts'
import { hostWords } from '../../../shared/words/host.ts'
import { newHome, ownerEmail } from '../../support/app.ts'
import { FakeClock } from '../../support/fake-clock.ts'
import { hour, minute, openScene, type Scene } from './scene.ts'

let zone: string | undefined
beforeAll(() => {
  zone = process.env.TZ
  process.env.TZ = 'UTC'
})
afterAll(() => {
  process.env.TZ = zone
})

const day = { timeout_hours: 8, hard_limit: true }

/** Closes the application for a while and opens it again over the same home. */
async function reopen(scene: Scene, home: string, closedMs: number): Promise<Scene> {
  await scene.stop()
  scene.clock.sleepSilently(closedMs)
  return openScene({ home, clock: scene.clock })
}

async function hear(scene: Scene, email = ownerEmail) {
  const heard = scene.listen(email)
  await heard.ready()
  await scene.pass(2000)
  return heard
}

describe('what came due while the application was closed', () => {
  it('is one alert for each person when their first program comes, and never again', async () => {
    const home = newHome()
    const before = await openScene({ home })
    await before.ask('Near', day)
    await before.ask('Nearer', { timeout_hours: 6, hard_limit: true })
    await before.ask('Over', { timeout_hours: 2, hard_limit: true })
    await before.ask('Far', { timeout_hours: 100 })
    await before.ask('For Bo', { timeout_hours: 8, approver_email: 'bo@example.com' })
    await before.settle()
    const scene = await reopen(before, home, 5 * hour)
    const mine = await hear(scene)
    expect(mine.alerts.map(({ reason, title, text, count, parts }) => [reason, title, text, count, parts])).toEqual([
      [
        'closed',
        'While this was closed',
        '1 expired, 2 near the deadline.',
        3,
        [
          { reason: 'expired', count: 1 },
          { reason: 'half', count: 2 },
        ],
      ],
    ])
    expect(mine.alerts[0]?.next_at).toBe('2026-03-02T14:45:00.000Z')
    const again = await hear(scene)
    expect(again.alerts).toEqual([])
    const bo = await hear(scene, 'bo@example.com')
    expect(bo.said).toEqual(['half: For Bo'])
  })

  it('does not repeat what was told before it was closed, however long ago that was', async () => {
    const home = newHome()
    const before = await openScene({ home })
    const first = await hear(before)
    await before.ask('Half', day)
    await before.settle()
    await before.pass(4 * hour)
    expect(first.said).toEqual(['new: Half', 'half: Half'])
    await before.pass(hour)
    first.end()
    const scene = await reopen(before, home, hour)
    expect((await hear(scene)).said).toEqual([])
  })

  it('says nothing about what was answered, set aside or is not to be told', async () => {
    const home = newHome()
    const before = await openScene({ home })
    const snoozed = await before.ask('Snoozed', day)
    const decided = await before.ask('Decided', day)
    await before.owner.approvals.snooze({ approval_id: snoozed, until: new Date(before.clock.now() + 7 * hour).toISOString() })
    await before.owner.approvals.decide({ approval_id: decided, decision: 'approve' })
    await before.owner.settings.update({ notifications: { deadlines: true } } as never)
    const scene = await reopen(before, home, 5 * hour)
    expect((await hear(scene)).said).toEqual([])
    await scene.owner.settings.update({ notifications: { deadlines: false } } as never)
    await scene.owner.approvals.unsnooze({ approval_id: snoozed })
    await scene.settle()
    const last = await reopen(scene, home, 2 * hour)
    expect((await hear(last)).said).toEqual([])
  })

  it('is how something ended that they watch, and who is asked since then is told that it is new', async () => {
    const home = newHome()
    const before = await openScene({ home })
    const id = await before.ask('For Bo', { timeout_hours: 2, hard_limit: true, approver_email: 'bo@example.com' })
    await before.owner.approvals.watch({ approval_id: id, watching: true })
    await before.settle()
    const scene = await reopen(before, home, 3 * hour)
    const [mine, bo] = [await hear(scene), await hear(scene, 'bo@example.com')]
    expect([mine.said, bo.said]).toEqual([['watched: For Bo'], ['expired: For Bo']])
  })

  it('comes after the quiet time where it is quiet', async () => {
    const home = newHome()
    const before = await openScene({ home })
    await before.owner.settings.update({ alerts: { quiet: { from: '20:00', until: '07:00', days: [], let_through: 'none' } } })
    await before.ask('Over at night', { timeout_hours: 12, hard_limit: true })
    await before.ask('Half at night', { timeout_hours: 30, hard_limit: true })
    await before.settle()
    const scene = await reopen(before, home, 16 * hour)
    const mine = await hear(scene)
    expect(mine.said).toEqual([])
    // Until seven, of which two seconds have passed.
    await scene.pass(6 * hour - 2000)
    await scene.settle()
    await scene.pass(minute)
    expect(mine.alerts.at(-1)).toMatchObject({ reason: 'digest', text: '1 expired, 1 near the deadline.' })
  })

  it('is not what was told before, where the clock has been set back meanwhile', async () => {
    const home = newHome()
    const before = await openScene({ home })
    const heard = await hear(before)
    await before.ask('Over', { timeout_hours: 2, hard_limit: true })
    before.clock.sleepSilently(5 * hour)
    before.app.tick()
    await before.settle()
    expect(heard.said.at(-1)).toBe('expired: Over')
    const scene = await reopen(before, home, -4 * hour)
    expect((await hear(scene)).said).toEqual([])
  })

  it('is not what has come since the start, where the clock says that it came before', async () => {
    const home = newHome()
    const before = await openScene({ home })
    const scene = await reopen(before, home, 5 * hour)
    const mine = scene.listen(ownerEmail)
    await mine.ready()
    scene.clock.sleepSilently(-hour)
    await scene.ask('Just now', day)
    await scene.pass(4000)
    await scene.pass(4000)
    expect(mine.said).toEqual(['new: Just now'])
  })

  it('is not what ran out before their eyes, although the machine slept through it', async () => {
    const home = newHome()
    const before = await openScene({ home })
    await before.ask('Over', { timeout_hours: 2, hard_limit: true })
    const scene = await reopen(before, home, hour)
    const mine = scene.listen(ownerEmail)
    await mine.ready()
    scene.clock.sleepSilently(5 * hour)
    scene.app.tick()
    await scene.settle()
    await scene.pass(4000)
    expect(mine.said).toEqual(['expired: Over'])
  })

  it('is not looked for any more once the application closes again', async () => {
    const clock = new FakeClock()
    const disk = Promise.withResolvers<void>()
    const looks: string[] = []
    const alerts = new Alerts({
      ...{ clock, ranUntil: clock.now() - 5 * hour, log: { error: () => {} }, words: () => hostWords('en'), head: () => 1 },
      ...{ live: new LiveState(new UndoLog(), () => clock.now()), snoozes: new Snoozes(new UndoLog()) },
      rules: () => ({
        ...{ new_requests: true, deadlines: true, sound: false, renag_minutes: 15, digest_minutes: 60, quiet: null, rules: [] },
      }),
      audience: () => ({}) as never,
      item: () => null,
      settled: () => disk.promise,
      endedSince: () => {
        looks.push('what has ended was read')
        return []
      },
      publish: () => {},
    })
    alerts.start()
    alerts.opened()
    alerts.met(ownerEmail)
    clock.advance(2000)
    alerts.stop()
    disk.resolve()
    await new Promise((resolve) => setTimeout(resolve, 5))
    expect(looks).toEqual([])
  })
})
