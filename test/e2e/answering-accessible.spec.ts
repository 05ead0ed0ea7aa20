import { checkAccessible } from './axe.ts'
import { expect, type Inbox, part, test } from './fixture.ts'

const windows = [
  { name: 'at 1440', viewport: { width: 1440, height: 900 }, deviceScaleFactor: 1 },
  { name: 'at 390', viewport: { width: 390, height: 844 }, deviceScaleFactor: 1 },
  { name: 'at 200 % zoom', viewport: { width: 720, height: 450 }, deviceScaleFactor: 2 },
] as const

// Recording each look for a trace takes longer than the look.
test.use({ trace: 'off' })

const policy = `rules:
  travel:
    - name: levels
      action: require_approval
      levels:
        - name: Manager
          approvers: [ana@example.com]
          timeout_hours: 4
          escalate: [{ to: [owner@example.com] }]
        - name: Finance
          approvers: [owner@example.com, ana@example.com]
          votes: all
`

/** One request that has been through everything, and one that asks for everything. */
async function seed(inbox: Inbox) {
  const person = { aliases: [], backup: null, assistants: ['owner@example.com'], away: null }
  await inbox.admin.people.savePerson({ ...person, email: 'ana@example.com', name: 'Ana Silva' })
  await inbox.owner.policy.save({ text: policy })
  const chain = await inbox.ask({
    type: 'travel',
    title: 'Through levels',
    amount: '900.00',
    currency: 'EUR',
    editable: ['amount'],
  })
  inbox.clock.advance(4.05 * 3_600_000)
  await expect.poll(async () => (await inbox.owner.approvals.get({ approval_id: chain.id })).escalation?.number).toBe(1)
  await inbox.owner.approvals.decide({ approval_id: chain.id, decision: 'approve', comment: 'Fine.' })
  await inbox.owner.approvals.revise({ approval_id: chain.id, amount: '850.00', data: { nights: 3 } })
  await inbox.owner.approvals.decide({ approval_id: chain.id, decision: 'send_back', comment: 'Which hotel?' })
  const form = await inbox.ask({
    type: 'rollout',
    title: 'With a form',
    timeout_hours: 30,
    editable: ['size', 'dry', 'note'],
    data: { size: 4, dry: true, note: `long ${'words '.repeat(30)}` },
    options: [
      { id: 'canary', label: 'Canary first', outcome: 'approved' },
      { id: 'later', label: 'After the freeze', outcome: 'rejected' },
    ],
    form: {
      type: 'object',
      required: ['ticket'],
      properties: {
        ticket: { type: 'string', title: 'Ticket', description: 'Such as CHG-1' },
        where: { type: 'string', enum: ['here', 'there'] },
        tags: { type: 'array', items: { enum: ['a', 'b'] } },
        sure: { type: 'boolean' },
      },
    },
  })
  const items = Array.from({ length: 12 }, (_, index) => ({ type: 'invoice', title: `Invoice ${index + 1}`, data: { index } }))
  const answer = await fetch(`${inbox.host.url}/approvals/batch`, {
    method: 'POST',
    headers: { authorization: `Bearer ${inbox.token}`, 'content-type': 'application/json' },
    body: JSON.stringify({ items, approver_email: 'owner@example.com' }),
  })
  const { task_id } = (await answer.json()) as { task_id: string }
  const { pending_approvals } = await inbox.owner.tasks.status({ task_id })
  return { chain, form, batch: { id: pending_approvals[0]!.id } }
}

for (const { name, viewport, deviceScaleFactor } of windows) {
  test.describe(name, () => {
    test.use({ viewport, deviceScaleFactor, contextOptions: { reducedMotion: 'reduce' } })
    test.slow()

    test(`whatever can be answered can be answered by everybody ${name}`, async ({ page, inbox }) => {
      const { chain, form, batch } = await seed(inbox)
      const at = async (id: string) => {
        await page.goto(`${inbox.host.url}/#/approvals/${id}`)
        await expect(part(page, 'Timeline')).toBeVisible()
      }
      await inbox.open(page)
      await checkAccessible(page, 'rows of chains and questions')
      await at(chain.id)
      await expect(part(page, 'Who decides')).toBeVisible()
      await page.keyboard.press('d')
      await checkAccessible(page, 'chain, escalation, question, more time')
      await page.keyboard.press('Escape')
      await page.keyboard.press('.')
      await expect(page.getByRole('menu')).toBeVisible()
      await checkAccessible(page, 'menu')
      await page.keyboard.press('Escape')
      await page.keyboard.press('m')
      await expect(page.getByRole('dialog')).toBeVisible()
      await page.getByRole('button', { name: 'Hand over' }).click()
      await checkAccessible(page, 'hand over')
      await page.keyboard.press('Escape')
      await inbox.owner.approvals.revise({ approval_id: chain.id, amount: '800.00' })
      await expect(page.getByRole('button', { name: 'Go on with the changed request' })).toBeVisible()
      await checkAccessible(page, 'changed while looking')
      await at(form.id)
      await page.keyboard.press('e')
      const dialog = page.getByRole('dialog')
      await dialog.getByRole('textbox', { name: 'size' }).fill('many')
      await dialog.getByRole('checkbox', { name: 'dry' }).uncheck()
      await dialog.getByRole('button', { name: 'Approve with these changes' }).click()
      await expect(dialog.getByLabel('Ticket')).toHaveAccessibleDescription('Fill this in.')
      await checkAccessible(page, 'edit with a form')
      await page.keyboard.press('Escape')
      await at(batch.id)
      await page.keyboard.press('p')
      await page.getByRole('article').getByRole('checkbox').nth(2).uncheck()
      await checkAccessible(page, 'items')
      await page.keyboard.press('a')
      await expect(dialog).toBeVisible()
      await checkAccessible(page, 'items left out')
    })
  })
}
