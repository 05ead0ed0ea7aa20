import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { Page, Route } from '@playwright/test'
import { newHome, openTestApp, ownerEmail } from '../support/app.ts'
import { test as base, expect, intercept, messages, part, request, row } from './fixture.ts'
import { type HostProcess, startHostProcess } from './host-process.ts'
import { type Line, startLine } from './line.ts'
import type { Receiver } from './receiver.ts'

/** A browser that reaches the host over a line. */
const test = base.extend<{ line: Line; scene: Scene; heldSeconds: number }>({
  heldSeconds: [0, { option: true }],
  line: async ({}, use) => {
    const line = await startLine()
    await use(line)
    line.close()
  },
  proxy: async ({ line }, use) => use({ server: line.server }),
  scene: async ({ page, receiver, faults, heldSeconds }, use) => {
    faults.expected = unreachable
    await page.addInitScript(() => location.protocol === 'about:' || localStorage.setItem('countersign.advance', 'off'))
    const scene = await openScene(page, receiver, heldSeconds)
    faults.origin = scene.host.url
    await use(scene)
    faults.watching = false
    await page.close()
    await scene.host.kill()
    await rm(scene.home, { recursive: true, force: true })
  },
})

const banner = (page: Page) => page.getByRole('status').filter({ hasText: 'Not connected since' })
const answers = (page: Page) => page.getByRole('list', { name: 'Answers that can be undone' })
const unreachable = /net::ERR_|Failed to fetch/

test.describe('while nothing can be reached', () => {
  test.use({ advances: true })

  test('an answer is refused at once, sends nothing, stays where it is and keeps what was written', async ({
    page,
    line,
    inbox,
    faults,
  }) => {
    faults.expected = unreachable
    for (const n of [1, 2]) await inbox.ask({ type: 'refund', title: `Order ${n}`, timeout_hours: n })
    const sent: string[] = []
    page.on('request', (each) => void (each.method() === 'POST' && sent.push(each.url())))
    await inbox.open(page)
    await row(page, 'Order 1').getByRole('link').click()
    await expect(request(page, 'Order 1')).toBeVisible()
    // From here on the code of the dialogs is there.
    const dialog = page.getByRole('dialog', { name: 'Reject this request?' })
    await page.keyboard.press('r')
    await expect(dialog.getByLabel('Reason')).toBeFocused()
    await page.keyboard.press('Escape')
    await expect(dialog).toHaveCount(0)
    await page.keyboard.press('c')
    await page.keyboard.type('Fine by me.')
    await page.keyboard.press('Escape')
    line.cut()
    await expect(banner(page)).toBeVisible()
    sent.length = 0

    await page.keyboard.press('a')
    await expect(messages(page)).toContainText('Not connected, so nothing was decided.')
    await expect(request(page, 'Order 1')).toBeVisible()
    await expect(page.getByRole('textbox', { name: 'Comment' })).toHaveValue('Fine by me.')
    await page.keyboard.press('r')
    await dialog.getByLabel('Reason').fill('On second thought: no.')
    await dialog.getByRole('button', { name: 'Reject it' }).click()
    await expect(dialog).toBeHidden()
    await expect(request(page, 'Order 1')).toBeVisible()
    expect(sent).toEqual([])
    await page.keyboard.press('h')
    await page.getByRole('dialog', { name: 'Snooze until' }).getByRole('button', { name: 'Until something happens to it' }).click()
    await expect(messages(page)).toContainText('Countersign could not be reached.')
    await expect(request(page, 'Order 1')).toBeVisible()

    line.mend()
    await expect(banner(page)).toBeHidden()
    await page.keyboard.press('r')
    await expect(dialog.getByLabel('Reason')).toHaveValue('On second thought: no.')
    await dialog.getByRole('button', { name: 'Reject it' }).click()
    await expect(request(page, 'Order 2')).toBeVisible()
    await expect(row(page, 'Order 1')).toContainText('Rejected by Owner')
    expect(inbox.decisions()).toMatchObject([{ data: { decision: 'rejected' }, content: { comment: 'On second thought: no.' } }])
  })

  test('several at once are refused too, and stay picked', async ({ page, line, inbox, faults }) => {
    faults.expected = unreachable
    for (const n of [1, 2]) await inbox.ask({ type: 'refund', title: `Order ${n}`, timeout_hours: n })
    await inbox.open(page)
    await expect(row(page, 'Order 2')).toBeVisible()
    await page.keyboard.press('*')
    const picked = page.getByRole('region', { name: '2 selected' })
    await expect(picked).toBeVisible()
    line.cut()
    await expect(banner(page)).toBeVisible()
    await page.keyboard.press('a')
    await expect(messages(page)).toContainText('Not connected, so nothing was decided.')
    await expect(picked).toBeVisible()
    line.mend()
    await expect(banner(page)).toBeHidden()
    await page.keyboard.press('a')
    await expect(messages(page)).toContainText('2 requests were answered.')
    expect(inbox.decisions()).toHaveLength(2)
  })
})

