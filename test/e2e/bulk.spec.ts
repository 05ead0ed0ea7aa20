import type { Page } from '@playwright/test'
import { checkAccessible } from './axe.ts'
import { expect, type Inbox, intercept, messages, request, row, test } from './fixture.ts'

test.use({ undoSeconds: 5 })

const refund = (n: number, change: Readonly<Record<string, unknown>> = {}) => ({
  type: 'refund',
  title: `Order ${n}`,
  requester: 'shop',
  amount: 100 + n,
  currency: 'EUR',
  timeout_hours: n,
  data: { payee: 'DE89 3704 0044 0532 0130 00' },
  ...change,
})

const pane = (page: Page, n: number) => page.getByRole('region', { name: `${n} selected` })

async function askSix(inbox: Inbox): Promise<readonly string[]> {
  const ids = []
  for (const n of [1, 2, 3, 4]) ids.push((await inbox.ask(refund(n))).id)
  ids.push((await inbox.ask(refund(5, { data: { payee: 'GB29 NWBK 6016 1331 9268 19' } }))).id)
  ids.push((await inbox.ask(refund(6, { title: 'Order 6', amount: 250_000 }))).id)
  return ids
}

test('several are picked by keyboard and decided together; what does not fit is held out with the reason', async ({
  page,
  inbox,
}) => {
  const ids = await askSix(inbox)
  await inbox.open(page)
  await expect(row(page, 'Order 6')).toBeVisible()
  await page.keyboard.press('*')
  const bulk = pane(page, 6)
  await expect(bulk.getByRole('region', { name: 'Decided together: 4' }).getByRole('listitem')).toHaveText([
    /Order 1/,
    /Order 2/,
    /Order 3/,
    /Order 4/,
  ])
  const out = bulk.getByRole('region', { name: 'Held out: 2' })
  await expect(out).toContainText('payee: GB29 NWBK 6016 1331 9268 19, where the others have DE89 3704 0044 0532 0130 00.')
  await expect(out).toContainText('The risk is high.')
  await expect(bulk).toContainText('Together €410.00')
  await checkAccessible(page, 'several requests picked')
  await page.keyboard.press('a')
  await expect(messages(page)).toContainText('4 requests were answered.')
  // Among themselves the misfits are not alike all of a sudden.
  await expect(pane(page, 2).getByRole('region', { name: 'Held out: 2' })).toContainText('payee: GB29')
  await expect(pane(page, 2).getByRole('button', { name: 'Approve 0' })).toBeDisabled()
  await page.keyboard.press('a')
  expect(inbox.decisions()).toEqual([])
  await page.keyboard.press('Escape')
  await expect(pane(page, 2)).toHaveCount(0)
  inbox.clock.advance(5000)
  await expect(row(page, 'Order 4')).toContainText('Approved by Owner')
  const states = await Promise.all(ids.map(async (id) => (await inbox.owner.approvals.get({ approval_id: id })).status))
  expect(states).toEqual(['approved', 'approved', 'approved', 'approved', 'pending', 'pending'])
})

test('a range is picked with Shift, one is left out again, and all of them are taken back at once', async ({ page, inbox }) => {
  const ids = await askSix(inbox)
  await inbox.open(page)
  await row(page, 'Order 1').getByRole('link').click()
  await expect(request(page, 'Order 1')).toBeVisible()
  await row(page, 'Order 1')
    .getByRole('link')
    .click({ modifiers: ['ControlOrMeta'] })
  await row(page, 'Order 4')
    .getByRole('link')
    .click({ modifiers: ['Shift'] })
  await expect(pane(page, 4)).toContainText('Decided together: 4')
  await page.getByRole('button', { name: 'Leave out Order 2' }).click()
  await page.getByRole('checkbox', { name: 'Select Order 5' }).check()
  await expect(pane(page, 4).getByRole('region', { name: 'Held out: 1' })).toContainText('Order 5')
  await page.getByRole('checkbox', { name: 'Select Order 2' }).check()
  await page.getByRole('button', { name: 'Approve 4' }).click()
  await page.getByRole('button', { name: 'Undo all' }).click()
  await expect(page.getByRole('list', { name: 'Answers that can be undone' })).toHaveCount(0)
  inbox.clock.advance(60_000)
  for (const id of ids) expect((await inbox.owner.approvals.get({ approval_id: id })).status).toBe('pending')
})

test('several are rejected with one reason of one’s own, which is kept; one that changed meanwhile is refused', async ({
  page,
  inbox,
}) => {
  const { id } = await inbox.ask(refund(1))
  await inbox.ask(refund(2))
  await inbox.open(page)
  await row(page, 'Order 1').getByRole('link').click()
  await expect(request(page, 'Order 1')).toBeVisible()
  await page.keyboard.press('x')
  await page.keyboard.press('Shift+ArrowDown')
  await expect(pane(page, 2)).toContainText('Decided together: 2')
  await page.keyboard.press('r')
  const dialog = page.getByRole('dialog', { name: 'Reject 2 requests?' })
  await dialog.getByLabel('Reason').fill('Not in this quarter.')
  await dialog.getByRole('button', { name: 'Keep this reason' }).click()
  await expect(dialog.getByRole('button', { name: 'Not in this quarter.', exact: true })).toBeVisible()
  // The page does not learn of it in time.
  await intercept(page, '**/approvals/decide-many', async (route) => {
    const body = route.request().postDataJSON()
    body.items[0].version = 'a'.repeat(64)
    await route.continue({ postData: JSON.stringify(body) })
  })
  await dialog.getByRole('button', { name: 'Reject them' }).click()
  await expect(messages(page)).toContainText('1 request was answered.')
  await expect(pane(page, 1)).toContainText('It has changed since you looked.')
  inbox.clock.advance(5000)
  await expect(row(page, 'Order 2')).toContainText('Rejected by Owner')
  expect((await inbox.owner.approvals.get({ approval_id: id })).status).toBe('pending')
  await page.keyboard.press('Escape')
  await row(page, 'Order 1').getByRole('link').click()
  await expect(request(page, 'Order 1')).toBeVisible()
  await page.keyboard.press('r')
  await page.getByRole('button', { name: 'Not in this quarter.', exact: true }).click()
  await expect(page.getByLabel('Reason')).toHaveValue('Not in this quarter.')
  await page.getByRole('button', { name: 'Forget “Not in this quarter.”' }).click()
  await expect(page.getByRole('button', { name: 'Not in this quarter.', exact: true })).toHaveCount(0)
})

test('what was picked in one list is not decided from another', async ({ page, inbox }) => {
  await inbox.ask(refund(1))
  await inbox.open(page)
  await expect(row(page, 'Order 1')).toBeVisible()
  await page.keyboard.press('*')
  await expect(pane(page, 1)).toBeVisible()
  await page.keyboard.press('g')
  await page.keyboard.press('l')
  await expect(page.getByRole('list', { name: 'All' })).toBeVisible()
  await expect(pane(page, 1)).toHaveCount(0)
})
