import type { Locator, Page } from '@playwright/test'
import { expect, type Inbox, messages, test } from './fixture.ts'
import { parcel, putWorkflow, startWorkflow, stuckPayment } from './seeds.ts'

const runs = (page: Page): Locator => page.getByRole('list', { name: 'Runs' }).getByRole('listitem')
const stages = (page: Page): Locator => page.getByRole('list', { name: 'Stages' }).getByRole('listitem')
const stage = (page: Page, name: string): Locator => stages(page).filter({ hasText: name })

/** Approves what a run asks, once it asks. */
async function approve(inbox: Inbox, task_id: string): Promise<void> {
  const asked = async () => (await inbox.owner.tasks.status({ task_id })).pending_approvals
  await expect.poll(async () => (await asked()).length).toBe(1)
  await inbox.owner.approvals.decide({ approval_id: (await asked())[0]!.id, decision: 'approve' })
}

test('a run that is stuck says why first, and a retry goes on with the approval it has', async ({ page, inbox, receiver }) => {
  const id = await stuckPayment(inbox, receiver)
  await inbox.open(page, '/#/review')
  await page.getByRole('link', { name: 'Pay the plumber' }).click()
  await expect(page).toHaveURL(new RegExp(`#/runs/${id}$`))
  const trouble = page.getByRole('region', { name: 'It could not go on by itself' })
  await expect(trouble).toContainText('the bank is closed')
  await expect(trouble).toContainText('Approvals already given are kept')
  await expect(stages(page).filter({ hasText: 'Failed' })).toContainText('the bank is closed')

  receiver.answers = { ...receiver.answers, action: { status: 200, body: { payment_id: 'pay_1' } } }
  await trouble.getByRole('button', { name: 'Retry' }).click()
  await expect(trouble).toBeHidden()
  await expect(stages(page).last()).toContainText('Completed')
  await expect(page.getByRole('region', { name: 'Result', exact: true })).toContainText('pay_1')
  expect(inbox.decisions()).toHaveLength(1)
})

test('a run is read stage by stage, and follows what happens while it is looked at', async ({ page, inbox }) => {
  await putWorkflow(inbox, 'parcel.ts', parcel)
  const id = await startWorkflow(inbox, 'parcel', { title: 'Parcel for Ana', input: { order: '88-1042' } })
  await inbox.open(page, `/#/runs/${id}`)
  await expect(page.getByRole('heading', { name: 'Parcel for Ana' })).toBeVisible()
  await expect(stage(page, 'pack')).toContainText('Done')
  await expect(stage(page, 'may-ship')).toContainText('Waiting')
  await expect(stage(page, 'may-ship')).toContainText('left')
  await expect(page.getByRole('img', { name: '1 of 3 stages' })).toBeVisible()
  await stage(page, 'pack').getByText('Result').click()
  await expect(stage(page, 'pack')).toContainText('"boxes": 2')

  await stage(page, 'may-ship').getByRole('link', { name: 'Open the request' }).click()
  await expect(page.getByRole('article', { name: 'Ship order 88-1042?' })).toBeVisible()
  await page.getByRole('link', { name: 'The run, stage by stage' }).click()
  await expect(stage(page, 'may-ship')).toBeVisible()
  await approve(inbox, id)
  await expect(stage(page, 'may-ship')).toContainText('Approved')
  await expect(stage(page, 'carrier')).toContainText('Waiting for carrier')
  await expect(page.getByRole('img', { name: '2 of 3 stages' })).toBeVisible()
  await expect(page.getByRole('region', { name: 'Timeline' }).getByRole('listitem')).not.toHaveCount(0)
})

test('a signal is sent by hand: its JSON is checked, and the run goes on to its child and its end', async ({ page, inbox }) => {
  await putWorkflow(inbox, 'parcel.ts', parcel)
  const id = await startWorkflow(inbox, 'parcel', { title: 'Parcel for Bo', input: { order: '88-7' } })
  await approve(inbox, id)
  await inbox.open(page, `/#/runs/${id}`)
  await expect(stage(page, 'carrier')).toContainText('Waiting')
  await page.getByRole('button', { name: 'Send a signal' }).press('Enter')
  const sheet = page.getByRole('dialog', { name: 'Send a signal' })
  await expect(sheet.getByLabel('Name')).toHaveValue('carrier')
  await sheet.getByLabel('Payload (JSON, optional)').fill('{"number": ')
  await sheet.getByRole('button', { name: 'Send it' }).click()
  await expect(sheet).toContainText('This is not JSON')
  await sheet.getByLabel('Payload (JSON, optional)').fill('{"number": "DE-1"}')
  await sheet.getByRole('button', { name: 'Send it' }).press('Enter')
  await expect(sheet).toBeHidden()
  await expect(stages(page).last()).toContainText('Completed')
  await expect(page.getByRole('region', { name: 'Result', exact: true })).toContainText('DE-1')

  await stage(page, 'label').getByRole('link', { name: 'Open the child run' }).click()
  await expect(stage(page, 'print')).toContainText('Done')
  await page.getByRole('link', { name: 'All runs' }).click()
  await expect(runs(page).filter({ hasText: 'Parcel for Bo' })).toContainText('Completed')
})

