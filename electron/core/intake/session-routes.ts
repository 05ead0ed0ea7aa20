import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import * as z from 'zod'
import { failure } from '../../../shared/contract/errors.ts'
import type { Caller } from '../../../shared/model/actor.ts'
import { normalEmail } from '../../../shared/model/actor.ts'
import type { Access } from '../access/port.ts'
import type { Clock } from '../clock.ts'
import type { Log } from '../log.ts'
import type { Admit } from './admission.ts'
import { readJson } from './body.ts'
import { sessionCookie } from './guard.ts'
import { toEntries } from './problem.ts'
import { sendError, sendFailure } from './reply.ts'

const signIn = z.strictObject({ key: z.string().min(1).max(200) })

const cookie = (name: string, value: string, maxAgeSeconds: number): string =>
  `${name}=${value}; Path=/; HttpOnly; SameSite=Strict; Max-Age=${maxAgeSeconds}`

type Deps = { readonly access: Access; readonly clock: Clock; readonly log: Log; readonly cookieName: () => string }

/** Signing the browser inbox in with a one-time key, and out again. Both are refused to other pages by `admit`. */
export function registerSessions(app: FastifyInstance, admit: Admit, deps: Deps): void {
  const { access, clock, log, cookieName } = deps
  const onRequest = (request: FastifyRequest, reply: FastifyReply, done: () => void): void => {
    if (admit(request, reply)) done()
  }

  app.post('/session', { onRequest }, async (request, reply) => {
    const body = readJson((request.body as Buffer | undefined) ?? Buffer.alloc(0))
    if (!body.ok) return sendFailure(request, reply, failure('malformed-request', body.failure))
    const input = signIn.safeParse(body.value)
    if (!input.success) {
      return sendFailure(request, reply, failure('invalid-input', 'Send {"key": "…"}.', { errors: toEntries(input.error.issues) }))
    }
    try {
      const session = await access.exchangeLink(input.data.key, request.ip)
      if (session === null) {
        return sendFailure(
          request,
          reply,
          failure('unauthorized', 'This sign-in link was used already or is too old. `npx countersign url` prints a new one.'),
        )
      }
      const seconds = Math.floor((Date.parse(session.expires_at) - clock.now()) / 1000)
      return reply.header('set-cookie', cookie(cookieName(), session.session, seconds)).send({ expires_at: session.expires_at })
    } catch (error) {
      return sendError(request, reply, error, log)
    }
  })

  app.delete('/session', { onRequest }, async (request, reply) => {
    const session = sessionCookie(request.headers.cookie, cookieName())
    const caller = session === null ? null : access.bySession(session)
    if (caller !== null) {
      const revoked = await access.revoke(caller.credential, toActor(caller, request.ip))
      if (!revoked.ok && revoked.failure.code !== 'not-found') return sendFailure(request, reply, revoked.failure)
    }
    return reply.header('set-cookie', cookie(cookieName(), '', 0)).send({ message: 'Signed out.' })
  })
}

function toActor(caller: Caller, address: string) {
  const where = { via: caller.via, credential: caller.credential, address }
  const { person } = caller
  return person === null
    ? ({ kind: 'system', id: 'sign-in-link', ...where } as const)
    : ({ kind: 'person', id: normalEmail(person.email), name: person.name, ...where } as const)
}
