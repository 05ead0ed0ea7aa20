import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Page } from '@playwright/test'
import { checkAccessible } from './axe.ts'
import { expect, type Inbox, messages, request, row, test } from './fixture.ts'

type Shown = { readonly title: string; readonly body: string; readonly tag: string; readonly closed: boolean }
type Watched = {
  shown: { title: string; body: string; tag: string; closed: boolean; click: () => void }[]
  hidden: boolean
  tones: number
}

/** Counts the browser's own notifications and tones, and lets a test hide the page. */
async function watch(page: Page, hidden = true): Promise<void> {
  await page.addInitScript((hide) => {
    const state: Watched = { shown: [], hidden: hide, tones: 0 }
    class Counted extends Notification {
      constructor(title: string, options: NotificationOptions = {}) {
        super(title, options)
        const entry = {
          title,
          body: options.body ?? '',
          tag: options.tag ?? '',
          closed: false,
          click: () => this.onclick?.(new Event('click')),
        }
        state.shown.push(entry)
        this.close = () => {
          entry.closed = true
          super.close()
        }
      }
    }
    const start = OscillatorNode.prototype.start
    OscillatorNode.prototype.start = function (...args) {
      state.tones++
      start.apply(this, args)
    }
    Object.assign(window, { Notification: Counted, watched: state })
    Object.defineProperty(document, 'visibilityState', { get: () => (state.hidden ? 'hidden' : 'visible') })
  }, hidden)
}

const watched = <T>(page: Page, read: (state: Watched) => T) => page.evaluate(`(${read})(window.watched)`) as Promise<T>

const shown = (page: Page): Promise<readonly Shown[]> =>
  watched(page, ({ shown }) => shown.map(({ title, body, tag, closed }) => ({ title, body, tag, closed })))

const hide = (page: Page, hidden: boolean) => page.evaluate(`window.watched.hidden = ${hidden}`)
const clickLast = (page: Page) => page.evaluate('window.watched.shown.at(-1).click()')

async function openWatched(page: Page, inbox: Inbox, { granted = true, hidden = true } = {}): Promise<void> {
  if (granted) await page.context().grantPermissions(['notifications'])
  await watch(page, hidden)
  await inbox.open(page)
  await expect(page.getByRole('searchbox', { name: 'Search requests' })).toBeVisible()
}

test('a new request is told while nobody looks, and a click on it opens it and leads to its answer', async ({ page, inbox }) => {
  await openWatched(page, inbox)
  const { id } = await inbox.ask({ type: 'refund', title: 'Look\u202E here', requester: 'Ana', amount: 12, currency: 'EUR' })
  await expect.poll(async () => (await shown(page)).length).toBe(1)
  expect(await shown(page)).toMatchObject([{ title: 'Look⟨U+202E⟩ here', tag: `${id}:new` }])
  expect((await shown(page))[0]?.body).toMatch(/^Ana asks · €12\.00\. Next alert /)
  await clickLast(page)
  await expect(page.getByRole('article')).toContainText('Look⟨U+202E⟩ here')
  await expect(page).toHaveURL(new RegExp(`#/approvals/${id}$`))
  await inbox.ask({ type: 'refund', title: 'Plain', amount: 5, currency: 'EUR' })
  await expect.poll(async () => (await shown(page)).at(-1)?.title).toBe('Plain')
  await clickLast(page)
  await expect(request(page, 'Plain')).toBeVisible()
  await page.getByRole('button', { name: /^Approve/ }).click()
  await expect.poll(() => inbox.decisions().length).toBe(1)
})

test('what waits for somebody else, or arrives under the eyes, is not told', async ({ page, inbox }) => {
  await openWatched(page, inbox)
  await inbox.ask({ type: 'refund', title: 'For Bo', approver_email: 'bo@example.com' })
  await hide(page, false)
  await inbox.ask({ type: 'refund', title: 'Under my eyes' })
  await expect(row(page, 'Under my eyes')).toBeVisible()
  await expect(messages(page)).not.toContainText('Under my eyes')
  await hide(page, true)
  await inbox.ask({ type: 'refund', title: 'Told' })
  await expect.poll(() => shown(page)).toMatchObject([{ title: 'Told' }])
})

