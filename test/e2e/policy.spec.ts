import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Locator, Page } from '@playwright/test'
import { expect, messages, test } from './fixture.ts'
import { rules, withRules } from './seeds.ts'

const editor = (page: Page): Locator => page.getByRole('textbox', { name: 'Text of the policy' })
const save = (page: Page): Locator => page.getByRole('button', { name: 'Put it in force' })

test('rules stand in a table by type, and each leads to its line of the text', async ({ page, inbox }) => {
  await withRules(inbox)
  await inbox.open(page, '/#/inbox')
  await page.keyboard.press('g')
  await page.keyboard.press('p')
  const table = page.getByRole('region', { name: 'refund' }).getByRole('table')
  await expect(table.getByRole('row')).toHaveCount(3)
  await expect(table.getByRole('row', { name: /small/ })).toContainText('amount <= 100.0')
  await expect(table.getByRole('row', { name: /small/ })).toContainText('Approve at once')
  await expect(table.getByRole('row', { name: /from-strangers/ })).toContainText('Reject at once')
  await table.getByRole('button', { name: /show from-strangers/ }).press('Enter')
  await expect(editor(page)).toBeFocused()
  const line = await editor(page).evaluate((area: HTMLTextAreaElement) => area.value.slice(area.selectionStart).split('\n')[0])
  expect(line).toContain('from-strangers')
})

test('a rule is changed and put in force by form, with the comments of the file kept', async ({ page, inbox }) => {
  await withRules(inbox, rules.replace('- name: small', '# cheap\n    - name: small'))
  await inbox.open(page, '/#/policy')
  const table = page.getByRole('region', { name: 'refund' }).getByRole('table')
  await table.getByRole('button', { name: 'Change small' }).press('Enter')
  const sheet = page.getByRole('dialog')
  await expect(sheet.getByLabel('Type of request')).not.toBeEditable()
  await sheet.getByLabel('When', { exact: true }).fill('amont <= 300.0')
  await sheet.getByRole('combobox', { name: 'Then' }).selectOption('Ask people')
  await sheet.getByRole('combobox', { name: 'Who is asked' }).fill('sender, group:directors')
  await sheet.getByRole('combobox', { name: 'How many have to agree' }).selectOption('At least this many')
  await sheet.getByLabel('How many', { exact: true }).fill('2')
  await sheet.getByLabel(/^Hours they have/).fill('4')
  await sheet.getByRole('button', { name: 'Put it in the text' }).click()
  await expect(sheet.getByText(/“amont” is not known here/)).toBeVisible()
  await sheet.getByLabel('When', { exact: true }).fill('amount <= 300.0')
  await sheet.getByRole('button', { name: 'Put it in the text' }).press('Enter')
  await expect(messages(page)).toContainText('It counts once you put it in force.')
  const row = table.getByRole('row', { name: /small/ })
  await expect(row).toContainText('Ask people')
  await expect(row).toContainText('sender and group:directors')
  await expect(row).toContainText('at least 2 must agree')
  await expect(row).toContainText('within 4 h')
  // Nothing of it is in force yet.
  expect((await inbox.owner.policy.get({})).text).toContain('amount <= 100.0')
  await expect(save(page)).toBeEnabled()
  await save(page).press('Enter')
  await expect(messages(page)).toContainText('The policy is in force.')
  expect(readFileSync(join(inbox.home, 'policy.yaml'), 'utf8')).toBe(
    rules
      .replace('- name: small', '# cheap\n    - name: small')
      .replace(
        'amount <= 100.0\n      action: auto_approve',
        'amount <= 300.0\n      action: require_approval\n      approvers: [sender, group:directors]\n      votes: 2\n      timeout_hours: 4',
      ),
  )
})

