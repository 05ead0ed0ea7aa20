import { createServer, type IncomingMessage, request, type ServerResponse } from 'node:http'
import type { AddressInfo, Socket } from 'node:net'

/** What lies between a browser and the host, where a test can do to it what networks do. */
export type Line = {
  /** The address of the proxy that a browser is given. */
  readonly server: string
  /** Breaks what is open; nothing gets through any more. */
  cut(): void
  /** Says nothing any more and breaks nothing: a machine that sleeps, a network that lost its way. */
  hush(): void
  /** Everything gets through again that is asked from now on; what was asked into the silence is reset, as a machine that woke up does. */
  mend(): void
  close(): void
}

export async function startLine(): Promise<Line> {
  let state: 'open' | 'cut' | 'hushed' = 'open'
  const sockets = new Set<Socket>()
  const pass = (asked: IncomingMessage, answer: ServerResponse) => {
    if (state === 'cut') return void asked.socket.destroy()
    if (state === 'hushed') return
    const { method = 'GET', headers, url = '' } = asked
    const onward = request(url, { method, headers }, (come) => {
      answer.writeHead(come.statusCode ?? 502, come.headers)
      come.on('data', (chunk) => state !== 'hushed' && answer.write(chunk))
      come.on('end', () => state !== 'hushed' && answer.end())
      come.on('error', () => answer.destroy())
    })
    onward.on('error', () => answer.destroy())
    answer.on('close', () => onward.destroy())
    asked.pipe(onward)
  }
  const server = createServer(pass)
  server.on('connection', (socket) => {
    sockets.add(socket)
    socket.on('close', () => sockets.delete(socket))
    socket.on('error', () => {})
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const breakAll = () => {
    for (const socket of sockets) socket.destroy()
  }
  return {
    server: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    cut() {
      state = 'cut'
      breakAll()
    },
    hush() {
      state = 'hushed'
    },
    mend() {
      breakAll()
      state = 'open'
    },
    close() {
      breakAll()
      server.close()
    },
  }
}
