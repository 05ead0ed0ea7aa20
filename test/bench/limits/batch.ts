import { hash } from 'node:crypto'
import fs from 'node:fs'
import { Agent, createServer, request } from 'node:http'
import type { AddressInfo } from 'node:net'
import { pool } from '../pool.ts'

/** As many posts at a time as one payee is given here. */
const inFlight = 64

/** The body of a batch, posted to a server that reads it, writes it down, syncs and answers. Seconds. */
export async function sendBarely(file: string, body: string): Promise<number> {
  const fd = fs.openSync(file, 'a')
  const server = createServer((incoming, response) => {
    const chunks: Buffer[] = []
    incoming
      .on('data', (chunk: Buffer) => chunks.push(chunk))
      .on('end', () => {
        const text = JSON.stringify(JSON.parse(Buffer.concat(chunks).toString()))
        fs.writeSync(fd, `${hash('sha256', text, 'hex')}${text}\n`)
        fs.fdatasync(fd, () => response.setHeader('content-type', 'application/json').end('{"ok":true}'))
      })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  const startedAt = performance.now()
  const answer = await fetch(`http://127.0.0.1:${port}/`, { method: 'POST', body, headers: { 'content-type': 'application/json' } })
  await answer.json()
  const took = (performance.now() - startedAt) / 1000
  server.closeAllConnections()
  server.close()
  fs.closeSync(fd)
  return took
}

/** So many posts to whoever carries them out, and a record of each on disk before the end. Seconds. */
export async function carryOutBarely(url: string, file: string, items: number): Promise<number> {
  const fd = fs.openSync(file, 'a')
  const agent = new Agent({ keepAlive: true, maxSockets: inFlight })
  let pending = ''
  let flushing: Promise<void> | null = null
  const flush = async () => {
    while (pending !== '') {
      fs.writeSync(fd, pending)
      pending = ''
      await new Promise((resolve) => fs.fdatasync(fd, resolve))
    }
    flushing = null
  }
  const post = async (n: number) => {
    const record = JSON.stringify({
      seq: n,
      type: 'step_completed',
      data: { result: await carryOut(agent, url, n) },
      pad: 'x'.repeat(300),
    })
    pending += `${hash('sha256', record, 'hex')}${record}\n`
    flushing ??= flush()
  }
  const startedAt = performance.now()
  await pool(items, inFlight, post)
  await flushing
  const took = (performance.now() - startedAt) / 1000
  agent.destroy()
  fs.closeSync(fd)
  return took
}

function carryOut(agent: Agent, url: string, n: number): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const body = JSON.stringify({ n, order: `88-${n}, customer c_19284, 12.50 EUR, lost on its way` })
    const headers = { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) }
    const sent = request(url, { method: 'POST', agent, headers }, (response) => {
      let text = ''
      response.on('data', (chunk) => (text += chunk)).on('end', () => resolve(JSON.parse(text)))
    })
    sent.on('error', reject).end(body)
  })
}
