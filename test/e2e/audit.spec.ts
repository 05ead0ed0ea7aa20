import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { checkAccessible } from './axe.ts'
import { expect, test } from './fixture.ts'

test('the journal is read as sentences that open to the record as it is written', async ({ page, inbox }) => {
  const asked = await inbox.ask({ type: 'refund', title: 'Refund for Bo', amount: '1240.00', currency: 'EUR' })
  await inbox.open(page, `/#/approvals/${asked.id}`)
  await page.getByRole('button', { name: 'Approve' }).click()
  await expect.poll(() => inbox.decisions().length).toBe(1)
  await page.keyboard.press('g')
  await page.keyboard.press('a')
  await expect(page.getByRole('heading', { name: 'Audit', level: 1 })).toBeVisible()
  const records = page.getByRole('list', { name: 'Records' }).getByRole('listitem')
  const decision = records.filter({ hasText: 'approved “Refund for Bo”, €1,240.00' })
  await expect(decision).toContainText('from the browser, 127.0.0.1')
  await decision.getByRole('button').click()
  const [written] = inbox.decisions() as readonly { seq: number; hash: string; prev: string }[]
  await expect(decision).toContainText(written!.hash)
  await expect(decision).toContainText(written!.prev)
  await expect(decision.getByRole('group', { name: 'The record' })).toContainText('"type": "approval_decided"')
  await checkAccessible(page, 'audit')
  await decision.getByRole('link', { name: 'Open the request' }).click()
  await expect(page.getByRole('article', { name: 'Refund for Bo' })).toBeVisible()
})

test('records are searched by keyboard, the search is in the address, and new ones announce themselves', async ({
  page,
  inbox,
}) => {
  const first = await inbox.ask({ type: 'refund', title: 'One' })
  await inbox.ask({ type: 'refund', title: 'Two' })
  await inbox.open(page, '/#/audit')
  const records = page.getByRole('list', { name: 'Records' }).getByRole('listitem')
  await page.getByLabel('What happened').fill('token')
  await page.keyboard.press('Enter')
  await expect(page).toHaveURL(/audit\?q=type%3Atoken$/)
  await expect(records.filter({ hasText: 'made the token shop-backend' })).toBeVisible()
  await expect(records.filter({ hasText: 'asked' })).toHaveCount(0)
  await page.goto(`${inbox.host.url}/#/audit?q=id:${first.taskId}`)
  await expect(records.filter({ hasText: '“One”' }).first()).toBeVisible()
  await expect(records.filter({ hasText: '“Two”' })).toHaveCount(0)
  await expect(page.getByLabel('Id', { exact: true })).toHaveValue(first.taskId)
  await page.getByLabel('Who did it').fill('nobody of that name')
  await page.getByLabel('Who did it').press('Enter')
  await expect(page.getByRole('heading', { name: 'No record fits.' })).toBeVisible()
  await checkAccessible(page, 'no record')
  await page.getByRole('button', { name: 'Clear' }).click()
  await expect(records.filter({ hasText: '“Two”' }).first()).toBeVisible()
  await inbox.ask({ type: 'refund', title: 'Three' })
  await page.getByRole('button', { name: /^\d+ newer records?$/ }).click()
  await expect(records.filter({ hasText: '“Three”' }).first()).toBeVisible()
})

test('older records come page by page', async ({ page, inbox }) => {
  for (let n = 1; n <= 30; n++) await inbox.ask({ type: 'refund', title: `Request ${n}` })
  const { total } = await inbox.owner.audit.list({ limit: 1 })
  expect(total).toBeGreaterThan(60)
  await inbox.open(page, '/#/audit')
  const records = page.getByRole('list', { name: 'Records' }).getByRole('listitem')
  await expect(records).toHaveCount(50)
  await page.getByRole('button', { name: 'Show older ones' }).click()
  await expect(records).not.toHaveCount(50)
  await expect(page.getByText(/^\d+ records$/)).toBeVisible()
})

test('the journal is verified and exported from here, and a changed one is called so', async ({ page, inbox }) => {
  await inbox.ask({ type: 'refund', title: 'Kept for ever' })
  await inbox.open(page, '/#/audit')
  await page.getByRole('button', { name: 'Verify now' }).click()
  await expect(page.getByText(/All \d+ records are as they were written/)).toBeVisible()
  const downloaded = page.waitForEvent('download')
  await page.getByRole('button', { name: 'Export' }).click()
  const download = await downloaded
  expect(download.suggestedFilename()).toMatch(/^countersign-audit-\d{4}-\d{2}-\d{2}\.jsonl$/)
  expect(readFileSync(await download.path(), 'utf8')).toBe(readFileSync(join(inbox.home, 'journal', '00000001.jsonl'), 'utf8'))
  await checkAccessible(page, 'an export with its proof')
  for (const [button, name] of [
    ['Save checkpoints', 'checkpoints.jsonl'],
    ['Save the program', 'verify.mjs'],
  ] as const) {
    const saved = page.waitForEvent('download')
    await page.getByRole('button', { name: button }).click()
    expect((await saved).suggestedFilename()).toBe(name)
  }
  inbox.tamper('Kept for ever', 'Kept for long')
  await page.getByRole('button', { name: 'Verify now' }).click()
  await expect(page.getByText(/The journal was changed or damaged in \d+ places?:/)).toBeVisible()
  await page.reload()
  await expect(page.getByText('Changed on disk').first()).toBeVisible()
  await checkAccessible(page, 'a damaged journal')
})
