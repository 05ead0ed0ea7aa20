import { pool } from '../bench/pool.ts'
import { clientFor, sourceCaller } from '../support/app.ts'
import { expect, test } from './fixture.ts'

const count = 100_000

test('of a hundred thousand requests each is one key or one drag away, and nothing moves when another comes', async ({
  page,
  inbox,
}) => {
  test.setTimeout(300_000)
  const source = clientFor(inbox.host.app, sourceCaller)
  const titleOf = (n: number) => `Order ${String(n).padStart(6, '0')}`
  const submit = (title: string, hours: number) => source.requests.submitRequest({ type: 'refund', title, timeout_hours: hours })
  await pool(count, 256, (n) => submit(titleOf(n + 1), 10 + (n + 1) / 200))
  await inbox.open(page)
  const list = page.getByRole('list', { name: 'Inbox' })
  const rowOf = (title: string) => list.getByRole('link', { name: title })
  await expect(rowOf(titleOf(1))).toBeVisible()
  await page.keyboard.press('j')
  await expect(rowOf(titleOf(1))).toBeFocused()

  // The order of all of them is there a moment after the first rows are.
  await expect
    .poll(async () => {
      await page.keyboard.press('End')
      return page.getByRole('article').getByText(titleOf(count)).count()
    })
    .toBeGreaterThan(0)
  const last = list.getByRole('listitem').last()
  await expect(last).toHaveAttribute('aria-posinset', String(count))
  await expect(last).toHaveAttribute('aria-setsize', String(count))
  await expect(rowOf(titleOf(count))).toBeFocused()
  await expect(rowOf(titleOf(count))).toBeInViewport()

  await page.keyboard.press('k')
  await expect(page.getByRole('article').getByRole('heading', { name: titleOf(count - 1) })).toBeVisible()
  await page.keyboard.press('Home')
  await expect(rowOf(titleOf(1))).toBeFocused()
  await expect(rowOf(titleOf(1))).toBeInViewport()

  await list.locator('..').evaluate((scroller) => scroller.scrollTo(0, scroller.scrollHeight / 2))
  const middle = list.getByRole('listitem').nth(10)
  await expect(middle.getByRole('link')).toBeInViewport()
  const place = Number(await middle.getAttribute('aria-posinset'))
  expect(Math.abs(place - count / 2)).toBeLessThan(100)
  const where = await rowOf(titleOf(place)).boundingBox()
  await submit('The most urgent', 1)
  await expect(page.getByRole('button', { name: /1 new/ })).toBeVisible()
  expect(await rowOf(titleOf(place)).boundingBox()).toEqual(where)
  await rowOf(titleOf(place)).click()
  await expect(page.getByRole('article').getByRole('heading', { name: titleOf(place) })).toBeVisible()

  await page.keyboard.press('n')
  await page.keyboard.press('Home')
  await expect(rowOf('The most urgent')).toBeFocused()
})
