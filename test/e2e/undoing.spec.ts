import type { Route } from '@playwright/test'
import { ownerEmail } from '../support/app.ts'
import { expect, type Inbox, intercept, messages, request, row, test } from './fixture.ts'

test.use({ undoSeconds: 5, advances: true })

const answers = 'Answers that can be undone'

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, Math.max(0, ms)))

/** How many answers were taken back, by the journal. */
const undone = (inbox: Inbox): number => inbox.records().filter(({ type }) => type === 'approval_unheld').length

test('an answer goes on to the next request, and leaves when its time is up', async ({ page, inbox }) => {
  const first = await inbox.ask({ type: 'refund', title: 'Chair for order 1', timeout_hours: 1 })
  await inbox.ask({ type: 'refund', title: 'Table for order 2', timeout_hours: 2 })
  await inbox.open(page, `/#/approvals/${first.id}`)
  await expect(request(page, 'Chair for order 1')).toBeVisible()
  await page.keyboard.press('a')
  await expect(request(page, 'Table for order 2')).toBeVisible()
  await expect(page.getByRole('list', { name: answers })).toContainText('Approved: Chair for order 1')
  await expect(row(page, 'Chair for order 1')).toContainText('Approved, can be undone')
  expect(inbox.decisions()).toEqual([])
  expect((await inbox.owner.tasks.status({ task_id: first.taskId })).status).toBe('waiting')
  inbox.clock.advance(5000)
  await expect(row(page, 'Chair for order 1')).toContainText('Approved by Owner')
  await expect(page.getByRole('list', { name: answers })).toHaveCount(0)
  expect(inbox.decisions()).toMatchObject([{ data: { decision: 'approved' } }])
  expect((await inbox.owner.tasks.status({ task_id: first.taskId })).status).toBe('completed')
})

test('z takes the last answer back, again the one before it, and nobody outside ever saw them', async ({
  page,
  inbox,
  receiver,
}) => {
  const asked = []
  for (const n of [1, 2, 3]) asked.push(await inbox.ask({ type: 'refund', title: `Order ${n}`, timeout_hours: n }))
  await inbox.open(page, `/#/approvals/${asked[0]!.id}`)
  await expect(request(page, 'Order 1')).toBeVisible()
  await page.keyboard.press('a')
  await expect(request(page, 'Order 2')).toBeVisible()
  await page.keyboard.press('a')
  await expect(request(page, 'Order 3')).toBeVisible()
  await expect(page.getByRole('list', { name: answers }).getByRole('listitem')).toHaveCount(2)
  await page.keyboard.press('z')
  await expect(messages(page)).toContainText('Taken back: Order 2. It waits again.')
  await expect(page.getByRole('list', { name: answers }).getByRole('listitem')).toHaveCount(1)
  await page.keyboard.press('Control+z')
  await expect(messages(page)).toContainText('Taken back: Order 1. It waits again.')
  inbox.clock.advance(60_000)
  for (const { taskId } of asked) expect((await inbox.owner.tasks.status({ task_id: taskId })).status).toBe('waiting')
  expect(inbox.decisions()).toEqual([])
  expect(receiver.outcomes).toEqual([])
})

test('z pressed twice in a row takes back two answers, however slow the first one is', async ({ page, inbox }) => {
  const asked = []
  for (const n of [1, 2]) asked.push(await inbox.ask({ type: 'refund', title: `Order ${n}`, timeout_hours: n }))
  await inbox.open(page, `/#/approvals/${asked[0]!.id}`)
  await expect(request(page, 'Order 1')).toBeVisible()
  await page.keyboard.press('a')
  await expect(request(page, 'Order 2')).toBeVisible()
  await page.keyboard.press('a')
  await expect(page.getByRole('list', { name: answers }).getByRole('listitem')).toHaveCount(2)
  const waiting: Route[] = []
  await intercept(page, '**/undo', (route) => void waiting.push(route))
  await page.keyboard.press('z')
  await page.keyboard.press('z')
  await page.keyboard.press('z')
  await expect.poll(() => waiting.length).toBe(2)
  for (const route of waiting) await route.continue()
  await expect(page.getByRole('list', { name: answers })).toHaveCount(0)
  await expect(messages(page)).not.toContainText('That did not work')
  for (const { id } of asked)
    expect(await inbox.owner.approvals.get({ approval_id: id })).toMatchObject({ status: 'pending', held: null })
})

