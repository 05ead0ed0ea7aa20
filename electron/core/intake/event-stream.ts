import type { FastifyReply } from 'fastify'
import type { Clock } from '../clock.ts'
import { toFailure } from './problem.ts'

const heartbeatMs = 15_000

/** Streams that are open, so that closing the server can end them. */
export type OpenStreams = Set<() => void>

/**
 * Sends an event iterator as server-sent events, in the encoding that oRPC's HTTP client reads. A comment every 15 s keeps proxies
 * awake and finds out about clients that went away or that read nothing between two of them. It ends with the credential it was
 * opened with. Whoever ends it (iterator, client, server), the iterator is returned once.
 */
export async function sendEvents(
  reply: FastifyReply,
  iterator: AsyncIterator<unknown>,
  deps: {
    readonly clock: Clock
    readonly open: OpenStreams
    /** Whether the credential it was opened with still holds. Asked before each event and at each heartbeat. */
    readonly admitted: () => boolean
  },
): Promise<void> {
  const { clock, open, admitted } = deps
  const response = reply.raw
  reply.hijack()
  response.writeHead(200, {
    ...(reply.getHeaders() as Record<string, string>),
    'content-type': 'text/event-stream; charset=utf-8',
    'cache-control': 'no-store',
    'x-accel-buffering': 'no',
  })
  response.write(': connected\n\n')

  let ended = false
  let cancelHeartbeat = (): void => undefined
  const end = (): void => {
    if (ended) return
    ended = true
    cancelHeartbeat()
    open.delete(end)
    response.end()
    // A generator that waits for its next value returns only when that came; nobody waits for it here.
    Promise.resolve(iterator.return?.()).catch(() => undefined)
  }
  let stuckAt: number | null = null
  const beat = (): void => {
    cancelHeartbeat = clock.after(heartbeatMs, () => {
      if (!admitted()) return end()
      const sent = response.writableNeedDrain === true ? (response.socket?.bytesWritten ?? 0) : null
      // Who reads nothing holds what waits for it in memory; it may connect again.
      if (sent !== null && sent === stuckAt) return void response.destroy()
      stuckAt = sent
      if (sent === null) response.write(': still here\n\n')
      beat()
    })
  }
  open.add(end)
  response.once('close', end)
  beat()

  try {
    while (!ended) {
      const { done, value } = await iterator.next()
      if (ended || !admitted()) return
      if (done) {
        response.write(encode('done', value))
        break
      }
      if (!response.write(encode('message', value))) await drained(response)
    }
  } catch (error) {
    if (!ended) response.write(encode('error', toErrorEvent(error)))
  } finally {
    end()
  }
}

/** JSON text has no line breaks, so one `data:` line is enough. */
function encode(event: string, value: unknown): string {
  return value === undefined ? `event: ${event}\n\n` : `event: ${event}\ndata: ${JSON.stringify(value)}\n\n`
}

function toErrorEvent(error: unknown): object {
  const found = toFailure(error)
  return found === null
    ? { defined: false, code: 'internal', status: 500, message: 'The stream broke off. Connect again.' }
    : { defined: true, code: found.code, status: 500, message: found.message, data: found.data }
}

function drained(response: NodeJS.WritableStream): Promise<void> {
  return new Promise((resolve) => {
    const settle = (): void => {
      response.off('drain', settle)
      response.off('close', settle)
      resolve()
    }
    response.once('drain', settle)
    response.once('close', settle)
  })
}
