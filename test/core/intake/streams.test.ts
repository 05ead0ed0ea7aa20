import { connect, type Socket } from 'node:net'
import { createORPCClient } from '@orpc/client'
import type { ContractRouterClient } from '@orpc/contract'
import { OpenAPILink } from '@orpc/openapi-client/fetch'
import { afterEach, expect, test } from 'vitest'
import { type Contract, contract } from '../../../shared/contract/contract.ts'
import type { ChangeEvent } from '../../../shared/contract/events.ts'
import { admin } from '../access/scene.ts'
import { openScene, type Scene, sendRaw } from './scene.ts'

let scene: Scene
afterEach(() => scene.close())

function client(): ContractRouterClient<Contract> {
  const headers = { authorization: `Bearer ${scene.tokens.read}` }
  return createORPCClient(new OpenAPILink(contract, { url: scene.url, headers: () => headers }))
}

const counts = (pending: number): ChangeEvent => ({
  kind: 'counts',
  counts: { pending, due_soon: 0, needs_review: 0, dead_deliveries: 0 },
})

const until = async (holds: () => boolean): Promise<void> => {
  while (!holds()) await new Promise((resolve) => setImmediate(resolve))
}

/** Opens a stream by hand; `text` is all that came so far. */
async function openStream(path = '/events', token = scene.tokens.read) {
  const received = { text: '', closed: false }
  const socket: Socket = connect(scene.port, '127.0.0.1')
  socket.on('data', (chunk) => {
    received.text += chunk.toString('utf8')
  })
  socket.on('close', () => {
    received.closed = true
  })
  socket.on('error', () => undefined)
  socket.write(`GET ${path} HTTP/1.1\r\nHost: 127.0.0.1:${scene.port}\r\nAuthorization: Bearer ${token}\r\n\r\n`)
  return { socket, received }
}

test('oRPC’s own HTTP client reads the event stream', async () => {
  scene = await openScene()
  const events = await client().events.subscribe({})
  const first = await events.next()
  expect(first.value).toMatchObject({ kind: 'hello' })
  scene.streams.push(counts(2))
  scene.streams.push(counts(3))
  expect((await events.next()).value).toEqual(counts(2))
  expect((await events.next()).value).toEqual(counts(3))
  await events.return?.(undefined)
  await until(() => scene.streams.returned === 1)
})

test('a stream is plain server-sent events, with a comment every fifteen seconds', async () => {
  scene = await openScene()
  const { socket, received } = await openStream()
  await until(() => received.text.includes('hello'))
  expect(received.text).toMatch(/^HTTP\/1\.1 200 OK\r\n/)
  expect(received.text.toLowerCase()).toContain('content-type: text/event-stream; charset=utf-8')
  expect(received.text).toContain('event: message\ndata: {"kind":"hello"')
  expect(received.text).not.toContain('still here')
  for (const beats of [1, 2, 3]) {
    scene.clock.advance(15_000)
    await until(() => received.text.split(': still here\n\n').length === beats + 1)
  }
  socket.destroy()
})

test('the iterator is returned when the client goes away', async () => {
  scene = await openScene()
  const streams = await Promise.all(Array.from({ length: 5 }, () => openStream()))
  await until(() => streams.every(({ received }) => received.text.includes('hello')))
  for (const { socket } of streams) socket.destroy()
  await until(() => scene.streams.returned === 5)
  expect(scene.streams.started).toBe(5)
})

test('a wait ends when its caller goes away', async () => {
  scene = await openScene()
  const { socket } = await openStream('/tasks/run_1/wait?timeout_seconds=3600', scene.tokens.submit)
  await until(() => scene.seen.length === 1)
  socket.destroy()
  await until(() => scene.seen.length === 2)
  expect(scene.seen.map(({ name }) => name)).toEqual(['wait', 'wait ended'])
})

test('closing ends open streams, waits and idle connections at once', async () => {
  scene = await openScene()
  const stream = await openStream()
  const wait = await openStream('/tasks/run_1/wait?timeout_seconds=3600', scene.tokens.submit)
  const idle = connect(scene.port, '127.0.0.1')
  idle.on('error', () => undefined)
  await until(() => stream.received.text.includes('hello') && scene.seen.length === 1)
  await scene.server.close()
  await until(() => stream.received.closed && wait.received.closed && scene.streams.returned === 1 && scene.seen.length === 2)
})

