import { connect, type Socket } from 'node:net'

/** What came back, as far as a test looks at it. `status` 0 is silence: the other side said nothing before it closed. */
export type RawAnswer = {
  readonly status: number
  /** Of a problem document: its stable code. */
  readonly code: string | null
  readonly head: string
  readonly body: string
}

type Headers = readonly (readonly [name: string, value: string])[]

export type RawRequest = {
  readonly method: string
  readonly path: string
  /** Exactly these, in this order; nothing is added but the length of a body. */
  readonly headers: Headers
  readonly body?: string | Buffer
}

/** One request as the bytes that go over the wire, whatever they are. */
export function toBytes({ method, path, headers, body }: RawRequest): Buffer {
  const length = body === undefined ? [] : [`content-length: ${Buffer.byteLength(body)}`]
  const lines = [`${method} ${path} HTTP/1.1`, ...headers.map(([name, value]) => `${name}: ${value}`), ...length, '', '']
  return Buffer.concat([Buffer.from(lines.join('\r\n'), 'latin1'), Buffer.from(body ?? '')])
}

export const exchange = (port: number, request: RawRequest): Promise<RawAnswer> => exchangeBytes(port, toBytes(request))

/** Writes bytes on a connection of their own and reads one answer. Of a stream, the head is the answer. */
async function exchangeBytes(port: number, bytes: Buffer, options: SendOptions = {}): Promise<RawAnswer> {
  const line = openLine(port)
  const answer = await line.send(bytes, options)
  line.close()
  return answer
}

type SendOptions = {
  /** The sending side is closed behind the bytes, as somebody does who has nothing more to say. */
  readonly ends?: boolean
  /** After so long without an answer it is silence. */
  readonly waitMs?: number
}

/** A connection that is used again for as long as the other side leaves it open. One request at a time. */
export function openLine(port: number): { send(bytes: Buffer, options?: SendOptions): Promise<RawAnswer>; close(): void } {
  let kept: Socket | null = null
  return {
    send(bytes, { ends = false, waitMs = 30_000 } = {}) {
      return new Promise((resolve) => {
        const socket = kept ?? connect(port, '127.0.0.1').setNoDelay(true)
        kept = null
        let received: Buffer = Buffer.alloc(0)
        const settle = (usable: boolean): void => {
          clearTimeout(late)
          socket.removeAllListeners('data').removeAllListeners('close')
          if (usable) kept = socket.once('close', () => (kept = kept === socket ? null : kept))
          else socket.destroy()
          resolve(read(received))
        }
        const late = setTimeout(() => settle(false), waitMs)
        socket.on('data', (chunk) => {
          received = received.length === 0 ? chunk : Buffer.concat([received, chunk])
          const whole = isWhole(received)
          if (whole !== null) settle(whole === 'and more' && !ends)
        })
        socket.once('close', () => settle(false))
        // A connection that is reset has said what it had to say.
        if (socket.listenerCount('error') === 0) socket.on('error', () => undefined)
        if (ends) socket.end(bytes)
        else socket.write(bytes)
      })
    },
    close: () => void kept?.destroy(),
  }
}

const split = (bytes: Buffer): { head: string; rest: Buffer } | null => {
  const end = bytes.indexOf('\r\n\r\n')
  return end < 0 ? null : { head: bytes.toString('latin1', 0, end), rest: bytes.subarray(end + 4) }
}

/** Whether one answer is complete, and whether the connection takes another request behind it; null while it is not complete. */
function isWhole(bytes: Buffer): 'and more' | 'the last' | null {
  const found = split(bytes)
  if (found === null) return null
  const { head, rest } = found
  if (/^HTTP\/1\.1 1\d\d /.test(head)) return head.startsWith('HTTP/1.1 101') ? 'the last' : isWhole(rest)
  if (/^content-type: text\/event-stream/im.test(head)) return 'the last'
  const after = /^connection: close$/im.test(head) ? 'the last' : 'and more'
  const length = /^content-length: (\d+)$/im.exec(head)?.[1]
  if (length !== undefined) return rest.length >= Number(length) ? after : null
  if (/^transfer-encoding: chunked$/im.test(head)) return rest.toString('latin1').endsWith('0\r\n\r\n') ? after : null
  return /^HTTP\/1\.1 (?:204|304) /.test(head) ? after : null
}

function read(bytes: Buffer): RawAnswer {
  const found = split(bytes)
  if (found === null) return { status: 0, code: null, head: '', body: bytes.toString('latin1') }
  if (/^HTTP\/1\.1 100 /.test(found.head)) return read(found.rest)
  const body = found.rest.toString('utf8')
  const isProblem = /^content-type: application\/problem\+json/im.test(found.head)
  const code = isProblem ? (/"code":"([\w-]+)"/.exec(body)?.[1] ?? null) : null
  return { status: Number(found.head.slice(9, 12)), code, head: found.head, body }
}

/** A connection that stays open; for those who send slowly. */
export function openSocket(port: number): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1', () => resolve(socket))
    socket.once('error', reject)
  })
}
