import { readFileSync } from 'node:fs'
import { expect, type Inbox, messages, part, request, row, test } from './fixture.ts'
import { handsOff, press, pressOn, tabTo } from './hands.ts'
import { office, rules, withRules } from './seeds.ts'

test.beforeEach(({ page }) => handsOff(page, 'pointer'))

const refund = {
  type: 'refund',
  title: 'Refund for order 88',
  amount: '1240.00',
  currency: 'EUR',
  timeout_hours: 1,
  editable: ['amount', 'express'],
  data: { order: '88', express: false },
}

const item = (inbox: Inbox, id: string) => inbox.owner.approvals.get({ approval_id: id })

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
  await expect(row(page, 'Wire it')).toBeVisible()

  await press(page, 'j')
  await expect(request(page, refund.title)).toBeVisible()
  await press(page, 'e')
  const edit = page.getByRole('dialog', { name: 'Edit and approve' })
  await expect(edit.getByRole('textbox', { name: 'amount' })).toBeFocused()
  await press(page, 'ControlOrMeta+a')
  await page.keyboard.type('900.50')
  await pressOn(page, edit.getByRole('checkbox', { name: 'express' }), 'Space')
  const difference = edit.getByRole('region', { name: 'What you change' })
  await expect(difference.locator('del')).toHaveText([/1240\.00/, /false/])
  await expect(difference.locator('ins')).toHaveText([/900\.50/, /true/])
  await pressOn(page, edit.getByRole('button', { name: 'Approve with these changes' }))
  await expect(part(page, 'What was changed').locator('ins').filter({ hasText: '900.50' })).toBeVisible()

  await press(page, 'j')
  await expect(request(page, 'Golden chair')).toBeVisible()
  await press(page, 'r')
  const reject = page.getByRole('dialog', { name: 'Reject this request?' })
  await expect(reject.getByLabel('Reason')).toBeFocused()
  await pressOn(page, reject.getByRole('button', { name: 'Too expensive' }))
  await expect(reject.getByLabel('Reason')).toHaveValue('Too expensive')
  await pressOn(page, reject.getByRole('button', { name: 'Reject it' }))
  await expect(part(page, 'What happened then')).toContainText('Too expensive')

  await press(page, 'j')
  await expect(request(page, 'To Lisbon')).toBeVisible()
  await press(page, 's')
  const back = page.getByRole('dialog', { name: 'Send it back with a question' })
  await expect(back.getByLabel('Question')).toBeFocused()
  await page.keyboard.type('Which hotel?')
  await press(page, 'ControlOrMeta+Enter')
  await expect(part(page, 'Sent back with a question')).toContainText('Which hotel?')

  await press(page, 'j')
  await expect(request(page, 'Wire it')).toBeVisible()
  await press(page, 'a')
  const question = page.getByRole('alertdialog', { name: 'Approve a high-risk request?' })
  await expect(question.getByLabel('Why you approve it')).toBeFocused()
  await page.keyboard.type('I called the payee.')
  await pressOn(page, question.getByRole('button', { name: 'Approve it' }))
  await expect(part(page, 'What happened then')).toContainText('I called the payee.')

  expect(await item(inbox, edited.id)).toMatchObject({ status: 'approved', amount: '900.50', data: { express: true } })
  expect(await item(inbox, rejected.id)).toMatchObject({ status: 'rejected', decision: { comment: 'Too expensive' } })
  expect(await item(inbox, asked.id)).toMatchObject({ status: 'pending', sent_back: { question: 'Which hotel?' } })
  expect(await item(inbox, risky.id)).toMatchObject({ status: 'approved', decision: { comment: 'I called the payee.' } })
})

