import { expect, messages, part, row, test } from './fixture.ts'

test('a delivered outcome is shown with what was decided and by whom', async ({ page, inbox, receiver }) => {
  await inbox.ask({ type: 'refund', title: 'Delivered' })
  await inbox.open(page)
  await row(page, 'Delivered').getByRole('link').click()
  await page.getByRole('button', { name: 'Approve' }).click()
  const outcome = part(page, 'What happened then')
  await expect(outcome).toContainText('Approved by Owner')
  await expect(outcome).toContainText('Completed')
  await expect(outcome).toContainText('Outcome delivered')
  await expect(outcome).toContainText(`${receiver.url} · 1 attempt · HTTP 200`)
  const timeline = part(page, 'Timeline').getByRole('listitem')
  await expect(timeline.first()).toContainText('Submitted by shop-backend: Delivered')
  await expect(part(page, 'Timeline')).toContainText('Asked owner@example.com')
  await expect(part(page, 'Timeline')).toContainText('Approved by Owner')
})

test('an outcome that fails is tried again, and arrives when the receiver is back', async ({ page, inbox, receiver }) => {
  receiver.answers.outcome = { status: 500, body: {} }
  await inbox.ask({ type: 'refund', title: 'Retried' })
  await inbox.open(page)
  await row(page, 'Retried').getByRole('link').click()
  await page.getByRole('button', { name: 'Approve' }).click()
  const outcome = part(page, 'What happened then')
  await expect(outcome).toContainText('Outcome not delivered yet, trying again')
  await expect(outcome).toContainText('1 attempt · HTTP 500 · next in')
  receiver.answers.outcome = { status: 200, body: {} }
  inbox.clock.advance(10_000)
  await expect(outcome).toContainText('Outcome delivered')
  await expect(outcome).toContainText('2 attempts · HTTP 200')
})

test('an outcome that nobody takes is shown as dead, asks for review, and can be sent again', async ({ page, inbox, receiver }) => {
  receiver.answers.outcome = { status: 410, body: {} }
  await inbox.ask({ type: 'refund', title: 'Nobody there' })
  await inbox.open(page)
  await row(page, 'Nobody there').getByRole('link').click()
  await page.getByRole('button', { name: 'Approve' }).click()
  const outcome = part(page, 'What happened then')
  await expect(outcome).toContainText('Outcome could not be delivered')
  await expect(outcome).toContainText('HTTP 410')
  await expect(page.getByRole('status').filter({ hasText: '1 outcome could not be delivered.' })).toBeVisible()
  await page.getByRole('link', { name: 'Look' }).click()
  const dead = page.getByRole('region', { name: 'Undelivered outcomes' })
  await expect(dead).toContainText('The receiver wants nothing more (410).')

  receiver.answers.outcome = { status: 200, body: {} }
  await dead.getByRole('button', { name: 'Send again' }).click()
  await expect(page.getByText('Nothing needs review.')).toBeVisible()
  await page.getByRole('navigation', { name: 'Views' }).getByRole('link', { name: 'Done' }).click()
  await row(page, 'Nobody there').getByRole('link').click()
  await expect(outcome).toContainText('Outcome delivered')
  expect(receiver.outcomes).toHaveLength(2)
})

test('an action that fails for good waits under Needs review, and a retry completes it with the approval kept', async ({
  page,
  inbox,
  receiver,
}) => {
  receiver.answers.action = { status: 500, body: { error: 'the bank is closed' } }
  const { taskId } = await inbox.ask({ type: 'payment', title: 'Pay the plumber', amount: 80, currency: 'EUR' })
  await inbox.open(page)
  await row(page, 'Pay the plumber').getByRole('link').click()
  await page.getByRole('button', { name: 'Approve' }).click()
  const outcome = part(page, 'What happened then')
  await expect(outcome).toContainText('Carrying on')
  // Five attempts, with pauses that double: each look sets the clock beyond the next one.
  await expect
    .poll(async () => {
      inbox.clock.advance(20_000)
      return (await inbox.owner.tasks.status({ task_id: taskId })).status
    })
    .toBe('needs_review')
  await expect(outcome).toContainText('Needs review')
  await expect(outcome).toContainText('the bank is closed')
  expect(receiver.actions).toHaveLength(5)

  await page
    .getByRole('navigation', { name: 'Views' })
    .getByRole('link', { name: /Needs review/ })
    .click()
  const stuck = page.getByRole('region', { name: 'Stuck tasks' })
  await expect(stuck.getByRole('heading', { name: 'Pay the plumber' })).toBeVisible()
  await expect(stuck).toContainText('the bank is closed')
  receiver.answers.action = { status: 200, body: { payment_id: 'pay_7' } }
  await stuck.getByRole('button', { name: 'Retry' }).click()
  await expect(page.getByText('Nothing needs review.')).toBeVisible()
  await expect(messages(page)).toContainText(/\w/)

  await page.getByRole('navigation', { name: 'Views' }).getByRole('link', { name: 'Done' }).click()
  await row(page, 'Pay the plumber').getByRole('link').click()
  await expect(outcome).toContainText('Completed')
  await expect(outcome).toContainText('pay_7')
  expect(inbox.decisions()).toHaveLength(1)
  expect(new Set(receiver.actions.map((call) => call.headers['idempotency-key'])).size).toBe(1)
})
