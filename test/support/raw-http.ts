import { connect } from 'node:net'

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
function toBytes({ method, path, headers, body }: RawRequest): Buffer {
  const length = body === undefined ? [] : [`content-length: ${Buffer.byteLength(body)}`]
  const lines = [`${method} ${path} HTTP/1.1`, ...headers.map(([name, value]) => `${name}: ${value}`), ...length, '', '']
  return Buffer.concat([Buffer.from(lines.join('\r\n'), 'latin1'), Buffer.from(body ?? '')])
}

export const exchange = (port: number, request: RawRequest): Promise<RawAnswer> => exchangeBytes(port, toBytes(request))

/**
 * Writes bytes on a connection of their own and reads one answer. Of a stream, the head is the answer. With `ends`, the sending side is
 * closed behind the bytes, as somebody does who has nothing more to say.
 */
function exchangeBytes(port: number, bytes: Buffer, options: { readonly ends?: boolean } = {}): Promise<RawAnswer> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1', () => (options.ends ? socket.end(bytes) : socket.write(bytes)))
    const chunks: Buffer[] = []
    const settle = (): void => {
      socket.destroy()
      resolve(read(Buffer.concat(chunks)))
    }
    socket.on('data', (chunk) => {
      chunks.push(chunk)
      if (isWhole(Buffer.concat(chunks))) settle()
    })
    socket.on('close', settle)
    // A connection that is reset has said what it had to say.
    socket.on('error', () => undefined)
  })
}

const split = (bytes: Buffer): { head: string; rest: Buffer } | null => {
  const end = bytes.indexOf('\r\n\r\n')
  return end < 0 ? null : { head: bytes.toString('latin1', 0, end), rest: bytes.subarray(end + 4) }
}

function isWhole(bytes: Buffer): boolean {
  const found = split(bytes)
  if (found === null) return false
  const { head, rest } = found
  if (/^HTTP\/1\.1 1\d\d /.test(head)) return head.startsWith('HTTP/1.1 101') || isWhole(rest)
  if (/content-type: text\/event-stream/i.test(head)) return true
  const length = /^content-length: (\d+)$/im.exec(head)?.[1]
  if (length !== undefined) return rest.length >= Number(length)
  if (/^transfer-encoding: chunked$/im.test(head)) return rest.toString('latin1').endsWith('0\r\n\r\n')
  return /^HTTP\/1\.1 (?:204|304) /.test(head)
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
