import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { createRunAction, runAction } from '../../../electron/core/channels/actions.ts'
import { FakeClock } from '../../support/fake-clock.ts'
import { Receiver, until } from './receiver.ts'

let receiver: Receiver
let folder: string
const signal = new AbortController().signal
const payload = { expense: { id: 'E-1', amount: 1240.5 }, note: '"; rm -rf / #' }

/** A command that is a few lines of Node. */
function script(code: string): { command: [string, ...string[]] } {
  const file = join(folder, 'action.cjs')
  writeFileSync(file, code)
  return { command: [process.execPath, file, 'fixed'] }
}

function alive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return !readFileSync(`/proc/${pid}/stat`, 'utf8').includes(') Z ')
  } catch {
    return false
  }
}

beforeEach(async () => {
  receiver = await new Receiver().open()
  folder = mkdtempSync(join(tmpdir(), 'countersign-actions-'))
})

afterEach(async () => {
  await receiver.close()
  rmSync(folder, { recursive: true })
})

test('posts the payload as JSON and returns the JSON answer', async () => {
  receiver.answer = () => ({ status: 201, body: '{"payment_id":"pay_7"}' })
  const action = { url: receiver.url, headers: { authorization: 'Bearer x' } }
  expect(await runAction(action, payload, 'run_1:pay', signal)).toEqual({ payment_id: 'pay_7' })
  expect(JSON.parse(receiver.received[0]!.body)).toEqual(payload)
  expect(receiver.received[0]?.headers).toMatchObject({
    'content-type': 'application/json',
    authorization: 'Bearer x',
    'idempotency-key': 'run_1:pay',
  })
})

test('its errors repeat no secret of its address or headers', async () => {
  receiver.answer = () => ({ status: 500, body: 'no' })
  const url = `${receiver.url}?token=s3cret`
  const said = (action: Parameters<typeof runAction>[0]) =>
    runAction(action, payload, 'k', signal).catch((reason: Error) => reason.message)
  expect(await said({ url })).toBe(`POST ${receiver.url} answered 500: no`)
  for (const value of ['Bearer s3cret\n\nx', 'Bearer s3cret\u2019']) {
    expect(await said({ url, headers: { authorization: value } })).toBe(
      `POST ${receiver.url} was not sent: the value of its header authorization has characters that no header can carry.`,
    )
  }
  const away = await said({ url: 'http://127.0.0.1:1/hook?token=s3cret' })
  expect(away).toMatch(/^POST http:\/\/127\.0\.0\.1:1\/hook failed: /)
  expect(await said({ url: 'http://user:s3cret@127.0.0.1:1/hook' })).toBe(
    'POST http://127.0.0.1:1/hook was not sent: put the user name and password of its address into a header.',
  )
})

test('returns null where the answer is not JSON', async () => {
  receiver.answer = () => ({ status: 200, body: 'fine' })
  expect(await runAction({ url: receiver.url }, payload, 'k', signal)).toBeNull()
})

test('says status and beginning of an answer that is a failure', async () => {
  receiver.answer = () => ({ status: 422, body: `no such\naccount ${'x'.repeat(500)}` })
  const error = await runAction({ url: receiver.url }, payload, 'k', signal).catch((reason: Error) => reason.message)
  expect(error).toMatch(new RegExp(`^POST ${receiver.url} answered 422: no such account x{200,300}…$`))
})

test('does not follow a redirect of an endpoint', async () => {
  receiver.answer = () => ({ status: 302, headers: { location: '/elsewhere' } })
  await expect(runAction({ url: receiver.url }, payload, 'k', signal)).rejects.toThrow('answered 302')
  expect(receiver.received).toHaveLength(1)
})

test('takes no answer above 1 MiB', async () => {
  receiver.answer = () => ({ status: 200, body: 'x'.repeat(1_100_000) })
  await expect(runAction({ url: receiver.url }, payload, 'k', signal)).rejects.toThrow('more than 1 MiB')
})

test('says that nobody listens at an endpoint', async () => {
  await receiver.close()
  await expect(runAction({ url: receiver.url }, payload, 'k', signal)).rejects.toThrow(/POST .* failed: connect ECONNREFUSED/)
  await receiver.open()
})

test('gives up an endpoint that does not answer in time', async () => {
  const clock = new FakeClock()
  receiver.answer = () => 'hang'
  const running = createRunAction(clock)({ url: receiver.url, timeout_seconds: 5 }, payload, 'k', signal)
  running.catch(() => {})
  await until(() => receiver.received.length === 1)
  clock.advance(5000)
  await expect(running).rejects.toThrow(`POST ${receiver.url} gave no answer within 5 seconds.`)
})

test('gives a command the payload on stdin and nowhere else', async () => {
  const action = script(`
    let input = ''
    process.stdin.on('data', (chunk) => (input += chunk)).on('end', () => {
      const key = process.env.COUNTERSIGN_IDEMPOTENCY_KEY
      const leaked = Object.values(process.env).some((value) => value.includes('E-1'))
      console.log(JSON.stringify({ input: JSON.parse(input), args: process.argv.slice(2), key, leaked }))
    })`)
  expect(await runAction(action, payload, 'run_1:pay', signal)).toEqual({
    input: payload,
    args: ['fixed'],
    key: 'run_1:pay',
    leaked: false,
  })
})

test('is content with a command that neither reads nor answers', async () => {
  expect(await runAction(script(''), { big: 'x'.repeat(500_000) }, 'k', signal)).toBeNull()
})

test('says exit code and the end of what a failing command complained of', async () => {
  const action = script(`console.error('x'.repeat(9000) + ' account\\nis closed'); process.exitCode = 3`)
  const error = await runAction(action, payload, 'k', signal).catch((reason: Error) => reason.message)
  expect(error).toMatch(/ended with exit code 3: x+ account is closed$/)
  expect(String(error).length).toBeLessThan(500)
})

test('says that there is no such program', async () => {
  await expect(runAction({ command: ['/no/such/program'] }, payload, 'k', signal)).rejects.toThrow(
    'Command /no/such/program could not be started: there is no such program or folder.',
  )
})

test('ends a command that takes too long, and what it started', async () => {
  const clock = new FakeClock()
  const pids = join(folder, 'pids')
  const action = script(`
    const child = require('child_process').spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], { stdio: 'inherit' })
    process.on('SIGTERM', () => {})
    require('fs').writeFileSync(${JSON.stringify(pids)}, process.pid + ' ' + child.pid)
    setInterval(() => {}, 1000)`)
  const running = createRunAction(clock)({ ...action, timeout_seconds: 2 }, payload, 'k', signal)
  running.catch(() => {})
  const started = () => {
    try {
      return readFileSync(pids, 'utf8').split(' ').map(Number)
    } catch {
      return []
    }
  }
  await until(() => started().length === 2, 2_000_000)
  clock.advance(2000)
  clock.advance(2000)
  await expect(running).rejects.toThrow('gave no answer within 2 seconds.')
  await until(() => started().every((pid) => !alive(pid)), 2_000_000)
})
