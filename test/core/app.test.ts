import { readFileSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import { createApp } from '../../electron/core/app.ts'
import { fileStorage } from '../../electron/core/journal/file-storage.ts'
import { clientFor, newHome, openTestApp, ownerEmail, silentLog, type TestApp } from '../support/app.ts'
import { FakeClock } from '../support/fake-clock.ts'
import { startFakeOllama } from '../support/fake-ollama/fake-ollama.ts'
import { recordingStorage, systemError } from '../support/storage-double.ts'

const open: (() => Promise<unknown>)[] = []
afterEach(async () => {
  for (const close of open.splice(0).reverse()) await close()
})

async function rig(config = 'model:\n  enabled: false\n', policy?: string): Promise<TestApp> {
  const home = newHome()
  writeFileSync(join(home, 'config.yaml'), config)
  if (policy) writeFileSync(join(home, 'policy.yaml'), policy)
  const app = await openTestApp({ home })
  open.push(app.remove)
  return app
}

/** A small system that does what it is told to, by path: answers with JSON or fails. */
async function service(answer: (body: Record<string, unknown>) => { status?: number; json: unknown }): Promise<string> {
  const server = createServer(async (request, response) => {
    let body = ''
    for await (const chunk of request) body += chunk
    const { status = 200, json } = answer(JSON.parse(body) as Record<string, unknown>)
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(json))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  open.push(async () => {
    server.closeAllConnections()
    server.close()
  })
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/`
}

/** How long it may wait. Its record is written a moment after its deadline was computed. */
const hoursOf = (item: { due_at: string | null; created_at: string }) =>
  Math.round((Date.parse(item.due_at!) - Date.parse(item.created_at)) / 60_000) / 60

const laptop = { id: 'E-7', amount: 1500, description: 'Laptop', submitter_email: 'ann@example.com', department: 'Engineering' }

const pendingOf = async ({ owner }: TestApp, task_id: string) => (await owner.tasks.status({ task_id })).pending_approvals[0]!

describe('an expense', () => {
  it('at the threshold of its department is approved automatically, says so, and is recorded with the rule', async () => {
    const app = await rig(undefined, 'expense:\n  departments:\n    engineering: 1500\n')
    const answer = await app.source.requests.submitExpense({ expense_data: laptop, approver_email: ownerEmail })
    expect(answer).toMatchObject({
      message: 'The expense was approved automatically: 1500 is not over the threshold of 1500.',
      expense_id: 'E-7',
      amount: 1500,
      auto_approved: true,
    })
    const { status, result } = await app.owner.tasks.wait({ task_id: answer.task_id, timeout_seconds: 10 })
    expect({ status, result }).toMatchObject({
      status: 'completed',
      result: { status: 'processed', amount: 1500, payment_id: null, auto_approved: true },
    })
    const { items } = await app.owner.approvals.list({ run_id: answer.task_id })
    expect(items[0]?.decision).toMatchObject({ decision: 'approved', rule: 'threshold:engineering', actor: { kind: 'policy' } })
  })

  it('in another currency than the thresholds always goes to a person', async () => {
    const app = await rig(undefined, 'expense:\n  currency: EUR\n')
    const expense_data = { ...laptop, amount: 900, currency: 'BTC' }
    const answer = await app.source.requests.submitExpense({ expense_data, approver_email: ownerEmail })
    expect(answer.auto_approved).toBe(false)
  })

  it('over the threshold waits 48 hours for its approver, and is paid by the configured action', async () => {
    const paid: unknown[] = []
    const url = await service((body) => {
      paid.push(body)
      return { json: { payment_id: 'pay_1' } }
    })
    const app = await rig(`model:\n  enabled: false\nactions:\n  expense:\n    url: ${url}\n`)
    const { task_id, approver } = await app.source.requests.submitExpense({ expense_data: laptop, approver_email: ownerEmail })
    expect(approver).toBe(ownerEmail)
    const item = await pendingOf(app, task_id)
    expect(hoursOf(item)).toBe(48)
    expect(paid).toEqual([])
    await app.owner.approvals.decide({ approval_id: item.id, decision: 'approve', comment: 'needed' })
    const { result } = await app.owner.tasks.wait({ task_id, timeout_seconds: 10 })
    expect(result).toEqual({
      status: 'processed',
      amount: 1500,
      payment_id: 'pay_1',
      approved_by: ownerEmail,
      auto_approved: false,
    })
    expect(paid).toMatchObject([{ task_id, expense: laptop, approved_by: ownerEmail, comment: 'needed' }])
  })

  it('that is rejected ends with the reason and is not paid', async () => {
    const app = await rig()
    const { task_id } = await app.source.requests.submitExpense({ expense_data: laptop, approver_email: ownerEmail })
    await app.owner.approvals.decide({ approval_id: (await pendingOf(app, task_id)).id, decision: 'reject', comment: 'no receipt' })
    const { result } = await app.owner.tasks.wait({ task_id, timeout_seconds: 10 })
    expect(result).toMatchObject({ status: 'rejected', reason: 'no receipt' })
  })

  it('whose payment fails for good needs review, keeps its approval, and is paid when it is retried', {
    timeout: 60_000,
  }, async () => {
    let works = false
    const url = await service(() => (works ? { json: { payment_id: 'pay_2' } } : { status: 400, json: { error: 'closed' } }))
    const clock = new FakeClock()
    const home = newHome()
    writeFileSync(join(home, 'config.yaml'), `model:\n  enabled: false\nactions:\n  expense:\n    url: ${url}\n`)
    const app = await openTestApp({ home, clock })
    open.push(app.remove)
    const { task_id } = await app.source.requests.submitExpense({ expense_data: laptop, approver_email: ownerEmail })
    await app.owner.approvals.decide({ approval_id: (await pendingOf(app, task_id)).id, decision: 'approve' })
    const statusIs = async (wanted: string) => {
      for (;;) {
        const task = await app.owner.tasks.status({ task_id })
        if (task.status === wanted) return task
        clock.advance(500)
        await new Promise((resolve) => setTimeout(resolve, 2))
      }
    }
    expect((await statusIs('needs_review')).error).toContain('400')
    works = true
    await app.owner.tasks.retry({ task_id })
    expect((await statusIs('completed')).result).toMatchObject({ status: 'processed', payment_id: 'pay_2' })
    expect((await app.owner.approvals.list({ run_id: task_id })).total).toBe(1)
  })
})

describe('a deployment', () => {
  it('is deployed by the action when it is approved, and cancelled with the reason when it is not', async () => {
    const url = await service(() => ({ json: { deployment_id: 'dep_9' } }))
    const app = await rig(`model:\n  enabled: false\nactions:\n  deployment:\n    url: ${url}\n`)
    const ask = { service_name: 'user-service', version: '1.4.2', approver_email: ownerEmail }
    const first = await app.source.requests.requestDeployment(ask)
    expect(first).toMatchObject({ service: 'user-service', version: '1.4.2', environment: 'production', approver: ownerEmail })
    const item = await pendingOf(app, first.task_id)
    // The deadline was computed a moment before the record got its time.
    expect(Math.abs(Date.parse(item.due_at!) - Date.parse(item.created_at) - 2 * 3_600_000)).toBeLessThan(1000)
    await app.owner.approvals.decide({ approval_id: item.id, decision: 'approve' })
    const done = await app.owner.tasks.wait({ task_id: first.task_id, timeout_seconds: 10 })
    expect(done.result).toMatchObject({ status: 'deployed', deployment_id: 'dep_9' })

    const second = await app.source.requests.requestDeployment(ask)
    const refused = await pendingOf(app, second.task_id)
    await app.owner.approvals.decide({ approval_id: refused.id, decision: 'reject', comment: 'freeze' })
    const cancelled = await app.owner.tasks.wait({ task_id: second.task_id, timeout_seconds: 10 })
    expect(cancelled.result).toMatchObject({ status: 'deployment_cancelled', reason: 'freeze' })
  })
})

describe('a summary', () => {
  it('is made by rules at once and by the model when it comes, and stays over a restart', async () => {
    const ollama = await startFakeOllama()
    open.push(() => ollama.close())
    const app = await rig(`model:\n  enabled: true\n  host: ${ollama.url}\n  name: llama3.2\n`)
    await expect
      .poll(async () => (await app.owner.system.doctor({})).checks.find(({ name }) => name === 'Summaries')?.state)
      .toBe('ok')
    const { task_id } = await app.source.requests.submitRequest({ type: 'refund', title: 'Refund 88', amount: 40, currency: 'EUR' })
    const { id, summary } = await pendingOf(app, task_id)
    expect(summary.summary.length).toBeGreaterThan(10)
    await expect
      .poll(async () => (await app.owner.approvals.get({ approval_id: id })).summary, { timeout: 10_000 })
      .toMatchObject({
        state: 'ready',
        origin: 'model',
        model: 'llama3.2',
      })
    const before = await app.owner.approvals.get({ approval_id: id })
    await app.stop()
    const again = await openTestApp({ home: app.home })
    open.push(again.stop)
    expect(await again.owner.approvals.get({ approval_id: id })).toEqual(before)
  })
})

describe('a home', () => {
  it('gives the same answers after its database was deleted', async () => {
    const app = await rig()
    const { task_id } = await app.source.requests.submitExpense({ expense_data: laptop, approver_email: ownerEmail })
    await app.source.requests.submitRequest({ type: 'refund', data: { n: 1 } })
    await app.owner.approvals.decide({ approval_id: (await pendingOf(app, task_id)).id, decision: 'reject', comment: 'no' })
    const look = async ({ owner }: TestApp) => [
      await owner.approvals.list({ sort: 'oldest' }),
      await owner.tasks.list({}),
      await owner.tasks.timeline({ task_id }),
    ]
    const before = await look(app)
    await app.owner.system.rebuild({})
    expect(await look(app)).toEqual(before)
  })

  it('belongs to one process: the second is told who has it', async () => {
    const app = await rig()
    await expect(createApp({ home: app.home, mode: 'desktop', log: silentLog })).rejects.toThrow(new RegExp(`${process.pid}`))
  })

  it('refuses a change of settings that cannot be recorded, and stays as it was', async () => {
    const double = recordingStorage(fileStorage)
    const home = newHome()
    writeFileSync(join(home, 'config.yaml'), 'model:\n  enabled: false\n')
    const app = await openTestApp({ home, storage: double.storage })
    open.push(app.remove)
    double.fault = ({ op, path }) => (op === 'append' && path.endsWith('.jsonl') ? { error: systemError('ENOSPC') } : undefined)
    await expect(app.owner.settings.update({ owner: { name: 'Eve', email: 'eve@example.com' } })).rejects.toMatchObject({
      code: 'disk-full',
    })
    expect((await app.owner.settings.get({})).owner?.email).toBe(ownerEmail)
    expect(readFileSync(join(home, 'config.yaml'), 'utf8')).not.toContain('eve@example.com')
  })

  it('lets those cancel who asked, who are asked, and who administer; nobody else', async () => {
    const app = await rig()
    const ask = async () => (await app.source.requests.submitRequest({ type: 'refund' })).task_id
    const caller = (email: string) => ({
      ...app.app.ownerCaller('http'),
      scopes: ['decide' as const],
      person: { email, name: email },
    })
    const [task_id, other] = [await ask(), await ask()]
    await expect(clientFor(app.app, caller('eve@example.com')).tasks.cancel({ task_id })).rejects.toMatchObject({
      code: 'forbidden',
    })
    expect(await clientFor(app.app, caller(ownerEmail)).tasks.cancel({ task_id })).toMatchObject({ status: 'cancelled' })
    expect(await app.source.tasks.cancel({ task_id: other })).toMatchObject({ status: 'cancelled' })
  })

  it('takes the language of the host, journals it and refuses one that it does not speak', async () => {
    const app = await rig()
    expect((await app.owner.settings.get({})).language).toBe('en')
    expect((await app.owner.settings.update({ language: 'de' })).language).toBe('de')
    expect(readFileSync(join(app.home, 'config.yaml'), 'utf8')).toMatch(/^language: de$/m)
    expect(readFileSync(join(app.home, 'journal/00000001.jsonl'), 'utf8')).toContain('"paths":["language"]')
    await expect(app.owner.settings.update({ language: 'fr' } as never)).rejects.toMatchObject({ code: 'invalid-input' })
  })

  it('journals a change of settings, and keeps it', async () => {
    const app = await rig()
    await app.owner.settings.update({ owner: { name: 'Grace', email: 'grace@example.com' } })
    expect((await app.owner.settings.get({})).owner).toEqual({ name: 'Grace', email: 'grace@example.com' })
    const lines = readFileSync(join(app.home, 'journal/00000001.jsonl'), 'utf8')
    expect(lines).toContain('"type":"settings_changed"')
    expect(readFileSync(join(app.home, 'config.yaml'), 'utf8')).toContain('grace@example.com')
  })
})
