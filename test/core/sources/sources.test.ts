import { mkdtempSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { type Headless, startHeadless } from '../../../electron/headless/host.ts'
import { clientFor, ownerEmail, silentLog } from '../../support/app.ts'

let home: string
let host: Headless

const start = () => startHeadless({ home, port: 0, log: silentLog, owner: ownerEmail })

beforeEach(async () => {
  home = mkdtempSync(join(tmpdir(), 'countersign-sources-'))
  host = await start()
})
afterEach(async () => {
  await host.stop()
  await rm(home, { recursive: true, force: true })
})

const owner = () => clientFor(host.app, host.app.ownerCaller('http'))

async function call(method: string, path: string, token: string, body?: unknown) {
  const answer = await fetch(host.url + path, {
    method,
    headers: { authorization: `Bearer ${token}`, ...(body === undefined ? {} : { 'content-type': 'application/json' }) },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  })
  return { status: answer.status, json: (await answer.json()) as Record<string, unknown> }
}

type Item = {
  name: string
  kind: string
  last_used_at: string | null
  current: boolean
  sample: boolean
  usage: Record<string, unknown>
}
const itemOf = async (token: string, name: string): Promise<Item> => {
  const { json } = await call('GET', '/sources', token)
  return (json.items as Item[]).find((each) => each.name === name)!
}

it('say over HTTP what came of each, also after a restart', async () => {
  const { token: admin } = await owner().tokens.create({ name: 'ops', scope: 'admin' })
  const { token: shop } = await owner().tokens.create({ name: 'shop', scope: 'submit' })
  expect(await itemOf(admin, 'shop')).toMatchObject({
    kind: 'source',
    last_used_at: null,
    usage: { requests: 0, last_run_id: null },
  })
  expect(await itemOf(admin, 'ops')).toMatchObject({ kind: 'key', current: true, last_used_at: expect.any(String) })
  const asked = await call('POST', '/requests', shop, { type: 'refund', title: 'One' })
  await call('POST', '/requests', shop, { type: 'refund', title: 'Two' })
  const { pending_approvals } = await owner().tasks.status({ task_id: String(asked.json.task_id) })
  await owner().approvals.decide({ approval_id: pending_approvals[0]!.id, decision: 'reject', comment: 'No' })
  const used = { requests: 2, requests_today: 2, last_run_id: expect.stringMatching(/^run_/), last_approval_id: expect.any(String) }
  await expect.poll(async () => (await itemOf(admin, 'shop')).usage.waiting, { timeout: 15_000 }).toBe(1)
  expect((await itemOf(admin, 'shop')).usage).toMatchObject({ ...used, waiting: 1, decided: 1 })

  await host.stop()
  host = await start()
  expect(await itemOf(admin, 'shop')).toMatchObject({
    last_used_at: expect.any(String),
    usage: { ...used, waiting: 1, decided: 1 },
  })
})

it('say why an outcome could not be delivered, also after a restart', async () => {
  const { token: admin } = await owner().tokens.create({ name: 'ops', scope: 'admin' })
  const { token } = await owner().tokens.create({ name: 'erp', scope: 'submit', callback_url: 'http://127.0.0.1:9/none' })
  const asked = await call('POST', '/requests', token, { type: 'refund', title: 'One' })
  const { pending_approvals } = await owner().tasks.status({ task_id: String(asked.json.task_id) })
  await owner().approvals.decide({ approval_id: pending_approvals[0]!.id, decision: 'reject', comment: 'No' })
  const told = async () => ((await itemOf(admin, 'erp')).usage as { deliveries: unknown }).deliveries
  await expect.poll(told, { timeout: 15_000 }).toMatchObject({ last_error: expect.stringMatching(/./) })
  const before = await told()
  await host.stop()
  host = await start()
  expect(await told()).toEqual(before)
})

it('are shown to whoever administers, and to nobody else', async () => {
  for (const scope of ['submit', 'read', 'decide'] as const) {
    const { token } = await owner().tokens.create({ name: scope, scope })
    for (const [method, path] of [
      ['GET', '/sources'],
      ['GET', '/audit'],
      ['GET', '/audit/records/1'],
      ['GET', '/audit/export'],
      ['POST', '/sources/sample'],
      ['POST', '/model/pull'],
      ['DELETE', '/model/pull'],
      ['POST', '/model/test'],
    ] as const)
      expect([path, (await call(method, path, token, method === 'POST' ? {} : undefined)).status]).toEqual([path, 403])
  }
})

it('a sample comes from a source of its own, by the way of every other request', async () => {
  const { token: admin } = await owner().tokens.create({ name: 'ops', scope: 'admin' })
  const made = await call('POST', '/sources/sample', admin, { title: 'Sample: refund', description: 'Made up.' })
  expect(made).toEqual({ status: 201, json: { task_id: expect.stringMatching(/^run_/), approval_id: expect.any(String) } })
  const item = await owner().approvals.get({ approval_id: String(made.json.approval_id) })
  expect(item).toMatchObject({
    type: 'sample',
    title: 'Sample: refund',
    source_name: 'Sample',
    status: 'pending',
    data: { sample: true },
  })
  await call('POST', '/sources/sample', admin, { title: 'Another', description: 'Made up.' })
  const { json } = await call('GET', '/sources', admin)
  const samples = (json.items as Item[]).filter((each) => each.sample)
  expect(samples).toMatchObject([{ name: 'Sample', kind: 'source', usage: { requests: 2, waiting: 2 } }])
})

it('the journal is read over HTTP as it is written', async () => {
  const { token: admin } = await owner().tokens.create({ name: 'ops', scope: 'admin' })
  const { json } = await call('GET', '/audit?type=token&limit=5', admin)
  const [entry] = json.items as { seq: number; hash: string; type: string; data: { name: string } }[]
  expect(entry).toMatchObject({ type: 'token_created', data: { name: 'ops' } })
  const record = await call('GET', `/audit/records/${entry!.seq}`, admin)
  expect(record.json).toMatchObject({ seq: entry!.seq, hash: entry!.hash })
  expect(JSON.parse(String(record.json.line))).toMatchObject({ seq: entry!.seq, type: 'token_created' })
  expect((await call('GET', '/audit?cursor=x', admin)).status).toBe(422)
  expect((await call('GET', '/audit?from=yesterday', admin)).status).toBe(422)
  expect((await call('GET', '/audit/records/99999', admin)).status).toBe(404)
})
