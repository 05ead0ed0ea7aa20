import { connect } from 'node:net'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { type ClientOptions, WebSocket } from 'ws'
import { admin } from '../access/scene.ts'
import { openScene, type Scene, sendRaw } from './scene.ts'

let scene: Scene
beforeEach(async () => {
  scene = await openScene()
})
afterEach(() => scene.close())

const until = async (holds: () => boolean): Promise<void> => {
  while (!holds()) await new Promise((resolve) => setImmediate(resolve))
}

type Opened = {
  readonly socket: WebSocket
  readonly items: unknown[]
  opened: boolean
  pings: number
  closed: { code: number; reason: string } | null
  /** The answer to a handshake that was refused. */
  refused: { status: number; code: string } | null
}

function open(path: string, options: ClientOptions = {}): Opened {
  const socket = new WebSocket(`ws://127.0.0.1:${scene.port}${path}`, options)
  const state: Opened = { socket, items: [], opened: false, pings: 0, closed: null, refused: null }
  socket.on('open', () => {
    state.opened = true
  })
  socket.on('message', (data) => state.items.push(JSON.parse(String(data))))
  socket.on('ping', () => state.pings++)
  socket.on('error', () => {})
  socket.on('close', (code, reason) => {
    state.closed = { code, reason: String(reason) }
  })
  socket.on('unexpected-response', (_request, response) => {
    let text = ''
    response.on('data', (chunk: Buffer) => (text += chunk))
    response.on('end', () => {
      state.refused = { status: response.statusCode!, code: (JSON.parse(text) as { code: string }).code }
    })
  })
  return state
}

const bearer = (token = scene.tokens.read): ClientOptions => ({ headers: { authorization: `Bearer ${token}` } })

async function browser(): Promise<Record<string, string>> {
  const { key } = scene.access.createLink()
  const { session } = (await scene.access.exchangeLink(key, undefined))!
  return { cookie: `countersign_session_${scene.port}=${session}`, origin: `http://127.0.0.1:${scene.port}` }
}

const pending = { id: 'apr_1', status: 'pending' }
const approved = { id: 'apr_1', status: 'approved' }

