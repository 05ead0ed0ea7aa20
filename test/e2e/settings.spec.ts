import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Page } from '@playwright/test'
import { startFakeOllama } from '../support/fake-ollama/fake-ollama.ts'
import { checkAccessible } from './axe.ts'
import { expect, type Inbox, messages, test } from './fixture.ts'

const pane = (page: Page, name: string) =>
  page.getByRole('main').getByRole('navigation', { name: 'Settings' }).getByRole('link', { name, exact: true }).press('Enter')

const configOf = (inbox: Inbox) => join(inbox.home, 'config.yaml')
const config = (inbox: Inbox) => readFileSync(configOf(inbox), 'utf8')

/** Lets the clock run until the file was looked at; an open page is told by itself. */
const readAgain = (inbox: Inbox, problems: number) =>
  expect
    .poll(async () => {
      inbox.clock.advance(3000)
      return (await inbox.owner.settings.get({})).problems.length
    })
    .toBe(problems)

test('name, model and notifications are changed where they are shown, and kept', async ({ page, inbox }) => {
  const model = await startFakeOllama({ models: [{ name: 'gemma3' }] })
  await inbox.open(page, '/#/settings')
  const you = page.getByRole('region', { name: 'You', exact: true })
  await expect(you.getByRole('button', { name: 'Save' })).toBeDisabled()
  await you.getByLabel('Name').fill('Ana Silva')
  await you.getByRole('button', { name: 'Save' }).click()
  await expect(messages(page)).toContainText('Saved.')
  await expect(page.getByRole('navigation', { name: 'Views' })).toContainText('Ana Silva')

  await pane(page, 'Model')
  const section = page.getByRole('region', { name: 'Local model' })
  await section.getByLabel('Ollama address').fill(model.url)
  await section.getByRole('button', { name: 'Save' }).click()
  await expect(section.getByRole('button', { name: 'Save' })).toBeDisabled()
  await section.getByRole('switch').click()
  await expect(section.getByRole('switch')).toBeChecked()
  await expect(section.getByText('Ollama runs. llama3.2 is not here yet.')).toBeVisible()
  await section.getByRole('combobox', { name: 'Model' }).selectOption('gemma3')
  await expect(section.getByText('gemma3 is ready.')).toBeVisible()
  await section.getByRole('button', { name: 'Summarise a sample now' }).click()
  await expect(section.getByText(/It took \d/)).toBeVisible()
  await pane(page, 'This machine')
  await expect(page.getByRole('region', { name: 'What works here' })).toContainText('gemma3')
  await pane(page, 'Alerts')
  const deadlines = page.getByRole('switch', { name: 'Tell me when a deadline nears or has passed' })
  await deadlines.click()
  await expect(deadlines).not.toBeChecked()
  await expect.poll(async () => (await inbox.owner.settings.get({})).notifications.deadlines).toBe(false)

  await page.reload()
  await expect(deadlines).not.toBeChecked()
  await pane(page, 'General')
  await expect(you.getByLabel('Name')).toHaveValue('Ana Silva')
  await pane(page, 'Model')
  await expect(section.getByRole('combobox', { name: 'Model' })).toHaveValue('gemma3')
  await expect(section.getByRole('switch')).toBeChecked()
  expect(await inbox.owner.settings.get({})).toMatchObject({
    owner: { name: 'Ana Silva' },
    model: { enabled: true, host: model.url, name: 'gemma3' },
  })
  await inbox.owner.settings.update({ model: { enabled: false } })
  await model.close()
})

test('a setting that makes no sense is refused with a sentence and changes nothing', async ({ page, inbox }) => {
  await inbox.open(page, '/#/settings/model')
  const section = page.getByRole('region', { name: 'Local model' })
  await section.getByRole('combobox', { name: 'Model' }).selectOption({ label: 'Another one…' })
  await section.getByLabel('Name of the model').fill('two words')
  await section.getByRole('button', { name: 'Use it' }).click()
  await expect(section.getByRole('alert')).toContainText('must be the name of a model such as llama3.2')
  expect((await inbox.owner.settings.get({})).model.name).toBe('llama3.2')
})

test('how long an answer can be taken back, and what is refused, is said where it is set', async ({ page, inbox }) => {
  await inbox.open(page, '/#/settings/requests')
  const undo = page.getByRole('region', { name: 'Taking an answer back' })
  await expect(undo).toContainText('Every answer leaves this machine at once.')
  await undo.getByRole('combobox').selectOption('10')
  await expect(undo).toContainText('Where the risk is high, it is 20 seconds.')
  const limits = page.getByRole('region', { name: 'Limits' })
  await limits.getByLabel('Largest request').fill('512')
  await limits.getByLabel('Largest request').press('Enter')
  await expect.poll(async () => (await inbox.owner.settings.get({})).limits.body_bytes).toBe(512 * 1024)
  // What is no such number is put back, and nothing is saved.
  await limits.getByLabel('Requests that wait at the same time').fill('0')
  await limits.getByLabel('Requests that wait at the same time').press('Tab')
  await expect(limits.getByLabel('Requests that wait at the same time')).toHaveValue('200000')
  const told = page.getByRole('region', { name: 'Telling others' })
  await told.getByLabel('A program has to take its outcome within').fill('45')
  await told.getByLabel(/^Tell this address/).fill('https://chat.example/T0/hush')
  await told.getByRole('button', { name: 'Save' }).click()
  await expect(told.getByRole('button', { name: 'Save' })).toBeDisabled()
  expect(await inbox.owner.settings.get({})).toMatchObject({ undo: { seconds: 10 }, deliveries: { timeout_seconds: 45 } })
  expect(config(inbox)).toContain('webhook: https://chat.example/T0/hush')
})

