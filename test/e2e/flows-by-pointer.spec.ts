import { readFileSync } from 'node:fs'
import type { Locator } from '@playwright/test'
import { expect, type Inbox, messages, part, request, row, test } from './fixture.ts'
import { handsOff } from './hands.ts'
import { office, editableRefund as refund, rules, withRules } from './seeds.ts'

test.beforeEach(({ page }) => handsOff(page, 'keys'))

const item = (inbox: Inbox, id: string) => inbox.owner.approvals.get({ approval_id: id })
const button = (where: Locator, name: string | RegExp) => where.getByRole('button', { name, exact: typeof name === 'string' })

test('every answer there is: a change with its difference, a preset reason, a question, a high risk', async ({ page, inbox }) => {
  const edited = await inbox.ask(refund)
  const rejected = await inbox.ask({ type: 'refund', title: 'Golden chair', timeout_hours: 2 })
  const asked = await inbox.ask({ type: 'travel', title: 'To Lisbon', timeout_hours: 3 })
  const risky = await inbox.ask({
    type: 'wire-transfer',
    title: 'Wire it',
    amount: 48_000,
    currency: 'EUR',
    data: { new_payee: true },
  })
  await inbox.open(page)
  const bar = page.getByRole('region', { name: 'Decision' })

  await row(page, refund.title).getByRole('link').click()
  await button(bar, /^Edit/).click()
  const edit = page.getByRole('dialog', { name: 'Edit and approve' })
  await edit.getByRole('textbox', { name: 'amount' }).fill('900.50')
  await edit.getByRole('checkbox', { name: 'express' }).check()
  await expect(edit.getByRole('region', { name: 'What you change' }).locator('ins')).toHaveText([/900\.50/, /true/])
  await button(edit, 'Approve with these changes').click()
  await expect(part(page, 'What was changed').locator('ins').filter({ hasText: '900.50' })).toBeVisible()

  await row(page, 'Golden chair').getByRole('link').click()
  await button(bar, /^Reject/).click()
  const reject = page.getByRole('dialog', { name: 'Reject this request?' })
  await button(reject, 'Too expensive').click()
  await button(reject, 'Reject it').click()
  await expect(part(page, 'What happened then')).toContainText('Too expensive')

  await row(page, 'To Lisbon').getByRole('link').click()
  await button(bar, /^More/).click()
  await page.getByRole('menuitem', { name: 'Send back' }).click()
  const back = page.getByRole('dialog', { name: 'Send it back with a question' })
  await back.getByLabel('Question').fill('Which hotel?')
  await button(back, 'Send back').click()
  await expect(part(page, 'Sent back with a question')).toContainText('Which hotel?')

  await row(page, 'Wire it').getByRole('link').click()
  await button(bar, /^Approve/).click()
  const question = page.getByRole('alertdialog', { name: 'Approve a high-risk request?' })
  await question.getByLabel('Why you approve it').fill('I called the payee.')
  // A double click is one gesture, and not the second one.
  await button(question, 'Approve it').dblclick()
  await expect(part(page, 'What happened then')).toContainText('I called the payee.')

  expect(await item(inbox, edited.id)).toMatchObject({ status: 'approved', amount: '900.50', data: { express: true } })
  expect(await item(inbox, rejected.id)).toMatchObject({ status: 'rejected', decision: { comment: 'Too expensive' } })
  expect(await item(inbox, asked.id)).toMatchObject({ status: 'pending', sent_back: { question: 'Which hotel?' } })
  expect(await item(inbox, risky.id)).toMatchObject({ status: 'approved', decision: { comment: 'I called the payee.' } })
  expect(inbox.decisions()).toHaveLength(3)
})

