import type { Page } from '@playwright/test'
import { expect, type Inbox, messages, part, request, row, test } from './fixture.ts'

const policy = (rules: string) => `rules:\n${rules}`

/** Puts people and a policy in force. */
async function arrange(inbox: Inbox, text: string): Promise<void> {
  const person = { aliases: [], backup: null, assistants: [], away: null }
  await inbox.admin.people.savePerson({ ...person, email: 'ana@example.com', name: 'Ana Silva', assistants: ['owner@example.com'] })
  await inbox.owner.people.savePerson({ ...person, email: 'bo@example.com', name: 'Bo Lind' })
  await inbox.owner.people.saveGroup({ name: 'finance', label: 'Finance', members: ['owner@example.com', 'bo@example.com'] })
  await inbox.owner.policy.save({ text })
}

const chain = policy(`  travel:
    - name: three-levels
      action: require_approval
      levels:
        - name: Manager
          approvers: [ana@example.com]
        - name: Finance
          approvers: [group:finance]
          votes: all
        - name: Board
          approvers: [bo@example.com]
`)

async function read(page: Page, inbox: Inbox, title: string): Promise<void> {
  await inbox.open(page)
  await row(page, title).getByRole('link').click()
  await expect(request(page, title)).toBeVisible()
}

const who = (page: Page) => part(page, 'Who decides')

test('a chain shows who is asked, who has answered, and how far it is', async ({ page, inbox }) => {
  await arrange(inbox, chain)
  const { id } = await inbox.ask({ type: 'travel', title: 'To Lisbon', requester: 'cy@example.com' })
  await inbox.decideAs('ana@example.com', id, 'approve', 'Worth it.')
  await read(page, inbox, 'To Lisbon')
  await expect(row(page, 'To Lisbon')).toContainText('Finance 2/3')
  await expect(who(page).getByRole('listitem').filter({ hasText: 'Manager: Ana Silva' })).toContainText('Worth it.')
  await expect(who(page)).toContainText('Both have to approve. One refusal ends it.')
  await expect(who(page)).toContainText('0 of 2 approvals')
  await expect(page.getByRole('article')).toContainText('A person is asked by the rule “three-levels”')
  await page.keyboard.press('a')
  await expect(page.getByRole('region', { name: 'Decision' })).toContainText('You approved. It waits for 1 more approval.')
  await expect(page.getByRole('button', { name: 'Approve' })).toBeHidden()
  await expect(who(page)).toContainText('1 of 2 approvals')
  await expect(row(page, 'To Lisbon')).toContainText('You approved; it waits for others')
  await page.keyboard.press('a')
  await expect(messages(page)).toContainText('You approved. It waits for 1 more approval.')
  expect(inbox.decisions()).toEqual([])
  await inbox.decideAs('bo@example.com', id, 'reject', 'Too far.')
  await expect(part(page, 'What happened then')).toContainText('Rejected by')
  await expect(part(page, 'What happened then')).toContainText('at level 2 of 3, Finance')
})

test('an assistant answers for somebody, and both names are shown', async ({ page, inbox }) => {
  await arrange(inbox, chain)
  const { id } = await inbox.ask({ type: 'travel', title: 'To Lisbon', requester: 'cy@example.com' })
  await read(page, inbox, 'To Lisbon')
  await expect(page.getByRole('region', { name: 'Decision' })).toContainText('You answer for Ana Silva; both names are recorded.')
  await page.keyboard.press('a')
  await expect(who(page)).toContainText('Owner for Ana Silva approved')
  const { votes } = await inbox.owner.approvals.get({ approval_id: id })
  expect(votes).toMatchObject([
    { actor: { id: 'owner@example.com' }, on_behalf_of: { email: 'ana@example.com', name: 'Ana Silva' }, verdict: 'approved' },
  ])
})

