import type { Duplex } from 'node:stream'
import type { FastifyError } from 'fastify'
import { catalogue, type ErrorCode, type Failure, failure } from '../../../shared/contract/errors.ts'
import { tooLarge } from './guard.ts'
import { toProblem } from './problem.ts'
import { problemType } from './reply.ts'

/** Which methods an address takes, for those who ask with another one. */
export function createAllowedMethods() {
  const byUrl = new Map<string, { readonly pattern: RegExp; readonly methods: Set<string> }>()
  return {
    add(url: string, method: string | string[]): void {
      const pattern = new RegExp(`^${url.replaceAll(/[.*+?^$(){}|[\]\\]/g, '\\$&').replaceAll(/:\w+/g, '[^/]+')}$`)
      const known = byUrl.get(url) ?? { pattern, methods: new Set<string>() }
      for (const each of [method].flat()) known.methods.add(each)
      byUrl.set(url, known)
    },
    of(url: string): string[] {
      const path = url.split('?', 1)[0]!
      const found = [...byUrl.values()].filter((each) => each.pattern.test(path))
      return [...new Set(found.flatMap((each) => [...each.methods]))].sort()
    },
  }
}

/** What Fastify itself refused, in our words; null when it is not one of its refusals. */
export function fastifyFailure(error: FastifyError, bodyBytes: number) {
  if (error.code === 'FST_ERR_CTP_BODY_TOO_LARGE') return tooLarge(bodyBytes)
  if (error.code === 'FST_ERR_CTP_INVALID_MEDIA_TYPE') {
    return failure('unsupported-media-type', 'Send the body as Content-Type: application/json, in UTF-8.')
  }
  if (error.code === 'FST_ERR_BAD_URL') return failure('malformed-request', 'The address is not validly encoded.')
  if (error.code === 'FST_ERR_MAX_PARAM_LENGTH') return failure('not-found', 'There is nothing at this address. See /docs.')
  const isTheirs = error.code?.startsWith('FST_ERR_CTP') || error.code === 'ECONNRESET' || error.code === 'ECONNABORTED'
  return isTheirs ? failure('malformed-request', 'The body did not arrive as its headers say.') : null
}

/** What Node's parser could not read never becomes a request; it still gets an answer where one can be written. */
export function answerBrokenRequest(error: Error & { code?: string }, socket: Duplex, requestId: string, receiveMs: number): void {
  if (error.code === 'ECONNRESET' || !socket.writable) return void socket.destroy()
  const [code, message]: [ErrorCode, string] =
    error.code === 'HPE_HEADER_OVERFLOW'
      ? ['headers-too-large', 'Send at most 16 KB of headers.']
      : error.code === 'ERR_HTTP_REQUEST_TIMEOUT'
        ? ['request-timeout', `A request must have arrived whole after ${receiveMs / 1000} seconds.`]
        : ['malformed-request', 'This is not valid HTTP/1.1.']
  writeProblem(socket, failure(code, message), requestId)
}

/** A tunnel is asked for outside of every route; Node would only hang up. */
export function refuseTunnel(socket: Duplex, requestId: string): void {
  writeProblem(socket, failure('method-not-allowed', 'This is no proxy.'), requestId)
}

/** An answer without a request that Fastify knows of. */
export function writeProblem(socket: Duplex, found: Failure, requestId: string): void {
  const body = JSON.stringify(toProblem(found, requestId, undefined))
  const [status, title] = catalogue[found.code]
  const head = `HTTP/1.1 ${status} ${title}\r\ncontent-type: ${problemType}\r\ncontent-length: ${Buffer.byteLength(body)}\r\n`
  socket.end(`${head}x-request-id: ${requestId}\r\nconnection: close\r\n\r\n${body}`)
}