test('what came, was decided and ran out while nothing could be reached is there afterwards, by the clock of the host', async ({
  page,
  line,
  inbox,
  faults,
}) => {
  faults.expected = unreachable
  await inbox.ask({ type: 'refund', title: 'Runs out', timeout_hours: 1, hard_limit: true })
  const decided = await inbox.ask({ type: 'refund', title: 'Decided elsewhere', timeout_hours: 5 })
  await inbox.open(page)
  await row(page, 'Runs out').getByRole('link').click()
  await expect(request(page, 'Runs out')).toContainText('Due in')
  line.cut()
  await expect(banner(page)).toBeVisible()
  await inbox.owner.approvals.decide({ approval_id: decided.id, decision: 'approve' })
  await inbox.ask({ type: 'refund', title: 'Came meanwhile' })
  inbox.clock.advance(3_600_000)
  await expect.poll(() => inbox.decisions().length).toBe(2)
  await expect(request(page, 'Runs out')).toContainText('Due in')
  line.mend()
  await expect(banner(page)).toBeHidden()
  await expect(part(page, 'What happened then')).toContainText('Expired: neither approved nor rejected.')
  await expect(row(page, 'Came meanwhile')).toBeVisible()
  await expect(row(page, 'Decided elsewhere')).toHaveCount(0)
  await expect(page).toHaveTitle('(1) Countersign')
})

test('a line that goes silent without breaking is missed after a while, as after a sleep, and nothing that came meanwhile is lost', async ({
  page,
  line,
  inbox,
  faults,
}) => {
  faults.expected = unreachable
  await page.clock.install()
  await inbox.ask({ type: 'refund', title: 'Before it', timeout_hours: 1 })
  await inbox.open(page)
  await row(page, 'Before it').getByRole('link').click()
  await expect(request(page, 'Before it')).toContainText('Due in')
  line.hush()
  await inbox.ask({ type: 'refund', title: 'Came meanwhile' })
  await page.clock.fastForward(30_000)
  await expect(banner(page)).toBeHidden()
  // The lid is closed, and opened half an hour later.
  inbox.clock.advance(1_800_000)
  await page.clock.fastForward(1_800_000)
  await expect(banner(page)).toBeVisible()
  await expect(request(page, 'Before it')).toContainText(/Due in (29|28) min/)
  await expect(row(page, 'Came meanwhile')).toHaveCount(0)
  await page.keyboard.press('a')
  await expect(messages(page)).toContainText('Not connected, so nothing was decided.')
  line.mend()
  await page.clock.fastForward(21_000)
  await expect(banner(page)).toBeHidden()
  await expect(row(page, 'Came meanwhile')).toBeVisible()
  await page.keyboard.press('a')
  await expect(part(page, 'What happened then')).toContainText('Approved by Owner')
  expect(inbox.decisions()).toHaveLength(1)
})

/** A host that can be killed, in a home of its own, with a program that is told what became of its requests. */
type Scene = {
  readonly home: string
  host: HostProcess
  /** Asks each of these, and opens the first. */
  read(...titles: string[]): Promise<void>
  /** Ends the host without warning, and waits until the page has missed it. */
  kill(): Promise<void>
  /** Starts it again where it was, and waits until the page has met it. */
  restart(): Promise<void>
}