test('everything but an answer: snooze, more time, watch, a remark, somebody else, cancelling', async ({ page, inbox }) => {
  await office(inbox)
  const aside = await inbox.ask({ type: 'refund', title: 'Not now', timeout_hours: 5 })
  const other = await inbox.ask({ type: 'refund', title: 'For Bo', timeout_hours: 6 })
  const off = await inbox.ask({ type: 'refund', title: 'Called off', timeout_hours: 7 })
  await inbox.open(page)
  const bar = page.getByRole('region', { name: 'Decision' })
  const more = async (name: string) => {
    await button(bar, /^More/).click()
    await page.getByRole('menuitem', { name }).click()
  }

  await row(page, 'Not now').getByRole('link').click()
  await button(page.getByRole('article'), 'More time').click()
  await page.getByRole('button', { name: 'One hour more' }).click()
  await expect(messages(page)).toContainText('It can be decided until')
  await more('Tell me what becomes of it')
  await expect(messages(page)).toContainText('You are told what becomes of it.')
  await more('Stop telling me about it')
  await expect(messages(page)).toContainText('You are no longer told about it.')
  await button(bar, /^Comment/).click()
  await page.getByRole('textbox', { name: 'Comment' }).fill('Ask me on Monday.')
  await page.getByRole('button', { name: 'Post without answering' }).click()
  await expect(request(page, 'Not now')).toContainText('Owner remarked: Ask me on Monday.')
  await more('Snooze')
  await page.getByRole('dialog', { name: 'Snooze until' }).getByRole('button', { name: 'In one hour' }).click()
  await expect(messages(page)).toContainText('Snoozed until')
  await page
    .getByRole('navigation', { name: 'Views' })
    .getByRole('link', { name: /^Snoozed/ })
    .click()
  await row(page, 'Not now').getByRole('link').click()
  await page.getByRole('button', { name: 'Take up again' }).click()
  await expect(messages(page)).toContainText('It is back in the inbox.')
  expect((await item(inbox, aside.id)).snoozes).toEqual([])

  await page
    .getByRole('navigation', { name: 'Views' })
    .getByRole('link', { name: /^Inbox/ })
    .click()
  await row(page, 'For Bo').getByRole('link').click()
  await more('Hand to somebody else')
  const hand = page.getByRole('dialog', { name: 'Hand it to somebody else' })
  await button(hand, 'Bo Berg').click()
  await button(hand, 'Hand over').click()
  await expect(messages(page)).toContainText('It waits for Bo Berg now.')
  expect((await item(inbox, other.id)).waits_for).toEqual(['bo@example.com'])

  await row(page, 'Called off').getByRole('link').click()
  await more('Cancel the request')
  const question = page.getByRole('alertdialog', { name: 'Cancel this request?' })
  await button(question, 'Keep it').click()
  expect((await item(inbox, off.id)).status).toBe('pending')
  await more('Cancel the request')
  await button(question, 'Cancel the request').click()
  await expect(part(page, 'What happened then')).toContainText('Cancelled by Owner')
})

test('a list is filtered, sorted and picked from, and its view, filter and request stand in the address', async ({
  page,
  inbox,
  context,
}) => {
  const asked = []
  for (const [n, more] of [{ requester: 'ana@example.com' }, { requester: 'ana@example.com' }, { requester: 'bo' }].entries()) {
    asked.push(await inbox.ask({ type: 'refund', title: `Refund ${n + 1}`, amount: 100 * (n + 1), currency: 'EUR', ...more }))
  }
  await inbox.ask({ type: 'deployment', title: 'Roll out' })
  await inbox.open(page)
  await page.getByRole('navigation', { name: 'Views' }).getByRole('link', { name: /^All/ }).click()
  const titles = page.getByRole('list', { name: 'All' }).getByRole('link')
  await expect(titles).toHaveCount(4)
  await page.getByRole('button', { name: 'Filter' }).click()
  const menu = page.getByRole('dialog', { name: 'Filter' })
  await menu.getByLabel('Sort by').selectOption('Oldest first')
  await button(menu, /^refund/).click()
  await expect(titles).toHaveText([/Refund 1/, /Refund 2/, /Refund 3/])
  await page.getByRole('button', { name: 'Filter' }).click()
  await button(menu, /^ana@example\.com/).click()
  await expect(titles).toHaveText([/Refund 1/, /Refund 2/])
  await row(page, 'Refund 2').getByRole('link').click()
  await expect(request(page, 'Refund 2')).toBeVisible()

  const tab = await context.newPage()
  const shows = async () => {
    await expect(tab.getByRole('searchbox', { name: 'Search requests' })).toHaveValue(/^type:refund from:"?ana@example\.com"?$/)
    await expect(tab.getByRole('list', { name: 'All' }).getByRole('link')).toHaveText([/Refund 1/, /Refund 2/])
    await expect(row(tab, 'Refund 2').getByRole('link')).toHaveAttribute('aria-current', 'true')
    await expect(request(tab, 'Refund 2')).toBeVisible()
    await tab.getByRole('button', { name: 'Filter', exact: true }).click()
    await expect(tab.getByLabel('Sort by')).toHaveValue('oldest')
    await tab.getByRole('button', { name: 'Filter', exact: true }).click()
  }
  await tab.goto(page.url())
  await shows()
  await tab.reload()
  await shows()

  await row(page, 'Refund 1').getByRole('checkbox', { name: 'Select Refund 1' }).check()
  await row(page, 'Refund 2').getByRole('checkbox', { name: 'Select Refund 2' }).check()
  await page.getByRole('button', { name: 'Reject 2' }).click()
  const reject = page.getByRole('dialog', { name: 'Reject 2 requests?' })
  await button(reject, 'Too expensive').click()
  await button(reject, 'Reject them').click()
  await expect(messages(page)).toContainText('2 requests were answered.')
  const states = await Promise.all(asked.map(async ({ id }) => (await item(inbox, id)).status))
  expect(states).toEqual(['rejected', 'rejected', 'pending'])
  for (const each of [1, 2]) await expect(row(tab, `Refund ${each}`)).toContainText('Rejected by Owner')
})

