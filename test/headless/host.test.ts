import { type ChildProcess, spawn } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { version } from '../../electron/core/version.ts'
import { type Headless, type HeadlessOptions, startHeadless } from '../../electron/headless/host.ts'
import { silentLog } from '../support/app.ts'

const commandLine = join(import.meta.dirname, '../../electron/cli/main.ts')

let home: string
const running: Headless[] = []
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'countersign-headless-'))
  // No test may talk to an Ollama of the machine it runs on.
  writeFileSync(join(home, 'config.yaml'), 'model:\n  enabled: false\n')
})
afterEach(async () => {
  for (const host of running.splice(0)) await host.stop()
  rmSync(home, { recursive: true, force: true })
})

async function start(options: Partial<HeadlessOptions> = {}): Promise<Headless> {
  const host = await startHeadless({ home, port: 0, owner: 'ana@example.com', log: silentLog, ...options })
  running.push(host)
  return host
}

const read = (name: string) => JSON.parse(readFileSync(join(home, name), 'utf8'))

async function call(url: string, token: string, body?: object) {
  const answer = await fetch(url, {
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    ...(body ? { method: 'POST', body: JSON.stringify(body) } : {}),
  })
  return { status: answer.status, body: (await answer.json()) as Record<string, unknown> }
}

test('says where it is while it listens, and no longer once it stopped', async () => {
  const host = await start()
  expect(read('server.json')).toEqual({ url: host.url, pid: process.pid, started_at: expect.stringMatching(/Z$/), version })
  expect(host.url).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/)
  expect(statSync(join(home, 'keys.json')).mode & 0o777).toBe(0o600)
  await Promise.all([host.stop(), host.stop()])
  expect(existsSync(join(home, 'server.json'))).toBe(false)
  await expect(fetch(`${host.url}/healthz`)).rejects.toThrow()
})

test('takes a request, waits for the decision and answers with it', async () => {
  const { url } = await start()
  const keys = read('keys.json')
  const asked = await call(`${url}/requests`, keys.submit, { type: 'refund', title: 'Refund', amount: 12 })
  expect(asked.status).toBe(202)
  const waiting = call(`${url}/tasks/${asked.body.task_id}/wait?timeout_seconds=30`, keys.submit)
  const pending = await call(`${url}/approvals/pending?approver_email=ana@example.com`, keys.owner)
  expect(pending.body.count).toBe(1)
  const [approval] = pending.body.pending_approvals as { id: string }[]
  const decided = await call(`${url}/approvals/decide`, keys.owner, { approval_id: approval!.id, decision: 'approve' })
  expect(decided.body.decision).toBe('approved')
  expect((await waiting).body).toMatchObject({ task_id: asked.body.task_id, status: 'completed' })
  const other = await call(`${url}/approvals/decide`, keys.owner, { approval_id: approval!.id, decision: 'reject' })
  expect([other.status, other.body.code]).toEqual([409, 'already-decided'])
})

test('its link signs the owner in once, and the session outlives a restart', async () => {
  const first = await start()
  const key = new URL(first.signInLink()).hash.replace('#key=', '')
  const exchange = (url: string) =>
    fetch(`${url}/session`, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ key }) })
  const signedIn = await exchange(first.url)
  expect(signedIn.status).toBe(200)
  expect((await exchange(first.url)).status).toBe(401)
  const cookie = signedIn.headers.get('set-cookie')!.split(';')[0]!
  await first.stop()
  // As an installed one does: the same home on the same port.
  const second = await start({ port: Number(new URL(first.url).port) })
  const who = await fetch(`${second.url}/session`, { headers: { cookie } })
  expect(await who.json()).toMatchObject({
    person: { email: 'ana@example.com' },
    scopes: ['read', 'decide', 'admin'],
    via: 'browser',
  })
})

test('a link asked for over the API opens the inbox of this address', async () => {
  const { url } = await start()
  const made = await call(`${url}/session/link`, read('keys.json').owner, {})
  expect(made.body.url).toMatch(new RegExp(`^${url}/#key=[\\w-]{43}$`))
})

test('a second host over the same home is told who holds it', async () => {
  await start()
  await expect(start()).rejects.toMatchObject({ code: 'home-in-use', message: expect.stringContaining(String(process.pid)) })
})

test('a port that is taken is said so, and the home is free again', async () => {
  const squatter = createServer().listen(0, '127.0.0.1')
  await new Promise((resolve) => squatter.once('listening', resolve))
  const { port } = squatter.address() as { port: number }
  await expect(start({ port })).rejects.toMatchObject({ code: 'EADDRINUSE', message: expect.stringContaining('--port') })
  await new Promise((resolve) => squatter.close(resolve))
  expect((await start({ port })).url).toBe(`http://127.0.0.1:${port}`)
})

test.each(['SIGINT', 'SIGTERM'] as const)('%s stops it cleanly, whoever is connected', async (signal) => {
  const child = spawn(process.execPath, [commandLine, 'serve', '--home', home, '--port', '0', '--owner', 'ana@example.com'], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const lines = createInterface({ input: child.stdout })
  const printed: string[] = []
  lines.on('line', (line) => printed.push(line))
  const exited = exitOf(child)
  const ready = new Promise<void>((resolve) => lines.on('line', () => printed.length === 2 && resolve()))
  await Promise.race([ready, exited.then((how) => Promise.reject(new Error(`it ended early: ${JSON.stringify(how)}`)))])
  expect(printed[1]).toMatch(/http:\/\/127\.0\.0\.1:\d+\/#key=[\w-]+$/)
  const { url } = read('server.json')
  const stream = await fetch(`${url}/events`, { headers: { authorization: `Bearer ${read('keys.json').owner}` } })
  expect(stream.status).toBe(200)
  child.kill(signal)
  expect(await exited).toEqual({ code: 0, signal: null })
  expect(existsSync(join(home, 'server.json'))).toBe(false)
  await stream.text().catch(() => undefined)
})

const exitOf = (child: ChildProcess) => new Promise((resolve) => child.on('close', (code, signal) => resolve({ code, signal })))
