import { spawnSync } from 'node:child_process'
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { cli } from './run.ts'
import { type Served, serve } from './server.ts'

/** Each case starts processes; a busy machine takes its time. */
vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 })

let folder: string
let home: string
let server: Served

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'countersign-cli-'))
  home = join(folder, 'home')
  server = await serve(home)
})

afterAll(async () => {
  await server.stop()
  rmSync(folder, { recursive: true })
})

const run = (...args: string[]) => cli(args, { home })
const json = async (...args: string[]) => JSON.parse((await run(...args, '--json')).out)

/** Asks without waiting; the task's id. */
async function asked(title: string, ...more: string[]): Promise<string> {
  const { code, out } = await run('ask', '--type', 'refund', '--title', title, '--no-wait', ...more)
  expect(code).toBe(0)
  return out.trim()
}

/** The approval that a question with this title waits with. */
async function pending(title: string): Promise<{ id: string; run_id: string }> {
  for (;;) {
    const { items } = await json('list')
    const item = items.find((candidate: { title: string }) => candidate.title === title)
    if (item !== undefined) return item
  }
}

test('asks, waits and ends with 0 once approved', async () => {
  const asking = run('ask', '--type', 'refund', '--title', 'Refund A', '--amount', '12.50', '--currency', 'EUR')
  const { id } = await pending('Refund A')
  expect(await run('approve', id, '--comment', 'go ahead')).toMatchObject({ code: 0 })
  const { code, out } = await asking
  expect([code, out]).toEqual([0, expect.stringMatching(/^approved by .+: go ahead\n$/)])
})

test('ends with 1 once rejected, and says all of it as JSON', async () => {
  const asking = run('ask', '--type', 'refund', '--title', 'Refund B', '--data', '{"order":7}', '--json')
  const { id, run_id } = await pending('Refund B')
  expect(await run('reject', id, '--reason', 'no receipt')).toMatchObject({ code: 0 })
  const { code, out } = await asking
  expect(code).toBe(1)
  expect(JSON.parse(out)).toMatchObject({ outcome: 'rejected', task_id: run_id, decision: { comment: 'no receipt' } })
})

test('ends with 3 once expired', async () => {
  const { code, out } = await run('ask', '--type', 'refund', '--title', 'Refund C', '--timeout-hours', '0.0002')
  expect([code, out]).toEqual([3, expect.stringMatching(/^expired/)])
})

test('goes on waiting while the server is killed and started again', async () => {
  const asking = run('ask', '--type', 'refund', '--title', 'Refund D')
  const { id } = await pending('Refund D')
  await server.stop('SIGKILL')
  server = await serve(home)
  expect(await run('approve', id)).toMatchObject({ code: 0 })
  expect(await asking).toMatchObject({ code: 0 })
})

test('shows a request as a card, by the id of its task, with nothing that a terminal obeys', async () => {
  const task = await asked('Refund \u001b[31mE\u202e', '--requester', 'bob@example.com', '--amount', '99.90', '--currency', 'EUR')
  const { code, out } = await run('show', task)
  expect(code).toBe(0)
  expect(out).toContain('Refund \\u{1b}[31mE\\u{202e}')
  expect(out).toMatch(/Amount +99\.90 EUR/)
  expect(out).toMatch(/Requester +bob@example\.com/)
  expect(out).toContain('Summary by rules')
  expect(await run('approve', task)).toMatchObject({ code: 0 })
})

test('lists what waits, with its deadline', async () => {
  const task = await asked('Refund F', '--timeout-hours', '3')
  const { out } = await run('list')
  expect(out).toMatch(/^ID +STATUS +RISK +AMOUNT +TITLE +DUE OR DECIDED\n/)
  expect(out).toMatch(/pending +\w+ +Refund F +\d{4}-\d\d-\d\d \d\d:\d\d \(in 3 h\)/)
  await run('reject', task)
})

test('reads the data of a request from standard input', async () => {
  const { out } = await cli(['ask', '--type', 'refund', '--title', 'Refund G', '--no-wait', '--data', '-'], {
    home,
    stdin: '{"n":1}',
  })
  expect(await json('show', out.trim())).toMatchObject({ data: { n: 1 } })
  await run('reject', out.trim())
})

test('lists every problem of a request and ends with 2', async () => {
  const { code, err } = await run('ask', '--type', 'Refund!', '--title', 'x', '--currency', 'euro', '--approver', 'nobody')
  expect(code).toBe(2)
  expect(err).toContain('/type: must be lower-case')
  expect(err).toContain('/currency: must be a three-letter code')
  expect(err).toContain('/approver_email: must be an e-mail address')
})

test('ends with 2 for an unknown id and with 1 for one that is decided differently', async () => {
  expect(await run('show', 'apr_nope')).toMatchObject({ code: 2, err: expect.stringContaining('apr_nope') })
  const task = await asked('Refund H')
  expect(await run('approve', task)).toMatchObject({ code: 0 })
  expect(await run('approve', task)).toMatchObject({ code: 0 })
  const again = await run('reject', task, '--json')
  expect(again.code).toBe(1)
  expect(JSON.parse(again.err)).toMatchObject({ error: { code: 'already-decided' } })
})