describe('the WebSocket of an approval', () => {
  test.each(['/approvals/apr_1/stream', '/api/approvals/run_1%3Aapproval%3Amanager/stream'])(
    'sends the item, each change, and closes with 1000 at the end: %s',
    async (path) => {
      const stream = open(path, bearer())
      await until(() => stream.items.length === 1)
      scene.streams.pushItem(approved)
      scene.streams.pushItem(null)
      await until(() => stream.closed !== null)
      expect(stream.items).toEqual([pending, approved])
      expect(stream.closed).toEqual({ code: 1000, reason: 'It has ended.' })
      await until(() => scene.streams.returned === 1)
      const key = path.includes('api') ? 'run_1:approval:manager' : 'apr_1'
      expect(scene.seen).toMatchObject([
        { name: 'stream', input: { approval_id: key }, context: { caller: { address: '127.0.0.1' } } },
      ])
    },
  )

  test('takes the session cookie of the inbox’s own page', async () => {
    const stream = open('/approvals/apr_1/stream', { headers: await browser() })
    await until(() => stream.items.length === 1)
    stream.socket.terminate()
    await until(() => scene.streams.returned === 1)
  })

  test('is refused to other pages, without a credential, and with one in the address', async () => {
    const { cookie, origin } = await browser()
    const { read, submit } = scene.tokens
    const refusals: [ClientOptions, string, number, string][] = [
      [{ headers: { cookie: cookie!, origin: 'http://evil.example' } }, '', 403, 'origin-not-allowed'],
      [{ headers: { cookie: cookie!, origin: origin!.replace('127.0.0.1', 'localhost') } }, '', 403, 'origin-not-allowed'],
      [{ headers: { cookie: cookie!, origin: 'null' } }, '', 403, 'origin-not-allowed'],
      [{ headers: { cookie: cookie! } }, '', 401, 'unauthorized'],
      [{ headers: { authorization: `Bearer ${read}`, origin: 'http://evil.example' } }, '', 403, 'origin-not-allowed'],
      [{}, '', 401, 'unauthorized'],
      [{ headers: { origin: origin! } }, `?token=${read}&access_token=${read}`, 401, 'unauthorized'],
      [bearer('cs_rWRONG'), '', 401, 'unauthorized'],
      [bearer(submit), '', 403, 'forbidden'],
      [{ headers: { ...bearer().headers, host: 'evil.example' } }, '', 403, 'host-not-allowed'],
    ]
    for (const [options, query, status, code] of refusals) {
      const stream = open(`/approvals/apr_1/stream${query}`, options)
      await until(() => stream.refused !== null)
      expect(stream.refused).toEqual({ status, code })
    }
    expect(scene.streams.started).toBe(0)
  })

  test('of an unknown approval is a plain 404, as is one at another address', async () => {
    for (const path of ['/approvals/unknown/stream', '/approvals/apr_1', '/events/stream']) {
      const stream = open(path, bearer())
      await until(() => stream.refused !== null || stream.opened)
      expect([path, stream.refused?.status ?? 'opened']).toEqual([path, path === '/approvals/apr_1' ? 200 : 404])
      stream.socket.terminate()
    }
  })

  test('a handshake that is none, and another protocol, are answered', async () => {
    const head = `GET /approvals/apr_1/stream HTTP/1.1\r\nHost: 127.0.0.1:${scene.port}\r\nAuthorization: Bearer ${scene.tokens.read}\r\n`
    const none = await sendRaw(scene.port, `${head}Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Key: short\r\n\r\n`)
    expect(none).toMatch(/^HTTP\/1\.1 400 /)
    expect(none).toContain('"code":"malformed-request"')
    await until(() => scene.streams.started === scene.streams.returned)
    const http2 = await sendRaw(
      scene.port,
      `GET /healthz HTTP/1.1\r\nHost: 127.0.0.1:${scene.port}\r\nConnection: Upgrade, close\r\nUpgrade: h2c\r\n\r\n`,
    )
    expect(http2).toMatch(/^HTTP\/1\.1 200 /)
  })

  test('ignores what it is sent, and is closed by a message that is too long', async () => {
    const stream = open('/approvals/apr_1/stream', bearer())
    await until(() => stream.items.length === 1)
    for (const message of ['{"decision":"approve"}', Buffer.alloc(1024)]) stream.socket.send(message)
    scene.streams.pushItem(approved)
    await until(() => stream.items.length === 2)
    stream.socket.send(Buffer.alloc(1025))
    await until(() => stream.closed !== null)
    expect(stream.closed!.code).toBe(1009)
    await until(() => scene.streams.returned === 1)
    expect(scene.seen.map(({ name }) => name)).toEqual(['stream'])
  })

  test('pings every 30 seconds, and lets go of who does not answer', async () => {
    const stream = open('/approvals/apr_1/stream', bearer())
    await until(() => stream.items.length === 1)
    for (const pings of [1, 2, 3]) {
      scene.clock.advance(30_000)
      await until(() => stream.pings === pings)
      // Its pong came before this message was sent.
      scene.streams.pushItem(pending)
      await until(() => stream.items.length === pings + 1)
    }
    stream.socket.terminate()
    await until(() => scene.streams.returned === 1)

    const silent = connect(scene.port, '127.0.0.1')
    let text = ''
    let closed = false
    silent.on('data', (chunk) => (text += chunk.toString('latin1')))
    silent.on('close', () => (closed = true))
    silent.write(
      `GET /approvals/apr_1/stream HTTP/1.1\r\nHost: 127.0.0.1:${scene.port}\r\nAuthorization: Bearer ${scene.tokens.read}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n`,
    )
    await until(() => text.includes('apr_1'))
    scene.clock.advance(30_000)
    scene.clock.advance(30_000)
    await until(() => closed && scene.streams.returned === 2)
    expect(scene.clock.timers).toBe(0)
  })

  test('ends with the credential it was opened with', async () => {
    const made = await scene.access.create({ name: 'short', scope: 'read' }, admin)
    if (!made.ok) throw new Error(made.failure.message)
    const stream = open('/approvals/apr_1/stream', bearer(made.value.token))
    await until(() => stream.items.length === 1)
    await scene.access.revoke(made.value.item.id, admin)
    scene.streams.pushItem(approved)
    await until(() => stream.closed !== null)
    expect([stream.closed!.code, stream.items]).toEqual([1008, [pending]])
  })

  test('closes at once when the application stops', async () => {
    const streams = [1, 2, 3].map(() => open('/approvals/apr_1/stream', bearer()))
    await until(() => streams.every(({ items }) => items.length === 1))
    await scene.server.close()
    await until(() => streams.every(({ closed }) => closed !== null))
    expect(streams.map(({ closed }) => closed!.code)).toEqual([1001, 1001, 1001])
    await until(() => scene.streams.returned === 3)
  })
})

test('the stream of an approval is server-sent events under both of its names', async () => {
  for (const path of ['/approvals/apr_1/stream', '/api/approvals/run_1:check/stream']) {
    const answer = scene.send('GET', path, { token: scene.tokens.read })
    const { started } = scene.streams
    await until(() => scene.streams.started > started)
    scene.streams.pushItem(approved)
    scene.streams.pushItem(null)
    const { status, headers, text } = await answer
    expect([status, headers['content-type']]).toEqual([200, 'text/event-stream; charset=utf-8'])
    expect(text).toContain(`data: ${JSON.stringify(pending)}\n\nevent: message\ndata: ${JSON.stringify(approved)}\n\nevent: done`)
  }
  const unknown = await scene.send('GET', '/approvals/unknown/stream', { token: scene.tokens.read })
  expect([unknown.status, unknown.json.code]).toEqual([404, 'not-found'])
})
