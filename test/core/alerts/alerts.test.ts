import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { newHome, ownerEmail } from '../../support/app.ts'
import { hour, minute, openScene } from './scene.ts'

let zone: string | undefined
beforeAll(() => {
  zone = process.env.TZ
  process.env.TZ = 'UTC'
})
afterAll(() => {
  process.env.TZ = zone
})

/** The scene's clock begins on a Monday at nine in the morning. */
const nights = { from: '20:00', until: '07:00', days: [], let_through: 'urgent' } as const

async function openHeard(options: Parameters<typeof openScene>[0] = {}) {
  const scene = await openScene(options)
  const mine = scene.listen(ownerEmail)
  await mine.ready()
  return { scene, mine }
}

describe('what somebody is told', () => {
  it('is what newly waits for them, then half of its time, a quarter of an hour before, and its end, each once', async () => {
    const { scene, mine } = await openHeard()
    const id = await scene.ask('Refund', { timeout_hours: 4, hard_limit: true })
    await scene.settle()
    expect(mine.alerts).toEqual([
      {
        kind: 'alert',
        to: ownerEmail,
        reason: 'new',
        approval_ids: [id],
        count: 1,
        title: 'Refund',
        text: 'New, from Test. Next alert: 11:00.',
        at: '2026-03-02T09:00:00.000Z',
        due_at: '2026-03-02T13:00:00.000Z',
        outcome: null,
        by: null,
        sound: false,
        next_at: '2026-03-02T11:00:00.000Z',
        parts: [],
      },
    ])
    await scene.pass(2 * hour)
    await scene.pass(105 * minute)
    await scene.pass(20 * minute)
    await scene.pass(10 * hour)
    expect(mine.alerts.map(({ reason, text }) => [reason, text])).toEqual([
      ['new', 'New, from Test. Next alert: 11:00.'],
      ['half', 'Half of its time is over. Next alert: 12:45.'],
      ['renag', '15 minutes are left. Next alert: 13:00.'],
      ['expired', 'Its time is over. It was not approved.'],
    ])
    expect(mine.stages).toEqual(['half', 'fifteen_minutes', 'expired'])
  })

  it('is in the language of the host', async () => {
    const { scene, mine } = await openHeard()
    await scene.owner.settings.update({ language: 'de' })
    await scene.ask('Refund', { timeout_hours: 4, hard_limit: true })
    await scene.settle()
    await scene.pass(2 * hour)
    await scene.pass(105 * minute)
    await scene.pass(20 * minute)
    expect(mine.alerts.map(({ text }) => text)).toEqual([
      'Neu, von Test. Nächster Hinweis: 11:00.',
      'Die halbe Zeit ist um. Nächster Hinweis: 12:45.',
      'Noch 15 Minuten. Nächster Hinweis: 13:00.',
      'Die Zeit ist um. Freigegeben wurde nichts.',
    ])
  })

  it('is the latest of what the machine slept through', async () => {
    const { scene, mine } = await openHeard()
    await scene.ask('Refund', { timeout_hours: 4, hard_limit: true })
    await scene.settle()
    scene.clock.sleepSilently(3 * hour + 50 * minute)
    scene.app.tick()
    await scene.settle()
    expect(mine.said).toEqual(['new: Refund', 'renag: Refund'])
    scene.app.tick()
    await scene.settle()
    expect(mine.said).toHaveLength(2)
  })

  it('is told once, although its time came after it was looked for and before that could be read', async () => {
    const { scene, mine } = await openHeard()
    await scene.ask('Refund', { timeout_hours: 4, hard_limit: true })
    await scene.settle()
    scene.clock.sleepSilently(2 * hour)
    scene.app.tick()
    scene.clock.sleepSilently(105 * minute)
    await new Promise((resolve) => setTimeout(resolve, 20))
    scene.app.tick()
    await scene.settle()
    expect(mine.said).toEqual(['new: Refund', 'half: Refund', 'renag: Refund'])
  })

  it('comes when its time comes again, where the clock is set back before it could be read', async () => {
    const { scene, mine } = await openHeard()
    await scene.ask('Refund', { timeout_hours: 4, hard_limit: true })
    await scene.settle()
    scene.clock.sleepSilently(2 * hour)
    scene.app.tick()
    scene.clock.sleepSilently(-30 * minute)
    await scene.settle()
    expect(mine.said).toEqual(['new: Refund'])
    await scene.pass(30 * minute)
    expect(mine.said).toEqual(['new: Refund', 'half: Refund'])
    await scene.pass(105 * minute)
    await scene.pass(minute)
    expect(mine.said).toEqual(['new: Refund', 'half: Refund', 'renag: Refund'])
  })

  it('is nothing about what was decided, nor about what asks others', async () => {
    const { scene, mine } = await openHeard()
    const id = await scene.ask('Mine', { timeout_hours: 4 })
    await scene.ask('For Bo', { timeout_hours: 4, approver_email: 'bo@example.com' })
    await scene.owner.approvals.decide({ approval_id: id, decision: 'approve' })
    await scene.pass(2 * hour)
    await scene.pass(3 * hour)
    expect(mine.said.filter((said) => said !== 'new: Mine')).toEqual([])
  })

  it('is told to each of those it asks and to nobody else', async () => {
    const { scene, mine } = await openHeard()
    const bo = scene.listen('bo@example.com')
    const cy = scene.listen('cy@example.com')
    await Promise.all([bo.ready(), cy.ready()])
    const id = await scene.ask('For Bo', { approver_email: 'bo@example.com' })
    await scene.settle()
    expect([mine.said, bo.said, cy.said]).toEqual([[], ['new: For Bo'], []])
    await scene.owner.approvals.reassign({ approval_id: id, to: ['cy@example.com'] })
    await scene.settle()
    expect([mine.said, bo.said, cy.said]).toEqual([[], ['new: For Bo'], ['new: For Bo']])
  })

  it('goes to whoever answers for them too', async () => {
    const { scene } = await openHeard()
    await scene.owner.people.savePerson({
      email: 'bo@example.com',
      name: 'Bo',
      aliases: [],
      backup: null,
      assistants: ['di@example.com'],
    } as never)
    const di = scene.listen('di@example.com')
    await di.ready()
    await scene.ask('For Bo', { approver_email: 'bo@example.com' })
    await scene.settle()
    expect(di.said).toEqual(['new: For Bo'])
  })

  it('waits while an answer can be undone, and comes when it was undone', async () => {
    const { scene, mine } = await openHeard()
    const id = await scene.ask('Refund', { timeout_hours: 1, hard_limit: true })
    await scene.pass(30 * minute - 2000)
    await scene.owner.approvals.decide({ approval_id: id, decision: 'approve', hold: true })
    await scene.pass(3000)
    expect(mine.said).toEqual(['new: Refund'])
    await scene.owner.approvals.undo({ approval_id: id })
    await scene.settle()
    expect(mine.said).toEqual(['new: Refund', 'half: Refund'])
  })

  it('is nothing about what they set aside, until it is back', async () => {
    const { scene, mine } = await openHeard()
    const id = await scene.ask('Refund', { timeout_hours: 8, hard_limit: true })
    await scene.settle()
    await scene.owner.approvals.snooze({ approval_id: id, until: new Date(scene.clock.now() + 5 * hour).toISOString() })
    await scene.settle()
    await scene.pass(4 * hour)
    await scene.pass(hour)
    expect(mine.said).toEqual(['new: Refund', 'back: Refund'])
    const open = await scene.ask('Until something happens')
    await scene.settle()
    await scene.owner.approvals.snooze({ approval_id: open, on_change: true })
    await scene.as('bo@example.com').approvals.comment({ approval_id: open, comment: 'Look at this' })
    await scene.settle()
    expect(mine.said.slice(2)).toEqual(['new: Until something happens', 'back: Until something happens'])
  })

  it('is how something ended that they watch, unless they ended it', async () => {
    const { scene, mine } = await openHeard()
    const id = await scene.ask('For Bo', { approver_email: 'bo@example.com' })
    const own = await scene.ask('Mine')
    await scene.owner.approvals.watch({ approval_id: id, watching: true })
    await scene.owner.approvals.watch({ approval_id: own, watching: true })
    await scene.as('bo@example.com').approvals.decide({ approval_id: id, decision: 'approve' })
    await scene.owner.approvals.decide({ approval_id: own, decision: 'approve' })
    await scene.settle()
    expect(mine.alerts.filter(({ reason }) => reason === 'watched')).toMatchObject([
      { title: 'For Bo', text: 'Approved by Bo.', outcome: 'approved', by: 'Bo', approval_ids: [id] },
    ])
  })
})

