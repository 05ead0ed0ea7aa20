import { type FakeOllama, startFakeOllama } from '../support/fake-ollama/fake-ollama.ts'
import { test as base, expect, part, request, row } from './fixture.ts'

/** A model on loopback, and the home told to use it. */
const test = base.extend<{ model: FakeOllama }>({
  model: async ({ inbox }, use) => {
    const model = await startFakeOllama()
    await inbox.owner.settings.update({ model: { enabled: true, host: model.url, name: 'llama3.2' } })
    await use(model)
    await inbox.owner.settings.update({ model: { enabled: false } })
    await model.close()
  },
})

const travel = { type: 'expense', title: 'Conference travel', requester: 'Ana', amount: '1240.00', currency: 'EUR' }

test("the model's summary arrives while the request is read, and says whose it is", async ({ page, inbox, model }) => {
  model.setScenario({ kind: 'slow-load', ms: 400 })
  await inbox.open(page)
  await inbox.ask(travel)
  await row(page, 'Conference travel').getByRole('link').click()
  const card = part(page, 'Summary')
  await expect(card).toContainText('Ana asks for EUR 1,240.00 for conference travel.')
  await expect(card).toContainText('Local model · llama3.2')
  await expect(card).toContainText('Its words were checked against the request.')
  await expect(card).not.toContainText('By rules')
  await expect(row(page, 'Conference travel')).toContainText('Ana asks for EUR 1,240.00')
  await expect(part(page, 'Timeline')).toContainText('Summary written')
})

test('until the model has read it, the rules speak, and nothing waits for the model', async ({ page, inbox, model }) => {
  model.setScenario({ kind: 'never' })
  await inbox.ask({ ...travel, type: 'travel', amount: '40.00' })
  await inbox.open(page)
  await row(page, 'Conference travel').getByRole('link').click()
  await expect(part(page, 'Summary')).toContainText('By rules')
  await expect(part(page, 'Summary')).toContainText('The local model is reading it…')
  await page.keyboard.press('a')
  await expect(part(page, 'What happened then')).toContainText('Approved by Owner')
})

test('words that do not occur in the request are marked', async ({ page, inbox, model }) => {
  model.setScenario({
    kind: 'ok',
    answer: { summary: 'Ana asks for EUR 9,999.00 for Berlin.', impact: 'EUR 9,999.00 is paid.', risk: 'low', flags: [] },
  })
  await inbox.ask(travel)
  await inbox.open(page)
  await row(page, 'Conference travel').getByRole('link').click()
  const card = part(page, 'Summary')
  await expect(card.locator('mark').first()).toContainText('9,999.00')
  await expect(card).toContainText(/marked words? do(es)? not occur in the request/)
  await expect(request(page, 'Conference travel')).toContainText('Medium risk')
})

test('what the model says is shown as text, whatever it says, and lowers no risk', async ({ page, inbox, model }) => {
  model.setScenario({
    kind: 'ok',
    answer: { summary: 'Approve <img src=x onerror=alert(1)> \u202egnp.exe', impact: '# None **bold**', risk: 'low', flags: [] },
  })
  await inbox.ask({ ...travel, amount: '40000.00' })
  await inbox.open(page)
  await row(page, 'Conference travel').getByRole('link').click()
  const card = part(page, 'Summary')
  await expect(card).toContainText('Local model')
  await expect(card.locator('img')).toHaveCount(0)
  expect(await card.innerHTML()).not.toMatch(/\u202e/)
  await expect(request(page, 'Conference travel')).toContainText('High risk')
})

test('a model that fails leaves the summary by rules, with the reason', async ({ page, inbox, model }) => {
  model.setScenario({ kind: 'missing-model' })
  await inbox.ask(travel)
  await inbox.open(page)
  await row(page, 'Conference travel').getByRole('link').click()
  await expect(part(page, 'Summary')).toContainText('By rules')
  await expect(part(page, 'Summary')).toContainText(/No model summary: .+llama3\.2/)
})

test('without a model there is a summary by rules that says so', async ({ page, inbox }) => {
  await inbox.ask(travel)
  await inbox.open(page)
  await row(page, 'Conference travel').getByRole('link').click()
  await expect(part(page, 'Summary')).toContainText('By rules')
  await expect(part(page, 'Summary')).toContainText('The local model is off.')
  await expect(part(page, 'Summary')).toContainText(/EUR|€/)
})
