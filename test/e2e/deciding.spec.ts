import type { Page, Route } from '@playwright/test'
import { ownerEmail } from '../support/app.ts'
import { expect, type Inbox, intercept, messages, part, request, row, test } from './fixture.ts'

/** Holds decisions on their way until told to let them through, and whatever comes then; counts them. */
async function holdDecisions(page: Page): Promise<{ readonly held: Route[]; release(): void }> {
  const held: Route[] = []
  const { promise, resolve: release } = Promise.withResolvers<void>()
  await intercept(page, '**/approvals/decide', async (route) => {
    held.push(route)
    await promise
    await route.continue()
  })
  return { held, release }
}

test('an approval shows at once and is confirmed when it is stored', async ({ page, inbox }) => {
  await inbox.ask({ type: 'refund', title: 'Quick one' })
  await inbox.open(page, '/')
  await row(page, 'Quick one').getByRole('link').click()
  const way = await holdDecisions(page)
  await page.getByRole('button', { name: 'Approve' }).click()
  await expect(page.getByRole('button', { name: 'Approving…' })).toBeDisabled()
  await expect(row(page, 'Quick one')).toContainText('Approving…')
  expect(inbox.decisions()).toEqual([])
  way.release()
  await expect(part(page, 'What happened then')).toContainText('Approved by Owner')
  await expect(row(page, 'Quick one')).toContainText('Approved by Owner')
  await expect(page).toHaveTitle('Countersign')
  expect(inbox.decisions()).toMatchObject([{ actor: { id: 'owner@example.com', via: 'browser' }, data: { decision: 'approved' } }])
})

test('an approval that is refused is taken back with a sentence', async ({ page, inbox }) => {
  await inbox.ask({ type: 'refund', title: 'My own idea', requester: 'owner@example.com' })
  await inbox.open(page)
  await row(page, 'My own idea').getByRole('link').click()
  await page.getByRole('button', { name: 'Approve' }).click()
  await expect(messages(page)).toContainText('Nothing was decided. You requested this yourself')
  await expect(page.getByRole('button', { name: 'Approve' })).toBeEnabled()
  expect(inbox.decisions()).toEqual([])
})

test('a rejection needs a reason, and the sender gets it', async ({ page, inbox, receiver }) => {
  const { taskId } = await inbox.ask({ type: 'refund', title: 'Golden chair', amount: 900, currency: 'EUR' })
  await inbox.open(page)
  await row(page, 'Golden chair').getByRole('link').click()
  await page.getByRole('button', { name: 'Reject' }).click()
  const dialog = page.getByRole('dialog', { name: 'Reject this request?' })
  await expect(dialog).toContainText('Golden chair')
  await dialog.getByRole('button', { name: 'Reject it' }).click()
  await expect(dialog).toContainText('Say why')
  await expect(dialog.getByLabel('Reason')).toBeFocused()
  expect(inbox.decisions()).toEqual([])
  await dialog.getByRole('button', { name: 'Too expensive' }).click()
  await expect(dialog.getByLabel('Reason')).toHaveValue('Too expensive')
  await dialog.getByLabel('Reason').fill('A wooden one will do.')
  await dialog.getByRole('button', { name: 'Reject it' }).click()
  await expect(dialog).toBeHidden()
  await expect(part(page, 'What happened then')).toContainText('Rejected by Owner')
  await expect(part(page, 'What happened then').getByRole('blockquote')).toHaveText('A wooden one will do.')
  expect(await inbox.owner.tasks.status({ task_id: taskId })).toMatchObject({
    status: 'completed',
    result: { status: 'rejected', reason: 'A wooden one will do.' },
  })
  await expect.poll(() => receiver.outcomes.length).toBe(1)
  expect(JSON.parse(receiver.outcomes[0]!.body)).toMatchObject({
    data: { result: { status: 'rejected', reason: 'A wooden one will do.' } },
  })
})

