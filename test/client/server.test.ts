import { spawn } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { type Headless, startHeadless } from '../../electron/headless/host.ts'
import { createClient } from '../../shared/client/client.ts'
import type { Client } from '../../shared/client/types.ts'
import { rememberSeen, verifyOutcome, versionOf } from '../../shared/client/verify.ts'
import { Receiver } from '../core/channels/receiver.ts'
import { clientFor, newHome, type Client as Procedures, silentLog } from '../support/app.ts'
import { blocksOf } from '../support/markdown.ts'
import { freePort, linesOf } from '../support/pages.ts'

vi.setConfig({ testTimeout: 30_000, hookTimeout: 30_000 })

const root = join(import.meta.dirname, '../..')
let home: string
let host: Headless
let owner: Procedures
let token: string
let source: Client
let approver: Client

const start = async (port = 0) => {
  host = await startHeadless({ home, port, owner: 'ana@example.com', log: silentLog })
  owner = clientFor(host.app, host.app.ownerCaller('http'))
}

beforeEach(async () => {
  home = newHome()
  writeFileSync(join(home, 'config.yaml'), 'model:\n  enabled: false\n')
  await start()
  token = (await owner.tokens.create({ name: 'shop', scope: 'submit' })).token
  source = createClient({ url: host.url, token })
  approver = createClient({ url: host.url, token: (await owner.tokens.create({ name: 'phone', scope: 'decide' })).token })
})

afterEach(async () => {
  await host.stop()
  await rm(home, { recursive: true, force: true })
})

/** What waits, once something does. */
const waiting = () => vi.waitUntil(async () => (await approver.pending())[0], { interval: 20, timeout: 10_000 })

describe('Against a real server, a client', () => {
  it('asks, waits over a restart and has the answer', async () => {
    const { task_id } = await source.submit({ type: 'refund', title: 'Refund', amount: '49.50', currency: 'EUR' })
    const answered = source.wait(task_id)
    const port = Number(new URL(host.url).port)
    await host.stop()
    await start(port)
    const [item] = await approver.pending()
    expect(await approver.decide({ approval_id: item!.id, decision: 'approve', version: item!.version.number })).toMatchObject({
      decision: 'approved',
      status: 'approved',
    })
    expect(await answered).toMatchObject({ status: 'completed', result: { status: 'approved' } })
  })

  it('asks once under a key', async () => {
    const request = { type: 'refund', title: 'Once' }
    const first = await source.submit(request, { idempotencyKey: 'k-1' })
    expect(await source.submit(request, { idempotencyKey: 'k-1' })).toEqual(first)
    await expect(source.submit({ ...request, title: 'Other' }, { idempotencyKey: 'k-1' })).rejects.toMatchObject({
      code: 'idempotency-mismatch',
    })
  })

  it('may not decide with a token that submits, nor decide a version that is gone', async () => {
    await source.submit({ type: 'refund', title: 'Refund', amount: 10 })
    const { id: approval_id } = await waiting()
    await expect(source.decide({ approval_id, decision: 'approve' })).rejects.toMatchObject({ code: 'forbidden', status: 403 })
    await source.revise({ approval_id, amount: 9 })
    await expect(approver.decide({ approval_id, decision: 'approve', version: 1 })).rejects.toMatchObject({ code: 'stale-version' })
    await source.withdraw(approval_id, 'Not needed')
    expect((await approver.approval(approval_id)).status).toBe('cancelled')
  })

  it('runs a gated function with what the approver made of it', async () => {
    const paid: unknown[] = []
    const pay = source.gate((order: { id: string; amount: number }) => paid.push(order), {
      type: 'refund',
      title: ({ id }) => `Refund ${id}`,
      editable: ['amount'],
    })
    const paying = pay({ id: 'A2', amount: 120 })
    const item = await waiting()
    expect(item.data).toEqual({ id: 'A2', amount: 120 })
    await Promise.all([approver.decide({ approval_id: item.id, decision: 'approve', changes: { '/amount': 100 } }), paying])
    expect(paid).toEqual([{ id: 'A2', amount: 100 }])
  })
})

