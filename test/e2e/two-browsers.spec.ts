import type { Browser, Page } from '@playwright/test'
import { ownerEmail } from '../support/app.ts'
import { expect, type Inbox, intercept, messages, part, request, row, test } from './fixture.ts'

const bo = 'bo@example.com'
const answers = 'Answers that can be undone'

/** Another person's own browser: each call carries their token, as a session's cookie would. */
async function openAs(browser: Browser, inbox: Inbox, person: string): Promise<Page> {
  const { token } = await inbox.owner.tokens.create({ name: person, scope: 'decide', person })
  const context = await browser.newContext({ extraHTTPHeaders: { authorization: `Bearer ${token}` } })
  await context.addInitScript(() => location.protocol === 'about:' || localStorage.setItem('countersign.advance', 'off'))
  const page = await context.newPage()
  await page.goto(inbox.host.url)
  await expect(page.getByRole('navigation', { name: 'Views' })).toBeVisible()
  return page
}

/** A request for both of them. */
const askBoth = async (inbox: Inbox, title: string, more: Readonly<Record<string, unknown>> = {}) => {
  await inbox.owner.people.savePerson({ email: bo, name: 'Bo Lind', aliases: [], backup: null, assistants: [], away: null })
  await inbox.owner.policy.save({
    text: `rules:\n  refund:\n    - name: either\n      action: require_approval\n      approvers: [${ownerEmail}, ${bo}]\n      votes: any\n  travel:\n    - name: both\n      action: require_approval\n      approvers: [${ownerEmail}, ${bo}]\n      votes: all\n`,
  })
  return inbox.ask({ type: 'refund', title, requester: 'cy@example.com', ...more })
}

async function read(page: Page, title: string): Promise<void> {
  await row(page, title).getByRole('link').click()
  await expect(request(page, title)).toBeVisible()
}

const approve = (page: Page) => page.getByRole('button', { name: 'Approve' })
const outcome = (page: Page) => part(page, 'What happened then')

/** Every key that answers, and the pointer where something is left to press. */
async function pressEverything(page: Page): Promise<void> {
  for (const key of ['a', 'r', 'e', 's', 'd', 'm', 'p', '1', '#', 'h', 'w', 'z', 'Enter', 'Escape']) {
    await page.keyboard.press(key)
    await expect(page.getByRole('dialog')).toHaveCount(0)
    await expect(page.getByRole('alertdialog')).toHaveCount(0)
  }
}

test('what one decides shows at once on the open card of the other, whose keys and pointer then do no harm', async ({
  page: owners,
  inbox,
  browser,
}) => {
  const { id } = await askBoth(inbox, 'For either')
  await inbox.open(owners)
  const bos = await openAs(browser, inbox, bo)
  for (const each of [owners, bos]) await read(each, 'For either')
  await expect(approve(bos)).toBeEnabled()
  await owners.keyboard.press('a')
  await expect(outcome(bos)).toContainText('Approved by Owner')
  await expect(outcome(bos)).toContainText('just now')
  await expect(row(bos, 'For either')).toContainText('Approved by Owner')
  await expect(bos).toHaveTitle('Countersign')
  await expect(bos.getByRole('button', { name: /^(Approve|Reject|Undo)/ })).toHaveCount(0)
  await pressEverything(bos)
  expect(inbox.decisions()).toMatchObject([{ actor: { id: ownerEmail }, data: { decision: 'approved' } }])
  expect(await inbox.owner.approvals.get({ approval_id: id })).toMatchObject({ status: 'approved', watchers: [] })
  await bos.context().close()
})

test('a dialog that is open while the other decides decides nothing more, and keeps the words in view', async ({
  page: owners,
  inbox,
  browser,
}) => {
  await askBoth(inbox, 'For either')
  await inbox.open(owners)
  const bos = await openAs(browser, inbox, bo)
  for (const each of [owners, bos]) await read(each, 'For either')
  await bos.keyboard.press('r')
  const dialog = bos.getByRole('dialog', { name: 'Reject this request?' })
  await dialog.getByLabel('Reason').fill('We have one already.')
  await owners.keyboard.press('a')
  await expect(outcome(bos)).toContainText('Approved by Owner')
  await expect(dialog).toHaveCount(0)
  await bos.keyboard.press('Control+Enter')
  expect(inbox.decisions()).toHaveLength(1)
  await bos.context().close()
})

test('both press in the same moment: one answer stands, and the other is told whose', async ({ page: owners, inbox, browser }) => {
  const rounds = 4
  for (let n = 1; n <= rounds; n += 1) await askBoth(inbox, `Round ${n}`, { timeout_hours: n })
  await inbox.open(owners)
  const bos = await openAs(browser, inbox, bo)
  for (let n = 1; n <= rounds; n += 1) {
    const title = `Round ${n}`
    for (const each of [owners, bos]) await read(each, title)
    // One says yes and the other no, so that it matters who was first.
    await bos.keyboard.press('r')
    const dialog = bos.getByRole('dialog', { name: 'Reject this request?' })
    await dialog.getByLabel('Reason').fill('No.')
    await Promise.all([owners.keyboard.press('a'), bos.keyboard.press('Control+Enter')])
    for (const each of [owners, bos]) await expect(outcome(each)).toContainText(/(Approved by Owner|Rejected by Bo Lind)/)
    expect(inbox.decisions()).toHaveLength(n)
    const { data, actor } = inbox.decisions().at(-1) as { data: { decision: string }; actor: { id: string } }
    const words = actor.id === bo ? 'Rejected by Bo Lind' : 'Approved by Owner'
    for (const each of [owners, bos]) await expect(outcome(each)).toContainText(words)
    expect(data.decision).toBe(actor.id === bo ? 'rejected' : 'approved')
  }
  expect(await inbox.owner.system.verify({})).toMatchObject({ ok: true, problems: [] })
  await bos.context().close()
})