test('a high risk asks for a second gesture, which Enter does not make by accident', async ({ page, inbox }) => {
  await inbox.ask({
    type: 'wire-transfer',
    title: 'Wire to a new payee',
    amount: 48_000,
    currency: 'EUR',
    data: { new_payee: true },
  })
  await inbox.open(page)
  await row(page, 'Wire to a new payee').getByRole('link').click()
  await expect(request(page, 'Wire to a new payee')).toContainText('High risk')
  const question = page.getByRole('alertdialog', { name: 'Approve a high-risk request?' })
  for (const slip of ['Enter', 'a', 'Space']) {
    await page.keyboard.press('a')
    await expect(question.getByLabel('Why you approve it')).toBeFocused()
    await expect(question).toContainText('€48,000.00')
    await expect(question).toContainText('The payee is new.')
    await page.keyboard.press(slip)
    await expect(question).toBeVisible()
    await page.keyboard.press('Escape')
    await expect(question).toBeHidden()
  }
  await expect(page.getByRole('button', { name: 'Approve' })).toBeEnabled()
  expect(inbox.decisions()).toEqual([])
  await page.keyboard.press('a')
  await question.getByRole('button', { name: 'Approve it' }).click()
  await expect(question).toContainText('Say why: the risk is high.')
  expect(inbox.decisions()).toEqual([])
  await question.getByLabel('Why you approve it').fill('I called the payee.')
  await question.getByRole('button', { name: 'Approve it' }).click()
  await expect(part(page, 'What happened then')).toContainText('Approved by Owner')
  expect(inbox.decisions()).toMatchObject([{ content: { comment: 'I called the payee.' } }])
})

test('a key pressed twice, held or clicked twice makes exactly one decision', async ({ page, inbox }) => {
  for (const n of [1, 2, 3]) await inbox.ask({ type: 'refund', title: `Once ${n}`, timeout_hours: n })
  await inbox.open(page)
  const way = await holdDecisions(page)
  await row(page, 'Once 1').getByRole('link').click()
  await expect(request(page, 'Once 1')).toBeVisible()
  await page.keyboard.press('a')
  await page.keyboard.press('a')
  await page.keyboard.press('r')
  await expect(page.getByRole('dialog')).toBeHidden()
  await row(page, 'Once 2').getByRole('link').click()
  await expect(request(page, 'Once 2')).toBeVisible()
  await page.getByRole('button', { name: 'Approve' }).dblclick({ force: true })
  await row(page, 'Once 3').getByRole('link').click()
  await expect(request(page, 'Once 3')).toBeVisible()
  // A key that is held repeats as long as it is not let go.
  for (let n = 0; n < 5; n += 1) await page.keyboard.down('a')
  await page.keyboard.up('a')
  await expect.poll(() => way.held.length).toBe(3)
  way.release()
  for (const n of [1, 2, 3]) await expect(row(page, `Once ${n}`)).toContainText('Approved by Owner')
  expect(way.held).toHaveLength(3)
  expect(inbox.decisions()).toHaveLength(3)
  expect(await inbox.owner.system.verify({})).toMatchObject({ ok: true })
})

test('a request for somebody else says whom it waits for, and decides nothing here', async ({ page, inbox }) => {
  const { id } = await inbox.ask({ type: 'refund', title: 'For Bo alone', approver_email: 'bo@example.com' })
  await inbox.open(page)
  await page.getByRole('navigation', { name: 'Views' }).getByRole('link', { name: 'Waiting on others' }).click()
  await row(page, 'For Bo alone').getByRole('link').click()
  await expect(page.getByText('You were not asked, so the answer is theirs.')).toBeVisible()
  await page.keyboard.press('a')
  await expect(messages(page)).toContainText('Waiting for bo@example.com.')
  await page.keyboard.press('r')
  await expect(page.getByRole('dialog')).toBeHidden()
  expect(inbox.decisions()).toEqual([])
  await inbox.decideAs('bo@example.com', id, 'approve')
  await expect(part(page, 'What happened then')).toContainText('Approved by bo@example.com')
})