describe('An outcome that really came', () => {
  it('is what was asked, and nothing else is taken for it', async () => {
    const receiver = await new Receiver().open()
    const { token: own, callback_secret } = await owner.tokens.create({ name: 'erp', scope: 'submit', callback_url: receiver.url })
    const { task_id } = await createClient({ url: host.url, token: own }).submit({
      type: 'refund',
      title: 'Zoë „1042“',
      data: { '7': 1, a: 'ß' },
    })
    const { id: approval_id } = await waiting()
    await approver.decide({ approval_id, decision: 'approve' })
    await vi.waitUntil(() => receiver.received.length > 0, { timeout: 10_000 })
    const { headers, body } = receiver.received[0]!
    const { versions } = await owner.approvals.versions({ approval_id })
    const { asked, version } = versions[0]!
    const given = { headers, rawBody: body, secret: callback_secret!, seen: rememberSeen() }
    expect(await versionOf(asked)).toBe(version.sha256)
    const outcome = await verifyOutcome({ ...given, expected: { task_id, version, asked } })
    expect(outcome.data).toMatchObject({ task_id, decision: { outcome: 'approved', version } })
    await expect(verifyOutcome(given)).rejects.toMatchObject({ reason: 'seen-before' })
    const other = { ...(asked as object), title: 'Another' }
    await expect(verifyOutcome({ ...given, expected: { asked: other } })).rejects.toMatchObject({ reason: 'other-version' })
    await receiver.close()
  })
})

describe('The programs of docs/client.md', () => {
  /** A program as the page shows it, importing the client from where it is here. */
  function program(name: string): string {
    const page = readFileSync(join(root, 'docs/client.md'), 'utf8')
    const { text } = blocksOf(page).find(({ words }) => words[0] === `run=${name}`)!
    const file = join(home, name)
    writeFileSync(file, text.replace("'countersign/client'", `'${pathToFileURL(join(root, 'shared/client/entry.ts')).href}'`))
    return file
  }
  const running = (name: string, more: Record<string, string> = {}) => {
    const env = { ...process.env, URL: host.url, TOKEN: token, ...more }
    const child = spawn(process.execPath, [program(name)], { env, stdio: ['ignore', 'pipe', 'pipe'] })
    const ended = new Promise((resolve) => child.on('close', resolve))
    return { next: linesOf(child), ended, child }
  }

  it('ask and wait', async () => {
    const { next, ended } = running('ask.mjs')
    const item = await waiting()
    await approver.decide({ approval_id: item.id, decision: 'approve' })
    expect(await next()).toBe('approved')
    expect(await ended).toBe(0)
  })

  it('put people in front of a function', async () => {
    const { next, ended } = running('gate.mjs')
    expect(await next()).toBe('refunded 5 for order A1')
    await approver.decide({ approval_id: (await waiting()).id, decision: 'approve', changes: { amount: 100 } })
    expect(await next()).toBe('refunded 100 for order A2')
    await approver.decide({ approval_id: (await waiting()).id, decision: 'reject', comment: 'too much' })
    expect(await next()).toBe('A3 rejected: too much')
    expect(await ended).toBe(0)
  })

  it('check an outcome before they act on it', async () => {
    const port = await freePort()
    const url = `http://127.0.0.1:${port}/outcome`
    const { token: own, callback_secret } = await owner.tokens.create({ name: 'erp', scope: 'submit', callback_url: url })
    const { next, ended, child } = running('receiver.mjs', { SECRET: callback_secret!, PORT: String(port) })
    expect(await next()).toBe('ready')
    const { task_id } = await createClient({ url: host.url, token: own }).submit({ type: 'refund', title: 'Refund' })
    await approver.decide({ approval_id: (await waiting()).id, decision: 'approve' })
    expect(await next()).toBe(`${task_id} approved`)
    const forged = await fetch(url, { method: 'POST', body: '{}' })
    expect([forged.status, await next()]).toEqual([401, 'missing-header'])
    child.kill()
    await ended
  })
})
