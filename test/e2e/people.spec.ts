import type { Locator, Page } from '@playwright/test'
import { expect, messages, test } from './fixture.ts'
import { office } from './seeds.ts'

const list = (page: Page, name: string): Locator => page.getByRole('list', { name, exact: true }).first()
const row = (page: Page, name: string): Locator =>
  page
    .getByRole('main')
    .getByRole('listitem')
    .filter({ hasText: name })
    .filter({ has: page.getByRole('button') })

const hours = (n: number) => new Date(Date.now() + n * 3_600_000)
const local = (date: Date) => {
  const two = (n: number) => String(n).padStart(2, '0')
  return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}T${two(date.getHours())}:${two(date.getMinutes())}`
}

test('a person is entered, refused where something is wrong, changed and removed', async ({ page, inbox }) => {
  await office(inbox)
  await inbox.open(page, '/#/people')
  await page.getByRole('button', { name: 'Add a person' }).press('Enter')
  const sheet = page.getByRole('dialog', { name: 'Add a person' })
  await sheet.getByLabel('Name', { exact: true }).fill('Ana Silva')
  await sheet.getByLabel('E-mail address').fill('ana@example.com')
  await sheet.getByRole('combobox', { name: 'Other addresses and spellings' }).fill('bberg')
  await page.keyboard.press('Enter')
  await expect(sheet.getByRole('button', { name: 'Remove bberg' })).toBeVisible()
  await sheet.getByRole('button', { name: 'Save' }).click()
  await expect(sheet).toContainText('belongs to bo@example.com already')
  await expect(sheet.getByRole('combobox', { name: 'Other addresses and spellings' })).toHaveAttribute('aria-invalid', 'true')
  await sheet.getByRole('button', { name: 'Remove bberg' }).click()
  await sheet.getByLabel('Backup').selectOption({ label: 'Bo Berg' })
  await sheet.getByRole('button', { name: 'Save' }).press('Enter')
  await expect(sheet).toBeHidden()
  await expect(messages(page)).toContainText('Ana Silva is saved.')
  await expect(row(page, 'Ana Silva')).toContainText('Bo Berg stands in while away')

  await page.getByRole('button', { name: 'Change Ana Silva' }).click()
  const change = page.getByRole('dialog', { name: 'Change Ana Silva' })
  await expect(change.getByLabel('E-mail address')).toHaveAttribute('readonly', '')
  await change.getByRole('combobox', { name: 'Assistants' }).fill('cem@example.com')
  await change.getByRole('button', { name: 'Save' }).click()
  await expect(row(page, 'Ana Silva')).toContainText('Cem Çelik may decide for them')
  const { people } = await inbox.owner.people.get({})
  expect(people.find((each) => each.email === 'ana@example.com')).toMatchObject({
    name: 'Ana Silva',
    backup: 'bo@example.com',
    assistants: ['cem@example.com'],
  })

  await page.getByRole('button', { name: 'Remove Ana Silva' }).click()
  const question = page.getByRole('alertdialog', { name: 'Remove Ana Silva?' })
  await expect(question.getByRole('button', { name: 'Cancel' })).toBeFocused()
  await question.getByRole('button', { name: 'Remove' }).click()
  await expect(page.getByRole('button', { name: 'Change Ana Silva' })).toBeHidden()
  // What had the focus is gone with the row; the next Tab goes on in the page and not from its very beginning.
  await expect(page.locator('#content')).toBeFocused()
})

test('a group is made, given members, and removed', async ({ page, inbox }) => {
  await inbox.open(page, '/#/people/groups')
  await expect(page.getByText('There are no groups yet.')).toBeVisible()
  await page.getByRole('button', { name: 'Add a group' }).click()
  const sheet = page.getByRole('dialog', { name: 'Add a group' })
  await sheet.getByLabel('Name').fill('The Board')
  await sheet.getByRole('button', { name: 'Save' }).click()
  await expect(sheet).toContainText('must be lower-case letters')
  await sheet.getByLabel('Name').fill('board')
  await sheet.getByLabel('Title (optional)').fill('The board')
  await sheet.getByRole('combobox', { name: 'Members' }).fill('bo@example.com, cem@example.com')
  await page.keyboard.press('Enter')
  await page.keyboard.press('Enter')
  await expect(sheet).toBeHidden()
  await expect(row(page, 'The board')).toContainText('2 members')
  expect((await inbox.owner.people.get({})).groups).toEqual([
    { name: 'board', label: 'The board', members: ['bo@example.com', 'cem@example.com'] },
  ])
  await page.getByRole('button', { name: 'Remove The board' }).click()
  await page.getByRole('alertdialog').getByRole('button', { name: 'Remove' }).click()
  await expect(page.getByText('There are no groups yet.')).toBeVisible()
})

test('one press says that you are out of office, and one that you are back', async ({ page, inbox }) => {
  await office(inbox)
  await inbox.open(page, '/#/people')
  const you = page.getByRole('region', { name: 'You' })
  await expect(you).toContainText('You are here.')
  await you.getByRole('button', { name: 'For a week' }).press('Enter')
  await expect(you).toContainText('You are out of office until')
  await expect(you).toContainText('Nobody stands in for you')
  const mine = async () => (await inbox.owner.people.get({})).people.find((each) => each.email === 'owner@example.com')
  expect(await mine()).toMatchObject({ is_away: true })
  await you.getByRole('button', { name: 'I am back' }).click()
  await expect(you).toContainText('You are here.')
  expect((await mine())?.away ?? null).toBeNull()

  await you.getByRole('button', { name: 'Other dates' }).click()
  await you.getByRole('button', { name: 'Set these dates' }).click()
  await expect(you).toContainText('Say until when.')
  await you.getByLabel('From').fill(local(hours(24)))
  await you.getByLabel('Until').fill(local(hours(2)))
  await you.getByRole('button', { name: 'Set these dates' }).click()
  await expect(you).toContainText('It has to end after it begins.')
  await you.getByLabel('Until').fill(local(hours(48)))
  await you.getByRole('button', { name: 'Set these dates' }).click()
  await expect(you).toContainText('You will be out of office from')
})

test('decisions are handed over for a time, within limits, and taken back', async ({ page, inbox }) => {
  await office(inbox)
  await inbox.open(page, '/#/people/delegations')
  await expect(page.getByText('Nobody decides for somebody else.')).toBeVisible()
  await page.getByRole('button', { name: 'Hand over decisions' }).click()
  const sheet = page.getByRole('dialog', { name: 'Hand over decisions' })
  await sheet.getByLabel('To whom').selectOption({ label: 'Bo Berg' })
  await sheet.getByRole('button', { name: 'Hand them over' }).click()
  await expect(sheet).toContainText('Say until when.')
  await sheet.getByLabel('Until').fill(local(hours(48)))
  await sheet.getByRole('combobox', { name: /Only these types/ }).fill('expense')
  await sheet.getByLabel(/^Up to/).fill('a lot')
  await sheet.getByRole('button', { name: 'Hand them over' }).click()
  await expect(sheet).toContainText('must be a number or a decimal string')
  await sheet.getByLabel(/^Up to/).fill('1000.00')
  await sheet.getByLabel('Currency').fill('eur')
  await sheet.getByLabel('Reason (optional)').fill('Holidays')
  await sheet.getByRole('button', { name: 'Hand them over' }).click()
  await expect(sheet).toBeHidden()
  const now = page.getByRole('region', { name: 'Now' })
  await expect(now).toContainText('Bo Berg decides for')
  await expect(now).toContainText('up to €1,000.00')
  await expect(now).toContainText('expense')
  await expect(now).toContainText('Holidays')
  await expect(page.getByRole('region', { name: 'You' })).toContainText('Bo Berg can decide for you now.')
  await now.getByRole('button', { name: /End now/ }).click()
  await expect(messages(page)).toContainText('The delegation has ended.')
  await expect(now).toBeHidden()
})

test('somebody is found among many by any spelling', async ({ page, inbox }) => {
  await office(inbox)
  const members = Array.from({ length: 30 }, (_, index) => `person${index}@example.com`)
  await inbox.owner.people.saveGroup({ name: 'everybody', label: '', members })
  await inbox.open(page, '/#/people')
  await expect(row(page, 'person29@example.com')).toContainText('Named here, not entered yet')
  await page.getByRole('searchbox', { name: 'Find a person' }).fill('bber')
  await expect(list(page, 'People').getByRole('listitem')).toHaveCount(1)
  await expect(row(page, 'Bo Berg')).toBeVisible()
  await page.getByRole('searchbox', { name: 'Find a person' }).fill('nobody at all')
  await expect(page.getByText('Nobody goes by that.')).toBeVisible()
})

test('who does not administer sees people and no way to change them', async ({ page, inbox }) => {
  await office(inbox)
  await page.route('**/session', async (route) => {
    if (route.request().method() !== 'GET') return route.continue()
    const answer = await route.fetch()
    await route.fulfill({ response: answer, json: { ...(await answer.json()), scopes: ['read', 'decide'] } })
  })
  await inbox.open(page, '/#/people')
  await expect(list(page, 'People')).toContainText('Bo Berg')
  await expect(page.getByRole('button', { name: /^(Add|Change|Remove)/ })).toHaveCount(0)
  await page.getByRole('link', { name: /Delegations/ }).click()
  await page.getByRole('button', { name: 'Hand over my decisions' }).click()
  await expect(page.getByRole('dialog').getByLabel('Whose decisions')).toHaveCount(0)
})
