import type { Page } from '@playwright/test'
import { expect, type Inbox, intercept, messages, row, test } from './fixture.ts'
import { rules, withRules } from './seeds.ts'

/** Has the host answer the next question there at once, and the page hear of it when it is let go. */
async function late(page: Page, url: string, method = 'GET') {
  const answered = Promise.withResolvers<void>()
  const passed = Promise.withResolvers<void>()
  let isFirst = true
  await intercept(page, url, async (route) => {
    if (!isFirst || route.request().method() !== method) return route.fallback()
    isFirst = false
    const response = await route.fetch()
    answered.resolve()
    await passed.promise
    await route.fulfill({ response })
  })
  return { answered: answered.promise, release: () => passed.resolve() }
}

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

test('a policy keeps what is typed while the one that was saved is fetched', async ({ page, inbox }) => {
  await withRules(inbox)
  await inbox.open(page, '/#/policy/text')
  const editor = page.getByRole('textbox', { name: 'Text of the policy' })
  await editor.fill(rules.replace('100.0', '200.0'))
  const save = page.getByRole('button', { name: 'Put it in force' })
  await expect(save).toBeEnabled()
  const fetched = await late(page, '**/policy')
  await save.click()
  await fetched.answered
  await editor.fill(rules.replace('100.0', '300.0'))
  fetched.release()
  await expect(messages(page)).toContainText('The policy is in force.')
  await expect(editor).toHaveValue(/300\.0/)
})

test('people that were asked for before a change do not take it back', async ({ page, inbox }) => {
  await inbox.open(page, '/#/people/groups')
  await expect(page.getByText('There are no groups yet.')).toBeVisible()
  const before = await late(page, '**/people')
  await page.evaluate(() => document.dispatchEvent(new Event('visibilitychange')))
  await before.answered
  await page.getByRole('button', { name: 'Add a group' }).click()
  const sheet = page.getByRole('dialog', { name: 'Add a group' })
  await sheet.getByLabel('Name').fill('board')
  await sheet.getByRole('button', { name: 'Save' }).click()
  await expect(sheet).toBeHidden()
  await expect(page.getByRole('button', { name: 'Remove board' })).toBeVisible()
  before.release()
  await page.waitForTimeout(500)
  await expect(page.getByRole('button', { name: 'Remove board' })).toBeVisible()
})

test('more of a list of runs is not asked for while another list is on its way', async ({ page, inbox }) => {
  for (let n = 0; n < 52; n++) await inbox.ask({ type: 'refund', title: `Order ${n}` })
  await inbox.open(page, '/#/runs')
  const list = page.getByRole('list', { name: 'Runs' }).getByRole('listitem')
  await expect(list).toHaveCount(50)
  const failed = await late(page, '**/tasks?*status=failed*')
  await page.getByRole('combobox', { name: 'Status' }).selectOption('failed')
  await failed.answered
  const more = page.getByRole('button', { name: 'Show more' })
  if (await more.isEnabled()) await more.click()
  await page.waitForTimeout(500)
  failed.release()
  await expect(list).toHaveCount(0)
})

test('that the local model could not be asked about is said no longer than it is so', async ({ page, inbox, faults }) => {
  faults.expected = /net::ERR_/
  await inbox.owner.settings.update({ model: { enabled: true, host: 'http://127.0.0.1:9' } })
  await inbox.open(page, '/#/settings/model')
  const section = page.getByRole('region', { name: 'Local model' })
  await expect(section).toContainText('Ollama')
  await intercept(page, '**/model', (route) => route.abort(), 1)
  await expect(section).toContainText('That did not work')
  await expect(section).not.toContainText('That did not work')
})

test('how long requests are kept is not shown as it was before it was changed', async ({ page, inbox }) => {
  await inbox.open(page, '/#/settings/requests')
  const section = page.getByRole('region', { name: 'How long requests are kept' })
  await expect(section.getByLabel('Requests of every type')).toBeVisible()
  const before = await late(page, '**/retention')
  // Other settings have it asked for again.
  await inbox.owner.settings.update({ undo: { seconds: 7 } })
  await before.answered
  await section.getByLabel('Requests of every type').fill('30')
  await section.getByRole('button', { name: 'Save' }).click()
  await expect(messages(page)).toContainText('Saved.')
  before.release()
  await page.waitForTimeout(500)
  await expect(section.getByLabel('Requests of every type')).toHaveValue('30')
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
