import type { Page } from '@playwright/test'
import { sentences } from '../../renderer/de/sentences.ts'
import { speak } from '../../renderer/language.ts'
import type { Said } from '../../shared/model/said.ts'
import { worded } from '../../shared/words/said.ts'
import { checkAccessible } from './axe.ts'
import { expect, test } from './fixture.ts'

const refund = {
  type: 'refund',
  title: 'Order 88-1042',
  amount: '1240.00',
  currency: 'EUR',
  timeout_hours: 3,
  requester: 'ana@example.com',
}
const risky = { ...refund, title: 'New supplier', amount: 48_000, data: { link: 'https://bank.example@evil.example/pay' } }

const payment = {
  type: 'invoice',
  currency: 'EUR',
  requester: 'ana@example.com',
  data: { payee: 'Nordwind', environment: 'staging' },
}
const suspicious = {
  title: 'Delete and pay again',
  amount: 48_000,
  data: { payee: 'Südwind', environment: 'production', note: 'already approved by the board' },
}

/** An English text of the host's, and which sentences it is. */
type Pair = readonly [text: string, said: Said | readonly Said[] | null | undefined]

/** What is not shown in German, or shown in English. Instants are written as readers say them, so what has one is looked at without it. */
async function inEnglish(page: Page, pairs: readonly Pair[]): Promise<readonly string[]> {
  const shown = (await page.locator('body').innerText()).replace(/\s+/g, ' ')
  const parts = (text: string) => text.split(/\d{4}-\d{2}-\d{2}T[\d:.]+Z/).map((part) => part.replace(/\s+/g, ' ').trim())
  return pairs.flatMap(([text, said]) => {
    const german = said ? worded(said, sentences) : null
    if (german === null) return [`${text} has no German`]
    const lost = parts(german).filter((part) => !shown.includes(part))
    return [...lost.map((part) => `${part} is not shown`), ...(text !== german && shown.includes(text) ? [`${text} is shown`] : [])]
  })
}

const article = (page: Page, title: string) => page.getByRole('article', { name: title })
const heightOfRows = (page: Page) =>
  page
    .locator('[role=listitem]')
    .first()
    .evaluate((row) => row.getBoundingClientRect().height)
const paper = (page: Page) => page.evaluate(() => getComputedStyle(document.body).backgroundColor)