describe('many at once', () => {
  it('are three, and then all of them in one', async () => {
    const { scene, mine } = await openHeard()
    for (let index = 0; index < 7; index++) await scene.ask(`Request ${index}`)
    await scene.settle()
    expect(mine.said).toEqual(['new: Request 0', 'new: Request 1', 'new: Request 2'])
    await scene.pass(10_000)
    expect(mine.alerts.at(-1)).toMatchObject({ title: '7 new requests', text: 'Request 0 and 6 more.', count: 7 })
    expect(mine.alerts).toHaveLength(4)
    await scene.pass(minute)
    expect(mine.alerts).toHaveLength(4)
  })

  it('leave out what was decided meanwhile', async () => {
    const { scene, mine } = await openHeard()
    const ids: string[] = []
    for (let index = 0; index < 5; index++) ids.push(await scene.ask(`Request ${index}`))
    await scene.settle()
    for (const approval_id of ids.slice(3)) await scene.owner.approvals.decide({ approval_id, decision: 'approve' })
    await scene.pass(10_000)
    expect(mine.alerts).toHaveLength(3)
  })

  it('cost little: ten thousand that wait, of which one falls due', async () => {
    const { scene, mine } = await openHeard()
    mine.end()
    await scene.settle()
    const items = Array.from({ length: 10_000 }, (_, index) => index)
    for (let from = 0; from < items.length; from += 500) {
      await Promise.all(
        items.slice(from, from + 500).map((index) =>
          scene.source.requests.submitRequest({
            type: 'refund',
            title: `R${index}`,
            timeout_hours: index === 7 ? 2 : 48,
          } as never),
        ),
      )
    }
    const again = scene.listen(ownerEmail)
    await again.ready()
    // Once what was submitted can be read.
    await scene.owner.alerts.next({})
    const began = performance.now()
    const next = await scene.owner.alerts.next({})
    const asked = performance.now() - began
    expect(next.next).toMatchObject({ title: 'R7', reason: 'half', at: '2026-03-02T10:00:00.000Z' })
    await scene.pass(hour)
    expect(again.said).toEqual(['half: R7'])
    expect(asked).toBeLessThan(250)
  }, 60_000)
})

