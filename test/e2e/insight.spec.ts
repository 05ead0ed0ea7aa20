import { readFileSync } from 'node:fs'
import { checkAccessible } from './axe.ts'
import { expect, type Inbox, intercept, messages, test } from './fixture.ts'

const day = 86_400_000

/** A month of decisions, as an office has them. */
async function month(inbox: Inbox): Promise<void> {
  const kinds = [
    { type: 'refund', minutes: 12, amount: 290 },
    { type: 'deployment', minutes: 4, amount: null },
    { type: 'travel_expense', minutes: 95, amount: 640 },
  ]
  for (let n = 0; n < 18; n++) {
    const { type, minutes, amount } = kinds[n % 3]!
    const money = amount === null ? {} : { amount: amount + n, currency: 'EUR' }
    const data = { environment: 'staging', iban: 'DE75512108001245126199', order: `A-${n}` }
    const { id } = await inbox.ask({
      type,
      title: `A ${type}, no. ${n}`,
      requester: 'ada@example.com',
      timeout_hours: 24,
      ...money,
      data,
    })
    inbox.clock.advance(minutes * 60_000)
    const decision = n % 7 === 5 ? 'reject' : 'approve'
    await inbox.owner.approvals.decide({ approval_id: id, decision, comment: `Reason ${n}` })
    inbox.clock.advance(n % 3 === 2 ? day : 40 * 60_000)
  }
}

test('a request says what differs this time, with what was decided earlier, and leads there', async ({ page, inbox }) => {
  await month(inbox)
  const { id } = await inbox.ask({
    type: 'refund',
    title: 'Refund for a chair',
    requester: 'ada@example.com',
    amount: 1240,
    currency: 'EUR',
    data: { environment: 'staging\u202e', iban: 'FR1420041010050500013M02606', order: 'A-99' },
  })
  await inbox.open(page, `/#/approvals/${id}`)
  const part = page.getByRole('region', { name: 'What differs this time' })
  await expect(part.getByRole('listitem').filter({ hasText: '4.2 times the usual amount' })).toContainText('Look closely:')
  await expect(part).toContainText('First time to this payee: FR1420041010050500013M02606')
  // What would turn the text around is drawn as what it is.
  await expect(part).toContainText('First time in this environment: staging⟨U+202E⟩')
  await expect(part).toContainText('Usual: you approved')
  const earlier = part.getByRole('list', { name: 'Earlier decisions like it' }).locator(':scope > li')
  await expect(earlier).toHaveCount(3)
  await part.getByRole('button', { name: 'Show 2 more' }).press('Enter')
  await expect(earlier).toHaveCount(5)
  await expect(earlier.nth(3).getByRole('link')).toBeFocused()
  await expect(earlier.first()).toContainText('A refund, no. 15')
  await expect(earlier.first()).toContainText('Approved by Owner')
  await expect(earlier.first()).toContainText('Reason 15')
  await earlier.first().getByText('3 differences').press('Enter')
  await expect(earlier.first()).toContainText('DE75512108001245126199')
  await expect(earlier.first()).toContainText('1 field differs every time and is not listed.')
  await checkAccessible(page, 'a request with precedents')
  await earlier.first().getByRole('link').press('Enter')
  await expect(page.getByRole('article', { name: 'A refund, no. 15' })).toBeVisible()
})

test('what is said of one request never stands beside another', async ({ page, inbox }) => {
  await inbox.ask({ type: 'travel', title: 'Another kind' })
  const { id: decided } = await inbox.ask({ type: 'refund', title: 'A refund before' })
  await inbox.owner.approvals.decide({ approval_id: decided, decision: 'approve' })
  const { id } = await inbox.ask({ type: 'refund', title: 'A refund now' })
  await inbox.open(page, `/#/approvals/${id}`)
  const part = page.getByRole('region', { name: 'What differs this time' })
  await expect(part.getByRole('link', { name: 'A refund before' })).toBeVisible()
  // The answer for the next one never comes.
  await intercept(page, '**/precedents', () => {})
  await page.getByRole('listitem').filter({ hasText: 'Another kind' }).getByRole('link').click()
  await expect(page.getByRole('article', { name: 'Another kind' })).toBeVisible()
  await expect(part).toHaveAttribute('aria-busy', 'true')
  await expect(part.getByRole('link')).toHaveCount(0)
})

