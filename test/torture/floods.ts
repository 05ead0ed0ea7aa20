import type { Socket } from 'node:net'
import { setTimeout as later } from 'node:timers/promises'
import { openLine, openSocket, type RawAnswer, toBytes } from '../support/raw-http.ts'
import { type Host, openHost } from './doors/host.ts'
import { type Options, type Part, type Row, Tally } from './part.ts'

const part = 'floods'
const patienceMs = 500
const closedWithinMs = 20_000
const honestClients = 8

/** What each kind of slow client has said when it is let in, and what it says from then on, a little at a time. */
const kinds: Readonly<Record<string, { readonly first: (host: FloodTarget) => string; readonly drip: string }>> = {
  'slow headers': { first: ({ port }) => `POST /requests HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\n`, drip: 'X-A: b\r\n' },
  'slow bodies': {
    first: ({ port, tokens }) =>
      `POST /requests HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nAuthorization: Bearer ${tokens.submit}\r\n` +
      'Content-Type: application/json\r\nContent-Length: 200000\r\n\r\n{"type":"',
    drip: 'x',
  },
  'slow chunks': {
    first: ({ port, tokens }) =>
      `POST /requests HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nAuthorization: Bearer ${tokens.submit}\r\n` +
      'Content-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n',
    drip: '1\r\nx\r\n',
  },
  silence: { first: () => '', drip: '' },
}

export type FloodTarget = Pick<Host, 'port' | 'tokens'>

type Slow = { readonly kind: string; readonly began: number; closedAfter: number | null; said: string }

/** Opens so many of each kind and keeps them dripping until the other side has had enough. */
async function open(target: FloodTarget, each: number, slow: Slow[]): Promise<Socket[]> {
  const sockets: Socket[] = []
  for (const [kind, { first }] of Object.entries(kinds)) {
    for (let count = 0; count < each; count++) {
      const socket = await openSocket(target.port)
      const one: Slow = { kind, began: performance.now(), closedAfter: null, said: '' }
      slow.push(one)
      socket.on('data', (chunk) => (one.said += chunk.toString('latin1')))
      socket.on('error', () => undefined)
      socket.once('close', () => (one.closedAfter = performance.now() - one.began))
      socket.write(first(target))
      sockets.push(socket)
    }
  }
  return sockets
}

async function drip(sockets: readonly Socket[], slow: readonly Slow[], everyMs: number, over: () => boolean): Promise<void> {
  while (!over() && slow.some(({ closedAfter }) => closedAfter === null)) {
    await later(everyMs)
    for (const [index, socket] of sockets.entries()) {
      const { drip: more } = kinds[slow[index]!.kind]!
      if (socket.writable && more !== '') socket.write(more)
    }
  }
}

/** What somebody with a purpose does: looks, submits, and looks again. */
async function honest(target: FloodTarget, over: () => boolean, told: (answer: RawAnswer, took: number) => void): Promise<void> {
  const line = openLine(target.port)
  const host: [string, string] = ['host', `127.0.0.1:${target.port}`]
  const credential: [string, string] = ['authorization', `Bearer ${target.tokens.submit}`]
  const body = '{"type":"refund","title":"Refund","amount":5}'
  const requests = [
    toBytes({ method: 'GET', path: '/healthz', headers: [host] }),
    toBytes({ method: 'POST', path: '/requests', headers: [host, credential, ['content-type', 'application/json']], body }),
    toBytes({ method: 'GET', path: '/tasks/run_none/status', headers: [host, credential] }),
  ]
  for (let turn = 0; !over(); turn++) {
    const began = performance.now()
    told(await line.send(requests[turn % requests.length]!), performance.now() - began)
    await later(5)
  }
  line.close()
}

export type Flood = {
  readonly took: readonly number[]
  readonly wrong: readonly string[]
  readonly slow: readonly Slow[]
}

/** Floods a server until it has got rid of everybody slow; honest clients go on all the while. */
export async function flood(
  target: FloodTarget,
  { each, dripMs, limitMs }: { each: number; dripMs: number; limitMs: number },
): Promise<Flood> {
  const slow: Slow[] = []
  const took: number[] = []
  const wrong: string[] = []
  const began = performance.now()
  let done = false
  const clients = Array.from({ length: honestClients }, () =>
    honest(
      target,
      () => done,
      (answer, ms) => {
        took.push(ms)
        if (![200, 202, 404].includes(answer.status)) wrong.push(`${answer.status} ${answer.code}`)
      },
    ),
  )
  const sockets = await open(target, each, slow)
  await drip(sockets, slow, dripMs, () => performance.now() - began > limitMs)
  // What comes after the flood belongs to it: nothing may be left behind.
  await later(200)
  done = true
  await Promise.all(clients)
  for (const socket of sockets) socket.destroy()
  return { took, wrong, slow }
}

async function run(host: Host, { seed, quick, say }: Options): Promise<Row[]> {
  const each = quick ? 50 : 200
  const waiting = new Tally(
    part,
    `honest clients among ${each * Object.keys(kinds).length} slow ones: p99 under ${patienceMs} ms`,
    seed,
  )
  const before = await host.condition()
  const { took, wrong, slow } = await flood(host, { each, dripMs: 500, limitMs: closedWithinMs + 5000 })
  const sorted = [...took].sort((one, other) => one - other)
  const p99 = sorted[Math.floor(sorted.length * 0.99)] ?? Number.POSITIVE_INFINITY
  for (const [index, problem] of [...wrong, ...took.slice(wrong.length).map(() => '')].entries())
    waiting.add(String(index), problem ? [problem] : [])
  waiting.add('p99', p99 > patienceMs ? [`p99 is ${p99.toFixed(0)} ms`] : [])
  waiting.note = `p50 ${(sorted[sorted.length >> 1] ?? 0).toFixed(1)} ms, p99 ${p99.toFixed(1)} ms, longest ${(sorted.at(-1) ?? 0).toFixed(1)} ms`
  say(`  ${waiting.note}`)

  const closed = new Tally(part, `slow clients are closed within ${closedWithinMs / 1000} s`, seed)
  for (const [index, { kind, closedAfter, said }] of slow.entries()) {
    const late = closedAfter === null || closedAfter > closedWithinMs
    const told = said.includes('"code":"request-timeout"')
    closed.add(`${kind} ${index}`, [
      ...(late ? ['it is still open'] : []),
      ...(told ? [] : [`it was told ${said.slice(0, 100) || 'nothing'}`]),
    ])
  }
  const longest = Math.max(...slow.map(({ closedAfter }) => closedAfter ?? Number.POSITIVE_INFINITY))
  const after = await host.condition()
  closed.note = `the last after ${(longest / 1000).toFixed(1)} s; ${after.handles - before.handles} handles more than before`
  closed.add('mistakes in the log', after.errors > 0 ? [`${after.errors}`] : [])
  return [waiting.row(), closed.row()]
}

/** Hundreds who send as slowly as they can, and a few who want something. */
export const floods: Part = {
  name: part,
  async run(options) {
    const host = await openHost()
    try {
      return await run(host, options)
    } finally {
      await host.stop()
    }
  },
}