test('each stage of a deadline is told once, and a click opens the request', async ({ page, inbox }) => {
  await openWatched(page, inbox)
  const { id } = await inbox.ask({ type: 'refund', title: 'With a deadline', timeout_hours: 2, hard_limit: true })
  await expect.poll(async () => (await shown(page)).length).toBe(1)
  inbox.clock.advance(61 * 60_000)
  await expect.poll(async () => (await shown(page)).at(-1)?.body).toMatch(/^Half of the time has passed\. Next alert /)
  inbox.clock.advance(45 * 60_000)
  await expect.poll(async () => (await shown(page)).at(-1)?.body).toMatch(/^14 minutes left\. Next alert /)
  inbox.clock.advance(15 * 60_000)
  await expect.poll(async () => (await shown(page)).at(-1)?.body).toBe('Expired: neither approved nor rejected')
  expect((await shown(page)).map((each) => each.tag)).toEqual(
    ['new', 'half', 'renag', 'expired'].map((reason) => `${id}:${reason}`),
  )
  await clickLast(page)
  await expect(request(page, 'With a deadline')).toBeVisible()
})

test('many at once are three and then one, which opens the list', async ({ page, inbox }) => {
  await openWatched(page, inbox)
  for (let index = 0; index < 7; index++) await inbox.ask({ type: 'refund', title: `Refund ${index}` })
  await expect.poll(async () => (await shown(page)).length).toBe(3)
  inbox.clock.advance(10_000)
  await expect.poll(async () => (await shown(page)).at(-1)?.title).toBe('7 new requests')
  expect((await shown(page)).map(({ closed }) => closed)).toEqual([true, true, true, false])
  await page.evaluate("location.hash = '#/settings'")
  await clickLast(page)
  await expect(row(page, 'Refund 3')).toBeVisible()
})

test('without permission, and while somebody looks, it is a message in the page that leads there', async ({ page, inbox }) => {
  await openWatched(page, inbox, { granted: false, hidden: false })
  await page.evaluate("location.hash = '#/settings'")
  await inbox.ask({ type: 'refund', title: 'In the corner', timeout_hours: 2 })
  await expect(messages(page)).toContainText('In the corner: ')
  await messages(page).getByRole('button', { name: 'Show' }).click()
  await expect(request(page, 'In the corner')).toBeVisible()
  expect(await shown(page)).toEqual([])
})

test('the title counts what waits for me, and the icon has a dot', async ({ page, inbox }) => {
  await openWatched(page, inbox, { granted: false })
  const icon = page.locator('link[rel=icon]')
  await expect(page).toHaveTitle('Countersign')
  await expect(icon).toHaveAttribute('href', './favicon.svg')
  await inbox.ask({ type: 'refund', title: 'For Bo', approver_email: 'bo@example.com' })
  const { id } = await inbox.ask({ type: 'refund', title: 'Mine' })
  await expect(page).toHaveTitle('(1) Countersign')
  await expect(icon).toHaveAttribute('href', './favicon-waiting.svg')
  expect((await page.request.get(new URL('/favicon-waiting.svg', inbox.host.url).href)).status()).toBe(200)
  await inbox.owner.approvals.decide({ approval_id: id, decision: 'approve' })
  await expect(page).toHaveTitle('Countersign')
  await expect(icon).toHaveAttribute('href', './favicon.svg')
})

test('a stage begins in the list at its second, with a glyph and words of its own', async ({ page, inbox }) => {
  await page.clock.install()
  await inbox.ask({ type: 'refund', title: 'Timed', timeout_hours: 2 })
  await inbox.open(page)
  const stage = row(page, 'Timed').locator('[data-stage]')
  await expect(stage).toHaveAttribute('data-stage', 'calm')
  await page.clock.runFor(59 * 60_000)
  await expect(stage).toHaveAttribute('data-stage', 'calm')
  await page.clock.runFor(62_000)
  await expect(stage).toHaveAttribute('data-stage', 'half')
  await expect(stage).toContainText('half of the time is over')
  await page.clock.runFor(45 * 60_000)
  await expect(stage).toHaveAttribute('data-stage', 'soon')
  await expect(stage).toContainText('less than 15 minutes left')
  await page.clock.runFor(15 * 60_000)
  await expect(stage).toHaveText('overdue')
})

