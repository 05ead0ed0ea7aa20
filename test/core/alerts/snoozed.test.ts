import { expect, test } from 'vitest'
import { ownerEmail } from '../../support/app.ts'
import { hour, minute, openScene } from './scene.ts'

async function openSnoozed(body: object, snooze: (now: number) => object) {
  const scene = await openScene()
  const mine = scene.listen(ownerEmail)
  await mine.ready()
  const id = await scene.ask('Refund', { timeout_hours: 8, hard_limit: true, ...body })
  await scene.settle()
  await scene.owner.approvals.snooze({ approval_id: id, ...snooze(scene.clock.now()) } as never)
  await scene.settle()
  const inbox = async () => (await scene.owner.approvals.list({ view: 'inbox' })).items.map((item) => item.id)
  return { scene, mine, id, inbox }
}
const at = (ms: number) => new Date(ms).toISOString()

test('what is set aside until something happens is back a quarter of an hour before its deadline at the latest', async () => {
  const { scene, mine, id, inbox } = await openSnoozed({}, () => ({ on_change: true }))
  await scene.pass(7 * hour)
  expect([mine.said, await inbox()]).toEqual([['new: Refund'], []])
  await scene.pass(45 * minute)
  expect([mine.said.length, mine.said[0], await inbox()]).toEqual([2, 'new: Refund', [id]])
  expect(mine.alerts[1]?.text).toContain('Next alert: 17:00.')
  await scene.pass(15 * minute)
  await expect.poll(() => mine.said.at(-1)).toBe('expired: Refund')
})

test('what is set aside past its deadline on purpose is not heard of before it is over', async () => {
  const { scene, mine, inbox } = await openSnoozed({}, () => ({ on_change: true, past_deadline: true }))
  await scene.pass(7 * hour + 50 * minute)
  expect([mine.said, await inbox()]).toEqual([['new: Refund'], []])
  await scene.pass(10 * minute)
  await expect.poll(() => mine.said).toEqual(['new: Refund', 'expired: Refund'])
})

test('a remark, another version and other people bring back what waits for something to happen, and nothing else', async () => {
  const { scene, mine, id, inbox } = await openSnoozed({}, () => ({ on_change: true }))
  const again = async () => {
    await scene.owner.approvals.snooze({ approval_id: id, on_change: true })
    await scene.settle()
    expect(await inbox()).toEqual([])
  }
  await scene.source.approvals.comment({ approval_id: id, comment: 'Please' })
  await scene.settle()
  expect([mine.said.slice(1), await inbox()]).toEqual([['back: Refund'], [id]])
  await again()
  await scene.source.approvals.revise({ approval_id: id, title: 'Smaller refund' })
  await scene.settle()
  expect([mine.said.slice(2), await inbox()]).toEqual([['back: Smaller refund'], [id]])
  await again()
  await scene.owner.approvals.watch({ approval_id: id, watching: true })
  await scene.settle()
  expect(await inbox()).toEqual([])
  await scene.owner.approvals.decide({ approval_id: id, decision: 'approve' })
  await scene.settle()
  expect(mine.said.filter((said) => said.startsWith('watched'))).toEqual([])
})

test('what is set aside until a time stays there whatever happens, and is back then', async () => {
  const { scene, mine, id, inbox } = await openSnoozed({}, (now) => ({ until: at(now + 5 * hour), on_change: false }))
  await scene.source.approvals.comment({ approval_id: id, comment: 'Please' })
  await scene.source.approvals.revise({ approval_id: id, title: 'Smaller refund' })
  await scene.settle()
  expect([mine.said.slice(1), await inbox()]).toEqual([[], []])
  await scene.pass(5 * hour)
  expect([mine.said.slice(1), await inbox()]).toEqual([['back: Smaller refund'], [id]])
})
