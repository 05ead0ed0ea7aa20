import { execFile } from 'node:child_process'
import { appendFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import type { Page } from '@playwright/test'
import { checkAccessible } from './axe.ts'
import { expect, type Inbox, messages, request, row, test } from './fixture.ts'

const run = promisify(execFile)

async function connect(page: Page, name: string): Promise<void> {
  await page.getByRole('button', { name: 'Connect a program' }).click()
  await expect(page.getByLabel('Name of the program')).toBeFocused()
  await page.getByLabel('Name of the program').fill(name)
}

const program = (page: Page, name: string) =>
  page.getByRole('region', { name: 'Programs that ask' }).getByRole('listitem').filter({ hasText: name })

test('a program is connected: its token is shown once, the command works, and its first request is noticed', async ({
  page,
  inbox,
}) => {
  await inbox.open(page, '/#/sources')
  await connect(page, 'expense-tool')
  await expect(page.getByLabel('It may')).toHaveValue('submit')
  await page.getByRole('button', { name: 'Make the token' }).click()
  await expect(page.getByText('Copy it now: it is shown this once.')).toBeVisible()
  await expect(page.getByText('Waiting for the first request of expense-tool…')).toBeVisible()
  await checkAccessible(page, 'a token')
  const command = await page.getByRole('tabpanel').locator('pre').textContent()
  const { stdout } = await run('sh', ['-c', command ?? ''])
  expect(JSON.parse(stdout)).toMatchObject({ status: 'waiting', task_id: expect.any(String) })
  await expect(page.getByText('The first request of expense-tool is here.')).toBeVisible()
  await page.getByRole('button', { name: 'I have copied it' }).click()
  await expect(page.getByText('Copy it now: it is shown this once.')).toBeHidden()
  await expect(program(page, 'expense-tool')).toContainText(/Requests1.*Today1.*Waiting1/)
  await expect(program(page, 'expense-tool')).toContainText('Last used just now')
  await page.getByRole('navigation', { name: 'Views' }).getByRole('link', { name: /Inbox/ }).click()
  await row(page, 'Refund for order 88-1042').getByRole('link').click()
  await expect(request(page, 'Refund for order 88-1042')).toContainText('expense-tool')
  await expect(request(page, 'Refund for order 88-1042')).toContainText('€1,240.00')
})

test('the same request is sent from Node and from Python', async ({ page, inbox }) => {
  await inbox.open(page, '/#/sources')
  await connect(page, 'scripts')
  await page.getByRole('button', { name: 'Make the token' }).click()
  const code = page.getByRole('tabpanel').locator('pre')
  await page.getByRole('tab', { name: 'Node' }).click()
  await run(process.execPath, ['--input-type=module', '-e', (await code.textContent()) ?? ''])
  await expect(program(page, 'scripts')).toContainText('Requests1')
  await page.getByRole('tab', { name: 'PowerShell' }).click()
  await expect(code).toContainText(/^Invoke-RestMethod -Method Post -Uri 'http:\/\/127\.0\.0\.1:\d+\/requests' `\n/)
  await page.getByRole('tab', { name: 'Python' }).click()
  const python = await run('python3', ['-c', (await code.textContent()) ?? '']).catch((error: NodeJS.ErrnoException) => error)
  if (python instanceof Error && python.code === 'ENOENT') return console.info('There is no Python here: its example was not run.')
  await expect(program(page, 'scripts')).toContainText('Requests2')
})

for (const [scope, words] of [
  ['read', 'read everything'],
  ['decide', 'read and decide as you'],
  ['admin', 'manage settings and tokens'],
] as const) {
  test(`the command shown with a token that may ${words} works`, async ({ page, inbox }) => {
    await inbox.open(page, '/#/sources')
    await connect(page, 'a reader')
    await page.getByLabel('It may').selectOption({ label: words })
    await page.getByRole('button', { name: 'Make the token' }).click()
    const command = await page.locator('pre', { hasText: 'curl' }).textContent()
    const { stdout } = await run('sh', ['-c', command ?? ''])
    expect(JSON.parse(stdout)).toMatchObject(scope === 'admin' ? { home: inbox.home } : { count: 0 })
    await expect(page.getByRole('region', { name: 'Keys' })).toContainText('a reader')
  })
}

test('a program that wants to be told gets a secret, and an address that is none is refused', async ({ page, inbox, receiver }) => {
  await inbox.open(page, '/#/sources')
  await connect(page, 'hooks')
  const callback = page.getByLabel('Send outcomes to (optional)')
  await callback.fill('ftp://tool.example/hooks')
  await page.getByRole('button', { name: 'Make the token' }).click()
  await expect(page.getByRole('alert')).toContainText('That did not work.')
  await callback.fill(receiver.url)
  await page.getByRole('button', { name: 'Make the token' }).click()
  await expect(page.locator('pre', { hasText: 'whsec_' })).toBeVisible()
})

test('a revoked token stops working at once, and the question says what that means', async ({ page, inbox }) => {
  await inbox.ask({ type: 'refund', title: 'Already there' })
  await inbox.open(page, '/#/sources')
  const revoke = page.getByRole('button', { name: 'Revoke shop-backend' })
  await revoke.click()
  const question = page.getByRole('alertdialog', { name: 'Revoke shop-backend?' })
  await expect(question.getByRole('button', { name: 'Cancel' })).toBeFocused()
  await expect(question).toContainText('for good: there is no way to bring it back')
  await expect(question).toContainText('1 request of its can still be decided')
  await page.keyboard.press('Escape')
  await expect(question).toBeHidden()
  await inbox.ask({ type: 'refund', title: 'Still possible' })
  await revoke.click()
  await question.getByRole('button', { name: 'Revoke' }).click()
  await expect(revoke).toBeHidden()
  await expect(messages(page)).toContainText('The credential "shop-backend" works no more.')
  await expect(inbox.ask({ type: 'refund', title: 'Too late' })).rejects.toThrow(/unauthorized/)
})

test('another browser is signed out from here', async ({ page, inbox, browser }) => {
  await inbox.open(page, '/#/sources')
  const context = await browser.newContext()
  const other = await context.newPage()
  await other.goto(inbox.host.signInLink())
  await expect(other.getByRole('navigation', { name: 'Views' })).toBeVisible()
  const sessions = page.getByRole('region', { name: 'Signed-in browsers' }).getByRole('listitem')
  await expect(sessions).toHaveCount(2, { timeout: 10_000 })
  await expect(sessions.filter({ hasText: 'this browser' })).toHaveCount(1)
  await sessions.filter({ hasNotText: 'this browser' }).getByRole('button').click()
  await page.getByRole('alertdialog').getByRole('button', { name: 'Sign out' }).click()
  await expect(sessions).toHaveCount(1)
  await other.reload()
  await expect(other.getByRole('heading', { name: 'Sign in' })).toBeVisible()
  await context.close()
})

async function withHooks(inbox: Inbox): Promise<void> {
  process.env.TEST_HOOK_SECRET = 'sesame-sesame-sesame'
  appendFileSync(
    join(inbox.home, 'config.yaml'),
    'hooks:\n  shop: { scheme: bearer, secret_env: TEST_HOOK_SECRET, type: refund }\n  deploys: { scheme: github, secret_env: NOT_SET_ANYWHERE, type: deployment }\n',
  )
  inbox.clock.advance(3_000)
}

test('hooks show their address, what is wrong with them, and a delivery that works', async ({ page, inbox }) => {
  await withHooks(inbox)
  await inbox.open(page, '/#/sources')
  const hooks = page.getByRole('region', { name: 'Hooks' }).getByRole('listitem')
  await expect(hooks).toHaveCount(2, { timeout: 10_000 })
  const broken = hooks.filter({ hasText: 'deploys' })
  await expect(broken).toContainText('Takes nothing at the moment: secret_env: no environment variable of that name is set.')
  const shop = hooks.filter({ hasText: '/hooks/shop' })
  await expect(shop).not.toContainText('Takes nothing')
  await checkAccessible(page, 'sources with hooks')
  await shop.getByText('Test delivery').click()
  const command = await shop.locator('pre').textContent()
  const { stdout } = await run('bash', ['-c', command ?? ''], { env: { ...process.env, SECRET: process.env.TEST_HOOK_SECRET } })
  expect(JSON.parse(stdout)).toMatchObject({ status: 'waiting' })
  await expect(shop).toContainText('Requests1')
})

test('what is given up is said, with the way to it; without a program there is a word of help', async ({
  page,
  inbox,
  receiver,
}) => {
  receiver.answers = { ...receiver.answers, outcome: { status: 410, body: {} } }
  const { id } = await inbox.ask({ type: 'refund', title: 'Nobody takes it' })
  await inbox.owner.approvals.decide({ approval_id: id, decision: 'reject', comment: 'No' })
  await inbox.open(page, '/#/sources')
  await expect
    .poll(async () => {
      inbox.clock.advance(60_000)
      return (await inbox.owner.sources.list({})).items.find(({ name }) => name === 'shop-backend')?.usage.deliveries.dead
    })
    .toBe(1)
  await expect(program(page, 'shop-backend')).toContainText('1 given up', { timeout: 10_000 })
  await page.getByRole('link', { name: 'Look at what was given up' }).click()
  await expect(page.getByRole('button', { name: 'Send again' })).toBeVisible()
  for (const { id: token_id } of (await inbox.owner.tokens.list({})).items) await inbox.owner.tokens.revoke({ token_id })
  await page.goto(`${inbox.host.url}/#/sources`)
  await expect(page.getByRole('heading', { name: 'No program is connected yet.' })).toBeVisible()
  await checkAccessible(page, 'no sources')
})