test('both answers are on their way: the second is told who was first, and its words are kept', async ({
  page: owners,
  inbox,
  browser,
}) => {
  await askBoth(inbox, 'A close one')
  await inbox.open(owners)
  const bos = await openAs(browser, inbox, bo)
  for (const each of [owners, bos]) await read(each, 'A close one')
  // Bo's answer leaves the page before the owner's, and reaches the host after it.
  const passed = Promise.withResolvers<void>()
  await intercept(bos, '**/approvals/decide', async (route) => {
    await passed.promise
    await route.continue()
  })
  await bos.keyboard.press('a')
  await expect(bos.getByRole('button', { name: 'Approving…' })).toBeDisabled()
  await owners.keyboard.press('r')
  await owners.getByLabel('Reason').fill('Too dear.')
  await owners.keyboard.press('Control+Enter')
  await expect(outcome(owners)).toContainText('Rejected by Owner')
  passed.resolve()
  await expect(messages(bos)).toContainText(/Owner was first: rejected on .+\. Your answer was not stored\./)
  await expect(outcome(bos)).toContainText('Too dear.')
  expect(inbox.decisions()).toMatchObject([{ data: { decision: 'rejected' } }])
  await bos.context().close()
})

test.describe('while an answer is held', () => {
  test.use({ undoSeconds: 30 })

  test('the other sees whose it is and cannot answer; taken back, it is open to both again', async ({
    page: owners,
    inbox,
    browser,
  }) => {
    const { id } = await askBoth(inbox, 'Held for both')
    await inbox.open(owners)
    const bos = await openAs(browser, inbox, bo)
    for (const each of [owners, bos]) await read(each, 'Held for both')
    await owners.keyboard.press('a')
    const bar = bos.getByRole('region', { name: answers })
    await expect(bar).toContainText('Owner answered: Approved.')
    await expect(bar.getByRole('button')).toHaveCount(0)
    await expect(bos.getByRole('list', { name: answers })).toHaveCount(0)
    await expect(row(bos, 'Held for both')).toContainText('Approved, can be undone')
    await pressEverything(bos)
    await expect(bar).toContainText('Owner answered: Approved.')

    await owners.keyboard.press('z')
    await expect(messages(owners)).toContainText('Taken back: Held for both.')
    await expect(bar).toHaveCount(0)
    for (const each of [owners, bos]) await expect(approve(each)).toBeEnabled()
    expect(inbox.decisions()).toEqual([])
    await bos.keyboard.press('a')
    await expect(owners.getByRole('region', { name: answers })).toContainText('Bo Lind answered: Approved.')
    await owners.keyboard.press('z')
    await expect(messages(owners)).toContainText('There is no answer to undo.')
    inbox.clock.advance(30_000)
    for (const each of [owners, bos]) await expect(outcome(each)).toContainText('Approved by Bo Lind')
    expect(inbox.decisions()).toMatchObject([{ actor: { id: bo } }])
    expect((await inbox.owner.approvals.get({ approval_id: id })).decision?.actor).toMatchObject({ id: bo, name: 'Bo Lind' })
    await bos.context().close()
  })

  test('four eyes: each sees the other’s vote arrive, and the last one decides', async ({ page: owners, inbox, browser }) => {
    const { id } = await askBoth(inbox, 'To Lisbon', { type: 'travel' })
    await inbox.open(owners)
    const bos = await openAs(browser, inbox, bo)
    for (const each of [owners, bos]) await read(each, 'To Lisbon')
    await owners.keyboard.press('a')
    await expect(bos.getByRole('region', { name: answers })).toContainText('Owner answered: Approved.')
    await expect(approve(bos)).toHaveCount(0)
    inbox.clock.advance(30_000)
    for (const each of [owners, bos]) await expect(part(each, 'Who decides')).toContainText('1 of 2 approvals')
    await expect(owners.getByRole('region', { name: 'Decision' })).toContainText('You approved. It waits for 1 more approval.')
    await owners.keyboard.press('a')
    await expect(messages(owners)).toContainText('It waits for 1 more approval.')
    expect(inbox.decisions()).toEqual([])
    await approve(bos).click()
    await expect(owners.getByRole('region', { name: answers })).toContainText('Bo Lind answered: Approved.')
    inbox.clock.advance(30_000)
    for (const each of [owners, bos]) await expect(outcome(each)).toContainText('Approved by')
    const { votes } = await inbox.owner.approvals.get({ approval_id: id })
    expect(votes.map(({ actor }) => actor.id)).toEqual([ownerEmail, bo])
    expect(inbox.decisions()).toHaveLength(1)
    await bos.context().close()
  })
})
