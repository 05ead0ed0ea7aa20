import type { IncomingHttpHeaders, IncomingMessage } from 'node:http'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { type Failure, failure } from '../../../shared/contract/errors.ts'
import type { Caller } from '../../../shared/model/actor.ts'
import type { Access } from '../access/port.ts'
import type { Clock } from '../clock.ts'
import type { Settings } from '../settings/port.ts'
import { bearer, checkBodyHeaders, checkHookHeaders, checkOrigin, sessionCookie } from './guard.ts'
import type { BoundProcedure } from './procedures.ts'
import { createRateLimit } from './rate.ts'
import { sendFailure } from './reply.ts'

type Deps = {
  readonly access: Access
  readonly clock: Clock
  readonly settings: Pick<Settings, 'config'>
  /** The name depends on the port, which is known once it is listened on. */
  readonly cookieName: () => string
}

/** Lets a request in, or answers it; true when it may go on. */
export type Admit = (request: FastifyRequest, reply: FastifyReply) => boolean

const nobody: Caller = { scopes: [], person: null, source: null, credential: 'none', via: 'http' }

/** One text for every reason, so that nothing can be learnt from it. */
const needsCredential = failure('unauthorized', 'Send a valid token as Authorization: Bearer, or sign in with a fresh link.')

/**
 * The door of a route, in this order: origin, headers and size, credential, rate. All of it is settled before the first byte of a body
 * is read. Whether the credential may do what is asked is the router's to say.
 */
export function createAdmission(deps: Deps) {
  const { access, clock, settings, cookieName } = deps
  const waitSeconds = createRateLimit(() => settings.config.limits, clock)

  /** Takes one request of a credential's allowance; answers when there is none left. */
  const withinRate = (request: FastifyRequest, reply: FastifyReply, credential: string): boolean => {
    const seconds = waitSeconds(credential)
    if (seconds === 0) return true
    const found = failure('rate-limited', `This credential sends too much. Try again in ${seconds} s.`)
    sendFailure(request, reply, found, { 'retry-after': String(seconds) })
    return false
  }

  const checkHeaders = (request: FastifyRequest, unsafe: boolean): Failure | null => {
    const { headers } = request
    if (unsafe || sessionCookie(headers.cookie, cookieName()) !== null) {
      const refused = checkOrigin(headers, settings.config.http.hosts.length > 0)
      if (refused !== null) return refused
    }
    if (unsafe) return checkBodyHeaders(headers, settings.config.limits.body_bytes)
    const hasBody = headers['transfer-encoding'] !== undefined || (headers['content-length'] ?? '0') !== '0'
    return hasBody ? failure('malformed-request', 'A GET request takes no body.') : null
  }

  /** A token, where one is sent, is all that counts; the cookie of a browser is looked at only without it. */
  const identify = (request: { readonly headers: IncomingHttpHeaders }, unsafe: boolean): Caller | Failure => {
    const { authorization, cookie } = request.headers
    if (authorization !== undefined) {
      const token = bearer(authorization)
      return (token === null ? null : access.byToken(token)) ?? needsCredential
    }
    const session = sessionCookie(cookie, cookieName())
    if (session === null) return needsCredential
    return (unsafe ? checkOwnHeader(request) : null) ?? access.bySession(session) ?? needsCredential
  }

  return {
    forProcedure(procedure: BoundProcedure): Admit {
      const unsafe = procedure.method !== 'GET'
      const isOpen = procedure.scope === null
      const submits = procedure.scope === 'submit' && unsafe
      return (request, reply) => {
        const refused = checkHeaders(request, unsafe)
        if (refused !== null) return refuse(request, reply, refused)
        if (isOpen) {
          request.caller = nobody
          return true
        }
        const caller = identify(request, unsafe)
        if ('code' in caller) return refuse(request, reply, caller)
        request.caller = { ...caller, address: request.ip }
        return !submits || !caller.scopes.includes('submit') || withinRate(request, reply, caller.credential)
      }
    },

    /** For deliveries to a hook: its signature is checked once the body is there, and all else before. */
    forHook: ((request, reply) => {
      const { http, limits } = settings.config
      const refused = checkOrigin(request.headers, http.hosts.length > 0) ?? checkHookHeaders(request.headers, limits.body_bytes)
      if (refused !== null) return refuse(request, reply, refused)
      return withinRate(request, reply, `hook:${(request.params as { source: string }).source}`)
    }) as Admit,

    /**
     * Who asks for a WebSocket. A browser lets any page open one and sends the cookie along, so with a cookie the origin must be there
     * and be our own.
     */
    forSocket(request: IncomingMessage): Caller | Failure {
      const { headers } = request
      const byCookie = headers.authorization === undefined
      const refused = checkOrigin(headers, settings.config.http.hosts.length > 0)
      if (refused !== null) return refused
      if (byCookie && headers.origin === undefined) return needsCredential
      const caller = identify(request, false)
      return 'code' in caller
        ? caller
        : { ...caller, ...(request.socket.remoteAddress ? { address: request.socket.remoteAddress } : {}) }
    },

    /** Whether the credential a request came with would let it in again: a stream outlives revocation and expiry otherwise. */
    stillAdmitted: (request: { readonly headers: IncomingHttpHeaders }): boolean => 'scopes' in identify(request, false),

    /** For signing in and out: changes that need no token, and must come from our own page or from a program. */
    ownPageOnly: ((request, reply) => {
      const refused =
        checkHeaders(request, true) ??
        (sessionCookie(request.headers.cookie, cookieName()) === null ? null : checkOwnHeader(request))
      return refused === null || refuse(request, reply, refused)
    }) as Admit,
  }
}

function refuse(request: FastifyRequest, reply: FastifyReply, found: Failure): false {
  sendFailure(request, reply, found)
  return false
}

/** Another page can make a browser send a cookie along; it cannot make it send this header without being asked first. */
function checkOwnHeader(request: { readonly headers: IncomingHttpHeaders }): Failure | null {
  if (request.headers['x-countersign'] === '1') return null
  return failure('origin-not-allowed', 'A change by the session cookie needs the header X-Countersign: 1.')
}
