import { describe, expect, it } from 'vitest'
import { hour, openScene, type Scene } from './scene.ts'

const bo = 'bo@example.com'
const cy = 'cy@example.com'
const di = 'di@example.com'

async function openWith(people: readonly object[]) {
  const scene = await openScene()
  const bare = { aliases: [], backup: null, assistants: [], away: null }
  for (const person of people) await scene.owner.people.savePerson({ ...bare, ...person } as never)
  const heard = { bo: scene.listen(bo), cy: scene.listen(cy), di: scene.listen(di) }
  await Promise.all(Object.values(heard).map((each) => each.ready()))
  const said = () => Object.fromEntries(Object.entries(heard).map(([name, each]) => [name, each.said]))
  return { scene, said }
}

/** Away for the next ten hours. */
const leave = (scene: Scene, email: string) => {
  const at = (ms: number) => new Date(scene.clock.now() + ms).toISOString()
  return scene.owner.people.setAway({ email, away: { from: at(-hour), until: at(10 * hour) } } as never)
}

describe('who is away', () => {
  it('is not told what their backup is told, and is told again when they are back', async () => {
    const { scene, said } = await openWith([{ email: bo, name: 'Bo', backup: cy }])
    await leave(scene, bo)
    await scene.ask('For Bo', { approver_email: bo, timeout_hours: 24 })
    await scene.settle()
    expect(said()).toEqual({ bo: [], cy: ['new: For Bo'], di: [] })
    await scene.pass(12 * hour)
    expect(said()).toEqual({ bo: ['half: For Bo'], cy: ['new: For Bo'], di: [] })
  })

  it('is told where nobody else can answer: no backup, one who is away too, one who asked', async () => {
    const { scene, said } = await openWith([
      { email: bo, name: 'Bo', backup: cy },
      { email: cy, name: 'Cy' },
      { email: di, name: 'Di' },
    ])
    await leave(scene, di)
    await scene.ask('For Di', { approver_email: di })
    await leave(scene, bo)
    await scene.ask('By Cy', { approver_email: bo, requester: cy })
    await scene.settle()
    expect(said()).toMatchObject({ bo: ['new: By Cy'], di: ['new: For Di'] })
    await leave(scene, cy)
    await scene.ask('For Bo', { approver_email: bo })
    await scene.settle()
    expect(said()).toMatchObject({ bo: ['new: By Cy', 'new: For Bo'] })
  })

  it('is told what a delegation does not reach', async () => {
    const { scene, said } = await openWith([{ email: bo, name: 'Bo' }])
    await leave(scene, bo)
    const at = (ms: number) => new Date(scene.clock.now() + ms).toISOString()
    const limits = { types: ['refund'], max_amount: 100, currency: 'EUR' }
    const dates = { starts_at: at(0), ends_at: at(10 * hour) }
    await scene.owner.people.delegate({ from: bo, to: cy, ...dates, ...limits, reason: 'Leave' } as never)
    await scene.ask('Small', { approver_email: bo, amount: 50, currency: 'EUR' })
    await scene.ask('Large', { approver_email: bo, amount: 500, currency: 'EUR' })
    await scene.settle()
    expect(said().bo).toEqual(['new: Large'])
    expect(said().cy).toContain('new: Small')
  })

  it('is not told what enough others are asked', async () => {
    const { scene, said } = await openWith([{ email: bo, name: 'Bo' }])
    await leave(scene, bo)
    const id = await scene.ask('Either', { approver_email: di })
    await scene.settle()
    await scene.owner.approvals.reassign({ approval_id: id, to: [bo, cy] })
    await scene.settle()
    expect(said()).toMatchObject({ bo: [], cy: ['new: Either'] })
  })
})
