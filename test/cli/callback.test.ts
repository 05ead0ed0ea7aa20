import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Webhook } from 'standardwebhooks'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { Receiver, until } from '../core/channels/receiver.ts'
import { cli } from './run.ts'
import { type Served, serve } from './server.ts'

/** Each case starts processes; a busy machine takes its time. */
vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 })

const turns = 5_000_000
let home: string
let server: Served
let receiver: Receiver
let made: { token: string; callback_secret: string }

beforeAll(async () => {
  home = mkdtempSync(join(tmpdir(), 'countersign-callback-'))
  receiver = await new Receiver().open()
  server = await serve(home)
  const args = ['token', 'create', '--name', 'erp', '--scope', 'submit', '--callback-url', receiver.url, '--json']
  made = JSON.parse((await cli(args, { home })).out)
})

afterAll(async () => {
  await server.stop()
  await receiver.close()
  rmSync(home, { recursive: true })
})

async function submit(id: string): Promise<string> {
  const response = await fetch(`${server.url}/expenses/submit`, {
    method: 'POST',
    headers: { authorization: `Bearer ${made.token}`, 'content-type': 'application/json' },
    body: JSON.stringify({
      expense_data: { id, amount: '1240.00', currency: 'EUR', submitter_email: 'bob@example.com' },
      approver_email: 'ada@example.com',
    }),
  })
  expect(response.status).toBe(200)
  return ((await response.json()) as { task_id: string }).task_id
}

/** What the receiver got, as the Standard Webhooks library accepts it. */
const verified = () =>
  receiver.received.map(({ headers, body }) => ({
    id: String(headers['webhook-id']),
    message: new Webhook(made.callback_secret).verify(body, headers as Record<string, string>) as Record<string, unknown>,
  }))

test('tells the sender, signed, what a person decided', async () => {
  const task_id = await submit('E-1')
  expect(await cli(['reject', task_id, '--comment', 'no receipt'], { home })).toMatchObject({ code: 0 })
  await until(() => receiver.received.length === 1, turns)
  expect(verified()[0]?.message).toMatchObject({
    type: 'task.completed',
    data: {
      type: 'expense',
      task_id,
      status: 'completed',
      result: { status: 'rejected' },
      decision: { outcome: 'rejected', reason: 'no receipt' },
    },
  })
  for (;;) {
    const { deliveries } = JSON.parse((await cli(['show', task_id, '--json'], { home })).out)
    if (deliveries[0]?.state === 'delivered') break
  }
})

test('tells the sender though the server is killed before it could', async () => {
  receiver.answer = () => 'hang'
  const task_id = await submit('E-2')
  expect(await cli(['approve', task_id], { home })).toMatchObject({ code: 0 })
  await until(() => receiver.received.length === 2, turns)
  await server.stop('SIGKILL')
  receiver.answer = () => ({ status: 204 })
  server = await serve(home)
  await until(() => receiver.received.length === 3, turns)
  const [, second, third] = verified()
  expect(third).toEqual(second)
  expect(third?.message).toMatchObject({ data: { task_id, decision: { outcome: 'approved' } } })
})