test('rules are added, moved and removed, and thresholds and times are set, by form', async ({ page, inbox }) => {
  await withRules(inbox)
  await inbox.open(page, '/#/policy')
  await page.getByRole('button', { name: 'Add a rule' }).click()
  const sheet = page.getByRole('dialog')
  await sheet.getByLabel('Type of request').fill('loan')
  await sheet.getByLabel('Name').fill('never')
  await sheet.getByRole('combobox', { name: 'Then' }).selectOption('Reject at once')
  await sheet.getByRole('button', { name: 'Put it in the text' }).click()
  await expect(page.getByRole('region', { name: 'loan' }).getByRole('row', { name: /never/ })).toContainText('always')
  const refunds = page.getByRole('region', { name: 'refund' })
  await refunds.getByRole('button', { name: 'Move from-strangers up' }).press('Enter')
  await expect(refunds.getByRole('row').nth(1)).toContainText('from-strangers')
  // At the end of the way the other arrow has the focus.
  await expect(refunds.getByRole('button', { name: 'Move from-strangers down' })).toBeFocused()
  await refunds.getByRole('button', { name: 'Change small' }).click()
  await sheet.getByRole('button', { name: 'Remove the rule' }).click()
  await expect(refunds.getByRole('row')).toHaveCount(2)
  await page.getByRole('button', { name: /^Change Thresholds/ }).click()
  await sheet.getByLabel('Approve expenses at once up to').fill('250')
  await sheet.getByLabel('Currency (empty: any)').fill('eur')
  await sheet.getByLabel('All others').fill('12')
  await sheet.getByRole('button', { name: 'Add a step' }).click()
  await sheet.getByRole('combobox', { name: 'Who is asked in step 1' }).fill('group:directors')
  await sheet.getByRole('button', { name: 'Put it in the text' }).click()
  const usual = page.getByRole('region', { name: 'Where no rule says otherwise' })
  await expect(usual).toContainText('Expenses up to €250.00 are approved at once.')
  await expect(usual).toContainText('A request waits 12 h')
  await expect(usual).toContainText('After 8 h without an answer, group:directors are asked too.')
  await save(page).click()
  await expect(messages(page)).toContainText('The policy is in force.')
  const view = await inbox.owner.policy.get({})
  expect(view.problems).toEqual([])
  expect(view.rules.map(({ type, name }) => `${type} ${name}`)).toEqual([
    'refund from-strangers',
    'loan never',
    'expense threshold:default',
  ])
})