test('a run is cancelled with a reason after a second look; the harmless answer has the focus', async ({ page, inbox }) => {
  const asked = await inbox.ask({ type: 'refund', title: 'Not wanted any more' })
  await inbox.open(page, `/#/runs/${asked.taskId}`)
  await page.getByRole('button', { name: 'Cancel the run' }).press('Enter')
  const question = page.getByRole('alertdialog', { name: 'Cancel this run?' })
  await expect(question.getByRole('button', { name: 'Let it go on' })).toBeFocused()
  await page.keyboard.press('Escape')
  await expect(question).toBeHidden()
  await page.getByRole('button', { name: 'Cancel the run' }).click()
  await question.getByLabel('Reason (optional)').fill('Asked twice')
  await page.keyboard.press('Enter')
  await expect(question).toBeHidden()
  await expect(stages(page).last()).toContainText('Cancelled')
  await expect(page.getByRole('button', { name: 'Cancel the run' })).toBeHidden()
  expect((await inbox.owner.tasks.status({ task_id: asked.taskId })).status).toBe('cancelled')
})

test('runs are filtered by status and workflow, announced when they come, and walked with keys', async ({
  page,
  inbox,
  receiver,
}) => {
  await stuckPayment(inbox, receiver)
  await inbox.ask({ type: 'refund', title: 'First of all' })
  await inbox.open(page, '/#/inbox')
  await page.keyboard.press('g')
  await page.keyboard.press('u')
  await expect(page.getByRole('heading', { name: 'Runs', level: 1 })).toBeVisible()
  await expect(runs(page)).toHaveCount(2)
  await inbox.ask({ type: 'refund', title: 'Just now' })
  await page.getByRole('button', { name: /1 new, show/ }).click()
  await expect(runs(page)).toHaveCount(3)
  await expect(runs(page).first()).toContainText('Just now')
  await page.keyboard.press('j')
  await expect(runs(page).first().getByRole('link')).toBeFocused()
  await page.keyboard.press('j')
  await expect(runs(page).nth(1).getByRole('link')).toBeFocused()

  await page.getByLabel('Status').selectOption({ label: 'Needs review' })
  await expect(page).toHaveURL(/status=needs_review/)
  await expect(runs(page)).toHaveCount(1)
  await expect(runs(page)).toContainText('the bank is closed')
  await page.reload()
  await expect(runs(page)).toHaveCount(1)
  await page.getByLabel('Status').selectOption({ label: 'Failed' })
  await expect(page.getByText('No run is like that.')).toBeVisible()
})

test('a batch shows its latest stages first, and all of them when asked', async ({ page, inbox }) => {
  const items = Array.from({ length: 120 }, (_, index) => ({ type: 'payment', title: `Payment ${index + 1}`, data: { index } }))
  const answer = await fetch(`${inbox.host.url}/approvals/batch`, {
    method: 'POST',
    headers: { authorization: `Bearer ${inbox.token}`, 'content-type': 'application/json' },
    body: JSON.stringify({ items, approver_email: 'owner@example.com' }),
  })
  const { task_id } = (await answer.json()) as { task_id: string }
  const [pending] = (await inbox.owner.tasks.status({ task_id })).pending_approvals
  await inbox.open(page, `/#/runs/${task_id}`)
  await expect(stages(page).filter({ hasText: 'Waiting for' })).toHaveCount(1)
  await inbox.owner.approvals.decide({ approval_id: pending!.id, decision: 'approve' })
  await expect(stages(page).last()).toContainText('Completed')
  await stages(page)
    .getByRole('button', { name: /^Show \d+ more$/ })
    .click()
  await expect.poll(() => stages(page).count()).toBeGreaterThan(120)
})

test('an address of a run that is not here says so', async ({ page, inbox }) => {
  await inbox.open(page, '/#/runs/run_nothing')
  await expect(page.getByRole('heading', { name: 'This run is not here.' })).toBeVisible()
  await page.getByRole('link', { name: 'All runs' }).click()
  await expect(page.getByText('No runs yet.')).toBeVisible()
})

test('workflows show their input, and a file that cannot be loaded shows why until it is mended', async ({ page, inbox }) => {
  await putWorkflow(inbox, 'parcel.ts', parcel)
  await inbox.open(page, '/#/workflows')
  const entry = page.getByRole('article', { name: 'parcel', exact: true })
  await expect(entry).toContainText('parcel.ts')
  await expect(entry).toContainText('As the shop writes it')
  await expect(entry).toContainText('required')
  await expect(page.getByRole('article', { name: 'expense', exact: true })).toContainText('Built in')

  await putWorkflow(inbox, 'broken.ts', 'export const x = = 3\n')
  await page.getByRole('button', { name: 'Reload' }).click()
  await expect(messages(page)).toContainText('1 could not be loaded')
  await expect(page.getByRole('article', { name: 'broken' })).toContainText('This cannot be started.')
  await expect(page.getByRole('article', { name: 'broken' })).toContainText(/line 1|Unexpected/)
  await putWorkflow(inbox, 'broken.ts', parcel.replaceAll("'parcel'", "'mended'").replaceAll("'label'", "'mended-label'"))
  await page.getByRole('button', { name: 'Reload' }).click()
  await expect(page.getByRole('article', { name: 'broken' })).toBeHidden()
  await entry.getByRole('link', { name: 'Its runs' }).click()
  await expect(page).toHaveURL(/#\/runs\?q=parcel/)
  await expect(page.getByLabel('Workflow')).toHaveValue('parcel')
})
