import { hash } from 'node:crypto'
import fs from 'node:fs'
import { createServer, type IncomingMessage, type RequestListener, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { fastify } from 'fastify'
import { type LoadResult, measureLoad } from '../load.ts'
import type { Figure } from '../report.ts'
import { measureDecisions, sampleRequest } from '../runs.ts'
import type { Sample } from './sample.ts'

const group = "The machine's limits: raw HTTP over loopback, load from a second process"
const count = 20_000

/** The request of the bench, and an answer as long as ours. */
const body = JSON.stringify(sampleRequest(0)).replaceAll('88-0', '88-{n}')
const answer = JSON.stringify({
  message: 'The request waits for owner@example.com.',
  task_id: `run_${'0'.repeat(36)}`,
  status: 'waiting',
})

/** A server of Node alone, for as long as it is measured. */
async function served<T>(listener: RequestListener, measure: (port: number) => Promise<T>): Promise<T> {
  const server = createServer(listener)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  try {
    return await measure((server.address() as AddressInfo).port)
  } finally {
    server.closeAllConnections()
    await new Promise((resolve) => server.close(resolve))
  }
}

function received(request: IncomingMessage, then: (bytes: Buffer) => void): void {
  const chunks: Buffer[] = []
  request.on('data', (chunk: Buffer) => chunks.push(chunk)).on('end', () => then(Buffer.concat(chunks)))
}

function send(response: ServerResponse, status: number, text: string): void {
  response.writeHead(status, { 'content-type': 'application/json', 'content-length': Buffer.byteLength(text) }).end(text)
}

type Reading = LoadResult & { /** Microseconds of processor time of one request, on this side. */ readonly server: number }

async function loaded(port: number): Promise<Reading> {
  const load = { port, path: '/requests', token: 'x'.repeat(43), count, connections: 64, body }
  await measureLoad(load)
  const before = process.cpuUsage()
  const result = await measureLoad(load)
  const { user, system } = process.cpuUsage(before)
  return { ...result, server: (user + system) / count }
}

const echo: RequestListener = (request, response) => received(request, () => send(response, 202, answer))

async function emptyFastify(): Promise<number> {
  const server = fastify()
  server.post('/requests', async () => ({ ok: true }))
  await server.listen({ port: 0, host: '127.0.0.1' })
  const { perSecond } = await loaded((server.server.address() as AddressInfo).port)
  await server.close()
  return perSecond
}

/**
 * What answering a decision needs and nothing else: two records written as text and chained, one append and one sync, and then the
 * answers to who decided and to the program that waits.
 */
function bareDecisions(file: string, { end }: Sample): { readonly listener: RequestListener; close(): void } {
  const fd = fs.openSync(file, 'a')
  const records = end.map((line) => JSON.parse(line) as object)
  const waiting = new Map<string, ServerResponse>()
  const listener: RequestListener = (request, response) => {
    if (request.method === 'GET') {
      waiting.set(request.url!.split('/')[2]!, response)
      return
    }
    received(request, (bytes) => {
      const { approval_id } = JSON.parse(bytes.toString()) as { approval_id: string }
      let lines = ''
      for (const record of records) {
        const text = JSON.stringify(record)
        lines += `${hash('sha256', text, 'hex')}${hash('sha256', text, 'hex')}${text}\n`
      }
      fs.writeSync(fd, lines)
      fs.fdatasync(fd, () => {
        send(waiting.get(approval_id)!, 200, '{"status":"completed"}')
        send(response, 200, '{"message":"Approved."}')
        waiting.delete(approval_id)
      })
    })
  }
  return { listener, close: () => fs.closeSync(fd) }
}

async function decideBarely(folder: string, sample: Sample): Promise<{ p50: number; p99: number }> {
  const { listener, close } = bareDecisions(join(folder, 'decisions.jsonl'), sample)
  const of = (from: number, to: number) => Array.from({ length: to - from }, (_, n) => [`t${from + n}`, `t${from + n}`] as const)
  try {
    return await served(listener, async (port) => {
      const at = { url: `http://127.0.0.1:${port}`, token: 'x'.repeat(43) }
      await measureDecisions({ ...at, approvals: of(0, 200) })
      return await measureDecisions({ ...at, approvals: of(200, 1200) })
    })
  } finally {
    close()
  }
}

export async function measureEcho(folder: string, sample: Sample, repeats: number): Promise<Figure[]> {
  const echoes: Reading[] = []
  const empty: number[] = []
  const decided: { p50: number; p99: number }[] = []
  for (let n = 0; n < repeats; n++) {
    echoes.push(await served(echo, loaded))
    empty.push(await emptyFastify())
    decided.push(await decideBarely(folder, sample))
  }
  const each = (name: string, key: string, unit: string, of: (reading: Reading) => number): Figure => ({
    group,
    name,
    key,
    unit,
    readings: echoes.map(of),
    better: unit === 'req/s' ? 'more' : 'less',
  })
  const bare = (share: 'p50' | 'p99'): Figure => ({
    group,
    name: `a server that only writes the decision, syncs and answers, ${share}`,
    key: `decision.${share}`,
    unit: 'ms',
    readings: decided.map((found) => found[share]),
    better: 'less',
  })
  return [
    each("node:http answers the bench's request, 64 connections", 'echo.rate', 'req/s', (reading) => reading.perSecond),
    each('of it the server, processor time a request', 'echo.server', 'µs', (reading) => reading.server),
    each('of it who sends, processor time a request', 'echo.client', 'µs', (reading) => reading.cpu),
    each('its slowest hundredth beside its half', 'echo.tail', 'times', (reading) => reading.p99 / reading.p50),
    { group, name: 'Fastify answers it, nothing in between', unit: 'req/s', readings: empty, better: 'more' },
    bare('p50'),
    bare('p99'),
  ]
}
