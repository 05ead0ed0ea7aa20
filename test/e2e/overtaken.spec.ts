import { expect, type Inbox, intercept, messages, row, test } from './fixture.ts'

async function asSource(inbox: Inbox, path: string, body: unknown): Promise<void> {
  const answer = await fetch(inbox.host.url + path, {
    method: 'POST',
    headers: { authorization: `Bearer ${inbox.token}`, 'content-type': 'application/json' },
    body: JSON.stringify(body),
  })
  if (!answer.ok) throw new Error(await answer.text())
}

test('what comes between the list and the first word of the stream is in the list', async ({ page, inbox }) => {
  await inbox.ask({ type: 'refund', title: 'Here before' })
  const passed = Promise.withResolvers<void>()
  await page.route(/\/events(\?|$)/, async (route) => {
    await passed.promise
    await route.continue()
  })
  await inbox.open(page)
  await expect(row(page, 'Here before')).toBeVisible()
  await inbox.ask({ type: 'refund', title: 'Came in between' })
  passed.resolve()
  await page.getByRole('button', { name: /1 new/ }).click()
  await expect(row(page, 'Came in between')).toBeVisible()
})

test('one of several that changes under the hand is not decided unseen', async ({ page, inbox }) => {
  const ask = (n: number) => inbox.ask({ type: 'refund', title: `Order ${n}`, amount: 100 + n, currency: 'EUR', timeout_hours: n })
  const { id } = await ask(1)
  await ask(2)
  await inbox.open(page)
  await row(page, 'Order 1').getByRole('link').click()
  await page.keyboard.press('x')
  await page.keyboard.press('Shift+ArrowDown')
  await expect(page.getByRole('button', { name: 'Approve 2' })).toBeEnabled()
  await asSource(inbox, `/approvals/${id}/revise`, { amount: 99 })
  await expect(row(page, 'Order 1')).toContainText('99')
  await page.keyboard.press('a')
  await expect(messages(page)).toContainText('1 request was answered.')
  await expect(page.getByRole('region', { name: '1 selected' })).toContainText('It has changed since you looked.')
  expect((await inbox.owner.approvals.get({ approval_id: id })).status).toBe('pending')
})

test('large requests that are picked are each asked for once, and again where that failed', async ({ page, inbox, faults }) => {
  faults.expected = /net::ERR_/
  const n = 8
  const data = { big: 'x'.repeat(40_000) }
  for (let at = 1; at <= n; at++) await inbox.ask({ type: 'refund', title: `Order ${at}`, timeout_hours: at, data })
  await inbox.open(page)
  await expect(row(page, 'Order 1')).toBeVisible()
  const asked: string[] = []
  await intercept(page, '**/approvals/apr_*', async (route) => {
    asked.push(route.request().url())
    if (asked.length === 1) return route.abort()
    await page.waitForTimeout(50)
    await route.continue()
  })
  await page.keyboard.press('*')
  const reading = page.getByText('Reading what was selected')
  await expect(reading).toBeVisible()
  await expect(reading).toBeHidden({ timeout: 10_000 })
  expect(asked).toHaveLength(n + 1)
})