test('a text with mistakes shows the rules in force, and leads to the text', async ({ page, inbox }) => {
  await withRules(inbox)
  await inbox.open(page, '/#/policy/text')
  await editor(page).fill(rules.replace('rules:', 'rules: ['))
  await page.getByRole('link', { name: 'Rules', exact: true }).click()
  await expect(page.getByText(/so these are the rules in force/)).toBeVisible()
  await expect(page.getByRole('region', { name: 'refund' }).getByRole('row')).toHaveCount(3)
  await expect(page.getByRole('button', { name: 'Add a rule' })).toHaveCount(0)
  await page.getByRole('link', { name: 'Open the text' }).click()
  await expect(editor(page)).toHaveValue(/rules: \[/)
})

test('a text is checked as it is written, its problems lead to their place, and it is put in force', async ({ page, inbox }) => {
  await withRules(inbox)
  await inbox.open(page, '/#/policy/text')
  await expect(page.getByText('No problems.')).toBeVisible()
  await editor(page).fill(rules.replace('amount <= 100.0', 'amont <= 100.0'))
  await expect(page.getByText('1 problem', { exact: true })).toBeVisible()
  await expect(save(page)).toBeDisabled()
  await page.getByRole('button', { name: /^4:\d+/ }).click()
  await expect(editor(page)).toBeFocused()
  const before = await editor(page).evaluate((area: HTMLTextAreaElement) => area.value.slice(0, area.selectionStart))
  expect(before.split('\n')).toHaveLength(4)

  await editor(page).fill(rules.replace('100.0', '200.0'))
  await expect(page.getByText('No problems.')).toBeVisible()
  // An unsaved text outlives a look at something else.
  await page.getByRole('navigation', { name: 'Views' }).getByRole('link', { name: 'Runs' }).click()
  await page.goBack()
  await expect(editor(page)).toHaveValue(/200\.0/)
  await save(page).press('Enter')
  await expect(messages(page)).toContainText('The policy is in force.')
  await expect(save(page)).toBeHidden()
  expect(readFileSync(join(inbox.home, 'policy.yaml'), 'utf8')).toContain('200.0')
  await editor(page).fill(rules.replace('100.0', '250.0'))
  await expect(save(page)).toBeEnabled()
  await editor(page).press('ControlOrMeta+s')
  await expect(page.getByRole('button', { name: 'Discard my changes' })).toBeHidden()
  expect(readFileSync(join(inbox.home, 'policy.yaml'), 'utf8')).toContain('250.0')
})

test('a policy that somebody else changed meanwhile is not overwritten unseen', async ({ page, inbox }) => {
  await withRules(inbox)
  await inbox.open(page, '/#/policy/text')
  await editor(page).fill(rules.replace('100.0', '200.0'))
  await expect(save(page)).toBeEnabled()
  const { version } = await inbox.owner.policy.get({})
  await inbox.owner.policy.save({ text: rules.replace('100.0', '300.0'), version })
  await save(page).click()
  await expect(page.getByRole('status').filter({ hasText: 'Somebody changed the policy' })).toBeVisible()
  await expect(editor(page)).toHaveValue(/200\.0/)
  expect((await inbox.owner.policy.get({})).text).toContain('300.0')
  await page.getByRole('button', { name: 'Take theirs' }).click()
  await expect(editor(page)).toHaveValue(/300\.0/)

  await editor(page).fill(rules.replace('100.0', '400.0'))
  await expect(save(page)).toBeEnabled()
  await inbox.owner.policy.save({ text: rules.replace('100.0', '500.0') })
  await save(page).click()
  await page.getByRole('button', { name: 'Save mine over it' }).click()
  await expect(messages(page)).toContainText('The policy is in force.')
  expect((await inbox.owner.policy.get({})).text).toContain('400.0')
})

test('a sample shows what becomes of it, by which rule, and which were looked at', async ({ page, inbox }) => {
  await withRules(inbox)
  await inbox.open(page, '/#/policy/try')
  await page.getByLabel('Type').fill('refund')
  await page.getByLabel('Amount').fill('80')
  await page.getByRole('button', { name: 'Try it' }).click()
  const result = page.getByRole('region', { name: 'What becomes of it' })
  await expect(result).toContainText('Approve at once')
  await expect(result).toContainText('By the rule “small”.')

  await page.getByLabel('Amount').fill('800')
  await page.getByLabel('Data').fill('[1, 2]')
  await page.getByRole('button', { name: 'Try it' }).click()
  await expect(page.getByText('Write a JSON object')).toBeVisible()
  await page.getByLabel('Data').fill('{"city": "Lisbon"}')
  await page.getByRole('button', { name: 'Try it' }).press('Enter')
  await expect(result).toContainText('Ask people')
  await expect(result).toContainText('No rule matched.')
  await expect(result.getByRole('region', { name: 'Which rules were looked at' }).getByRole('listitem')).toHaveCount(2)
})

test('an unsaved text is tried and replayed over what people decided', async ({ page, inbox }) => {
  await withRules(inbox)
  const answers = [
    [150, 'approve'],
    [160, 'approve'],
    [170, 'reject'],
    [900, 'approve'],
  ] as const
  for (const [amount, decision] of answers) {
    const { id } = await inbox.ask({ type: 'refund', title: `Refund of ${amount}`, amount, currency: 'EUR' })
    await inbox.owner.approvals.decide({ approval_id: id, decision, ...(decision === 'reject' ? { comment: 'No' } : {}) })
  }
  await inbox.open(page, '/#/policy/text')
  await editor(page).fill(rules.replace('100.0', '200.0'))
  await expect(page.getByText('No problems.')).toBeVisible()
  await page.getByRole('link', { name: 'Replay it first' }).click()
  await expect(page.getByText('Answers for your unsaved text.')).toBeVisible()
  await page.getByRole('button', { name: 'Replay' }).click()
  await expect(page.getByText('Would have approved 3, of which you rejected 1.')).toBeVisible()
  const differ = page.getByRole('region', { name: 'Where the text and people differ' })
  await expect(differ.getByRole('row')).toHaveCount(2)
  await differ.getByRole('link', { name: 'Refund of 170' }).click()
  await expect(page.getByRole('article', { name: 'Refund of 170' })).toBeVisible()
  // Nothing of it is in force.
  expect((await inbox.owner.policy.get({})).text).toBe(rules)
})

test('a file that was broken by hand is shown with its problems while the last good one stays in force', async ({
  page,
  inbox,
}) => {
  await withRules(inbox)
  writeFileSync(join(inbox.home, 'policy.yaml'), rules.replace('auto_approve', 'auto_aprove'))
  await expect
    .poll(async () => {
      inbox.clock.advance(3000)
      return (await inbox.owner.policy.get({})).problems.length
    })
    .toBeGreaterThan(0)
  await inbox.open(page, '/#/policy')
  await expect(page.getByText('The last good version stays in force.')).toBeVisible()
  await page.getByRole('link', { name: 'Show them in the text' }).click()
  await expect(page.getByRole('button', { name: /^5:\d+/ })).toBeVisible()
})