describe('quiet hours', () => {
  it('hold back what is not urgent and tell it in one in the morning', async () => {
    const { scene, mine } = await openHeard()
    await scene.owner.settings.update({ alerts: { quiet: nights } })
    await scene.pass(12 * hour)
    await scene.ask('At night')
    await scene.ask('At night too', { timeout_hours: 24 })
    await scene.ask('Urgent', { priority: 'urgent' })
    await scene.ask('Over by midnight', { timeout_hours: 1, hard_limit: true })
    await scene.settle()
    expect(mine.said).toEqual(['new: Urgent'])
    await scene.pass(9 * hour)
    expect(mine.said).toEqual(['new: Urgent'])
    await scene.pass(hour)
    await scene.pass(5000)
    expect(mine.alerts.slice(1).map(({ reason, title, text }) => [reason, title, text])).toEqual([
      ['digest', '3 requests', '1 expired, 2 new.'],
    ])
  })

  it('are the same after a restart: nothing is lost, nothing is told twice', async () => {
    const home = newHome()
    const first = await openHeard({ home })
    await first.scene.owner.settings.update({ alerts: { quiet: nights } })
    await first.scene.ask('Before the night')
    await first.scene.settle()
    await first.scene.pass(12 * hour)
    await first.scene.ask('At night')
    await first.scene.ask('Over at night', { timeout_hours: 1, hard_limit: true })
    await first.scene.pass(2 * hour)
    expect(first.mine.said).toEqual(['new: Before the night'])
    first.mine.end()
    await first.scene.stop()
    const second = await openHeard({ home, clock: first.scene.clock })
    await second.scene.settle()
    expect(second.mine.said).toEqual([])
    await second.scene.pass(8 * hour)
    await second.scene.pass(5000)
    expect(second.mine.alerts.map(({ reason, text }) => [reason, text])).toEqual([
      ['digest', '1 expired, 1 near the deadline, 1 new.'],
    ])
  })

  it('take effect and end at once when the settings say so', async () => {
    const { scene, mine } = await openHeard()
    await scene.pass(12 * hour)
    await scene.owner.settings.update({ alerts: { quiet: nights } })
    expect((await scene.owner.alerts.next({})).quiet_until).toBe('2026-03-03T07:00:00.000Z')
    await scene.owner.settings.update({ alerts: { quiet: null } })
    await scene.ask('In the evening')
    await scene.settle()
    expect(mine.said).toEqual(['new: In the evening'])
    expect((await scene.owner.alerts.next({})).quiet_until).toBe(null)
  })
})

