import { type ClientRequest, request as httpRequest, type IncomingMessage } from 'node:http'
import { request as httpsRequest } from 'node:https'
import { Readable } from 'node:stream'
import type { Clock } from '../clock.ts'

export type Fetch = typeof globalThis.fetch

/**
 * A `fetch` for Ollama over Node's HTTP client. Unlike the built-in one it has no deadline of its own after five minutes, one for
 * connecting, uses no proxy, follows no redirect (a payload goes where the settings say and nowhere else) and leaves no socket open.
 */
export function createTransport(clock: Clock, connectMs = 2_000): Fetch {
  return (input, init = {}) =>
    new Promise((resolve, reject) => {
      const url = new URL(input instanceof Request ? input.url : input)
      const headers = Object.fromEntries(new Headers(init.headers))
      const send = url.protocol === 'https:' ? httpsRequest : httpRequest
      const body = typeof init.body === 'string' ? init.body : undefined
      if (body !== undefined) headers['content-length'] = String(Buffer.byteLength(body))
      const request = send(url, {
        method: init.method ?? 'GET',
        headers,
        agent: false,
        ...(init.signal ? { signal: init.signal } : {}),
      })
      stopWhenNotConnected(request, clock, connectMs, init.signal)
      request.once('error', (cause) => reject(new TypeError('fetch failed', { cause })))
      request.once('response', (incoming) => resolve(toResponse(incoming)))
      request.end(body)
    })
}

function stopWhenNotConnected(
  request: ClientRequest,
  clock: Clock,
  connectMs: number,
  signal: AbortSignal | null | undefined,
): void {
  const error = Object.assign(new Error('no connection in time'), { code: 'ETIMEDOUT' })
  const cancel = clock.after(connectMs, () => request.destroy(error))
  request.once('close', cancel)
  // It is closed a moment after it was given up.
  if (signal?.aborted) cancel()
  else signal?.addEventListener('abort', cancel, { once: true })
  request.once('socket', (socket) => {
    if (socket.connecting) socket.once('connect', cancel)
    else cancel()
  })
}

function toResponse(incoming: IncomingMessage): Response {
  const headers = new Headers()
  for (const [name, value] of Object.entries(incoming.headers)) if (value !== undefined) headers.set(name, String(value))
  const status = incoming.statusCode ?? 0
  const bodyless = status === 204 || status === 205 || status === 304
  if (bodyless) incoming.resume()
  const body = bodyless ? null : (Readable.toWeb(incoming) as ReadableStream<Uint8Array>)
  // The constructor takes 200 to 599 alone; what a broken server sends besides is an error all the same.
  const valid = status >= 200 && status <= 599
  return new Response(body, { status: valid ? status : 502, statusText: incoming.statusMessage ?? '', headers })
}