test('an answer is taken back with the pointer too, in the bar and on the request', async ({ page, inbox }) => {
  const { id } = await inbox.ask({ type: 'refund', title: 'Only one' })
  await inbox.open(page, `/#/approvals/${id}`)
  await page.getByRole('button', { name: 'Approve' }).click()
  const bar = page.getByRole('region', { name: answers })
  await expect(bar).toContainText('You answered: Approved. Nothing has left yet; the sender sees it as waiting.')
  await expect(page.getByRole('button', { name: 'Reject' })).toHaveCount(0)
  await bar.getByRole('button', { name: 'Undo' }).click()
  await expect(page.getByRole('button', { name: 'Approve' })).toBeVisible()
  await page.getByRole('button', { name: 'Approve' }).click()
  await page.getByRole('list', { name: answers }).getByRole('button', { name: 'Undo' }).click()
  await expect(page.getByRole('button', { name: 'Approve' })).toBeVisible()
  expect((await inbox.owner.approvals.get({ approval_id: id })).status).toBe('pending')
})

test.describe('what was asked while there was no owner yet, so that anybody may answer', () => {
  test.use({ owned: false })

  test('whoever looks at it sees that somebody else has answered, and until then cannot', async ({ page, inbox }) => {
    const { id } = await inbox.ask({ type: 'refund', title: 'Shared' })
    await inbox.owner.settings.update({ owner: { name: 'Owner', email: ownerEmail } })
    await inbox.open(page, `/#/approvals/${id}`)
    await expect(page.getByRole('button', { name: 'Approve' })).toBeVisible()
    await inbox.decideAs('bo@example.com', id, 'reject', 'No.', true)
    await expect(page.getByRole('region', { name: answers })).toContainText('answered: Rejected.')
    await expect(page.getByRole('button', { name: 'Approve' })).toHaveCount(0)
    await expect(page.getByRole('region', { name: answers }).getByRole('button', { name: 'Undo' })).toHaveCount(0)
    inbox.clock.advance(5000)
    await expect(request(page, 'Shared')).toContainText('Rejected by')
  })
})

test('an undo that comes too late says so, and the answer stands', async ({ page, inbox }) => {
  const { id } = await inbox.ask({ type: 'refund', title: 'Too late' })
  await inbox.open(page, `/#/approvals/${id}`)
  await page.getByRole('button', { name: 'Approve' }).click()
  const undo = page.getByRole('list', { name: answers }).getByRole('button', { name: 'Undo' })
  await expect(undo).toBeVisible()
  await intercept(page, '**/undo', async (route) => {
    inbox.clock.advance(5000)
    await route.continue()
  })
  await undo.click()
  await expect(messages(page)).toContainText('It is too late to undo that: the answer has left.')
  await expect(request(page, 'Too late')).toContainText('Approved by Owner')
})

test.describe('with a hold of a second', () => {
  test.use({ undoSeconds: 1, advances: false })

  test('undo pressed while answers leave: each has left or was taken back, and the page shows which', async ({
    page,
    inbox,
    receiver,
  }) => {
    const asked = []
    for (let n = 1; n <= 8; n += 1) asked.push(await inbox.ask({ type: 'refund', title: `Order ${n}.`, timeout_hours: n }))
    await inbox.open(page)
    await expect(row(page, 'Order 8.')).toBeVisible()
    // They leave one after the other, while the key is pressed again and again.
    const leave: number[] = []
    for (const { id } of asked) {
      const { release_at } = await inbox.owner.approvals.decide({ approval_id: id, decision: 'approve', hold: true })
      leave.push(Date.parse(release_at!))
      await pause(60)
    }
    await pause(leave[4]! - Date.now() - 80)
    for (const _ of asked) await page.keyboard.press('z')
    await expect(page.getByRole('list', { name: answers })).toHaveCount(0)
    await expect.poll(() => inbox.decisions().length + undone(inbox)).toBe(asked.length)
    for (const [n, { id }] of asked.entries()) {
      const { status, held } = await inbox.owner.approvals.get({ approval_id: id })
      expect(held).toBeNull()
      const words = row(page, `Order ${n + 1}.`)
      if (status === 'approved') await expect(words).toContainText('Approved by Owner')
      else await expect(words).not.toContainText('Approved')
    }
    await expect.poll(() => receiver.outcomes.length).toBe(inbox.decisions().length)
  })
})

