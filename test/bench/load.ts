import { spawn } from 'node:child_process'
import net from 'node:net'
import { fileURLToPath } from 'node:url'

export type Load = {
  readonly port: number
  readonly path: string
  readonly token: string
  readonly count: number
  readonly connections: number
  /** Sent as it is; `{n}` in it becomes the number of the request. */
  readonly body: string
}

export type LoadResult = {
  readonly perSecond: number
  readonly failures: number
  readonly p50: number
  readonly p99: number
  /** Microseconds of processor time that one request costs its sender. */
  readonly cpu: number
}

/** Posts from a process of its own, each connection keeping one request in flight. */
export async function measureLoad(load: Load): Promise<LoadResult> {
  const child = spawn(process.execPath, [fileURLToPath(import.meta.url), JSON.stringify(load)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  let out = ''
  for await (const chunk of child.stdout) out += chunk
  return JSON.parse(out) as LoadResult
}

/** A client that costs as little as can be: prepared bytes out, status and length in. */
async function run(load: Load): Promise<LoadResult> {
  let next = 0
  let failures = 0
  const times: number[] = []
  const before = process.cpuUsage()
  const startedAt = performance.now()
  await Promise.all(
    Array.from({ length: load.connections }, () =>
      connection(
        load,
        () => (next < load.count ? next++ : -1),
        times,
        () => failures++,
      ),
    ),
  )
  const seconds = (performance.now() - startedAt) / 1000
  const { user, system } = process.cpuUsage(before)
  times.sort((a, b) => a - b)
  const at = (share: number) => times[Math.min(times.length - 1, Math.floor(times.length * share))] ?? 0
  return { perSecond: load.count / seconds, failures, p50: at(0.5), p99: at(0.99), cpu: (user + system) / load.count }
}

function connection(load: Load, take: () => number, times: number[], failed: () => void): Promise<void> {
  return new Promise((resolve, reject) => {
    const socket = net.connect({ port: load.port, host: '127.0.0.1', noDelay: true })
    let sentAt = 0
    let pending = ''
    const send = () => {
      const n = take()
      if (n < 0) {
        socket.end()
        resolve()
        return
      }
      const body = load.body.replaceAll('{n}', String(n))
      const head = `POST ${load.path} HTTP/1.1\r\nHost: 127.0.0.1:${load.port}\r\nAuthorization: Bearer ${load.token}\r\nContent-Type: application/json\r\nContent-Length: ${Buffer.byteLength(body)}\r\n\r\n`
      sentAt = performance.now()
      socket.write(head + body)
    }
    socket.on('connect', send)
    socket.on('error', reject)
    socket.on('data', (chunk) => {
      pending += chunk.toString('latin1')
      const end = pending.indexOf('\r\n\r\n')
      if (end < 0) return
      const length = Number(/content-length: (\d+)/i.exec(pending)?.[1] ?? 0)
      if (pending.length < end + 4 + length) return
      times.push(performance.now() - sentAt)
      if (!/^HTTP\/1\.1 2/.test(pending)) failed()
      pending = ''
      send()
    })
  })
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  console.log(JSON.stringify(await run(JSON.parse(process.argv[2]!) as Load)))
}
