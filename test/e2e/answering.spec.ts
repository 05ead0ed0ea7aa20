import type { Page, Route } from '@playwright/test'
import { expect, type Inbox, intercept, messages, part, request, row, test } from './fixture.ts'

/** Calls the host as the source that asked. */
async function asSource(inbox: Inbox, path: string, body: unknown): Promise<void> {
  const answer = await fetch(inbox.host.url + path, {
    method: 'POST',
    headers: { authorization: `Bearer ${inbox.token}`, 'content-type': 'application/json' },
    body: JSON.stringify(body),
  })
  if (!answer.ok) throw new Error(await answer.text())
}

async function read(page: Page, inbox: Inbox, title: string): Promise<void> {
  await inbox.open(page)
  await row(page, title).getByRole('link').click()
  await expect(request(page, title)).toBeVisible()
  await expect(part(page, 'Timeline')).toBeVisible()
}

const refund = {
  type: 'refund',
  title: 'Refund for order 88',
  amount: '1240.00',
  currency: 'EUR',
  editable: ['amount', 'reason', 'parcels', 'express', 'address'],
  data: { order: '88', reason: 'It never came.', parcels: 2, express: false, address: { city: 'Lisbon', zip: '1100-048' } },
}

test('what may be changed is changed and approved in one go, and every value keeps its type', async ({ page, inbox }) => {
  const { id } = await inbox.ask(refund)
  await read(page, inbox, refund.title)
  await page.keyboard.press('e')
  const dialog = page.getByRole('dialog', { name: 'Edit and approve' })
  await expect(dialog.getByRole('textbox', { name: 'amount' })).toBeFocused()
  await expect(dialog.getByRole('region', { name: 'What you change' })).toContainText('Nothing is changed yet.')
  await dialog.getByRole('button', { name: 'Approve with these changes' }).click()
  expect(inbox.decisions()).toEqual([])
  await dialog.getByRole('textbox', { name: 'amount' }).fill('900.50')
  await dialog.getByRole('textbox', { name: 'parcels' }).fill('one')
  await expect(dialog.getByRole('textbox', { name: 'parcels' })).toHaveAccessibleDescription(/Write a number/)
  await dialog.getByRole('textbox', { name: 'parcels' }).fill('1')
  await dialog.getByRole('checkbox', { name: 'express' }).check()
  await dialog.getByRole('textbox', { name: 'city' }).fill('Porto')
  const difference = dialog.getByRole('region', { name: 'What you change' })
  await expect(difference.locator('del')).toHaveText([/1240\.00/, /2/, /false/, /Lisbon/])
  await expect(difference.locator('ins')).toHaveText([/900\.50/, /1/, /true/, /Porto/])
  await page.keyboard.press('Enter')
  await expect(dialog).toBeVisible()
  expect(inbox.decisions()).toEqual([])
  await dialog.getByRole('textbox', { name: 'city' }).press('Control+Enter')
  await expect(part(page, 'What happened then')).toContainText('Approved by Owner')
  await expect(part(page, 'What was changed')).toContainText('changed by Owner')
  await expect(part(page, 'What was changed').locator('ins').filter({ hasText: 'Porto' })).toBeVisible()
  const item = await inbox.owner.approvals.get({ approval_id: id })
  expect(item).toMatchObject({ amount: '900.50', version: { number: 2 }, decision: { decision: 'approved' } })
  expect(item.data).toEqual({ ...refund.data, parcels: 1, express: true, address: { city: 'Porto', zip: '1100-048' } })
})

