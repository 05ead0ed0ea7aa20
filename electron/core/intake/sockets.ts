import type { IncomingMessage } from 'node:http'
import type { Duplex } from 'node:stream'
import { type WebSocket, WebSocketServer } from 'ws'
import { type Failure, failure } from '../../../shared/contract/errors.ts'
import type { Caller } from '../../../shared/model/actor.ts'
import type { Clock } from '../clock.ts'
import type { Log } from '../log.ts'
import type { OpenStreams } from './event-stream.ts'
import { toFailure } from './problem.ts'
import type { BoundProcedure } from './procedures.ts'
import { writeProblem } from './refusals.ts'

const pingMs = 30_000
/** Nobody has anything to say to a stream. */
const longestMessage = 1024

/** Whose items are sent, by WebSocket as by server-sent events. */
const streamPath = /^\/(?:api\/)?approvals\/([^/]+)\/stream$/

/** Whether a request asks to become the WebSocket of an approval. Others are answered as if they had not asked. */
export function asksForSocket(request: IncomingMessage): boolean {
  const wants = (request.headers.upgrade ?? '').toLowerCase() === 'websocket'
  return wants && request.method === 'GET' && streamPath.test(request.url!.split('?', 1)[0]!)
}

export type SocketDeps = {
  readonly stream: BoundProcedure
  /** Host and headers, as for every request. */
  readonly check: (request: IncomingMessage) => Failure | null
  readonly admit: (request: IncomingMessage) => Caller | Failure
  /** Whether what it came with would let it in again. */
  readonly stillAdmitted: (request: IncomingMessage) => boolean
  readonly open: OpenStreams
  readonly clock: Clock
  readonly log: Log
  readonly nextId: () => string
}

/** Takes `upgrade` of the HTTP server: the same stream, one item a message, closed with 1000 once the approval has ended. */
export function createSockets(deps: SocketDeps) {
  const server = new WebSocketServer({
    noServer: true,
    maxPayload: longestMessage,
    perMessageDeflate: false,
    clientTracking: false,
  })
  server.on('wsClientError', (_error, socket) =>
    writeProblem(socket, failure('malformed-request', 'This is no valid WebSocket handshake (RFC 6455).'), deps.nextId()),
  )

  return async (request: IncomingMessage, socket: Duplex, head: Buffer): Promise<void> => {
    socket.on('error', () => socket.destroy())
    const refuse = (found: Failure): void => writeProblem(socket, found, deps.nextId())
    const refused = deps.check(request)
    if (refused !== null) return refuse(refused)
    const caller = deps.admit(request)
    if ('code' in caller) return refuse(caller)
    const key = decodeKey(request.url!)
    if (key === null) return refuse(failure('malformed-request', 'The address is not validly encoded.'))
    const gone = new AbortController()
    socket.once('close', () => gone.abort())
    // Until the stream has taken over, closing the application ends the bare connection.
    const drop = (): void => void socket.destroy()
    deps.open.add(drop)
    try {
      // Before the handshake: what cannot be streamed is still an ordinary answer.
      const { signal } = gone
      const items = (await deps.stream.invoke({ approval_id: key }, { context: { caller, signal }, signal })) as Items
      if (socket.destroyed) return
      server.handleUpgrade(request, socket, head, (opened) => {
        void sendItems(opened, items, { ...deps, gone, admitted: () => deps.stillAdmitted(request) })
      })
    } catch (error) {
      const found = toFailure(error)
      if (found === null) deps.log.error({ error, url: request.url!.split('?', 1)[0] }, 'a stream could not be opened')
      if (!socket.destroyed) refuse(found ?? failure('internal', 'The stream could not be opened. Its log says why.'))
    } finally {
      deps.open.delete(drop)
    }
  }
}

type Items = AsyncIterator<unknown>

async function sendItems(
  socket: WebSocket,
  items: Items,
  deps: {
    readonly open: OpenStreams
    readonly clock: Clock
    readonly log: Log
    readonly gone: AbortController
    readonly admitted: () => boolean
  },
): Promise<void> {
  const { open, clock, gone, admitted } = deps
  let cancelPing = (): void => undefined
  const end = (code: number, reason: string): void => {
    cancelPing()
    open.delete(shutDown)
    gone.abort()
    socket.close(code, reason)
  }
  /** The application closes and waits for nobody's goodbye. */
  const shutDown = (): void => {
    end(1001, 'Countersign stops.')
    setImmediate(() => socket.terminate())
  }
  let answered = true
  const ping = (): void => {
    cancelPing = clock.after(pingMs, () => {
      if (!admitted()) return end(1008, 'The credential works no more.')
      // Who answers no ping is gone, or reads nothing.
      if (!answered) return socket.terminate()
      answered = false
      socket.ping()
      ping()
    })
  }
  socket.on('pong', () => {
    answered = true
  })
  socket.on('error', () => socket.terminate())
  socket.once('close', () => {
    cancelPing()
    open.delete(shutDown)
    gone.abort()
  })
  open.add(shutDown)
  ping()

  try {
    for (;;) {
      const { done, value } = await items.next()
      if (gone.signal.aborted) return
      if (!admitted()) return end(1008, 'The credential works no more.')
      if (done) return end(1000, 'It has ended.')
      await sent(socket, JSON.stringify(value))
    }
  } catch (error) {
    if (toFailure(error) === null) deps.log.error({ error }, 'a stream broke off')
    end(1011, 'The stream broke off. Connect again.')
  }
}

/** Resolves once the text has left, so that a slow reader slows its own stream down; never rejects, a lost socket says so itself. */
const sent = (socket: WebSocket, text: string): Promise<void> => new Promise((resolve) => socket.send(text, () => resolve()))

function decodeKey(url: string): string | null {
  const key = streamPath.exec(url.split('?', 1)[0]!)?.[1]
  try {
    return decodeURIComponent(key ?? '')
  } catch {
    return null
  }
}