test('makes a token alone on standard output, lists and revokes it', async () => {
  const made = await run('token', 'create', '--name', 'erp', '--scope', 'submit', '--callback-url', 'http://127.0.0.1:9/hook')
  expect(made.out).toMatch(/^\S+\n$/)
  expect(made.err).toMatch(/^Callback secret: whsec_\S+\n$/)
  const { items } = await json('token', 'list')
  const { id } = items.find((item: { name: string }) => item.name === 'erp')
  const authorization = `Bearer ${made.out.trim()}`
  const post = () =>
    fetch(`${server.url}/requests`, {
      method: 'POST',
      headers: { authorization, 'content-type': 'application/json' },
      body: '{"type":"refund","title":"By token"}',
    })
  expect((await post()).status).toBe(202)
  expect(await run('token', 'revoke', id)).toMatchObject({ code: 0 })
  expect((await post()).status).toBe(401)
  await run('reject', (await pending('By token')).id)
})

test('prints a link that signs the owner in', async () => {
  const { code, out } = await run('url')
  expect([code, out]).toEqual([0, expect.stringMatching(new RegExp(`^${server.url}/\\S+\n$`))])
})

test('names who holds a home that is taken', async () => {
  const { code, err } = await run('serve', '--port', '0')
  expect(code).toBe(4)
  expect(err).toContain(`process ${server.pid} (headless)`)
})

test('examines itself', async () => {
  const { checks } = await json('doctor')
  expect(checks.length).toBeGreaterThan(2)
  expect((await run('rebuild')).code).toBe(0)
})

test('verifies and exports the journal, and sees one changed byte', async () => {
  const verified = await run('audit', 'verify', '--json')
  const { records, problems } = JSON.parse(verified.out)
  expect([verified.code, problems]).toEqual([0, []])
  const lines = (await run('audit', 'export')).out.trimEnd().split('\n')
  expect(lines.length).toBeGreaterThanOrEqual(records)
  expect(JSON.parse(lines[0]!)).toMatchObject({ seq: 1 })
  const out = join(folder, 'audit.jsonl')
  expect((await run('audit', 'export', '--out', out)).code).toBe(0)
  expect(readFileSync(out, 'utf8').trimEnd().split('\n').slice(0, records)).toEqual(lines.slice(0, records))
  expect((await run('audit', 'export', '--out', out)).code).toBe(2)

  const copy = join(folder, 'copy')
  cpSync(join(home, 'journal'), join(copy, 'journal'), { recursive: true })
  const segment = join(copy, 'journal', readdirSync(join(copy, 'journal'))[0]!)
  writeFileSync(segment, readFileSync(segment, 'utf8').replace('"source":"', '"source":"X'))
  const changed = await run('audit', 'verify', '--home', copy)
  expect(changed.code).toBe(1)
  expect(changed.out).toMatch(/00000001\.jsonl, byte \d+: /)
})

test('hands the journal out with a program that proves it without ours', async () => {
  const proof = join(folder, 'proof')
  const { code, err } = await run('audit', 'export', '--with-proof', proof)
  expect([code, err]).toEqual([0, expect.stringContaining('verify.mjs proves it')])
  expect(readdirSync(proof).sort()).toEqual(['audit.jsonl', 'checkpoints.jsonl', 'verify.mjs'])
  expect(readFileSync(join(proof, 'verify.mjs'), 'utf8')).not.toMatch(/countersign\//)
  const prove = () => spawnSync(process.execPath, [join(proof, 'verify.mjs')], { encoding: 'utf8' })
  expect(prove()).toMatchObject({ status: 0, stdout: expect.stringMatching(/^OK \d+ records, head [0-9a-f]{64}\n/) })
  const records = join(proof, 'audit.jsonl')
  writeFileSync(records, readFileSync(records, 'utf8').replace('"source":"', '"source":"X'))
  expect(prove()).toMatchObject({ status: 1, stdout: expect.stringMatching(/^CHANGED .*byte \d+: /) })
  expect(await run('audit', 'export', '--with-proof', proof)).toMatchObject({ code: 2 })
  expect(await run('audit', 'export', '--with-proof', `${proof}2`, '--out', `${proof}3`)).toMatchObject({ code: 2 })
})

test('does without a server what needs none, and records a decision that is carried out later', async () => {
  const task = await asked('Refund I')
  await server.stop()
  expect((await run('list')).out).toContain('Refund I')
  expect((await run('token', 'create', '--name', 'offline', '--scope', 'read')).out).toMatch(/^\S+\n$/)
  expect(await run('approve', task)).toMatchObject({ code: 0 })
  expect((await run('ask', '--type', 'x', '--title', 'y')).code).toBe(4)
  expect((await run('rebuild')).code).toBe(0)
  server = await serve(home)
  expect(await json('show', task)).toMatchObject({ status: 'approved' })
  for (;;) if ((await json('show', task)).run.status === 'completed') break
})