test('a part of an amount is approved, never more than was asked', async ({ page, inbox }) => {
  const { id } = await inbox.ask({ type: 'travel', title: 'Trade fair', amount: '2300.00', currency: 'EUR', partial: true })
  await read(page, inbox, 'Trade fair')
  await page.keyboard.press('p')
  const dialog = page.getByRole('dialog', { name: 'Approve a part' })
  const amount = dialog.getByLabel('Amount to approve')
  await expect(amount).toBeFocused()
  await amount.fill('2300.01')
  await expect(amount).toHaveAccessibleDescription(/at most €2,300\.00/)
  await dialog.getByRole('button', { name: 'Approve this part' }).click()
  expect(inbox.decisions()).toEqual([])
  await amount.fill('1800')
  await dialog.getByRole('button', { name: 'Approve this part' }).click()
  await expect(part(page, 'What happened then')).toContainText('Approved by Owner')
  expect(await inbox.owner.approvals.get({ approval_id: id })).toMatchObject({ amount: '1800', status: 'approved' })
})

test('the sender’s own answers are buttons with numbers; one that refuses asks for a reason', async ({ page, inbox }) => {
  const options = [
    { id: 'canary', label: 'Canary first', outcome: 'approved' },
    { id: 'later', label: 'After the freeze', outcome: 'rejected' },
  ]
  const first = await inbox.ask({ type: 'rollout', title: 'First rollout', options })
  const second = await inbox.ask({ type: 'rollout', title: 'Second rollout', options })
  await read(page, inbox, 'First rollout')
  const answers = page.getByRole('group', { name: 'Other answers' })
  await expect(answers.getByRole('button')).toHaveText([/Canary first/, /After the freeze/])
  await page.keyboard.press('3')
  await page.keyboard.press('1')
  await expect(part(page, 'What happened then')).toContainText('Answer: Canary first')
  await row(page, 'Second rollout').getByRole('link').click()
  await expect(request(page, 'Second rollout')).toBeVisible()
  await page.keyboard.press('2')
  const dialog = page.getByRole('dialog', { name: 'After the freeze' })
  await dialog.getByRole('button', { name: 'After the freeze' }).click()
  await expect(dialog).toContainText('Say why')
  await dialog.getByLabel('Reason').fill('Next week.')
  await dialog.getByRole('button', { name: 'After the freeze' }).click()
  await expect(part(page, 'What happened then')).toContainText('Rejected by Owner')
  const decided = async (id: string) => (await inbox.owner.approvals.get({ approval_id: id })).decision
  expect(await decided(first.id)).toMatchObject({ decision: 'approved', option: 'canary' })
  expect(await decided(second.id)).toMatchObject({ decision: 'rejected', option: 'later', comment: 'Next week.' })
})

test('a form is filled in before it is approved; what the host refuses is said at its field', async ({ page, inbox }) => {
  const form = {
    type: 'object',
    required: ['cost_center', 'people'],
    properties: {
      cost_center: { type: 'string', title: 'Cost centre', enum: ['R&D', 'Sales'] },
      people: { type: 'integer', title: 'How many people', minimum: 2 },
      paid: { type: 'boolean', title: 'Paid already' },
      note: { type: 'string', title: 'Note', maxLength: 500 },
    },
  }
  const { id } = await inbox.ask({ type: 'training', title: 'A course', form })
  await read(page, inbox, 'A course')
  await page.keyboard.press('a')
  const dialog = page.getByRole('dialog', { name: 'Approve this request' })
  const send = dialog.getByRole('button', { name: 'Approve it' })
  await send.click()
  await expect(dialog.getByLabel('Cost centre')).toHaveAccessibleDescription('Fill this in.')
  await dialog.getByLabel('Cost centre').selectOption('Sales')
  await dialog.getByLabel('How many people').fill('1')
  await dialog.getByLabel('Note').fill('In May.')
  await send.click()
  await expect(dialog.getByLabel('How many people')).toHaveAccessibleDescription(/2/)
  expect(inbox.decisions()).toEqual([])
  await dialog.getByLabel('How many people').fill('3')
  await send.click()
  await expect(part(page, 'What happened then')).toContainText('What was filled in')
  await expect(part(page, 'What happened then')).toContainText('In May.')
  expect((await inbox.owner.approvals.get({ approval_id: id })).decision?.answer).toEqual({
    cost_center: 'Sales',
    people: 3,
    note: 'In May.',
  })
})