test('everything but an answer: snooze, more time, watch, a remark, somebody else, cancelling', async ({ page, inbox }) => {
  await office(inbox)
  const aside = await inbox.ask({ type: 'refund', title: 'Not now', timeout_hours: 5 })
  const other = await inbox.ask({ type: 'refund', title: 'For Bo', timeout_hours: 6 })
  const off = await inbox.ask({ type: 'refund', title: 'Called off', timeout_hours: 7 })
  await inbox.open(page, `/#/inbox/${aside.id}`)
  await expect(request(page, 'Not now')).toBeVisible()

  const before = (await item(inbox, aside.id)).due_at!
  await press(page, 'd')
  await expect(page.getByRole('button', { name: 'One hour more' })).toBeFocused()
  await press(page, 'Enter')
  await expect(messages(page)).toContainText('It can be decided until')
  expect(Date.parse((await item(inbox, aside.id)).due_at!) - Date.parse(before)).toBe(3_600_000)
  await press(page, 'w')
  await expect(messages(page)).toContainText('You are told what becomes of it.')
  await press(page, 'w')
  await expect(messages(page)).toContainText('You are no longer told about it.')
  await press(page, 'c')
  await page.keyboard.type('Ask me on Monday.')
  await pressOn(page, page.getByRole('button', { name: 'Post without answering' }))
  await expect(request(page, 'Not now')).toContainText('Owner remarked: Ask me on Monday.')
  await press(page, 'h')
  const snooze = page.getByRole('dialog', { name: 'Snooze until' })
  await pressOn(page, snooze.getByRole('button', { name: 'In one hour' }))
  await expect(messages(page)).toContainText('Snoozed until')
  await press(page, 'g', 'z')
  await expect(row(page, 'Not now')).toBeVisible()
  await press(page, 'Enter')
  await pressOn(page, page.getByRole('button', { name: 'Take up again' }))
  await expect(messages(page)).toContainText('It is back in the inbox.')

  await press(page, 'g', 'i')
  await expect(row(page, 'For Bo')).toBeVisible()
  await press(page, 'j', 'j')
  await expect(request(page, 'For Bo')).toBeVisible()
  await press(page, 'm')
  const hand = page.getByRole('dialog', { name: 'Hand it to somebody else' })
  await expect(hand.getByLabel('To whom')).toBeFocused()
  await page.keyboard.type('bo@example.com')
  await tabTo(page, hand.locator('textarea'))
  await page.keyboard.type('You know the shop.')
  await press(page, 'ControlOrMeta+Enter')
  await expect(messages(page)).toContainText('It waits for Bo Berg now.')
  expect((await item(inbox, other.id)).waits_for).toEqual(['bo@example.com'])

  await press(page, 'j')
  await expect(request(page, 'Called off')).toBeVisible()
  await press(page, '.')
  await expect(page.getByRole('menuitem').first()).toBeFocused()
  await press(page, 'End', 'Enter')
  const question = page.getByRole('alertdialog', { name: 'Cancel this request?' })
  await expect(question.getByRole('button', { name: 'Keep it' })).toBeFocused()
  await pressOn(page, question.getByRole('button', { name: 'Cancel the request' }))
  await expect(part(page, 'What happened then')).toContainText('Cancelled by Owner')
  expect((await item(inbox, off.id)).status).toBe('cancelled')
})

test('a list is searched with operators, sorted, filtered and picked from', async ({ page, inbox }) => {
  for (const [n, more] of [{ requester: 'ana@example.com' }, { requester: 'ana@example.com' }, { requester: 'bo' }, {}].entries()) {
    await inbox.ask({
      type: 'refund',
      title: `Refund ${n + 1}`,
      amount: 100 * (n + 1),
      currency: 'EUR',
      timeout_hours: n + 1,
      ...more,
    })
  }
  await inbox.ask({ type: 'deployment', title: 'Roll out', timeout_hours: 9 })
  await inbox.open(page)
  const titles = page.getByRole('list', { name: 'Inbox' }).getByRole('link')
  await expect(titles).toHaveCount(5)
  const search = page.getByRole('searchbox', { name: 'Search requests' })
  const find = async (words: string, found: readonly RegExp[]) => {
    await press(page, '/', 'ControlOrMeta+a')
    await page.keyboard.type(words)
    await expect(titles).toHaveText(found)
    await press(page, 'Escape', 'Escape')
    await expect(titles).toHaveCount(5)
    await expect(search).not.toBeFocused()
  }
  await find('from:ana', [/Refund 1/, /Refund 2/])
  await find('over:250', [/Refund 3/, /Refund 4/])
  await find('type:deployment', [/Roll out/])
  await find('type:refund -from:ana', [/Refund 3/, /Refund 4/])
  await find('risk:low over:150 refund', [/Refund 2/, /Refund 3/, /Refund 4/])

  await pressOn(page, page.getByRole('button', { name: 'Filter' }))
  const menu = page.getByRole('dialog', { name: 'Filter' })
  await expect(menu.getByLabel('Sort by')).toBeFocused()
  await page.keyboard.type('Amount')
  await expect(page).toHaveURL(/sort=amount/)
  await pressOn(page, menu.getByRole('button', { name: /^ana@example\.com/ }))
  await expect(search).toHaveValue(/from:/)
  await expect(titles).toHaveText([/Refund 2/, /Refund 1/])
  await press(page, '*')
  const bulk = page.getByRole('region', { name: '2 selected' })
  await expect(bulk.getByRole('region', { name: 'Decided together: 2' })).toBeVisible()
  await pressOn(page, bulk.getByRole('button', { name: 'Leave out Refund 1' }))
  await expect(page.getByRole('region', { name: '1 selected' })).toBeVisible()
  await press(page, 'a')
  await expect(messages(page)).toContainText('1 request was answered.')
  expect(inbox.decisions()).toHaveLength(1)
})