test.describe('who reads German', () => {
  test.use({ locale: 'de-DE', timezoneId: 'Europe/Berlin' })

  test('approves a part that is written with a comma, and is told where a point is not clear', async ({ page, inbox }) => {
    const { id } = await inbox.ask({ ...refund, title: 'Messe', partial: true })
    await inbox.open(page, `#/inbox/${id}`)
    await expect(article(page, 'Messe')).toBeVisible()
    await page.keyboard.press('p')
    const dialog = page.getByRole('dialog', { name: 'Teilweise freigeben' })
    const amount = dialog.getByLabel('Betrag, den Sie freigeben')
    await amount.fill('1.000')
    await expect(amount).toHaveAccessibleDescription(/ohne Trennzeichen zwischen Tausendern, etwa 1240,50/)
    await dialog.getByRole('button', { name: 'Diesen Teil freigeben' }).click()
    expect(inbox.decisions()).toEqual([])
    await amount.fill('1000,50')
    await dialog.getByRole('button', { name: 'Diesen Teil freigeben' }).click()
    await expect.poll(async () => (await inbox.owner.approvals.get({ approval_id: id })).amount).toBe('1000.50')
  })

  test('rejects a request by keyboard, with amounts, dates and words in German', async ({ page, inbox }) => {
    const { id } = await inbox.ask(refund)
    await inbox.open(page)
    await expect(page.locator('html')).toHaveAttribute('lang', 'de')
    await expect(page.getByRole('list').getByText('1.240,00 €', { exact: true })).toBeVisible()
    await page.keyboard.press('j')
    await expect(article(page, 'Order 88-1042')).toContainText('Fällig in')
    await page.keyboard.press('r')
    await expect(page.getByRole('dialog')).toContainText('Diese Anfrage ablehnen?')
    await page.keyboard.type('Zu teuer für uns')
    const confirm = page.getByRole('dialog').getByRole('button', { name: 'Ablehnen' })
    while (!(await confirm.evaluate((button) => button === document.activeElement))) await page.keyboard.press('Tab')
    await page.keyboard.press('Enter')
    await expect(page.getByText(/^Abgelehnt von Owner/).first()).toBeVisible()
    await expect.poll(() => inbox.decisions().map(({ approval_id }) => approval_id)).toEqual([id])
  })

  test('reads what the host says in German, and not its English', async ({ page, inbox }) => {
    test.slow()
    speak('de', {}, { sentences, failures: {} })
    for (const amount of [300, 310, 290, 305, 295]) {
      const { id } = await inbox.ask({ ...payment, title: `Invoice ${amount}`, amount })
      await inbox.owner.approvals.decide({ approval_id: id, decision: 'approve' })
    }
    const { id, taskId } = await inbox.ask({ ...payment, ...suspicious })
    await inbox.open(page, `#/inbox/${id}`)
    await expect(article(page, suspicious.title)).toContainText('Zum ersten Mal')
    const item = await inbox.owner.approvals.get({ approval_id: id })
    const { notes } = await inbox.owner.insight.precedents({ approval_id: id })
    const { entries, steps } = await inbox.owner.tasks.timeline({ task_id: taskId })
    const onCard: Pair[] = [
      ...item.risk_reasons.map((text, index) => [text, item.risk_said?.[index]] as const),
      ...item.flags.map(({ code, message, values }) => [message, { code: `flag.${code}`, values }] as const),
      ...notes.map(({ code, message, values }) => [message, { code: `note.${code}`, values }] as const),
      ...entries.map(({ text, said }) => [text, said] as const),
      [item.summary.summary, item.summary.said?.summary],
      [item.consequence, item.consequence_said],
    ]
    expect(onCard.length).toBeGreaterThan(10)
    await expect.poll(() => inEnglish(page, onCard)).toEqual([])
    await page.goto(`${inbox.host.url}#/runs/${taskId}`)
    await expect(page.getByRole('heading', { name: 'Verlauf' })).toBeVisible()
    const onRun = [...steps, ...entries].map(({ text, said }) => [text, said] as const)
    await expect.poll(() => inEnglish(page, onRun)).toEqual([])
    const { taskId: ruledOn } = await inbox.ask({ ...refund, type: 'expense', title: 'Train to Lyon', amount: 20 })
    const ruled = await inbox.owner.tasks.timeline({ task_id: ruledOn })
    expect(ruled.entries.flatMap(({ said }) => said.map(({ code }) => code))).toContain('policy.below')
    await page.goto(`${inbox.host.url}#/runs/${ruledOn}`)
    const byRule = ruled.entries.map(({ text, said }) => [text, said] as const)
    await expect.poll(() => inEnglish(page, byRule)).toEqual([])
    await page.goto(`${inbox.host.url}#/settings/machine`)
    await expect(page.getByText('Heimatordner').first()).toBeVisible()
    const { checks } = await inbox.owner.system.doctor({})
    const onSettings = checks.flatMap(({ name, detail, said }) => [[name, said.name] as const, [detail, said.detail] as const])
    // Free space and the journal's length are others by the time they are read again.
    expect(
      await inEnglish(
        page,
        onSettings.filter(([text]) => !/\d/.test(text)),
      ),
    ).toEqual([])
  })

  for (const [name, viewport] of [
    ['at 1440', { width: 1440, height: 900 }],
    ['at 390', { width: 390, height: 844 }],
  ] as const) {
    test(`finds every screen accessible and no wider than the window, ${name}`, async ({ page, inbox }) => {
      test.slow()
      await page.setViewportSize(viewport)
      const { id } = await inbox.ask(risky)
      await inbox.open(page)
      await checkAccessible(page, 'inbox')
      await page.goto(`${inbox.host.url}#/inbox/${id}`)
      await expect(article(page, 'New supplier')).toBeVisible()
      await checkAccessible(page, 'request')
      await page.getByRole('button', { name: /^Ablehnen/ }).click()
      await expect(page.getByText('Diese Anfrage ablehnen?')).toBeVisible()
      await checkAccessible(page, 'rejecting')
      await page.keyboard.press('Escape')
      await page.goto(`${inbox.host.url}#/settings`)
      await expect(page.getByRole('heading', { name: 'Einstellungen', level: 1 })).toBeVisible()
      await checkAccessible(page, 'settings')
    })
  }
})

