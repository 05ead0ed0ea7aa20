import { writeFileSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { newHome, openTestApp, ownerEmail } from '../support/app.ts'
import { systemError } from '../support/storage-double.ts'
import { expect, intercept, messages, part, request, row, test } from './fixture.ts'
import { startHostProcess } from './host-process.ts'

test('a killed application is missed at once, decides nothing, and is met again with everything it had', async ({
  page,
  faults,
}) => {
  faults.expected = /net::ERR_|Failed to fetch/
  const home = newHome()
  writeFileSync(join(home, 'config.yaml'), 'model:\n  enabled: false\nundo:\n  seconds: 0\n')
  await page.addInitScript(() => location.protocol === 'about:' || localStorage.setItem('countersign.advance', 'off'))
  const before = await openTestApp({ home })
  const { token } = await before.owner.tokens.create({ name: 'shop', scope: 'submit' })
  await before.stop()
  const submit = async (url: string, title: string) => {
    const answer = await fetch(`${url}/requests`, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      body: JSON.stringify({ type: 'refund', title }),
    })
    expect(answer.status).toBe(202)
  }
  const first = await startHostProcess(home, ownerEmail, 0)
  faults.origin = first.url
  await submit(first.url, 'Decided before')
  await submit(first.url, 'Waits through it')
  await page.goto(first.link)
  await row(page, 'Decided before').getByRole('link').click()
  await page.getByRole('button', { name: 'Approve' }).click()
  await expect(part(page, 'What happened then')).toContainText('Approved by Owner')
  await row(page, 'Waits through it').getByRole('link').click()
  await expect(request(page, 'Waits through it')).toBeVisible()

  await first.kill()
  const banner = page.getByRole('status').filter({ hasText: 'Not connected since' })
  await expect(banner).toBeVisible()
  await page.keyboard.press('a')
  await expect(messages(page)).toContainText('Not connected, so nothing was decided.')
  await expect(row(page, 'Waits through it')).not.toContainText('Approved')

  const second = await startHostProcess(home, ownerEmail, first.port)
  await submit(second.url, 'Came after it')
  await expect(banner).toBeHidden({ timeout: 20_000 })
  await expect(row(page, 'Came after it')).toBeVisible()
  await expect(row(page, 'Waits through it')).toBeVisible()
  await expect(page).toHaveTitle('(2) Countersign')
  await page.getByRole('button', { name: 'Approve' }).click()
  await expect(part(page, 'What happened then')).toContainText('Approved by Owner')
  await page.reload()
  await expect(row(page, 'Came after it')).toBeVisible()
  await page.getByRole('navigation', { name: 'Views' }).getByRole('link', { name: 'Done' }).click()
  await expect(page.getByRole('list', { name: 'Done' }).getByRole('link')).toHaveText([/Waits through it/, /Decided before/])

  faults.watching = false
  await page.close()
  await second.kill()
  const after = await openTestApp({ home })
  expect(await after.owner.system.verify({})).toMatchObject({ ok: true, problems: [] })
  await after.stop()
  await rm(home, { recursive: true, force: true })
})

test('an answer that never comes is called unanswered, and the request shows what was stored', async ({ page, inbox, faults }) => {
  faults.expected = /net::ERR_|Failed to fetch/
  await inbox.ask({ type: 'refund', title: 'Into the void' })
  await inbox.open(page)
  await row(page, 'Into the void').getByRole('link').click()
  await expect(request(page, 'Into the void')).toBeVisible()
  // The decision arrives and is stored; only its answer is lost.
  await intercept(page, '**/approvals/decide', async (route) => {
    await route.fetch()
    await route.abort('connectionreset')
  })
  await page.keyboard.press('a')
  await expect(messages(page)).toContainText('No answer came back.')
  await expect(part(page, 'What happened then')).toContainText('Approved by Owner')
  expect(inbox.decisions()).toHaveLength(1)
})

test('when the disk takes nothing more, a decision is refused with a sentence and can be made later', async ({ page, inbox }) => {
  await inbox.ask({ type: 'refund', title: 'On a full disk' })
  await inbox.open(page)
  await row(page, 'On a full disk').getByRole('link').click()
  await expect(request(page, 'On a full disk')).toBeVisible()
  inbox.storage.fault = ({ op, path }) =>
    op === 'append' && path.includes('journal') ? { error: systemError('ENOSPC') } : undefined
  await page.keyboard.press('a')
  await expect(messages(page)).toContainText(/Nothing was decided\. .*disk/i)
  await expect(page.getByRole('button', { name: 'Approve' })).toBeEnabled()
  expect(inbox.decisions()).toEqual([])
  inbox.storage.fault = () => undefined
  await page.keyboard.press('a')
  await expect(part(page, 'What happened then')).toContainText('Approved by Owner')
})

test('when the journal cannot be repaired, the page says that nothing can be stored', async ({ page, inbox }) => {
  await inbox.ask({ type: 'refund', title: 'On a broken disk' })
  await inbox.open(page)
  await row(page, 'On a broken disk').getByRole('link').click()
  await expect(request(page, 'On a broken disk')).toBeVisible()
  inbox.storage.fault = ({ op, path }) =>
    (op === 'append' || op === 'truncate' || op === 'sync') && path.includes('journal') ? { error: systemError('EIO') } : undefined
  await page.keyboard.press('a')
  await expect(
    page.getByRole('status').filter({ hasText: 'Nothing can be stored right now, so decisions are refused.' }),
  ).toBeVisible()
  await expect(messages(page)).toContainText('Nothing was decided.')
  await expect(page.getByRole('button', { name: 'Approve' })).toBeEnabled()
  inbox.storage.fault = () => undefined
})