test('a half-sent request is told so when its time is up, and does not hold up others', async () => {
  scene = await openScene({ receiveMs: 1000 })
  const head = `POST /requests HTTP/1.1\r\nHost: 127.0.0.1:${scene.port}\r\n`
  const credential = `Authorization: Bearer ${scene.tokens.submit}\r\nContent-Type: application/json\r\nContent-Length: 50\r\n\r\n{`
  const stream = await openStream()
  const wait = await openStream('/tasks/run_1/wait?timeout_seconds=3600', scene.tokens.submit)
  const slow = Promise.all([...Array.from({ length: 20 }, () => sendRaw(scene.port, head)), sendRaw(scene.port, head + credential)])
  const from = performance.now()
  const answer = await scene.send('POST', '/requests', { body: '{"type":"refund"}', token: scene.tokens.submit })
  expect(answer.status).toBe(202)
  for (const text of await slow) {
    expect(text).toMatch(/^HTTP\/1\.1 408 /)
    expect(text).toContain('"code":"request-timeout"')
  }
  expect(performance.now() - from).toBeLessThan(5_000)
  // Streams and waits are no slow senders: a silent socket is what they are for.
  await until(() => performance.now() - from > 2_500)
  expect([stream.received.closed, wait.received.closed]).toEqual([false, false])
})

test('more connections than are allowed are closed, and the others go on', async () => {
  scene = await openScene({ maxConnections: 3 })
  const streams = [await openStream(), await openStream(), await openStream()]
  await until(() => streams.every(({ received }) => received.text.includes('hello')))
  const fourth = await openStream()
  await until(() => fourth.received.closed)
  expect(fourth.received.text).toBe('')
  streams[0]!.socket.destroy()
  await until(() => scene.streams.returned === 1)
  const answer = await scene.send('GET', '/healthz')
  expect(answer.status).toBe(200)
  for (const { socket } of streams) socket.destroy()
})

test('a stream ends with the credential it was opened with, and tells nothing more', async () => {
  scene = await openScene()
  const stream = await openStream()
  const quiet = await openStream('/events', scene.tokens.admin)
  await until(() => stream.received.text.includes('hello') && quiet.received.text.includes('hello'))
  const byName = (name: string) => scene.access.list().find((token) => token.name === name)!.id
  await scene.access.revoke(byName('read'), admin)
  await scene.access.revoke(byName('admin'), admin)
  scene.streams.push(counts(7))
  scene.clock.advance(15_000)
  await until(() => scene.streams.returned === 2)
  expect(stream.received.text).not.toContain('"pending":7')
})

test('a client that reads nothing is disconnected, and costs no memory meanwhile', async () => {
  scene = await openScene()
  const { socket, received } = await openStream()
  await until(() => received.text.includes('hello'))
  socket.pause()
  const large = { kind: 'deadline', approval_id: 'a', title: 'x'.repeat(1_000_000), stage: 'half', due_at: '' } as const
  for (let sent = 0; sent < 20; sent++) {
    scene.streams.push(large)
    await new Promise((resolve) => setImmediate(resolve))
  }
  scene.clock.advance(45_000)
  await until(() => scene.streams.returned === 1)
  socket.destroy()
})

test('programs that wait leave room for the people they wait for', async () => {
  scene = await openScene({ maxConnections: 8 })
  const path = '/tasks/run_1/wait?timeout_seconds=3600'
  const waits = await Promise.all(Array.from({ length: 6 }, () => openStream(path, scene.tokens.submit)))
  await until(() => scene.seen.length === 6)
  const seventh = await scene.send('GET', path, { token: scene.tokens.submit })
  expect([seventh.status, seventh.json.code, seventh.headers['retry-after']]).toEqual([429, 'rate-limited', '5'])
  expect((await scene.send('GET', '/approvals', { token: scene.tokens.read })).status).toBe(200)
  waits[0]!.socket.destroy()
  await until(() => scene.seen.length === 8)
  const eighth = await openStream(path, scene.tokens.submit)
  await until(() => scene.seen.length === 9)
  for (const { socket } of [...waits, eighth]) socket.destroy()
})
