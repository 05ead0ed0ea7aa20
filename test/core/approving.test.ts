import { afterEach, expect, it, vi } from 'vitest'
import { hour, openStory, type Story, type StoryOptions } from './story.ts'

/* What docs/approving.md tells approvers, where nothing else tells it as a whole. */

let story: Story
afterEach(() => story.close())

const policy = `
rules:
  budget:
    - name: chain
      action: require_approval
      levels:
        - { name: manager, approvers: [mia@example.com] }
        - { name: finance, approvers: [fin@example.com] }
  poll:
    - { name: share, action: require_approval, approvers: [ann@example.com, bob@example.com, cid@example.com, dee@example.com], votes: 60% }
`

async function ask(options: StoryOptions, request: { type: string; requester?: string; approver_email?: string }): Promise<string> {
  story = await openStory(options)
  const { task_id } = await story.source.requests.submitRequest({
    amount: 500,
    data: { nights: 4 },
    editable: ['nights', 'amount'],
    ...request,
  })
  return task_id
}

it('a change at a later stage sends the chain back to its first, and the approval is kept for its stage', async () => {
  const task = await ask({ policy }, { type: 'budget' })
  await story.decide(task, 'mia', { decision: 'approve' })
  expect(await story.decide(task, 'fin', { decision: 'approve', changes: { nights: 3 } })).toMatchObject({ status: 'pending' })
  const { waits_for, progress, votes, version } = await story.asked(task)
  expect([waits_for, progress, version.number]).toEqual([['mia@example.com'], { done: 0, current: 'manager', total: 2 }, 2])
  expect(votes.map(({ actor, counts }) => [actor.id, counts])).toEqual([
    ['mia@example.com', false],
    ['fin@example.com', true],
  ])
  expect(await story.decide(task, 'mia', { decision: 'approve', version: 2 })).toMatchObject({ status: 'approved' })
  expect((await story.ended(task)).result).toMatchObject({ status: 'approved', data: { nights: 3 } })
})

it('nobody makes it more than was asked first', async () => {
  const task = await ask({}, { type: 'trip', approver_email: 'mia@example.com' })
  const more = story.decide(task, 'mia', { decision: 'approve', amount: 600 })
  await expect(more).rejects.toMatchObject({ code: 'invalid-input', message: expect.stringContaining('asked anew') })
  expect(await story.decide(task, 'mia', { decision: 'approve', amount: 400 })).toMatchObject({ status: 'approved' })
})

it('60 % of four people is three', async () => {
  const task = await ask({ policy }, { type: 'poll' })
  expect((await story.asked(task)).needed).toBe(3)
})

it('what ran out while the machine slept can still be answered, and expires after the grace period', async () => {
  const task = await ask({ policy: '' }, { type: 'trip', approver_email: 'mia@example.com' })
  story.clock.sleep(30 * hour)
  story.app.app.tick()
  await vi.waitFor(async () => expect((await story.asked(task)).lapsed_at).not.toBeNull())
  const { lapsed_at, due_at, created_at } = await story.asked(task)
  expect(Date.parse(lapsed_at!) - Date.parse(created_at)).toBe(24 * hour)
  expect(Date.parse(due_at!) - story.clock.now()).toBe(hour / 6)
  story.pass(hour / 6)
  expect((await story.ended(task)).result).toMatchObject({ status: 'expired', reason: 'Nobody decided in time.' })
})
