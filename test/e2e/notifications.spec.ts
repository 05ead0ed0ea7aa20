import type { Page } from '@playwright/test'
import { expect, type Inbox, request, row, test } from './fixture.ts'

type Shown = { readonly title: string; readonly body: string; readonly tag: string }
type Stubbed = { shown: (Shown & { onclick: (() => void) | null })[]; hidden: boolean }

/** Stands in for the system's notifications, and lets a test hide the page. */
async function stub(page: Page): Promise<void> {
  await page.addInitScript(() => {
    const state: Stubbed = { shown: [], hidden: true }
    class FakeNotification {
      static permission = 'granted'
      static requestPermission = async () => 'granted'
      onclick: (() => void) | null = null
      readonly title: string
      readonly body: string
      readonly tag: string
      constructor(title: string, options: { body: string; tag: string }) {
        this.title = title
        this.body = options.body
        this.tag = options.tag
        state.shown.push(this)
      }
      close() {}
    }
    Object.assign(window, { Notification: FakeNotification, stubbed: state })
    Object.defineProperty(document, 'visibilityState', { get: () => (state.hidden ? 'hidden' : 'visible') })
  })
}

const shown = (page: Page): Promise<readonly Shown[]> =>
  page.evaluate(() =>
    (window as unknown as { stubbed: Stubbed }).stubbed.shown.map(({ title, body, tag }) => ({ title, body, tag })),
  )

const hide = (page: Page, hidden: boolean) =>
  page.evaluate((now) => {
    ;(window as unknown as { stubbed: Stubbed }).stubbed.hidden = now
  }, hidden)

async function openStubbed(page: Page, inbox: Inbox): Promise<void> {
  await stub(page)
  await inbox.open(page)
  await expect(page.getByRole('searchbox', { name: 'Search requests' })).toBeVisible()
}

test('a new request is told while nobody looks, and a click on it opens it', async ({ page, inbox }) => {
  await openStubbed(page, inbox)
  const { id } = await inbox.ask({ type: 'refund', title: 'Look\u202E here', requester: 'Ana', amount: 12, currency: 'EUR' })
  await expect.poll(() => shown(page)).toEqual([{ title: 'Look⟨U+202E⟩ here', body: 'Ana asks · €12.00', tag: `${id}:new` }])
  await page.evaluate(() => (window as unknown as { stubbed: Stubbed }).stubbed.shown[0]?.onclick?.())
  await expect(page.getByRole('article')).toContainText('Look⟨U+202E⟩ here')
  await expect(page).toHaveURL(new RegExp(`#/approvals/${id}$`))
})

test('what waits for somebody else, or arrives under the eyes, is not told', async ({ page, inbox }) => {
  await openStubbed(page, inbox)
  await inbox.ask({ type: 'refund', title: 'For Bo', approver_email: 'bo@example.com' })
  await expect(row(page, 'For Bo')).toBeVisible()
  await hide(page, false)
  await inbox.ask({ type: 'refund', title: 'Under my eyes' })
  await expect(page.getByRole('button', { name: /^1 new, show/ })).toBeVisible()
  await hide(page, true)
  await inbox.ask({ type: 'refund', title: 'Told' })
  await expect.poll(() => shown(page)).toMatchObject([{ title: 'Told' }])
})

test('each stage of a deadline is told once, and a click opens the request', async ({ page, inbox }) => {
  await openStubbed(page, inbox)
  const { id } = await inbox.ask({ type: 'refund', title: 'With a deadline', timeout_hours: 2, hard_limit: true })
  await expect.poll(async () => (await shown(page)).length).toBe(1)
  inbox.clock.advance(61 * 60_000)
  await expect.poll(async () => (await shown(page)).at(-1)?.body).toBe('Half of the time has passed')
  inbox.clock.advance(45 * 60_000)
  await expect.poll(async () => (await shown(page)).at(-1)?.body).toBe('15 minutes left')
  inbox.clock.advance(15 * 60_000)
  await expect.poll(async () => (await shown(page)).at(-1)?.body).toBe('Expired: neither approved nor rejected')
  expect((await shown(page)).map((each) => each.tag)).toEqual(
    ['new', 'half', 'fifteen_minutes', 'expired'].map((stage) => `${id}:${stage}`),
  )
  await page.evaluate(() => (window as unknown as { stubbed: Stubbed }).stubbed.shown.at(-1)?.onclick?.())
  await expect(request(page, 'With a deadline')).toBeVisible()
})

test('switched off in the settings, nothing is told', async ({ page, inbox }) => {
  await inbox.owner.settings.update({ notifications: { new_requests: false, deadlines: false } })
  await openStubbed(page, inbox)
  await inbox.ask({ type: 'refund', title: 'In silence', timeout_hours: 2, hard_limit: true })
  await expect(row(page, 'In silence')).toBeVisible()
  inbox.clock.advance(3 * 3_600_000)
  await expect(row(page, 'In silence')).toContainText('Expired')
  expect(await shown(page)).toEqual([])
})
