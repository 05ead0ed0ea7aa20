import { startFakeOllama } from '../support/fake-ollama/fake-ollama.ts'
import { expect, messages, test } from './fixture.ts'

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
  await section.getByRole('button', { name: 'Save' }).click()
  await expect(section.getByRole('button', { name: 'Save' })).toBeDisabled()
  await section.getByRole('switch').click()
  await expect(section.getByRole('switch')).toBeChecked()
  await expect(section.getByText('Ollama runs. llama3.2 is not here yet.')).toBeVisible()
  await section.getByRole('combobox', { name: 'Model' }).selectOption('gemma3')
  await expect(section.getByText('gemma3 is ready.')).toBeVisible()
  await section.getByRole('button', { name: 'Summarise a sample now' }).click()
  await expect(section.getByText(/It took \d/)).toBeVisible()
  await expect(page.getByRole('region', { name: 'What works here' })).toContainText('gemma3')
  const deadlines = page.getByRole('switch', { name: 'Tell me when a deadline nears or has passed' })
  await deadlines.click()
  await expect(deadlines).not.toBeChecked()
  await expect.poll(async () => (await inbox.owner.settings.get({})).notifications.deadlines).toBe(false)

  await page.reload()
  await expect(you.getByLabel('Name')).toHaveValue('Ana Silva')
  await expect(section.getByRole('combobox', { name: 'Model' })).toHaveValue('gemma3')
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
  await section.getByRole('combobox', { name: 'Model' }).selectOption({ label: 'Another one…' })
  await section.getByLabel('Name of the model').fill('two words')
  await section.getByRole('button', { name: 'Use it' }).click()
  await expect(section.getByRole('alert')).toContainText('must be the name of a model such as llama3.2')
  expect((await inbox.owner.settings.get({})).model.name).toBe('llama3.2')
})