describe('rules', () => {
  it('make some a digest, some silent and some heard', async () => {
    const { scene, mine } = await openHeard()
    const rules = [
      { type: 'expense', new: 'never' },
      { risk: 'low', type: 'refund', new: 'digest' },
      { type: 'loud', new: 'now', sound: true },
    ] as const
    await scene.owner.settings.update({ alerts: { rules: [...rules], digest_minutes: 30 } })
    await scene.pass(minute)
    await scene.ask('Silent', { type: 'expense' })
    await scene.ask('Later')
    await scene.ask('Later too')
    await scene.ask('Loud', { type: 'loud' })
    await scene.settle()
    expect(mine.alerts.map(({ title, sound }) => [title, sound])).toEqual([['Loud', true]])
    await scene.pass(29 * minute)
    await scene.pass(2000)
    expect(mine.said).toEqual(['new: Loud', 'digest: 2 requests'])
  })

  it('move the last word before the deadline, of what waits already too', async () => {
    const { scene, mine } = await openHeard()
    await scene.ask('Refund', { timeout_hours: 4, hard_limit: true })
    await scene.settle()
    await scene.owner.settings.update({ alerts: { renag_minutes: 45 } })
    await scene.pass(2 * hour)
    await scene.pass(75 * minute)
    expect(mine.alerts.at(-1)).toMatchObject({ reason: 'renag', text: '45 minutes are left. Next alert: 13:00.' })
  })
})

describe('after a sleep in which others were asked besides', () => {
  it('is told once that it is new at that level', async () => {
    const { scene, mine } = await openHeard()
    await scene.owner.people.saveGroup({ name: 'directors', label: '', members: ['dora@example.com'] })
    await scene.ask('Refund', { timeout_hours: 14 })
    await scene.settle()
    expect(mine.said).toEqual(['new: Refund'])
    scene.clock.sleepSilently(8 * hour)
    scene.app.tick()
    await scene.settle()
    await scene.pass(10_000)
    expect(mine.said).toEqual(['new: Refund', 'new: [ESCALATED] Refund'])
  })
})

describe('the next alert', () => {
  it('says when and about what, and nothing where nothing will come', async () => {
    const { scene } = await openHeard()
    expect(await scene.owner.alerts.next({})).toEqual({ next: null, quiet_until: null })
    await scene.ask('No deadline')
    const id = await scene.ask('Refund', { amount: 240, currency: 'EUR', timeout_hours: 8 })
    await scene.ask('For Bo', { approver_email: 'bo@example.com', timeout_hours: 1 })
    await scene.settle()
    expect((await scene.owner.alerts.next({})).next).toEqual({
      at: '2026-03-02T13:00:00.000Z',
      reason: 'half',
      approval_id: id,
      title: 'Refund',
      amount: 240,
      currency: 'EUR',
      due_at: '2026-03-02T17:00:00.000Z',
    })
  })
})
