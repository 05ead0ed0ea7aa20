import type { Page } from '@playwright/test'
import { checkAccessible } from './axe.ts'
import { expect, type Inbox, messages, request, row, test } from './fixture.ts'

const seed = async (inbox: Inbox) => {
  for (const n of [1, 2, 3]) await inbox.ask({ type: 'refund', title: `Request ${n}`, timeout_hours: n })
  return inbox.ask({ type: 'deployment_gate', title: 'Roll out checkout', timeout_hours: 9 })
}

const palette = (page: Page) => page.getByRole('dialog', { name: 'Commands' })
const field = (page: Page) => page.getByRole('combobox', { name: 'Find a command or a request' })
const option = (page: Page, name: string | RegExp) => palette(page).getByRole('option', { name })
const views = (page: Page) => page.getByRole('navigation', { name: 'Views' })
/** What a screen reader is told is chosen. */
const active = (page: Page) =>
  field(page).evaluate((input) => document.getElementById(input.getAttribute('aria-activedescendant') ?? '')?.textContent ?? null)

async function openPalette(page: Page): Promise<void> {
  await page.keyboard.press('Control+k')
  await expect(field(page)).toBeFocused()
}

test.describe('the command palette', () => {
  test('decides, and offers only what can be done', async ({ page, inbox }) => {
    await seed(inbox)
    await inbox.open(page)
    await expect(row(page, 'Request 1')).toBeVisible()
    await openPalette(page)
    await expect(option(page, /^Approve/)).toHaveCount(0)
    await page.keyboard.press('Escape')
    await page.keyboard.press('j')
    await expect(request(page, 'Request 1')).toBeVisible()
    await openPalette(page)
    await expect(palette(page).getByRole('group', { name: 'About “Request 1”' })).toBeVisible()
    // Nothing is chosen before something was typed or pointed at.
    await page.keyboard.press('Enter')
    await expect(palette(page)).toBeVisible()
    expect(inbox.decisions()).toEqual([])
    await page.keyboard.type('appr')
    await expect.poll(() => active(page)).toMatch(/^Approve/)
    await page.keyboard.press('Enter')
    await expect(palette(page)).toBeHidden()
    await expect(page.getByText('Approved by Owner').first()).toBeVisible()
    expect(inbox.decisions()).toHaveLength(1)
    await openPalette(page)
    await expect(option(page, /^Approve/)).toHaveCount(0)
  })

  test('moves with arrows, Home and End around its ends, and says what is chosen', async ({ page, inbox }) => {
    await seed(inbox)
    await inbox.open(page)
    await openPalette(page)
    expect(await active(page)).toBeNull()
    const all = palette(page).getByRole('option')
    const texts = await all.allTextContents()
    expect(texts.length).toBeGreaterThan(20)
    for (const [key, at] of [
      ['ArrowDown', 0],
      ['ArrowDown', 1],
      ['ArrowUp', 0],
      ['ArrowUp', texts.length - 1],
      ['ArrowDown', 0],
      ['End', texts.length - 1],
      ['Home', 0],
    ] as const) {
      await page.keyboard.press(key)
      expect(await active(page), key).toBe(texts[at])
      await expect(all.nth(at)).toHaveAttribute('aria-selected', 'true')
      await expect(all.nth(at)).toBeInViewport()
    }
    await expect(field(page)).toBeFocused()
  })

  test('opens also where somebody types and with single keys off, and gives the focus back', async ({ page, inbox }) => {
    await seed(inbox)
    await inbox.open(page)
    await page.evaluate(() => localStorage.setItem('countersign.single-keys', 'off'))
    await page.reload()
    await expect(row(page, 'Request 1')).toBeVisible()
    const search = page.getByRole('searchbox', { name: 'Search requests' })
    await search.fill('Request')
    await openPalette(page)
    await page.keyboard.type('due')
    await page.keyboard.press('Escape')
    await expect(palette(page)).toBeHidden()
    await expect(search).toBeFocused()
    await expect(search).toHaveValue('Request')
    await openPalette(page)
    await page.keyboard.press('Control+k')
    await expect(palette(page)).toBeHidden()
    await expect(search).toBeFocused()
    await views(page).getByRole('button', { name: 'Commands' }).click()
    await expect(field(page)).toBeFocused()
    await palette(page).getByRole('button', { name: 'Close' }).click()
    await expect(views(page).getByRole('button', { name: 'Commands' })).toBeFocused()
  })

  test('does not open over a dialog', async ({ page, inbox }) => {
    await seed(inbox)
    await inbox.open(page)
    await page.keyboard.press('?')
    await expect(page.getByRole('dialog', { name: 'Keys' })).toBeVisible()
    await page.keyboard.press('Control+k')
    await expect(field(page)).toHaveCount(0)
  })

  test('finds requests by their words and by their id, also those of other views', async ({ page, inbox }) => {
    const { id } = await seed(inbox)
    await inbox.owner.approvals.decide({ approval_id: id, decision: 'approve' })
    await inbox.open(page)
    await expect(row(page, 'Request 1')).toBeVisible()
    await openPalette(page)
    await page.keyboard.type('checkout')
    await expect(option(page, /Roll out checkout/)).toBeVisible()
    await expect(option(page, 'Search all requests for “checkout”')).toBeVisible()
    await page.keyboard.press('Enter')
    await expect(request(page, 'Roll out checkout')).toBeVisible()
    await page.goBack()
    await openPalette(page)
    await page.keyboard.type(id)
    await expect(option(page, /Roll out checkout/)).toBeVisible()
    await option(page, /Search all requests/).click()
    await expect(page).toHaveURL(new RegExp(`#/all\\?q=${id}`))
  })

  test('leads to views, settings and looks, and puts what was used lately first', async ({ page, inbox }) => {
    await seed(inbox)
    await inbox.open(page)
    await openPalette(page)
    await page.keyboard.type('waiting')
    await page.keyboard.press('Enter')
    await expect(page).toHaveURL(/#\/waiting$/)
    await openPalette(page)
    await page.keyboard.type('set loc')
    await page.keyboard.press('Enter')
    await expect(page.getByRole('heading', { name: 'Local model' })).toBeFocused()
    await openPalette(page)
    await page.keyboard.type('dark')
    await page.keyboard.press('Enter')
    await expect(page.locator('html')).toHaveAttribute('data-theme', 'dark')
    await openPalette(page)
    await expect(palette(page).getByRole('group', { name: 'Used lately' }).getByRole('option')).toHaveText([
      /^Colours: Dark/,
      /^Settings: Local model/,
      /^Waiting on others/,
    ])
    await page.keyboard.type('zzzz')
    await expect(palette(page).getByRole('option')).toHaveCount(1)
  })

  test('opens other dialogs, with the focus in them', async ({ page, inbox }) => {
    await seed(inbox)
    await inbox.open(page)
    await expect(row(page, 'Request 1')).toBeVisible()
    await page.keyboard.press('j')
    await expect(request(page, 'Request 1')).toBeVisible()
    for (const [typed, focused] of [
      ['reject', page.getByRole('dialog', { name: 'Reject this request?' }).getByLabel('Reason')],
      ['write a comment', page.getByRole('textbox', { name: 'Comment' })],
      ['search', page.getByRole('searchbox', { name: 'Search requests' })],
    ] as const) {
      await openPalette(page)
      await page.keyboard.type(typed)
      await page.keyboard.press('Enter')
      await expect(focused).toBeFocused()
      await page.keyboard.press('Escape')
    }
    expect(inbox.decisions()).toEqual([])
  })

  test('is used with a finger on a phone, full width and with nothing to scroll sideways', async ({ page, inbox }) => {
    await page.setViewportSize({ width: 390, height: 844 })
    await seed(inbox)
    await inbox.open(page)
    await page.getByRole('button', { name: 'Find a command' }).click()
    await expect(field(page)).toBeFocused()
    // It comes from a little below.
    await expect.poll(() => palette(page).boundingBox()).toMatchObject({ x: 0, y: 0, width: 390 })
    await checkAccessible(page, 'palette at 390')
    await field(page).fill('Request 2')
    await option(page, /^Request 2/).click()
    await expect(request(page, 'Request 2')).toBeVisible()
  })

  test('has no barrier, empty, with results, and where nothing is found', async ({ page, inbox }) => {
    await seed(inbox)
    await inbox.open(page)
    await page.keyboard.press('j')
    await openPalette(page)
    await checkAccessible(page, 'palette')
    await page.keyboard.type('re')
    await expect(option(page, /Request 2/)).toBeVisible()
    await checkAccessible(page, 'palette with results')
    await expect(palette(page).getByRole('status')).toHaveText(/\d+ commands, requests: \d/)
  })
})

test.describe('while an answer is held', () => {
  test.use({ undoSeconds: 60 })

  test('the palette takes it back, and offers that only as long as there is one', async ({ page, inbox }) => {
    const { id } = await seed(inbox)
    await inbox.open(page, `#/inbox/${id}`)
    await expect(request(page, 'Roll out checkout')).toBeVisible()
    await openPalette(page)
    await expect(option(page, /^Take the last answer back/)).toHaveCount(0)
    await page.keyboard.type('reject')
    await page.keyboard.press('Escape')
    await page.keyboard.press('a')
    await expect(page.getByRole('list', { name: 'Answers that can be undone' })).toContainText('Roll out checkout')
    await openPalette(page)
    await page.keyboard.type('take back')
    await expect.poll(() => active(page)).toMatch(/^Take the last answer back/)
    await page.keyboard.press('Enter')
    await expect(messages(page)).toContainText('Taken back: Roll out checkout.')
    expect((await inbox.owner.approvals.get({ approval_id: id })).status).toBe('pending')
  })
})

test.describe('saved filters', () => {
  const saved = (page: Page) => views(page).getByRole('link', { name: 'Refunds' })

  test('are saved, opened, renamed, moved, removed and brought back by keyboard alone', async ({ page, inbox }) => {
    await seed(inbox)
    await inbox.open(page)
    await page.keyboard.press('/')
    await page.keyboard.type('type:refund')
    await expect(row(page, 'Roll out checkout')).toHaveCount(0)
    await openPalette(page)
    await page.keyboard.type('save this')
    await page.keyboard.press('Enter')
    const save = page.getByRole('dialog', { name: 'Save this filter' })
    await expect(save.getByLabel('Name')).toBeFocused()
    await expect(save).toContainText('Inbox · type:refund')
    await page.keyboard.press('Enter')
    await expect(save).toContainText('Give it a name.')
    await page.keyboard.type('Refunds')
    await page.keyboard.press('Enter')
    await expect(messages(page)).toContainText('Saved as “Refunds”.')
    await expect(saved(page)).toHaveAttribute('aria-current', 'page')
    await expect(views(page).getByRole('link', { name: /^Inbox/ })).not.toHaveAttribute('aria-current')
    await inbox.owner.settings.update({
      filters: [...(await inbox.owner.settings.get({})).filters, { name: 'Newest', view: 'all', search: '', sort: 'oldest' }],
    })
    await expect(views(page).getByRole('link', { name: 'Newest' })).toBeVisible()
    await openPalette(page)
    await page.keyboard.type('arrange')
    await page.keyboard.press('Enter')
    const arrange = page.getByRole('dialog', { name: 'Arrange saved filters' })
    await arrange.getByRole('button', { name: 'Move “Refunds” down' }).focus()
    await page.keyboard.press('Enter')
    await expect(arrange.getByRole('listitem').first()).toContainText('Newest')
    await expect(arrange.getByRole('button', { name: 'Move “Refunds” down' })).toBeFocused()
    await arrange.getByRole('button', { name: 'Rename “Newest”' }).focus()
    await page.keyboard.press('Enter')
    await page.keyboard.type('refunds')
    await expect(arrange.getByRole('alert')).toHaveText('Another filter has this name.')
    await page.keyboard.press('Control+a')
    await page.keyboard.type('Oldest first')
    await page.keyboard.press('Enter')
    await expect(arrange.getByRole('button', { name: 'Rename “Oldest first”' })).toBeFocused()
    await checkAccessible(page, 'saved filters')
    await arrange.getByRole('button', { name: 'Remove “Refunds”' }).focus()
    await page.keyboard.press('Enter')
    await expect(arrange.getByRole('button', { name: 'Undo' })).toBeFocused()
    await expect(saved(page)).toHaveCount(0)
    await page.keyboard.press('Escape')
    await messages(page).getByRole('button', { name: 'Undo' }).click()
    await expect(saved(page)).toBeVisible()
    expect((await inbox.owner.settings.get({})).filters.map(({ name }) => name)).toEqual(['Oldest first', 'Refunds'])
  })

  test('are saved and opened by pointer, and stand in every window', async ({ page, context, inbox }) => {
    await seed(inbox)
    await inbox.open(page)
    const other = await context.newPage()
    await other.goto(inbox.host.url)
    await page.getByRole('searchbox', { name: 'Search requests' }).fill('type:refund')
    await expect(row(page, 'Roll out checkout')).toHaveCount(0)
    await page.getByRole('button', { name: 'Filter' }).click()
    await page.getByLabel('Sort').selectOption('newest')
    await page.getByRole('button', { name: 'Save this filter…' }).click()
    await page.getByRole('dialog', { name: 'Save this filter' }).getByLabel('Name').fill('Refunds')
    await checkAccessible(page, 'save a filter')
    await page.getByRole('button', { name: 'Save the filter' }).click()
    await expect(page.getByRole('button', { name: 'Filter' })).toBeFocused()
    await saved(other).click()
    await expect(other).toHaveURL(/#\/inbox\?q=type%3Arefund&sort=newest$/)
    await expect(row(other, 'Request 3')).toBeVisible()
    await expect(saved(other)).toHaveAttribute('aria-current', 'page')
    await page.getByRole('button', { name: 'Filter' }).click()
    await expect(page.getByRole('button', { name: 'Save this filter…' })).toHaveCount(0)
  })

  test('are in the choice of the view on a phone, and in the palette everywhere', async ({ page, inbox }) => {
    await page.setViewportSize({ width: 390, height: 844 })
    await seed(inbox)
    await inbox.owner.settings.update({ filters: [{ name: 'Refunds', view: 'all', search: 'type:refund', sort: 'oldest' }] })
    await inbox.open(page)
    const view = page.getByRole('combobox', { name: 'View' })
    await view.selectOption('Refunds')
    await expect(page).toHaveURL(/#\/all\?q=type%3Arefund&sort=oldest$/)
    await expect(view).toHaveValue('0')
    await page.getByRole('button', { name: 'Filter' }).click()
    await page.getByRole('button', { name: 'Arrange saved filters…' }).click()
    const bin = page.getByRole('dialog').getByRole('button', { name: 'Remove “Refunds”' })
    const box = (await bin.boundingBox())!
    expect(box.x + box.width).toBeLessThanOrEqual(390)
    await checkAccessible(page, 'saved filters at 390')
    await bin.click()
    await page.getByRole('dialog').getByRole('button', { name: 'Undo' }).click()
    await expect(bin).toBeVisible()
    await page.keyboard.press('Escape')
    await view.selectOption('Done')
    await expect(page).toHaveURL(/#\/done$/)
    await page.getByRole('button', { name: 'Find a command' }).click()
    await page.keyboard.type('refunds')
    await page.keyboard.press('Enter')
    await expect(view).toHaveValue('0')
  })
})

test.describe('who reads German', () => {
  test.use({ locale: 'de-DE', timezoneId: 'Europe/Berlin' })

  test('finds commands by German words, and saves a filter', async ({ page, inbox }) => {
    await seed(inbox)
    await inbox.open(page, '#/inbox?q=type%3Arefund')
    await page.keyboard.press('Control+k')
    const found = page.getByRole('combobox', { name: 'Befehl oder Anfrage finden' })
    await expect(found).toBeFocused()
    await page.keyboard.type('laufe')
    await expect(page.getByRole('option', { name: /^Läufe/ })).toHaveAttribute('aria-selected', 'true')
    await checkAccessible(page, 'palette in German')
    await page.keyboard.press('Control+a')
    await page.keyboard.type('filter speichern')
    await page.keyboard.press('Enter')
    await expect(page.getByRole('dialog', { name: 'Diesen Filter speichern' })).toContainText('Eingang · type:refund')
    await page.keyboard.type('Erstattungen')
    await page.keyboard.press('Enter')
    await expect(page.getByRole('link', { name: 'Erstattungen' })).toHaveAttribute('aria-current', 'page')
  })
})