test('who is asked and stands in for another too says in whose name it is', async ({ page, inbox }) => {
  const two = policy(`  travel:
    - name: two
      action: require_approval
      approvers: [owner@example.com, ana@example.com]
`)
  await arrange(inbox, two)
  const { id } = await inbox.ask({ type: 'travel', title: 'To Lisbon', requester: 'cy@example.com' })
  await read(page, inbox, 'To Lisbon')
  const name = page.getByLabel('Your answer is given')
  await expect(name).toHaveValue('')
  await page.keyboard.press('b')
  await expect(name).toBeFocused()
  await name.selectOption('for Ana Silva')
  await page.getByRole('button', { name: 'Approve' }).click()
  await expect(part(page, 'What happened then')).toContainText('Approved by Owner for Ana Silva')
  expect((await inbox.owner.approvals.get({ approval_id: id })).decision?.on_behalf_of).toEqual({
    email: 'ana@example.com',
    name: 'Ana Silva',
  })
})

test('what nobody answered is marked as escalated, with who was asked before', async ({ page, inbox }) => {
  const escalating = policy(`  travel:
    - name: up
      action: require_approval
      approvers: [bo@example.com]
      timeout_hours: 4
      escalate: [{ to: [owner@example.com] }]
`)
  await arrange(inbox, escalating)
  const { id } = await inbox.ask({ type: 'travel', title: 'To Lisbon', requester: 'cy@example.com' })
  inbox.clock.advance(4.1 * 3_600_000)
  await expect.poll(async () => (await inbox.owner.approvals.get({ approval_id: id })).escalation?.number).toBe(1)
  await read(page, inbox, 'To Lisbon')
  await expect(row(page, 'To Lisbon')).toContainText('escalated')
  await expect(row(page, 'To Lisbon')).not.toContainText('[ESCALATED]')
  await expect(part(page, 'Escalated')).toContainText('Bo Lind did not answer in time, so Owner is asked now.')
  await expect(request(page, 'To Lisbon')).toContainText('Then others are asked; when nobody is left to ask, it is rejected.')
  inbox.clock.advance(4.1 * 3_600_000)
  await expect(request(page, 'To Lisbon')).toContainText('You can still decide until')
  for (let minute = 0; minute < 11; minute += 1) inbox.clock.advance(60_000)
  await expect(part(page, 'What happened then')).toContainText('Rejected: nobody answered in time')
  await expect(part(page, 'What happened then')).toContainText('Maximum escalation reached.')
})

test('one’s own request is called that, and the policy’s word on it is said', async ({ page, inbox }) => {
  await inbox.ask({ type: 'travel', title: 'My trip', requester: 'owner@example.com' })
  await read(page, inbox, 'My trip')
  await expect(page.getByRole('article')).toContainText('This is your own request. Somebody else has to approve it')
  await inbox.owner.policy.save({ text: 'self_approval: sole_operator\n' })
  await page.reload()
  await expect(page.getByRole('article')).toContainText('This is your own request. The policy lets you approve it all the same')
  await page.getByRole('button', { name: 'Approve' }).click()
  await expect(part(page, 'What happened then')).toContainText('Requester and approver are the same person; the record says so.')
})

test('a request that too few can still approve says so, and is handed over', async ({ page, inbox }) => {
  await inbox.ask({ type: 'refund', title: 'For himself', requester: 'bo@example.com', approver_email: 'bo+work@example.com' })
  await inbox.open(page, '/#/waiting')
  await row(page, 'For himself').getByRole('link').click()
  await expect(row(page, 'For himself')).toContainText('too few left')
  const note = page.getByRole('alert').filter({ hasText: 'It cannot be approved as it stands' })
  await expect(note).toContainText('1 more approval is needed and nobody can give one.')
  await page.keyboard.press('m')
  const dialog = page.getByRole('dialog', { name: 'Hand it to somebody else' })
  await dialog.getByLabel('To whom').fill('ana@example.com')
  await dialog.getByRole('button', { name: 'Hand over' }).click()
  await expect(note).toBeHidden()
  await expect(row(page, 'For himself')).not.toContainText('too few left')
})