test('settings, people, programs and the policy are changed, and the journal is searched', async ({ page, inbox }) => {
  await office(inbox)
  await withRules(inbox)
  await inbox.open(page)
  const views = page.getByRole('navigation', { name: 'Views' })
  await views.getByRole('link', { name: 'Settings' }).click()
  const you = page.getByRole('region', { name: 'You', exact: true })
  await you.getByLabel('Name').fill('Ana Silva')
  await button(you, 'Save').click()
  await expect(views).toContainText('Ana Silva')

  await views.getByRole('link', { name: 'People' }).click()
  await page.getByRole('button', { name: 'Add a person' }).click()
  const sheet = page.getByRole('dialog', { name: 'Add a person' })
  await sheet.getByLabel('Name', { exact: true }).fill('Dee Adams')
  await sheet.getByLabel('E-mail address').fill('dee@example.com')
  await button(sheet, 'Save').click()
  await expect(messages(page)).toContainText('Dee Adams is saved.')

  await views.getByRole('link', { name: 'Sources' }).click()
  await page.getByRole('button', { name: 'Connect a program' }).click()
  await page.getByLabel('Name of the program').fill('expense-tool')
  await page.getByRole('button', { name: 'Make the token' }).click()
  await page.getByRole('button', { name: 'I have copied it' }).click()
  await page.getByRole('button', { name: 'Revoke expense-tool' }).click()
  await button(page.getByRole('alertdialog'), 'Revoke').click()
  await expect(messages(page)).toContainText('The credential "expense-tool" works no more.')

  await views.getByRole('link', { name: 'Policy' }).click()
  await page.getByRole('button', { name: /show small/ }).click()
  await page.getByRole('textbox', { name: 'Text of the policy' }).fill(rules.replace('100.0', '200.0'))
  await page.getByRole('button', { name: 'Put it in force' }).click()
  await expect(messages(page)).toContainText('The policy is in force.')

  await views.getByRole('link', { name: 'Audit' }).click()
  const records = page.getByRole('list', { name: 'Records' }).getByRole('listitem')
  await page.getByLabel('What happened').fill('token')
  await page.getByRole('button', { name: 'Search', exact: true }).click()
  await expect(records.filter({ hasText: 'made the token expense-tool' })).toBeVisible()
  await expect(records.filter({ hasText: 'Dee Adams' })).toHaveCount(0)
  const downloaded = page.waitForEvent('download')
  await page.getByRole('button', { name: 'Export' }).click()
  expect(readFileSync(await (await downloaded).path(), 'utf8')).toContain('expense-tool')
})