test.describe('what was asked while there was no owner yet, so that anybody may answer', () => {
  test.use({ owned: false })

  const askAndRead = async (page: Page, inbox: Inbox, title: string): Promise<string> => {
    const { id } = await inbox.ask({ type: 'refund', title })
    await inbox.owner.settings.update({ owner: { name: 'Owner', email: ownerEmail } })
    await inbox.open(page)
    await row(page, title).getByRole('link').click()
    await expect(request(page, title)).toBeVisible()
    await expect(page.getByRole('button', { name: 'Approve' })).toBeEnabled()
    return id
  }

  test('when somebody else decides first, the open request shows who and when at once', async ({ page, inbox }) => {
    const id = await askAndRead(page, inbox, 'Shared work')
    await inbox.decideAs('bo@example.com', id, 'reject', 'Not this month')
    const outcome = part(page, 'What happened then')
    await expect(outcome).toContainText('Rejected by bo@example.com')
    await expect(outcome).toContainText('just now')
    await expect(outcome).toContainText('Not this month')
    await expect(page.getByRole('button', { name: 'Approve' })).toBeHidden()
    await expect(row(page, 'Shared work')).toContainText('Rejected by bo@example.com')
  })

  test('a press in the moment in which somebody else decides is answered with who was first', async ({ page, inbox }) => {
    const id = await askAndRead(page, inbox, 'A close race')
    await intercept(page, '**/approvals/decide', async (route) => {
      await inbox.decideAs('bo@example.com', id, 'approve')
      await route.continue()
    })
    await page.keyboard.press('r')
    await page.getByLabel('Reason').fill('Too late')
    await page.getByRole('button', { name: 'Reject it' }).click()
    await expect(messages(page)).toContainText(/bo@example\.com was first: approved on .+\. Your answer was not stored\./)
    await expect(part(page, 'What happened then')).toContainText('Approved by bo@example.com')
    expect(inbox.decisions()).toHaveLength(1)
  })

  test('pressing a in that moment is answered so too', async ({ page, inbox }) => {
    const id = await askAndRead(page, inbox, 'Another race')
    await intercept(page, '**/approvals/decide', async (route) => {
      await inbox.decideAs('bo@example.com', id, 'reject', 'No')
      await route.continue()
    })
    await page.keyboard.press('a')
    await expect(messages(page)).toContainText(/bo@example\.com was first: rejected on .+\. Your answer was not stored\./)
    expect(inbox.decisions()).toMatchObject([{ data: { decision: 'rejected' } }])
  })
})

test('who decided differently in another place is told so', async ({ page, inbox }) => {
  const { id } = await inbox.ask({ type: 'refund', title: 'Two of my hands' })
  await inbox.open(page)
  await row(page, 'Two of my hands').getByRole('link').click()
  await expect(request(page, 'Two of my hands')).toBeVisible()
  await intercept(page, '**/approvals/decide', async (route) => {
    await inbox.owner.approvals.decide({ approval_id: id, decision: 'reject', comment: 'From the terminal' })
    await route.continue()
  })
  await page.keyboard.press('a')
  await expect(messages(page)).toContainText('You were faster elsewhere: rejected on')
  await expect(part(page, 'What happened then')).toContainText('From the terminal')
  expect(inbox.decisions()).toMatchObject([{ data: { decision: 'rejected' } }])
})

test('two windows show the same decision', async ({ page, inbox, context }) => {
  await inbox.ask({ type: 'refund', title: 'In both windows' })
  await inbox.open(page)
  const other = await context.newPage()
  await other.goto(inbox.host.url)
  await row(other, 'In both windows').getByRole('link').click()
  await row(page, 'In both windows').getByRole('link').click()
  await page.getByRole('button', { name: 'Approve' }).click()
  await expect(part(other, 'What happened then')).toContainText('Approved by Owner')
  await expect(other).toHaveTitle('Countersign')
})
