import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Failure } from '../../../shared/contract/errors.ts'
import { catalogue, failure } from '../../../shared/contract/errors.ts'
import type { Log } from '../log.ts'
import { toFailure, toProblem } from './problem.ts'

export const problemType = 'application/problem+json; charset=utf-8'

/** Seconds after which trying again makes sense, for failures that pass. */
const retryAfterSeconds = 5

/** Answers with a failure. `headers` are what belongs to this failure alone, such as `Allow`. */
export function sendFailure(
  request: FastifyRequest,
  reply: FastifyReply,
  found: Failure,
  headers: Readonly<Record<string, string>> = {},
): FastifyReply {
  const [status] = catalogue[found.code]
  if (found.code === 'unauthorized') reply.header('www-authenticate', 'Bearer')
  if (status === 503 || status === 507) reply.header('retry-after', retryAfterSeconds)
  // What was refused before it was read must not be taken for the start of the next request.
  if (status === 413 || status === 431) reply.header('connection', 'close')
  const problem = toProblem(found, request.id, request.url.split('?', 1)[0]!.slice(0, 300))
  return reply.code(status).headers(headers).type(problemType).send(JSON.stringify(problem))
}

/** Answers with whatever was thrown: an expected failure as itself, a bug without its detail, which goes to the log. */
export function sendError(request: FastifyRequest, reply: FastifyReply, error: unknown, log: Log): FastifyReply {
  const found = toFailure(error)
  if (found !== null) return sendFailure(request, reply, found)
  log.error({ error, request_id: request.id, method: request.method, url: request.url.split('?', 1)[0] }, 'a request failed')
  return sendFailure(
    request,
    reply,
    failure('internal', `This is a mistake in Countersign, not in your request. Its log names it ${request.id}.`),
  )
}
