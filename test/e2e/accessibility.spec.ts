import { startFakeOllama } from '../support/fake-ollama/fake-ollama.ts'
import { systemError } from '../support/storage-double.ts'
import { checkAccessible as check } from './axe.ts'
import { expect, type Inbox, messages, part, test } from './fixture.ts'
import type { Receiver } from './receiver.ts'

/** 720 by 450 with twice the pixels is what a window of 1440 by 900 shows at 200 %. */
const windows = [
  { name: 'at 1440', viewport: { width: 1440, height: 900 }, deviceScaleFactor: 1 },
  { name: 'at 390', viewport: { width: 390, height: 844 }, deviceScaleFactor: 1 },
  { name: 'at 200 % zoom', viewport: { width: 720, height: 450 }, deviceScaleFactor: 2 },
] as const

// Recording each look for a trace takes longer than the look.
test.use({ trace: 'off' })

const hostile = {
  type: 'payment',
  title: 'Invoice\u202Egnp.exe',
  description: 'Please pay at once.',
  requester: 'ana@example.com',
  amount: 48_000,
  currency: 'EUR',
  priority: 'urgent',
  timeout_hours: 2,
  data: {
    payee: 'Acme',
    link: 'https://shop.example/orders/88-1042',
    disguised: 'https://bank.example@evil.example/pay',
    command: 'rm -rf build\nls',
    nested: { city: 'Lisbon', list: ['one', 'two'] },
    lines: [
      { sku: 'A-1', quantity: 2 },
      { sku: 'B-2', quantity: 5 },
    ],
    story: `start ${'word '.repeat(400)}end`,
  },
}

/** Requests in every state that a person can meet. */
async function seed(inbox: Inbox, receiver: Receiver) {
  const model = await startFakeOllama({
    scenario: {
      kind: 'ok',
      answer: { summary: 'Ana asks for EUR 9,999.00 for Berlin.', impact: 'It is paid.', risk: 'low', flags: [] },
    },
  })
  const expired = await inbox.ask({ type: 'refund', title: 'Nobody came', timeout_hours: 0.5 })
  inbox.clock.advance(31 * 60_000)
  receiver.answers = { outcome: { status: 410, body: {} }, action: { status: 500, body: { error: 'the bank is closed' } } }
  const dead = await inbox.ask({ type: 'refund', title: 'Not taken', amount: 12, currency: 'EUR' })
  await inbox.owner.approvals.decide({ approval_id: dead.id, decision: 'reject', comment: 'Too expensive.' })
  const stuck = await inbox.ask({ type: 'payment', title: 'Pay the plumber' })
  await inbox.owner.approvals.decide({ approval_id: stuck.id, decision: 'approve' })
  await expect
    .poll(async () => {
      inbox.clock.advance(20_000)
      return (await inbox.owner.tasks.status({ task_id: stuck.taskId })).status
    })
    .toBe('needs_review')
  const own = await inbox.ask({ type: 'refund', title: 'My own idea', requester: 'owner@example.com', timeout_hours: 0.2 })
  const other = await inbox.ask({ type: 'refund', title: 'For somebody else', approver_email: 'bo@example.com' })
  const high = await inbox.ask(hostile)
  await inbox.owner.settings.update({ model: { enabled: true, host: model.url } })
  const summarised = await inbox.ask({ type: 'expense', title: 'Travel', requester: 'Ana', amount: '1240.00', currency: 'EUR' })
  await expect.poll(async () => (await inbox.owner.approvals.get({ approval_id: summarised.id })).summary.origin).toBe('model')
  await inbox.owner.settings.update({ model: { enabled: false } })
  await model.close()
  return { expired, dead, stuck, own, other, high, summarised }
}