test('a question goes to the requester, and its answer is read here', async ({ page, inbox }) => {
  const { id } = await inbox.ask({ type: 'travel', title: 'Berlin' })
  await read(page, inbox, 'Berlin')
  await page.keyboard.press('s')
  const dialog = page.getByRole('dialog', { name: 'Send it back with a question' })
  await dialog.getByRole('button', { name: 'Send back' }).click()
  await expect(dialog).toContainText('Write what you want to know.')
  await dialog.getByLabel('Question').fill('Which hotel?')
  await dialog.getByRole('button', { name: 'Send back' }).click()
  await expect(part(page, 'Sent back with a question')).toContainText('Which hotel?')
  await expect(part(page, 'Sent back with a question')).toContainText('waits for the requester’s answer')
  await expect(row(page, 'Berlin')).toContainText('Sent back: Which hotel?')
  await asSource(inbox, `/approvals/${id}/revise`, { comment: 'The small one by the river.' })
  await expect(part(page, 'Questions and answers')).toContainText('The small one by the river.')
  await page.keyboard.press('a')
  await expect(part(page, 'What happened then')).toContainText('Approved by Owner')
})

test('what changes while somebody looks is read before it is answered', async ({ page, inbox }) => {
  const { id } = await inbox.ask({ type: 'travel', title: 'Berlin', amount: 900, currency: 'EUR', data: { nights: 2 } })
  await read(page, inbox, 'Berlin')
  await page.keyboard.press('r')
  const dialog = page.getByRole('dialog')
  await expect(dialog.getByRole('button', { name: 'Reject it' })).toBeEnabled()
  await asSource(inbox, `/approvals/${id}/revise`, { amount: 700, data: { nights: 4 } })
  const notice = dialog.getByRole('alert', { name: 'It changed while you were looking' })
  await expect(notice.locator('ins')).toHaveText([/700/, /4/])
  await expect(dialog.getByRole('button', { name: 'Reject it' })).toBeDisabled()
  await page.keyboard.press('Escape')
  await expect(dialog).toBeHidden()
  await page.keyboard.press('a')
  await expect(messages(page)).toContainText('Read what is different first.')
  await expect(page.getByRole('button', { name: 'Go on with the changed request' })).toBeFocused()
  expect(inbox.decisions()).toEqual([])
  await page.keyboard.press('l')
  await expect(part(page, 'It changed while you were looking')).toBeHidden()
  await page.keyboard.press('a')
  await expect(part(page, 'What happened then')).toContainText('Approved by Owner')
  expect(inbox.decisions()).toMatchObject([{ data: { version: { number: 2 } } }])
})

test('an answer about an earlier version is refused with the difference', async ({ page, inbox }) => {
  const { id } = await inbox.ask({ type: 'travel', title: 'Berlin', data: { nights: 2 } })
  await read(page, inbox, 'Berlin')
  // The request is changed while the answer is on its way.
  const changed = async (route: Route) => {
    await asSource(inbox, `/approvals/${id}/revise`, { data: { nights: 9 } })
    await route.continue()
  }
  await intercept(page, '**/approvals/decide', changed, 1)
  await page.getByRole('button', { name: 'Approve' }).click()
  await expect(messages(page)).toContainText('The request changed while you were looking.')
  const notice = page.getByRole('alert', { name: 'It changed while you were looking' })
  await expect(notice.locator('del')).toHaveText(/2/)
  await expect(notice.locator('ins')).toHaveText(/9/)
  expect(inbox.decisions()).toEqual([])
  await notice.getByRole('button', { name: 'Go on with the changed request' }).click()
  await expect(page.getByRole('heading', { name: 'Berlin', level: 2 })).toBeFocused()
  await page.keyboard.press('a')
  await expect(part(page, 'What happened then')).toContainText('Approved by Owner')
})