test('a request without any like it says so', async ({ page, inbox }) => {
  const { id } = await inbox.ask({ type: 'refund', title: 'The first' })
  await inbox.open(page, `/#/approvals/${id}`)
  await expect(page.getByRole('region', { name: 'What differs this time' })).toContainText('Nothing like it was decided before.')
})

test('the page is reached by its keys, and its period and type stand in the address', async ({ page, inbox }) => {
  await month(inbox)
  await inbox.open(page, '/#/inbox')
  await page.keyboard.press('g')
  await page.keyboard.press('n')
  await expect(page.getByRole('heading', { name: 'Insight', level: 1 })).toBeVisible()
  const figures = page.getByRole('region', { name: 'In short' })
  await expect(figures).toContainText('came18')
  await expect(figures).toContainText('approved or rejected18')
  const times = page.getByRole('region', { name: 'Time to decide' }).getByRole('row')
  await expect(times).toHaveCount(4)
  await expect(times.filter({ hasText: 'travel expense' })).toContainText(/1 h 3\d min/)
  const people = page.getByRole('region', { name: 'You and others' })
  await expect(people.getByRole('row', { name: /^You/ })).toContainText('16')
  await expect(page.getByRole('region', { name: 'You and the model' })).toContainText('Agreed means: high and rejected')

  const table = page.getByRole('region', { name: 'Day by day', exact: true }).first()
  await table.getByText('As a table').press('Enter')
  await expect(table.getByRole('row').nth(1)).toBeVisible()

  await page.getByRole('link', { name: '90 days' }).press('Enter')
  await expect(page).toHaveURL(/#\/insight\/90$/)
  await page.getByLabel('Type').selectOption('deployment')
  await expect(page).toHaveURL(/#\/insight\/90\?q=deployment$/)
  await expect(figures).toContainText('came6')
  await expect(times).toHaveCount(2)
  await page.getByRole('link', { name: 'A year' }).press('Enter')
  await expect(page.getByRole('region', { name: 'Week by week', exact: true }).first()).toBeVisible()
  await expect(page.getByLabel('Type')).toHaveValue('deployment')
})

test('what is decided meanwhile is counted without being asked for', async ({ page, inbox }) => {
  const { id } = await inbox.ask({ type: 'refund', title: 'A chair' })
  await inbox.open(page, '/#/insight')
  const figures = page.getByRole('region', { name: 'In short' })
  await expect(figures).toContainText('approved or rejected0')
  await inbox.owner.approvals.decide({ approval_id: id, decision: 'approve' })
  await expect(figures).toContainText('approved or rejected1', { timeout: 15_000 })
})

test('it is readable for everybody, on any width', async ({ page, inbox }) => {
  await month(inbox)
  for (const width of [1440, 390]) {
    await page.setViewportSize({ width, height: 900 })
    await inbox.open(page, '/#/insight')
    await expect(page.getByRole('region', { name: 'In short' })).toBeVisible()
    await page.getByText('As a table').first().click()
    await checkAccessible(page, `insight at ${width}`)
  }
})

test('before anything has come it says when there will be something', async ({ page, inbox }) => {
  await inbox.open(page, '/#/insight')
  await expect(page.getByRole('heading', { name: 'Nothing to count yet.' })).toBeVisible()
  await page.getByRole('link', { name: 'Look at a year' }).press('Enter')
  await expect(page.getByRole('heading', { name: 'Nothing to count yet.' })).toBeVisible()
  await checkAccessible(page, 'insight without figures')
})

test('the decisions of the period are downloaded as CSV and as JSON', async ({ page, inbox }) => {
  await month(inbox)
  await inbox.open(page, '/#/insight/90')
  const saved = async (name: string) => {
    const [download] = await Promise.all([page.waitForEvent('download'), page.getByRole('button', { name }).press('Enter')])
    await expect(messages(page)).toContainText('18 decisions were exported.')
    return { name: download.suggestedFilename(), text: readFileSync(await download.path(), 'utf8') }
  }
  const csv = await saved('Export CSV')
  expect(csv.name).toMatch(/^countersign-decisions-\d{4}-\d\d-\d\d-\d{4}-\d\d-\d\d\.csv$/)
  expect(csv.text.trimEnd().split('\r\n')).toHaveLength(19)
  const json = await saved('Export JSON')
  expect(JSON.parse(json.text)).toHaveLength(18)
})
