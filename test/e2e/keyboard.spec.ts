import type { Page } from '@playwright/test'
import { expect, type Inbox, messages, request, row, test } from './fixture.ts'

const seed = async (inbox: Inbox) => {
  for (const n of [1, 2, 3]) await inbox.ask({ type: 'refund', title: `Request ${n}`, timeout_hours: n })
}

/** Which row the list marks as read. */
const picked = (page: Page) => page.getByRole('list').getByRole('link').and(page.locator('[aria-current=true]'))

test('j and k walk along the list, also in upper case and with the arrows', async ({ page, inbox }) => {
  await seed(inbox)
  await inbox.open(page)
  await expect(row(page, 'Request 3')).toBeVisible()
  for (const [key, title] of [
    ['j', 'Request 1'],
    ['j', 'Request 2'],
    ['J', 'Request 3'],
    ['j', 'Request 3'],
    ['K', 'Request 2'],
    ['k', 'Request 1'],
    ['ArrowDown', 'Request 2'],
    ['ArrowUp', 'Request 1'],
  ] as const) {
    await page.keyboard.press(key)
    await expect(picked(page)).toContainText(title)
    await expect(request(page, title)).toBeVisible()
  }
})

test('Enter opens the first request, and then goes from the list to its text', async ({ page, inbox }) => {
  await seed(inbox)
  await inbox.open(page)
  await expect(row(page, 'Request 3')).toBeVisible()
  await page.keyboard.press('Enter')
  await expect(request(page, 'Request 1')).toBeVisible()
  await page.keyboard.press('Enter')
  await expect(page.getByRole('heading', { name: 'Request 1', level: 2 })).toBeFocused()
  await page.keyboard.press('Enter')
  expect(inbox.decisions()).toEqual([])
})

test('a whole approval needs no mouse', async ({ page, inbox }) => {
  await seed(inbox)
  await inbox.open(page)
  await expect(row(page, 'Request 3')).toBeVisible()
  await page.keyboard.press('j')
  await page.keyboard.press('j')
  await expect(request(page, 'Request 2')).toBeVisible()
  await page.keyboard.press('Enter')
  await page.keyboard.press('c')
  await expect(page.getByRole('textbox', { name: 'Comment' })).toBeFocused()
  await page.keyboard.type('A fair amount. Jolly good, Rick.')
  await page.keyboard.press('Escape')
  await page.keyboard.press('a')
  await expect(page.getByText('Approved by Owner').first()).toBeVisible()
  await expect(page.getByText('A fair amount. Jolly good, Rick.').first()).toBeVisible()
  expect(inbox.decisions()).toHaveLength(1)
})

test('a key counts as soon as what it acts on is there', async ({ page, inbox }) => {
  const { id } = await inbox.ask({ type: 'refund', title: 'Fetched' })
  // Told of the button before anybody could see it.
  await page.addInitScript(() => {
    new MutationObserver((_, observer) => {
      if (![...document.querySelectorAll('button')].some((button) => button.textContent?.startsWith('Approve'))) return
      observer.disconnect()
      window.dispatchEvent(new KeyboardEvent('keydown', { key: 'a' }))
    }).observe(document, { subtree: true, childList: true })
  })
  await inbox.open(page, `/#/approvals/${id}`)
  await expect(request(page, 'Fetched')).toContainText('Approved by Owner')
  expect(inbox.decisions()).toHaveLength(1)
})

test('a whole rejection needs no mouse, and upper case letters do the same', async ({ page, inbox }) => {
  await seed(inbox)
  await inbox.open(page)
  await expect(row(page, 'Request 3')).toBeVisible()
  await page.keyboard.press('Shift+J')
  await expect(request(page, 'Request 1')).toBeVisible()
  await page.keyboard.press('Shift+R')
  await expect(page.getByRole('dialog', { name: 'Reject this request?' }).getByLabel('Reason')).toBeFocused()
  await page.keyboard.type('Ask again in March')
  await page.keyboard.press('Tab')
  while (!(await page.getByRole('button', { name: 'Reject it' }).evaluate((button) => button === document.activeElement))) {
    await page.keyboard.press('Tab')
  }
  await page.keyboard.press('Enter')
  await expect(page.getByText('Rejected by Owner').first()).toBeVisible()
  await page.keyboard.press('j')
  await expect(request(page, 'Request 2')).toBeVisible()
  await page.keyboard.press('Shift+A')
  await expect(row(page, 'Request 2')).toContainText('Approved by Owner')
})

