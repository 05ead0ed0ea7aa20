import { clientFor, sourceCaller } from '../support/app.ts'
import { expect, request, row, test } from './fixture.ts'

test('a request appears in an empty inbox by itself, and the title counts it', async ({ page, inbox }) => {
  await inbox.open(page)
  await expect(page.getByRole('heading', { name: 'Nothing waits for you.' }).last()).toBeVisible()
  await expect(page).toHaveTitle('Countersign')
  await inbox.ask({ type: 'refund', title: 'Out of the blue', amount: 12, currency: 'EUR' })
  await expect(row(page, 'Out of the blue')).toBeVisible()
  await expect(page).toHaveTitle('(1) Countersign')
  await expect(page.getByRole('navigation', { name: 'Views' }).getByRole('link', { name: /Inbox/ })).toContainText('1')
})

test('what arrives announces itself and moves nothing that is being read', async ({ page, inbox }) => {
  for (const n of [1, 2, 3]) await inbox.ask({ type: 'refund', title: `Old ${n}`, timeout_hours: 24 * n })
  await inbox.open(page)
  await row(page, 'Old 2').getByRole('link').click()
  await expect(request(page, 'Old 2')).toBeVisible()
  const places = () =>
    page
      .getByRole('list', { name: 'Inbox' })
      .getByRole('listitem')
      .evaluateAll((rows) => rows.map((each) => `${each.textContent?.match(/Old \d/)?.[0]} ${each.getBoundingClientRect().top}`))
  const before = await places()

  await inbox.ask({ type: 'refund', title: 'New and urgent', timeout_hours: 1 })
  await inbox.ask({ type: 'refund', title: 'New and calm', timeout_hours: 900 })
  const announced = page.getByRole('button', { name: /^2 new, show/ })
  await expect(announced).toBeVisible()
  expect(await places()).toEqual(before)
  await expect(request(page, 'Old 2')).toBeVisible()
  await expect(page).toHaveTitle('(5) Countersign')

  await announced.click()
  await expect(announced).toBeHidden()
  await expect(page.getByRole('list', { name: 'Inbox' }).getByRole('link')).toHaveText([
    /New and urgent/,
    /Old 1/,
    /Old 2/,
    /Old 3/,
    /New and calm/,
  ])
  await expect(request(page, 'Old 2')).toBeVisible()
})

test('the key n shows what is new', async ({ page, inbox }) => {
  await inbox.ask({ type: 'refund', title: 'Here first' })
  await inbox.open(page)
  await expect(row(page, 'Here first')).toBeVisible()
  await inbox.ask({ type: 'refund', title: 'Here second' })
  await expect(page.getByRole('button', { name: /^1 new, show/ })).toBeVisible()
  await page.keyboard.press('n')
  await expect(row(page, 'Here second')).toBeVisible()
})

test('a decided request stays where it is until the list is tidied up, and is found under Done', async ({ page, inbox }) => {
  const first = await inbox.ask({ type: 'refund', title: 'Will be approved' })
  const second = await inbox.ask({ type: 'refund', title: 'Will be rejected' })
  await inbox.ask({ type: 'refund', title: 'Will wait' })
  await inbox.open(page)
  await expect(row(page, 'Will wait')).toBeVisible()
  await inbox.owner.approvals.decide({ approval_id: first.id, decision: 'approve' })
  await inbox.owner.approvals.decide({ approval_id: second.id, decision: 'reject', comment: 'No.' })
  await expect(row(page, 'Will be approved')).toContainText('Approved by Owner')
  await page.getByRole('button', { name: 'Tidy up 2' }).click()
  await expect(page.getByRole('list', { name: 'Inbox' }).getByRole('listitem')).toHaveCount(1)

  await page.getByRole('navigation', { name: 'Views' }).getByRole('link', { name: 'Done' }).click()
  await expect(page.getByRole('list', { name: 'Done' }).getByRole('listitem')).toHaveCount(2)
  await page.getByRole('searchbox', { name: 'Search requests' }).fill('is:rejected')
  await expect(page.getByRole('list', { name: 'Done' }).getByRole('link')).toHaveText([/Will be rejected/])
  await page.reload()
  await expect(page.getByRole('list', { name: 'Done' }).getByRole('link')).toHaveText([/Will be rejected/])
})

test('the search finds by words of the title and says when nothing matches', async ({ page, inbox }) => {
  await inbox.ask({ type: 'refund', title: 'Refund for Ana' })
  await inbox.ask({ type: 'refund', title: 'Laptop for Bo' })
  await inbox.open(page)
  await page.getByRole('searchbox', { name: 'Search requests' }).fill('laptop')
  await expect(page.getByRole('list', { name: 'Inbox' }).getByRole('link')).toHaveText([/Laptop for Bo/])
  await page.getByRole('searchbox', { name: 'Search requests' }).fill('no such words')
  await expect(page.getByText('Nothing matches.')).toBeVisible()
  await page.getByRole('button', { name: 'Clear the search' }).click()
  await expect(page.getByRole('list', { name: 'Inbox' }).getByRole('listitem')).toHaveCount(2)
})

test('three hundred requests are scrolled through to the last one', async ({ page, inbox }) => {
  const source = clientFor(inbox.host.app, sourceCaller)
  const titles = Array.from({ length: 300 }, (_, n) => `Number ${n + 1}`)
  await Promise.all(titles.map((title, n) => source.requests.submitRequest({ type: 'refund', title, timeout_hours: 100 + n })))
  await inbox.open(page)
  const list = page.getByRole('list', { name: 'Inbox' })
  await expect(row(page, 'Number 1').first()).toBeVisible()
  await expect
    .poll(async () => {
      await list.locator('..').evaluate((scroller) => scroller.scrollTo(0, scroller.scrollHeight))
      return list.getByRole('link', { name: 'Number 300' }).count()
    })
    .toBe(1)
  await expect(list.getByRole('listitem').last()).toHaveAttribute('aria-posinset', '300')
  // Whoever comes back to a request sees it in the list, at its beginning too.
  await list.locator('..').evaluate((scroller) => scroller.scrollTo(0, 0))
  await row(page, 'Number 3').first().click()
  await page.reload()
  await expect(list.locator('[aria-current=true]')).toBeInViewport()
})
