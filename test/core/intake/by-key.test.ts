import { rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { WebSocket } from 'ws'
import { type Listener, startListener } from '../../../electron/core/intake/listener.ts'
import { newHome, openTestApp, type TestApp } from '../../support/app.ts'

/** The whole application, asked by key over HTTP and WebSocket as other programs do. */
let home: string
let app: TestApp
let listener: Listener
const tokens: Record<string, string> = {}

beforeAll(async () => {
  home = newHome()
  await writeFile(
    join(home, 'config.yaml'),
    `model:
  enabled: false
people:
  - { email: ana@example.com, name: Ana }
  - { email: ben@example.com, name: Ben }
delegations:
  - { from: ana@example.com, to: ben@example.com, starts_at: 2020-01-01T00:00:00Z, ends_at: 2099-01-01T00:00:00Z }
hooks:
  shop: { scheme: bearer, secret: shop, type: refund, title: body.title, approver_email: ben@example.com }
`,
  )
  await writeFile(join(home, 'secrets.json'), '{"shop":"hunter2hunter2"}')
  app = await openTestApp({ home })
  listener = await startListener(app.app, { web: null, port: 0 })
  for (const [name, person] of [
    ['ben', 'ben@example.com'],
    ['ana', 'ana@example.com'],
    ['eva', 'eva@example.com'],
  ] as const)
    tokens[name] = (await app.owner.tokens.create({ name, scope: 'decide', person })).token
})
afterAll(async () => {
  await listener.stop()
  await app.stop()
  await rm(home, { recursive: true, force: true })
})

async function decide(token: string, body: object) {
  const answer = await fetch(`${listener.url}/webhooks/approve`, {
    method: 'POST',
    headers: { authorization: `Bearer ${tokens[token]}`, 'content-type': 'application/json' },
    body: JSON.stringify(body),
  })
  // biome-ignore lint/suspicious/noExplicitAny: each test knows which shape it asked for
  return { status: answer.status, json: (await answer.json()) as any }
}

async function ask(request: object): Promise<{ run: string; id: string; step: string }> {
  const { task_id } = await app.source.requests.submitRequest({ type: 'budget', title: 'Budget', ...request } as never)
  const { items } = await app.owner.approvals.list({ run_id: task_id })
  return { run: task_id, id: items[0]!.id, step: items[0]!.step }
}

/** Every item a WebSocket sends, until it closes. */
function watch(key: string, token = 'ben') {
  const socket = new WebSocket(`${listener.url.replace('http', 'ws')}/api/approvals/${encodeURIComponent(key)}/stream`, {
    headers: { authorization: `Bearer ${tokens[token]}` },
  })
  const items: { status: string; revision: number; data: unknown }[] = []
  let first = () => {}
  const opened = new Promise<void>((resolve) => (first = resolve))
  socket.on('message', (data) => {
    items.push(JSON.parse(String(data)))
    first()
  })
  const closed = new Promise<number>((resolve) => socket.on('close', resolve))
  return { items, opened, closed }
}

test('a delivery waits for its approver, who is watched deciding it by run and step', async () => {
  const answer = await fetch(`${listener.url}/hooks/shop`, {
    method: 'POST',
    headers: { authorization: 'Bearer hunter2hunter2', 'content-type': 'application/json' },
    body: '{"title":"Refund order 1042"}',
  })
  expect(answer.status).toBe(202)
  const { task_id } = (await answer.json()) as { task_id: string }
  const { items } = await app.owner.approvals.list({ run_id: task_id })
  expect(items[0]).toMatchObject({
    title: 'Refund order 1042',
    source: 'hook:shop',
    source_name: 'shop',
    approvers: ['ben@example.com'],
  })
  const key = `${task_id}:${items[0]!.step}`
  const stream = watch(key)
  await stream.opened
  const said = await decide('ben', { key, action: 'approve', reason: 'Seen the photo' })
  expect(said).toMatchObject({ status: 200, json: { approval_id: items[0]!.id, status: 'approved', key, action: 'approve' } })
  expect(await stream.closed).toBe(1000)
  expect(stream.items.map(({ status }) => status)).toEqual(['pending', ...stream.items.slice(2).map(() => 'pending'), 'approved'])
})

test('fifty deliveries of one event at the same time are one request', async () => {
  const deliver = async () => {
    const answer = await fetch(`${listener.url}/hooks/shop`, {
      method: 'POST',
      headers: { authorization: 'Bearer hunter2hunter2', 'content-type': 'application/json', 'idempotency-key': 'event-7' },
      body: '{"title":"Refund order 1043"}',
    })
    return `${answer.status} ${await answer.text()}`
  }
  const answers = new Set(await Promise.all(Array.from({ length: 50 }, deliver)))
  expect([...answers]).toEqual([expect.stringMatching(/^202 .*run_/)])
  expect((await app.owner.approvals.list({ search: '1043' })).total).toBe(1)
})

test('the same decision again gets the same answer, another one a conflict', async () => {
  const { id } = await ask({ approver_email: 'ben@example.com' })
  const first = await decide('ben', { key: id, action: 'reject', reason: 'No' })
  const again = await decide('ben', { key: id, action: 'reject', reason: 'No' })
  const other = await decide('ben', { key: id, action: 'approve' })
  expect([first.status, first.json.status, again]).toEqual([200, 'rejected', first])
  expect([other.status, other.json.code, other.json.decided_by]).toEqual([409, 'already-decided', 'ben@example.com'])
})

test('an edit approves what was edited, once', async () => {
  const original = { amount: 5000, note: 'for the fair', lines: [{ id: 1, qty: 2 }] }
  const { id } = await ask({ approver_email: 'ben@example.com', editable: ['amount', '/lines'], data: original })
  const edited = { ...original, amount: 4500, lines: [{ id: 1, qty: 1 }] }
  const stale = await decide('ben', { key: id, action: 'edit', originalValue: { ...original, amount: 1 }, editedValue: edited })
  expect([stale.status, stale.json.code, stale.json.differences]).toEqual([
    409,
    'stale-version',
    [{ pointer: '/amount', before: 1, after: 5000 }],
  ])
  const forbidden = await decide('ben', { key: id, action: 'edit', editedValue: { note: 'for me' } })
  expect([forbidden.status, forbidden.json.code]).toEqual([403, 'not-editable'])
  const call = { key: id, action: 'edit', originalValue: original, editedValue: edited }
  const first = await decide('ben', call)
  expect([first.status, first.json.status]).toEqual([200, 'approved'])
  expect((await app.owner.approvals.get({ approval_id: id })).data).toEqual(edited)
  expect(await decide('ben', call)).toEqual(first)
  const other = await decide('ben', { ...call, editedValue: { ...edited, amount: 1 } })
  expect([other.status, other.json.code]).toEqual([409, 'already-decided'])
})

test('somebody who acts for another says so, and nobody else can', async () => {
  const { id } = await ask({ approver_email: 'ana@example.com' })
  const stranger = await decide('eva', { key: id, action: 'approve', actorId: 'ana@example.com' })
  expect([stranger.status, stranger.json.code]).toEqual([403, 'not-approver'])
  const said = await decide('ben', { key: id, action: 'approve', actorId: 'ana@example.com' })
  expect(said.status).toBe(200)
  const { decision } = await app.owner.approvals.get({ approval_id: id })
  expect(decision).toMatchObject({ actor: { id: 'ben@example.com' }, on_behalf_of: { email: 'ana@example.com' } })
})