async function openScene(page: Page, receiver: Receiver, undoSeconds: number): Promise<Scene> {
  const home = newHome()
  writeFileSync(join(home, 'config.yaml'), `model:\n  enabled: false\nundo:\n  seconds: ${undoSeconds}\n`)
  const before = await openTestApp({ home })
  const { token } = await before.owner.tokens.create({ name: 'shop', scope: 'submit', callback_url: receiver.url })
  await before.stop()
  const scene: Scene = {
    home,
    host: await startHostProcess(home, ownerEmail, 0),
    async read(...titles) {
      for (const title of titles) {
        await fetch(`${scene.host.url}/requests`, {
          method: 'POST',
          headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
          body: JSON.stringify({ type: 'refund', title }),
        })
      }
      await page.goto(scene.host.link)
      await row(page, titles[0]!).getByRole('link').click()
      await expect(request(page, titles[0]!)).toBeVisible()
    },
    async kill() {
      await scene.host.kill()
      await expect(banner(page)).toBeVisible()
    },
    async restart() {
      scene.host = await startHostProcess(home, ownerEmail, scene.host.port)
      // As when a network is back: it is tried at once.
      await page.evaluate(() => window.dispatchEvent(new Event('online')))
      await expect(banner(page)).toBeHidden({ timeout: 20_000 })
    },
  }
  return scene
}

const kinds = ({ home }: Scene): readonly string[] =>
  readdirSync(join(home, 'journal'))
    .filter((name) => name.endsWith('.jsonl'))
    .flatMap((name) =>
      readFileSync(join(home, 'journal', name), 'utf8')
        .trim()
        .split('\n'),
    )
    .flatMap((line) => line.match(/"type":"(approval_(?:held|unheld|decided))"/)?.[1] ?? [])

test.describe('the application is killed while an answer is held', () => {
  test.describe('and stays away longer than that', () => {
    test.use({ heldSeconds: 2 })

    test('the answer leaves once after the restart, and the page says so', async ({ page, scene, receiver }) => {
      await scene.read('First', 'Another')
      await page.getByRole('button', { name: 'Approve' }).click()
      await expect(answers(page)).toContainText('Approved: First')
      await row(page, 'Another').getByRole('link').click()
      await expect(request(page, 'Another')).toBeVisible()
      await scene.kill()
      await expect(answers(page)).toContainText('Approved: First')
      await scene.restart()
      await expect(answers(page)).toHaveCount(0)
      await expect(row(page, 'First')).toHaveCount(0)
      await page.getByRole('navigation', { name: 'Views' }).getByRole('link', { name: 'Done' }).click()
      await expect(row(page, 'First')).toContainText('Approved by Owner')
      expect(kinds(scene)).toEqual(['approval_held', 'approval_decided'])
      await expect.poll(() => receiver.outcomes.length).toBe(1)
    })
  })

  test.describe('and is back in time', () => {
    test.use({ heldSeconds: 60 })

    test('it can still be taken back, and nobody outside hears of it', async ({ page, scene, receiver }) => {
      await scene.read('Second')
      await page.getByRole('button', { name: 'Approve' }).click()
      await expect(answers(page)).toContainText('Approved: Second')
      await scene.kill()
      await page.keyboard.press('z')
      await expect(messages(page)).toContainText('Countersign could not be reached.')
      await expect(answers(page)).toContainText('Approved: Second')
      await scene.restart()
      await page.keyboard.press('z')
      await expect(messages(page)).toContainText('Taken back: Second. It waits again.')
      await expect(page.getByRole('button', { name: 'Approve' })).toBeEnabled()
      expect(kinds(scene)).toEqual(['approval_held', 'approval_unheld'])
      expect(receiver.outcomes).toEqual([])
    })
  })
})

test('killed with an answer on its way, it is called unanswered, waits again with its words, and is decided once', async ({
  page,
  scene,
}) => {
  await scene.read('Third')
  await page.keyboard.press('c')
  await page.keyboard.type('As agreed.')
  await page.keyboard.press('Escape')
  const killed = async (route: Route) => {
    await scene.host.kill()
    await route.continue()
  }
  await intercept(page, '**/approvals/decide', killed, 1)
  await page.keyboard.press('a')
  await expect(messages(page)).toContainText('No answer came back.')
  await expect(banner(page)).toBeVisible()
  await expect(row(page, 'Third')).not.toContainText('Approving')
  await scene.restart()
  await expect(page.getByRole('textbox', { name: 'Comment' })).toHaveValue('As agreed.')
  expect(kinds(scene)).toEqual([])
  await page.keyboard.press('a')
  await expect(part(page, 'What happened then')).toContainText('As agreed.')
  expect(kinds(scene)).toEqual(['approval_decided'])
})