test('Escape closes what is open and never decides', async ({ page, inbox }) => {
  await inbox.ask({ type: 'refund', title: 'Stays open' })
  await inbox.ask({ type: 'refund', title: 'High and open', amount: 50_000 })
  await inbox.open(page)
  await row(page, 'Stays open').getByRole('link').click()
  await expect(request(page, 'Stays open')).toBeVisible()
  await page.keyboard.press('Escape')
  await page.keyboard.press('r')
  const reject = page.getByRole('dialog', { name: 'Reject this request?' })
  await expect(reject.getByLabel('Reason')).toBeFocused()
  await page.keyboard.type('Because')
  await page.keyboard.press('Escape')
  await expect(reject).toBeHidden()
  await page.keyboard.press('c')
  await expect(page.getByRole('textbox', { name: 'Comment' })).toBeFocused()
  await page.keyboard.press('Escape')
  await expect(page.getByRole('textbox', { name: 'Comment' })).toBeHidden()
  await page.keyboard.press('?')
  await expect(page.getByRole('dialog', { name: 'Keys' })).toBeVisible()
  await page.keyboard.press('a')
  await page.keyboard.press('Escape')
  await expect(page.getByRole('dialog', { name: 'Keys' })).toBeHidden()
  await row(page, 'High and open').getByRole('link').click()
  await expect(request(page, 'High and open')).toBeVisible()
  await page.keyboard.press('a')
  await expect(page.getByRole('alertdialog')).toBeVisible()
  await page.keyboard.press('Escape')
  await expect(page.getByRole('alertdialog')).toBeHidden()
  await expect(page.getByRole('button', { name: 'Approve' })).toBeEnabled()
  expect(inbox.decisions()).toEqual([])
})

test('what is typed into a field decides nothing', async ({ page, inbox }) => {
  await seed(inbox)
  await inbox.open(page)
  await row(page, 'Request 1').getByRole('link').click()
  await expect(request(page, 'Request 1')).toBeVisible()
  await page.keyboard.press('/')
  const search = page.getByRole('searchbox', { name: 'Search requests' })
  await expect(search).toBeFocused()
  await page.keyboard.type('arac')
  await expect(search).toHaveValue('arac')
  await expect(page.getByText('Nothing matches.')).toBeVisible()
  await page.keyboard.press('Escape')
  await expect(search).toHaveValue('')
  await page.keyboard.press('Control+a')
  await page.keyboard.press('Escape')
  await page.keyboard.press('Control+r')
  await expect(row(page, 'Request 3')).toBeVisible()
  expect(inbox.decisions()).toEqual([])
})

test('keys lead to every view, and single keys can be switched off for good', async ({ page, inbox }) => {
  await seed(inbox)
  await inbox.open(page)
  await expect(row(page, 'Request 1')).toBeVisible()
  await page.keyboard.press('g')
  await page.keyboard.press('h')
  await expect(page).toHaveURL(/#\/done$/)
  await page.keyboard.press('g')
  await page.keyboard.press('r')
  await expect(page.getByRole('heading', { name: 'Needs review', level: 1 })).toBeVisible()
  await page.keyboard.press('g')
  await page.keyboard.press('s')
  const single = page.getByRole('switch', { name: /Single keys act/ })
  await single.uncheck()
  await page.getByRole('navigation', { name: 'Views' }).getByRole('link', { name: /Inbox/ }).click()
  await row(page, 'Request 1').getByRole('link').click()
  await expect(request(page, 'Request 1')).toBeVisible()
  for (const key of ['a', 'A', 'r', 'c', '?', 'j']) await page.keyboard.press(key)
  await page.keyboard.press('ArrowDown')
  await expect(request(page, 'Request 2')).toBeVisible()
  await expect(page.getByRole('dialog')).toBeHidden()
  await page.reload()
  await expect(request(page, 'Request 2')).toBeVisible()
  await page.keyboard.press('a')
  await page.keyboard.press('ArrowDown')
  await expect(request(page, 'Request 3')).toBeVisible()
  await expect(messages(page)).toBeEmpty()
  expect(inbox.decisions()).toEqual([])
})

test('the sheet of keys names what they do and gives the focus back', async ({ page, inbox }) => {
  await inbox.open(page)
  const opener = page.getByRole('navigation', { name: 'Views' }).getByRole('button', { name: 'Keys' })
  await opener.click()
  const sheet = page.getByRole('dialog', { name: 'Keys' })
  await expect(sheet.getByText('Next request')).toBeVisible()
  await expect(sheet.getByText('Reject, with a reason')).toBeVisible()
  await page.keyboard.press('Escape')
  await expect(sheet).toBeHidden()
  await expect(opener).toBeFocused()
})