test('what is done after an approval is entered, changed and taken out by keyboard', async ({ page, inbox }) => {
  writeFileSync(
    configOf(inbox),
    config(inbox).replace('actions:\n', 'actions:\n  # the old way\n  deployment:\n    command: [node, deploy.mjs, "two words"]\n'),
  )
  await inbox.owner.settings.update({ undo: { seconds: 1 } })
  await inbox.open(page, '/#/settings/requests')
  const section = page.getByRole('region', { name: 'After an approval' })
  await expect(section.getByRole('listitem')).toHaveCount(2)
  await expect(section.getByRole('listitem').first()).toContainText('Runs node deploy.mjs "two words"')
  await section.getByRole('button', { name: 'Add an action' }).press('Enter')
  const sheet = page.getByRole('dialog')
  await sheet.getByLabel('Type of request').fill('Refund')
  await sheet.getByLabel('Address').fill('http://127.0.0.1:9/refunds')
  await sheet.getByRole('button', { name: 'Add a header' }).press('Enter')
  await sheet.getByLabel('Name of header 1').fill('Authorization')
  await sheet.getByLabel('What header 1 says').fill('Bearer hush')
  await sheet.getByLabel('What header 1 says').press('Enter')
  await expect(sheet.getByText(/^must be a request type/)).toBeVisible()
  await checkAccessible(page, 'an action with a mistake')
  await sheet.getByLabel('Type of request').fill('refund')
  await sheet.getByLabel('Type of request').press('Enter')
  await expect(messages(page)).toContainText('What is done after refund is saved.')
  const row = section.getByRole('listitem').filter({ hasText: 'refund' })
  await expect(row).toContainText('POST to http://127.0.0.1:9/refunds')
  await expect(row).toContainText('with Authorization')
  await row.getByRole('button', { name: 'Change what is done after refund' }).press('Enter')
  await expect(sheet.getByLabel('What header 1 says')).toHaveValue('')
  await sheet.getByLabel('Address').fill('http://127.0.0.1:9/refunds/v2')
  await sheet.getByLabel('Address').press('Enter')
  await expect(row).toContainText('/refunds/v2')
  expect(config(inbox)).toContain('Authorization: Bearer hush')
  expect(config(inbox)).toContain('# the old way')
  await row.getByRole('button', { name: 'Remove what is done after refund' }).press('Enter')
  await page.getByRole('alertdialog').getByRole('button', { name: 'Remove' }).press('Enter')
  await expect(row).toHaveCount(0)
  expect(config(inbox)).not.toContain('hush')
})

test('a browser names no program: it shows the lines for the file', async ({ page, inbox }) => {
  await inbox.open(page, '/#/settings/requests')
  await page.getByRole('button', { name: 'Add an action' }).click()
  const sheet = page.getByRole('dialog')
  await sheet.getByLabel('Type of request').fill('deployment')
  await sheet.getByRole('radio', { name: 'A command on this machine' }).check()
  await sheet.getByRole('textbox', { name: 'Command' }).fill('node\ndeploy.mjs\ntwo words')
  await expect(sheet.getByRole('group', { name: 'Command' })).toContainText('command: ["node", "deploy.mjs", "two words"]')
  await expect(sheet.getByRole('button', { name: 'Save' })).toHaveCount(0)
  await checkAccessible(page, 'a command')
})

test('a port waits for the next start and says so; other names count at once', async ({ page, inbox }) => {
  await inbox.open(page, '/#/settings/machine')
  const section = page.getByRole('region', { name: 'Address' })
  await section.getByLabel('Port', { exact: true }).fill('7272')
  await section.getByRole('button', { name: 'Save' }).click()
  await expect(section).toContainText(`It is ${new URL(inbox.host.url).port} until Countersign is started again, then 7272.`)
  await section.getByRole('combobox', { name: /^Other names/ }).fill('inbox.lan')
  await section.getByRole('combobox', { name: /^Other names/ }).press('Enter')
  await expect.poll(async () => (await inbox.owner.settings.get({})).http).toEqual({ port: 7272, hosts: ['inbox.lan'] })
  await section.getByRole('button', { name: /inbox\.lan/ }).press('Enter')
  await expect.poll(async () => (await inbox.owner.settings.get({})).http.hosts).toEqual([])
})

test('a file that was broken by hand is shown on every pane with line and column, and the last good settings stay', async ({
  page,
  inbox,
}) => {
  await inbox.open(page, '/#/settings/requests')
  const undo = page.getByRole('region', { name: 'Taking an answer back' })
  await undo.getByRole('combobox').selectOption('10')
  await expect.poll(() => config(inbox)).toContain('seconds: 10')
  const good = config(inbox)
  writeFileSync(configOf(inbox), good.replace('seconds: 10', 'secnds: 30'))
  const line = good.split('\n').findIndex((text) => text.includes('seconds: 10')) + 1
  await readAgain(inbox, 1)
  for (const name of ['General', 'Alerts', 'Requests', 'Model', 'This machine']) {
    await pane(page, name)
    await expect(page.getByRole('alert')).toContainText(
      `/undo/secnds line ${line}, column 3: “secnds” is not known here; did you mean “seconds”?`,
    )
  }
  await pane(page, 'Requests')
  await expect(undo.getByRole('combobox')).toHaveValue('10')
  await undo.getByRole('combobox').selectOption('15')
  await expect(undo.getByRole('alert')).toContainText('has to be corrected first')
  await expect(undo.getByRole('combobox')).toHaveValue('10')
  expect(config(inbox)).toContain('secnds: 30')
  writeFileSync(configOf(inbox), good)
  await readAgain(inbox, 0)
  await expect(page.getByRole('alert').filter({ hasText: 'secnds' })).toHaveCount(0)
})
