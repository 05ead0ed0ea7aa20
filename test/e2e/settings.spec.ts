import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { startFakeOllama } from '../support/fake-ollama/fake-ollama.ts'
import { expect, messages, request, row, test } from './fixture.ts'

const run = promisify(execFile)

test('a program is connected: its token is shown once, and the command shown with it works', async ({ page, inbox }) => {
  await inbox.open(page, '/#/settings')
  await page.getByRole('button', { name: 'Connect a program' }).click()
  await expect(page.getByLabel('Name of the program')).toBeFocused()
  await page.getByLabel('Name of the program').fill('expense-tool')
  await expect(page.getByLabel('It may')).toHaveValue('submit')
  await page.getByRole('button', { name: 'Make the token' }).click()
  await expect(page.getByText('Copy it now: it is shown this once.')).toBeVisible()
  const command = await page.locator('pre', { hasText: 'curl' }).textContent()

  const { stdout } = await run('sh', ['-c', command ?? ''])
  expect(JSON.parse(stdout)).toMatchObject({ status: 'waiting', task_id: expect.any(String) })
  await page.getByRole('button', { name: 'I have copied it' }).click()
  await expect(page.getByText('Copy it now: it is shown this once.')).toBeHidden()
  await expect(page.getByText('expense-tool', { exact: true })).toBeVisible()

  await page.getByRole('navigation', { name: 'Views' }).getByRole('link', { name: /Inbox/ }).click()
  await row(page, 'Refund for order 88-1042').getByRole('link').click()
  await expect(request(page, 'Refund for order 88-1042')).toContainText('expense-tool')
  await expect(request(page, 'Refund for order 88-1042')).toContainText('€1,240.00')
})

for (const [scope, words] of [
  ['read', 'read everything'],
  ['decide', 'read and decide as you'],
  ['admin', 'manage settings and tokens'],
] as const) {
  test(`the command shown with a token that may ${words} works`, async ({ page, inbox }) => {
    await inbox.open(page, '/#/settings')
    await page.getByRole('button', { name: 'Connect a program' }).click()
    await page.getByLabel('Name of the program').fill('a reader')
    await page.getByLabel('It may').selectOption({ label: words })
    await page.getByRole('button', { name: 'Make the token' }).click()
    const command = await page.locator('pre', { hasText: 'curl' }).textContent()
    const { stdout } = await run('sh', ['-c', command ?? ''])
    expect(JSON.parse(stdout)).toMatchObject(scope === 'admin' ? { home: inbox.home } : { count: 0 })
  })
}

test('a program that wants to be told gets a secret, and an address that is none is refused', async ({ page, inbox, receiver }) => {
  await inbox.open(page, '/#/settings')
  await page.getByRole('button', { name: 'Connect a program' }).click()
  await page.getByLabel('Name of the program').fill('hooks')
  const callback = page.getByLabel('Send outcomes to (optional)')
  await callback.fill('ftp://tool.example/hooks')
  await page.getByRole('button', { name: 'Make the token' }).click()
  await expect(page.getByRole('alert')).toContainText('That did not work.')
  await callback.fill(receiver.url)
  await page.getByRole('button', { name: 'Make the token' }).click()
  await expect(page.locator('pre', { hasText: 'whsec_' })).toBeVisible()
})

test('a revoked token stops working at once', async ({ page, inbox }) => {
  await inbox.open(page, '/#/settings')
  const revoke = page.getByRole('button', { name: 'Revoke shop-backend' })
  await revoke.click()
  const question = page.getByRole('alertdialog', { name: 'Revoke the token of shop-backend?' })
  await expect(question.getByRole('button', { name: 'Cancel' })).toBeFocused()
  await page.keyboard.press('Escape')
  await expect(question).toBeHidden()
  await inbox.ask({ type: 'refund', title: 'Still possible' })
  await revoke.click()
  await question.getByRole('button', { name: 'Revoke it' }).click()
  await expect(revoke).toBeHidden()
  await expect(messages(page)).toContainText('The credential "shop-backend" works no more.')
  await expect(inbox.ask({ type: 'refund', title: 'Too late' })).rejects.toThrow(/unauthorized/)
})

test('name, model and notifications are changed where they are shown, and kept', async ({ page, inbox }) => {
  const model = await startFakeOllama({ models: [{ name: 'gemma3' }] })
  await inbox.open(page, '/#/settings')
  const you = page.getByRole('region', { name: 'You', exact: true })
  await expect(you.getByRole('button', { name: 'Save' })).toBeDisabled()
  await you.getByLabel('Name').fill('Ana Silva')
  await you.getByRole('button', { name: 'Save' }).click()
  await expect(messages(page)).toContainText('Saved.')
  await expect(page.getByRole('navigation', { name: 'Views' })).toContainText('Ana Silva')

  const section = page.getByRole('region', { name: 'Local model' })
  await section.getByLabel('Ollama address').fill(model.url)
  await section.getByLabel('Model', { exact: true }).fill('gemma3')
  await section.getByRole('button', { name: 'Save' }).click()
  await expect(section.getByRole('button', { name: 'Save' })).toBeDisabled()
  await section.getByRole('switch').click()
  await expect(section.getByRole('switch')).toBeChecked()
  await expect(page.getByRole('region', { name: 'What works here' })).toContainText('gemma3')
  const deadlines = page.getByRole('switch', { name: 'Tell me when a deadline nears or has passed' })
  await deadlines.click()
  await expect(deadlines).not.toBeChecked()
  await expect.poll(async () => (await inbox.owner.settings.get({})).notifications.deadlines).toBe(false)

  await page.reload()
  await expect(you.getByLabel('Name')).toHaveValue('Ana Silva')
  await expect(section.getByLabel('Model', { exact: true })).toHaveValue('gemma3')
  await expect(section.getByRole('switch')).toBeChecked()
  await expect(deadlines).not.toBeChecked()
  expect(await inbox.owner.settings.get({})).toMatchObject({
    owner: { name: 'Ana Silva' },
    model: { enabled: true, host: model.url, name: 'gemma3' },
  })
  await inbox.owner.settings.update({ model: { enabled: false } })
  await model.close()
})

test('a setting that makes no sense is refused with a sentence and changes nothing', async ({ page, inbox }) => {
  await inbox.open(page, '/#/settings')
  const section = page.getByRole('region', { name: 'Local model' })
  await section.getByLabel('Model', { exact: true }).fill('two words')
  await section.getByRole('button', { name: 'Save' }).click()
  await expect(section.getByRole('alert')).toContainText('must be the name of a model such as llama3.2')
  expect((await inbox.owner.settings.get({})).model.name).toBe('llama3.2')
})

test('the journal is verified from the settings, and a changed one is called so', async ({ page, inbox }) => {
  await inbox.ask({ type: 'refund', title: 'Kept for ever' })
  await inbox.open(page, '/#/settings')
  await page.getByRole('button', { name: 'Verify the journal' }).click()
  await expect(page.getByText(/All \d+ records in 1 segments? are as they were written\./)).toBeVisible()
  inbox.tamper('Kept for ever', 'Kept for long')
  await page.getByRole('button', { name: 'Verify the journal' }).click()
  await expect(page.getByText('The journal was changed:')).toBeVisible()
})