test('a rule’s own decision names the rule and the policy; where none matched, that is said', async ({ page, inbox }) => {
  const cheap = policy(`  travel:
    - name: cheap
      when: amount < 100.0
      action: auto_approve
`)
  await arrange(inbox, cheap)
  await inbox.ask({ type: 'travel', title: 'By bus', amount: 12, currency: 'EUR' })
  await inbox.ask({ type: 'travel', title: 'By plane', amount: 1200, currency: 'EUR' })
  const { version } = await inbox.owner.policy.get({})
  await read(page, inbox, 'By plane')
  await expect(page.getByRole('article')).toContainText('No rule of the policy matched, so a person is asked.')
  await page.keyboard.press('g')
  await page.keyboard.press('h')
  await expect(row(page, 'By bus')).toContainText('Approved by the rule “cheap”')
  await row(page, 'By bus').getByRole('link').click()
  await expect(part(page, 'What happened then')).toContainText(`Approved by the rule “cheap”, policy ${version.slice(0, 8)}`)
})

test('a batch is one request: items are opened, taken out and carried out one by one', async ({ page, inbox }) => {
  const items = Array.from({ length: 12 }, (_, index) => ({
    type: 'invoice',
    title: `Invoice ${index + 1}`,
    data: { number: index },
  }))
  const answer = await fetch(`${inbox.host.url}/approvals/batch`, {
    method: 'POST',
    headers: { authorization: `Bearer ${inbox.token}`, 'content-type': 'application/json' },
    body: JSON.stringify({ items, approver_email: 'owner@example.com' }),
  })
  const { task_id } = (await answer.json()) as { task_id: string }
  await inbox.open(page)
  await page.keyboard.press('j')
  const list = part(page, '12 items')
  await expect(list.getByRole('listitem')).toHaveCount(3)
  await expect(list).toContainText('and 9 more')
  await page.keyboard.press('p')
  await expect(list.getByRole('checkbox')).toHaveCount(12)
  await expect(list.getByRole('checkbox', { name: 'Keep Invoice 1', exact: true })).toBeFocused()
  await list.getByRole('button', { name: 'Data of Invoice 2', exact: true }).click()
  await expect(list).toContainText('number')
  await list.getByRole('checkbox', { name: 'Keep Invoice 3', exact: true }).uncheck()
  await list.getByRole('checkbox', { name: 'Keep Invoice 5', exact: true }).uncheck()
  await expect(list).toContainText('10 of 12 stay')
  await page.getByRole('button', { name: 'Approve 10 of 12' }).click()
  const dialog = page.getByRole('dialog', { name: 'Approve a part' })
  await expect(dialog.getByRole('region', { name: 'What you leave out' }).getByRole('listitem')).toHaveText([
    'Invoice 3',
    'Invoice 5',
  ])
  await dialog.getByRole('button', { name: 'Approve this part' }).click()
  await expect(part(page, 'Each item').getByRole('listitem').filter({ hasText: 'left out' })).toHaveText([/Invoice 3/, /Invoice 5/])
  await expect(part(page, 'Each item').getByRole('listitem').filter({ hasText: 'done' })).toHaveCount(10)
  expect((await inbox.owner.tasks.status({ task_id })).result).toMatchObject({ processed_items: 10, left_out: 2 })
})

test('a deadline that passed while nobody could see it leaves time to answer', async ({ page, inbox }) => {
  await inbox.ask({ type: 'travel', title: 'To Lisbon', timeout_hours: 2 })
  await inbox.open(page)
  await row(page, 'To Lisbon').getByRole('link').click()
  await expect(request(page, 'To Lisbon')).toContainText('Due in')
  inbox.clock.advance(2.05 * 3_600_000)
  await expect(request(page, 'To Lisbon')).toContainText('while nobody could see it. You can still decide until')
  await page.keyboard.press('a')
  await expect(part(page, 'What happened then')).toContainText('Approved by Owner')
})