test('settings, people, programs and the policy are changed', async ({ page, inbox }) => {
  await office(inbox)
  await withRules(inbox)
  await inbox.open(page)
  await press(page, 'g', 's')
  const you = page.getByRole('region', { name: 'You', exact: true })
  await tabTo(page, you.getByLabel('Name'))
  await press(page, 'ControlOrMeta+a')
  await page.keyboard.type('Ana Silva')
  await pressOn(page, you.getByRole('button', { name: 'Save' }))
  await expect(page.getByRole('navigation', { name: 'Views' })).toContainText('Ana Silva')
  const advance = page.getByRole('switch', { name: /After an answer, go on/ })
  await expect(advance).not.toBeChecked()
  await pressOn(page, advance, 'Space')
  await expect(advance).toBeChecked()

  await press(page, 'g', 'e')
  await pressOn(page, page.getByRole('button', { name: 'Add a person' }))
  const sheet = page.getByRole('dialog', { name: 'Add a person' })
  await tabTo(page, sheet.getByLabel('Name', { exact: true }))
  await page.keyboard.type('Dee Adams')
  await tabTo(page, sheet.getByLabel('E-mail address'))
  await page.keyboard.type('dee@example.com')
  await pressOn(page, sheet.getByRole('button', { name: 'Save' }))
  await expect(messages(page)).toContainText('Dee Adams is saved.')
  await pressOn(page, page.getByRole('button', { name: 'Remove Dee Adams' }))
  const gone = page.getByRole('alertdialog', { name: 'Remove Dee Adams?' })
  await pressOn(page, gone.getByRole('button', { name: 'Remove' }))
  await expect(page.getByRole('button', { name: 'Remove Dee Adams' })).toBeHidden()
  await expect(gone).toHaveCount(0)

  await press(page, 'g', 'o')
  await pressOn(page, page.getByRole('button', { name: 'Connect a program' }))
  await expect(page.getByLabel('Name of the program')).toBeFocused()
  await page.keyboard.type('expense-tool')
  await pressOn(page, page.getByRole('button', { name: 'Make the token' }))
  await expect(page.getByText('Copy it now: it is shown this once.')).toBeVisible()
  await pressOn(page, page.getByRole('button', { name: 'I have copied it' }))
  await pressOn(page, page.getByRole('button', { name: 'Revoke expense-tool' }))
  const revoke = page.getByRole('alertdialog', { name: 'Revoke expense-tool?' })
  await pressOn(page, revoke.getByRole('button', { name: 'Revoke' }))
  await expect(messages(page)).toContainText('The credential "expense-tool" works no more.')
  await expect(revoke).toHaveCount(0)

  await press(page, 'g', 'p')
  await pressOn(page, page.getByRole('button', { name: /show small/ }))
  const text = page.getByRole('textbox', { name: 'Text of the policy' })
  await expect(text).toBeFocused()
  await press(page, 'ControlOrMeta+a')
  await page.keyboard.insertText(rules.replace('100.0', '200.0'))
  await expect(page.getByText('No problems.')).toBeVisible()
  await press(page, 'ControlOrMeta+s')
  await expect(messages(page)).toContainText('The policy is in force.')
  expect((await inbox.owner.policy.get({})).text).toContain('200.0')
})

test('the journal is searched, read, verified and exported', async ({ page, inbox }) => {
  await inbox.ask({ type: 'refund', title: 'Kept for ever' })
  await inbox.open(page)
  await press(page, 'g', 'a')
  const records = page.getByRole('list', { name: 'Records' }).getByRole('listitem')
  await tabTo(page, page.getByLabel('What happened'))
  await page.keyboard.type('approval')
  await press(page, 'Enter')
  await expect(page).toHaveURL(/audit\?q=type%3Aapproval$/)
  const asked = records.filter({ hasText: '“Kept for ever”' }).first()
  await pressOn(page, asked.getByRole('button').first())
  await expect(asked.getByRole('group', { name: 'The record' })).toContainText('"type": "approval_requested"')
  await pressOn(page, page.getByRole('button', { name: 'Verify now' }))
  await expect(page.getByText(/All \d+ records are as they were written/)).toBeVisible()
  const downloaded = page.waitForEvent('download')
  await pressOn(page, page.getByRole('button', { name: 'Export' }))
  expect(readFileSync(await (await downloaded).path(), 'utf8')).toContain('Kept for ever')
})