test('settings say it in sentences, keep it in config.yaml, and take effect at once', async ({ page, inbox }) => {
  await openWatched(page, inbox, { hidden: false })
  await page.evaluate("location.hash = '#/settings/alerts'")
  const section = page.getByRole('region', { name: 'Alerts', exact: true })
  await expect(section).toContainText('No alert is coming up.')
  await section.getByRole('button', { name: 'Play it' }).click()
  await expect.poll(() => watched(page, ({ tones }) => tones)).toBe(2)
  await section.getByRole('switch', { name: /^With a sound/ }).click()
  await section.getByRole('combobox', { name: 'Once more before a deadline' }).selectOption('30')
  await section.getByRole('switch', { name: 'Keep quiet at certain hours' }).click()
  await section.getByLabel('From').fill('22:15')
  await section.getByLabel('until').focus()
  await section.getByRole('checkbox', { name: 'Sun' }).click()
  await section.getByRole('combobox', { name: 'Interrupt me all the same for' }).selectOption('high')
  await section.getByRole('button', { name: 'Add a line' }).click()
  await section.getByRole('combobox', { name: 'Told' }).selectOption('never')
  await section.getByRole('textbox', { name: 'Type' }).fill('expense')
  await section.getByRole('textbox', { name: 'Type' }).press('Enter')
  await expect
    .poll(async () => (await inbox.owner.settings.get({})).alerts)
    .toEqual({
      sound: true,
      renag_minutes: 30,
      digest_minutes: 60,
      quiet: { from: '22:15', until: '07:00', days: ['sat'], let_through: 'high' },
      rules: [{ type: 'expense', risk: 'low', new: 'never' }],
    })
  await checkAccessible(page, 'alerts')
  await section.getByRole('textbox', { name: 'Type' }).fill('Not a type')
  await section.getByRole('textbox', { name: 'Type' }).press('Enter')
  await expect(section.getByRole('alert')).toContainText('must be a request type')
  await section.getByRole('button', { name: 'Remove line 1' }).click()
  await expect(section).toContainText('Every new request is told at once.')
})

test('the empty inbox says when the next interruption comes', async ({ page, inbox }) => {
  const { id } = await inbox.ask({ type: 'refund', title: 'Refund', amount: 240, currency: 'EUR', timeout_hours: 48 })
  await inbox.owner.approvals.snooze({ approval_id: id, until: new Date(Date.now() + 3 * 3_600_000).toISOString() })
  await inbox.open(page)
  await expect(
    page.getByText(/^Next: (today|tomorrow), \d+:\d+ [AP]M, Refund €240\.00 is back\.$/).filter({ visible: true }),
  ).toBeVisible()
  await inbox.owner.approvals.unsnooze({ approval_id: id })
  await expect(page.getByText(/^Next: /).filter({ visible: true })).toHaveCount(0)
})

test('a mistake in config.yaml is shown with its line, and what was in force stays so', async ({ page, inbox }) => {
  await inbox.owner.settings.update({ alerts: { renag_minutes: 30 } })
  const file = join(inbox.home, 'config.yaml')
  writeFileSync(file, readFileSync(file, 'utf8').replace('renag_minutes: 30', 'renag_minutes: soon'))
  await expect.poll(async () => (await inbox.owner.settings.get({})).problems.length, { timeout: 15_000 }).toBe(1)
  await openWatched(page, inbox, { hidden: false })
  await page.evaluate("location.hash = '#/settings/alerts'")
  const section = page.getByRole('region', { name: 'Alerts', exact: true })
  await expect(page.getByRole('alert')).toContainText(/\/alerts\/renag_minutes line \d+, column \d+/)
  await expect(section.getByRole('combobox', { name: 'Once more before a deadline' })).toHaveValue('30')
})

test('switched off in the settings, nothing is told', async ({ page, inbox }) => {
  await inbox.owner.settings.update({ notifications: { new_requests: false, deadlines: false } })
  await openWatched(page, inbox)
  await inbox.ask({ type: 'refund', title: 'In silence', timeout_hours: 2, hard_limit: true })
  await expect(row(page, 'In silence')).toBeVisible()
  inbox.clock.advance(3 * 3_600_000)
  await expect(row(page, 'In silence')).toContainText('Expired')
  expect(await shown(page)).toEqual([])
})