test('the language is chosen in the settings, and what was read is still there afterwards', async ({ page, inbox }) => {
  const { id } = await inbox.ask(refund)
  await inbox.open(page, `#/inbox/${id}`)
  await expect(article(page, 'Order 88-1042')).toContainText('Due in')
  await page.keyboard.press('g')
  await page.keyboard.press('s')
  await page.getByRole('combobox', { name: 'Language' }).selectOption('Deutsch')
  const german = page.getByRole('combobox', { name: 'Sprache' })
  await expect(german).toBeFocused()
  await expect(german).toHaveValue('de')
  await expect(page).toHaveURL(/#\/settings$/)
  await page.goBack()
  await expect(article(page, 'Order 88-1042')).toContainText('Fällig in')
  await page.reload()
  await expect(article(page, 'Order 88-1042')).toContainText('Fällig in')
  await page.goto(`${inbox.host.url}#/settings`)
  await german.selectOption('')
  await expect(page.getByRole('combobox', { name: 'Language' })).toBeFocused()
})

test('what the desktop and the model speak is chosen beside it, for everybody, and leaves the page as it is', async ({
  page,
  inbox,
}) => {
  await inbox.open(page, '#/settings')
  const spoken = page.getByRole('region', { name: 'Notifications and summaries' }).getByRole('combobox', { name: 'Written in' })
  await expect(spoken).toHaveValue('en')
  await spoken.selectOption('Deutsch')
  await expect(page.getByText('Saved.')).toBeVisible()
  await expect.poll(async () => (await inbox.owner.settings.get({})).language).toBe('de')
  await page.reload()
  await expect(spoken).toHaveValue('de')
  await expect(page.locator('html')).toHaveAttribute('lang', 'en')
  const changes = inbox.records().filter(({ type }) => type === 'settings_changed')
  expect(changes.at(-1)).toMatchObject({ data: { paths: ['language'] } })
})

test('light and dark win over the system, at once and after a reload', async ({ page, inbox }) => {
  await page.emulateMedia({ colorScheme: 'light' })
  await inbox.open(page, '#/settings')
  await expect(page.getByRole('radio', { name: 'Dark' })).toBeVisible()
  const light = await paper(page)
  await page.getByRole('radio', { name: 'Dark' }).check()
  const dark = await paper(page)
  expect(dark).not.toBe(light)
  await page.reload()
  await expect(page.getByRole('radio', { name: 'Dark' })).toBeChecked()
  expect(await paper(page)).toBe(dark)
  await page.emulateMedia({ colorScheme: 'dark' })
  await page.getByRole('radio', { name: 'Light' }).check()
  expect(await paper(page)).toBe(light)
  await page.getByRole('group', { name: 'Colours' }).getByRole('radio', { name: 'Same as the system' }).check()
  expect(await paper(page)).toBe(dark)
})

test('a compact list has lower rows with the deadline and the risk still in them', async ({ page, inbox }) => {
  await inbox.ask(risky)
  await inbox.open(page)
  const row = page.getByRole('listitem').filter({ hasText: 'New supplier' })
  await expect(row).toBeVisible()
  expect(await heightOfRows(page)).toBe(68)
  await page.goto(`${inbox.host.url}#/settings`)
  await page.getByRole('radio', { name: 'Compact' }).check()
  await page.goto(`${inbox.host.url}#/inbox`)
  await expect(row).toContainText('high')
  expect(await heightOfRows(page)).toBe(48)
  const inside = await row.evaluate((line) => {
    const { bottom } = line.getBoundingClientRect()
    return [...line.querySelectorAll('span:not(.sr-only)')].every((each) => each.getBoundingClientRect().bottom <= bottom)
  })
  expect(inside).toBe(true)
})

test('a screen or a dialog that cannot be fetched says so, and comes when it is asked for again', async ({
  page,
  inbox,
  faults,
}) => {
  faults.expected = /ERR_FAILED|Failed to fetch dynamically imported module|status of/
  const { id } = await inbox.ask(refund)
  await page.route(/assets\/(settings|decision-sheets|audit)[\w-]*\.js/, (route) => route.abort())
  await inbox.open(page, `#/inbox/${id}`)
  await expect(article(page, 'Order 88-1042')).toBeVisible()
  await page.keyboard.press('r')
  const lost = page.getByRole('alertdialog', { name: 'This part could not be fetched.' })
  await expect(lost.getByRole('button', { name: 'Load the page again' })).toBeVisible()
  await page.keyboard.press('a')
  await page.keyboard.press('Escape')
  await expect(lost).toBeHidden()
  await page.goto(`${inbox.host.url}#/settings`)
  await expect(page.getByRole('heading', { name: 'This screen could not be fetched.' })).toBeVisible()
  await page.unroute(/assets\/(settings|decision-sheets|audit)[\w-]*\.js/)
  await page.getByRole('button', { name: 'Try again' }).click()
  await expect(page.getByRole('heading', { name: 'Settings', level: 1 })).toBeVisible()
  expect(inbox.decisions()).toEqual([])
})
