import { execFile } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { Webhook } from 'standardwebhooks'
import { expect, test } from './fixture.ts'

const run = promisify(execFile)

test('a request posted with curl is approved with one key, and the waiting program gets its signed answer', async ({
  page,
  inbox,
  receiver,
}) => {
  await inbox.open(page)
  await expect(page.getByRole('heading', { name: 'Nothing waits for you.' }).last()).toBeVisible()

  const { stdout } = await run('curl', [
    '-sS',
    `${inbox.host.url}/requests`,
    '-H',
    `Authorization: Bearer ${inbox.token}`,
    '-H',
    'Content-Type: application/json',
    '-d',
    JSON.stringify({ type: 'refund', title: 'Refund order 88-1042', amount: 1240, currency: 'EUR', data: { order_id: '88-1042' } }),
  ])
  const { task_id } = JSON.parse(stdout) as { task_id: string }
  const waiting = run('curl', [
    '-sS',
    `${inbox.host.url}/tasks/${task_id}/wait?timeout_seconds=60`,
    '-H',
    `Authorization: Bearer ${inbox.token}`,
  ])

  const row = page.getByRole('listitem').filter({ hasText: 'Refund order 88-1042' })
  await expect(row).toBeVisible()
  await row.click()
  await expect(page.getByRole('heading', { name: 'Refund order 88-1042' })).toBeVisible()
  await expect(page.getByText('order_id')).toBeVisible()
  await page.keyboard.press('a')

  const answer = JSON.parse((await waiting).stdout) as { status: string; result: { status: string; decided_by: string } }
  expect(answer).toMatchObject({ status: 'completed', result: { status: 'approved', decided_by: 'owner@example.com' } })

  await expect.poll(() => receiver.outcomes.length).toBe(1)
  const { headers, body } = receiver.outcomes[0]!
  const [secret] = Object.values(JSON.parse(readFileSync(join(inbox.home, 'secrets.json'), 'utf8')) as Record<string, string>)
  const told = new Webhook(String(secret)).verify(body, headers as Record<string, string>)
  expect(told).toMatchObject({ data: { task_id, status: 'completed', result: { status: 'approved' } } })
})