test('a request is set aside by keyboard and comes back; past its deadline only when asked for', async ({ page, inbox }) => {
  const { id } = await inbox.ask({ type: 'refund', title: 'Not now', timeout_hours: 2 })
  await inbox.open(page, `/#/approvals/${id}`)
  await expect(request(page, 'Not now')).toBeVisible()
  await page.keyboard.press('h')
  const dialog = page.getByRole('dialog', { name: 'Snooze until' })
  await expect(dialog.getByRole('button', { name: 'Until something happens to it' })).toBeFocused()
  await dialog.getByRole('button', { name: 'In 3 hours' }).click()
  await expect(dialog.getByRole('alert')).toContainText('Its deadline is before that')
  await dialog.getByRole('button', { name: 'In one hour' }).click()
  await expect(messages(page)).toContainText('Snoozed until')
  await expect(request(page, 'Not now')).toContainText('You snoozed this; it is back')
  expect((await inbox.owner.approvals.get({ approval_id: id })).snoozes).toMatchObject([
    { person: 'owner@example.com', on_change: true },
  ])
  await page.getByRole('button', { name: 'Take up again' }).click()
  await expect(request(page, 'Not now')).not.toContainText('You snoozed this')
})

test('a remark is posted without an answer, and watching is one key', async ({ page, inbox }) => {
  const { id } = await inbox.ask({ type: 'refund', title: 'Curious' })
  await inbox.open(page, `/#/approvals/${id}`)
  await expect(request(page, 'Curious')).toBeVisible()
  await page.keyboard.press('w')
  await expect(messages(page)).toContainText('You are told what becomes of it.')
  await page.keyboard.press('c')
  await page.keyboard.type('Who is the supplier?')
  await page.getByRole('button', { name: 'Post without answering' }).click()
  await expect(messages(page)).toContainText('Your remark is in the timeline.')
  await expect(request(page, 'Curious')).toContainText('Owner remarked: Who is the supplier?')
  expect(await inbox.owner.approvals.get({ approval_id: id })).toMatchObject({ status: 'pending', watchers: ['owner@example.com'] })
})

test('what is typed behind the key for a comment is never taken for commands', async ({ page, inbox }) => {
  const { id } = await inbox.ask({ type: 'refund', title: 'Curious' })
  await inbox.open(page, `/#/approvals/${id}`)
  await expect(request(page, 'Curious')).toBeVisible()
  // No frame is drawn between these keys.
  await page.evaluate(() => {
    window.requestAnimationFrame = () => 0
    const press = (key: string) =>
      document.activeElement!.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true }))
    for (const key of ['c', 'a']) press(key)
  })
  await expect(page.getByRole('textbox', { name: 'Comment' })).toBeFocused()
  await expect(messages(page)).toBeEmpty()
  expect(await inbox.owner.approvals.get({ approval_id: id })).toMatchObject({ status: 'pending', held: null })
})

test('what comes while the timeline is on its way to the page is in it', async ({ page, inbox }) => {
  const { id } = await inbox.ask({ type: 'refund', title: 'Curious' })
  const asked = Promise.withResolvers<void>()
  const late = Promise.withResolvers<void>()
  await page.route('**/timeline*', async (route) => {
    const response = await route.fetch()
    asked.resolve()
    await late.promise
    await route.fulfill({ response })
  })
  await inbox.open(page, `/#/approvals/${id}`)
  await asked.promise
  await expect(request(page, 'Curious')).toBeVisible()
  await page.keyboard.press('c')
  await page.keyboard.type('Who is the supplier?')
  await page.getByRole('button', { name: 'Post without answering' }).click()
  await expect(messages(page)).toContainText('Your remark is in the timeline.')
  // The change is drawn within a tenth of a second.
  await page.waitForTimeout(500)
  late.resolve()
  await expect(request(page, 'Curious')).toContainText('Owner remarked: Who is the supplier?')
})