for (const { name, viewport, deviceScaleFactor } of windows) {
  test.describe(name, () => {
    test.use({ viewport, deviceScaleFactor, contextOptions: { reducedMotion: 'reduce' } })

    test(`lists and requests can be used by everybody ${name}`, async ({ page, inbox, receiver }) => {
      const at = async (hash: string) => page.goto(`${inbox.host.url}/#${hash}`)
      await page.goto(inbox.host.url)
      await expect(page.getByRole('heading', { name: 'Sign in' })).toBeVisible()
      await check(page, 'sign in')
      await inbox.open(page)
      await expect(page.getByRole('heading', { name: 'Nothing waits for you.' }).filter({ visible: true })).toBeVisible()
      await check(page, 'empty inbox')
      const seeded = await seed(inbox, receiver)
      const arrivals = page.getByRole('button', { name: /new, show/ })
      await expect(arrivals).toBeVisible()
      await check(page, 'arrivals and banners')
      await arrivals.click()
      await check(page, 'list')
      for (const [screen, { id }] of Object.entries(seeded)) {
        await at(`/approvals/${id}`)
        await expect(part(page, 'Timeline')).toBeVisible()
        await check(page, screen)
      }
      await at(`/approvals/${seeded.high.id}`)
      await part(page, 'Raw payload')
        .getByText(/^▸?Raw payload/)
        .click()
      await page.getByRole('button', { name: 'Comment' }).click()
      await expect(page.getByRole('textbox', { name: 'Comment' })).toBeVisible()
      await check(page, 'raw payload and comment')
      await page.getByRole('button', { name: 'Approve' }).click()
      await expect(page.getByRole('alertdialog')).toBeVisible()
      await check(page, 'high risk question')
      await page.keyboard.press('Escape')
      await at(`/approvals/${seeded.own.id}`)
      await page.getByRole('button', { name: 'Reject' }).click()
      await page.getByRole('button', { name: 'Reject it' }).click()
      await expect(page.getByRole('dialog')).toContainText('Say why')
      await check(page, 'reject without a reason')
      await page.keyboard.press('Escape')
      await page.getByRole('button', { name: 'Approve' }).click()
      await expect(messages(page)).toContainText('You requested this yourself')
      await check(page, 'refused')
      await at('/approvals/nothing')
      await expect(page.getByText('This request is not here.')).toBeVisible()
      await check(page, 'missing request')
    })

    test(`everything else can be used by everybody ${name}`, async ({ page, inbox, receiver }) => {
      const at = async (hash: string) => page.goto(`${inbox.host.url}/#${hash}`)
      const { summarised } = await seed(inbox, receiver)
      await inbox.open(page, '/#/done')
      await expect(page.getByRole('list', { name: 'Done' })).toBeVisible()
      await check(page, 'done')
      await at('/done?q=nothing')
      await expect(page.getByText('Nothing matches.')).toBeVisible()
      await check(page, 'nothing matches')
      await at('/review')
      await expect(page.getByRole('button', { name: 'Send again' }).first()).toBeVisible()
      await check(page, 'needs review')
      for (const [pane, group] of [
        ['', 'You'],
        ['/alerts', 'Alerts'],
        ['/requests', 'Limits'],
        ['/model', 'Local model'],
      ] as const) {
        await at(`/settings${pane}`)
        await expect(page.getByRole('region', { name: group, exact: true })).toBeVisible()
        await check(page, `settings${pane}`)
      }
      await at('/settings/machine')
      await expect(page.getByRole('region', { name: 'What works here' }).getByRole('listitem').first()).toBeVisible()
      await check(page, 'settings/machine')
      await at('/sources')
      await page.getByRole('button', { name: 'Connect a program' }).click()
      await check(page, 'new token')
      await page.getByLabel('Name of the program').fill('expense-tool')
      await page.getByLabel('Send outcomes to (optional)').fill(receiver.url)
      await page.getByRole('button', { name: 'Make the token' }).click()
      await expect(page.getByText('Copy it now: it is shown this once.')).toBeVisible()
      await check(page, 'token')
      await page.getByRole('button', { name: 'Revoke shop-backend' }).click()
      await expect(page.getByRole('alertdialog')).toBeVisible()
      await check(page, 'revoke question')
      await page.keyboard.press('Escape')
      await at('/audit')
      await page.getByRole('button', { name: 'Verify now' }).click()
      await expect(page.getByText('are as they were written')).toBeVisible()
      await check(page, 'verified journal')
      await at('/settings')
      await page.getByRole('button', { name: 'Show all keys' }).click()
      await expect(page.getByRole('dialog', { name: 'Keys' })).toBeVisible()
      await check(page, 'keys')
      await page.keyboard.press('Escape')
      await at(`/approvals/${summarised.id}`)
      await expect(part(page, 'Summary').locator('mark').first()).toBeVisible()
      inbox.storage.fault = ({ op, path }) =>
        (op === 'append' || op === 'truncate' || op === 'sync') && path.includes('journal')
          ? { error: systemError('EIO') }
          : undefined
      await page.getByRole('button', { name: 'Approve' }).click()
      await expect(page.getByRole('status').filter({ hasText: 'Nothing can be stored right now' })).toBeVisible()
      await check(page, 'read-only')
      inbox.storage.fault = () => undefined
    })

    test.describe(() => {
      test.use({ owned: false })

      test(`the first start can be used by everybody ${name}`, async ({ page, inbox }) => {
        await page.goto(inbox.host.signInLink())
        await expect(page.getByRole('heading', { name: 'Welcome to Countersign' })).toBeVisible()
        await check(page, 'first start')
      })
    })
  })
}
