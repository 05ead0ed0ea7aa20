import { filesWith } from '../core/erasure/scene.ts'
import { checkAccessible } from './axe.ts'
import { expect, messages, test } from './fixture.ts'

const word = 'quixoticzebra'

test('what an ended request said is erased with the keyboard, and the page says who did it and why', async ({ page, inbox }) => {
  const { id, taskId } = await inbox.ask({ type: 'refund', title: `Refund ${word}`, data: { customer: word } })
  await inbox.open(page, `/#/all/${id}`)
  await expect(page.getByRole('heading', { name: `Refund ${word}` })).toBeVisible()
  const open = page.getByRole('button', { name: 'Erase what it said' })
  await expect(open).toHaveCount(0)
  await inbox.owner.approvals.decide({ approval_id: id, decision: 'reject', comment: `no ${word}` })
  await inbox.owner.tasks.wait({ task_id: taskId, timeout_seconds: 10 })

  await open.press('Enter')
  const dialog = page.getByRole('alertdialog', { name: 'Erase what this request said?' })
  await expect(dialog).toContainText('every field of the request')
  await expect(dialog).toContainText('that it was asked and how it ended')
  await checkAccessible(page, 'erasing')
  const erase = dialog.getByRole('button', { name: 'Erase for ever' })
  await dialog.getByLabel('Why').fill('Ada asked for it')
  await expect(erase).toBeDisabled()
  await page.keyboard.press('Escape')
  await expect(open).toBeFocused()

  await page.keyboard.press('Enter')
  await dialog.getByLabel('Why').fill('Ada asked for it')
  await dialog.getByLabel('Type “erase” to confirm').fill('erase')
  await page.keyboard.press('Enter')
  await expect(messages(page)).toContainText('What it said is erased.')
  const note = page.getByRole('region', { name: 'Erased', exact: true })
  await expect(note).toContainText('erased what this request said.')
  await expect(note).toContainText('Why: Ada asked for it')
  await expect(page.locator('#request-title')).toBeFocused()
  await expect(page.getByText(word)).toHaveCount(0)
  await expect(open).toHaveCount(0)
  await checkAccessible(page, 'erasing')
  expect(filesWith(inbox.home, word)).toEqual([])

  await page.goto(`${inbox.host.url}/#/runs/${taskId}`)
  await expect(page.getByRole('region', { name: 'Erased', exact: true })).toContainText('Ada asked for it')
  await page.goto(`${inbox.host.url}/#/audit`)
  await expect(page.getByText(/erased what .* said: Ada asked for it/)).toBeVisible()
})

test('how long requests are kept says what a change would erase before it is saved', async ({ page, inbox }) => {
  const { id, taskId } = await inbox.ask({ type: 'refund', title: 'Refund 1' })
  await inbox.owner.approvals.decide({ approval_id: id, decision: 'reject', comment: 'no' })
  await inbox.owner.tasks.wait({ task_id: taskId, timeout_seconds: 10 })
  inbox.clock.advance(3 * 86_400_000)
  await inbox.open(page, '/#/settings/requests')
  const section = page.getByRole('region', { name: 'How long requests are kept' })
  await section.getByLabel('Requests of every type').fill('0')
  await expect(section.getByRole('alert')).toContainText('from 1 to 36,500')
  await section.getByLabel('Requests of every type').fill('2')
  await expect(section.getByRole('status')).toContainText('This would erase 1 of 1 ended request.')
  await expect(section.getByRole('status')).toContainText('It begins an hour after saving')
  await section.getByRole('button', { name: 'Add a type' }).click()
  await section.getByLabel('Type', { exact: true }).fill('refund')
  await section.getByLabel('Days for refund').fill('2555')
  await expect(section.getByRole('status')).toContainText('none of the 1 ended requests')
  await section.getByLabel('Types on legal hold').fill('claim')
  await checkAccessible(page, 'erasing')
  await section.getByRole('button', { name: 'Save' }).click()
  await expect(messages(page)).toContainText('Saved.')
  await expect(section.getByText(/It is looked next/)).toBeVisible()
  expect((await inbox.owner.erasure.retention({})).rules).toEqual({
    days: 2,
    types: { refund: 2555 },
    hold: { runs: [], types: ['claim'] },
  })
})