test('a large request that changes is fetched again, whole', async ({ page, inbox }) => {
  const long = Object.fromEntries(Array.from({ length: 30 }, (_, index) => [`field_${index}`, 'word '.repeat(200)]))
  const { id } = await inbox.ask({ type: 'travel', title: 'A long story', data: { ...long, nights: 2 } })
  await read(page, inbox, 'A long story')
  await expect(part(page, 'Facts')).toContainText('nights')
  await asSource(inbox, `/approvals/${id}/revise`, { data: { ...long, nights: 31 } })
  await expect(page.getByRole('alert').locator('ins')).toHaveText([/31/])
  await expect(part(page, 'Facts')).toContainText('31')
})

test('a request is handed over, given more time and cancelled with a key each, and Escape does none of it', async ({
  page,
  inbox,
}) => {
  const bo = { email: 'bo@example.com', name: 'Bo Lind' }
  await inbox.owner.people.savePerson({ ...bo, aliases: [], backup: null, assistants: [], away: null })
  const handed = await inbox.ask({ type: 'travel', title: 'Berlin', timeout_hours: 3 })
  const cancelled = await inbox.ask({ type: 'travel', title: 'Paris', timeout_hours: 5 })
  await read(page, inbox, 'Berlin')
  await page.keyboard.press('d')
  await expect(page.getByRole('button', { name: 'One hour more' })).toBeFocused()
  await page.keyboard.press('Escape')
  await expect(page.getByRole('button', { name: 'More time' })).toBeFocused()
  const before = await inbox.owner.approvals.get({ approval_id: handed.id })
  await page.keyboard.press('d')
  await page.getByRole('button', { name: 'Four hours more' }).click()
  await expect(messages(page)).toContainText('It can be decided until')
  const after = await inbox.owner.approvals.get({ approval_id: handed.id })
  expect(Date.parse(after.due_at!) - Date.parse(before.due_at!)).toBe(4 * 3_600_000)

  await page.keyboard.press('m')
  const dialog = page.getByRole('dialog', { name: 'Hand it to somebody else' })
  await dialog.getByRole('button', { name: 'Hand over' }).click()
  await expect(dialog).toContainText('Name at least one person or group.')
  await dialog.getByLabel('To whom').fill('group:nobody-here')
  await dialog.getByRole('button', { name: 'Hand over' }).click()
  await expect(dialog.getByLabel('To whom')).toHaveAccessibleDescription(/not known here/)
  await dialog.getByLabel('To whom').fill('')
  await dialog.getByRole('button', { name: 'Bo Lind' }).click()
  await expect(dialog.getByLabel('To whom')).toHaveValue('bo@example.com')
  await dialog.getByRole('button', { name: 'Hand over' }).click()
  await expect(messages(page)).toContainText('It waits for Bo Lind now.')
  await expect(page.getByRole('article')).toContainText('Waiting for Bo Lind')
  expect((await inbox.owner.approvals.get({ approval_id: handed.id })).waits_for).toEqual(['bo@example.com'])

  await row(page, 'Paris').getByRole('link').click()
  await expect(request(page, 'Paris')).toBeVisible()
  await page.keyboard.press('#')
  const question = page.getByRole('alertdialog', { name: 'Cancel this request?' })
  await expect(question.getByRole('button', { name: 'Keep it' })).toBeFocused()
  await page.keyboard.press('Escape')
  await expect(question).toBeHidden()
  expect(inbox.decisions()).toEqual([])
  await page.keyboard.press('.')
  await page.getByRole('menuitem', { name: 'Cancel the request' }).click()
  await question.getByLabel('Reason').fill('The fair is off.')
  await question.getByRole('button', { name: 'Cancel the request' }).click()
  await expect(part(page, 'What happened then')).toContainText('Cancelled by Owner')
  expect(await inbox.owner.approvals.get({ approval_id: cancelled.id })).toMatchObject({
    status: 'cancelled',
    decision: { comment: 'The fair is off.' },
  })
})
