import type { FastifyInstance, FastifyRequest } from 'fastify'
import { failure } from '../../../shared/contract/errors.ts'
import type { Hooks } from '../hooks/hooks.ts'
import type { Log } from '../log.ts'
import type { Admit } from './admission.ts'
import { sendError, sendFailure } from './reply.ts'

type Deps = {
  readonly hooks: Hooks
  /** Origin, headers, size and rate, for a hook that is there. */
  readonly admit: Admit
  readonly log: Log
}

/** `POST /hooks/{source}`: bodies stay bytes, because signatures are over bytes; everything else is the hook's own. */
export function registerHooks(app: FastifyInstance, { hooks, admit, log }: Deps): void {
  app.register(async (scope) => {
    scope.removeAllContentTypeParsers()
    scope.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => done(null, body))
    scope.post('/hooks/:source', {
      onRequest: (request, reply, done) => {
        const name = nameOf(request)
        if (!hooks.has(name)) {
          sendFailure(request, reply, failure('not-found', 'There is no hook of this name. Hooks are set up in config.yaml.'))
        } else if (admit(request, reply)) done()
      },
      handler: async (request, reply) => {
        request.raw.socket.setTimeout(0)
        try {
          const answer = await hooks.receiveHook(nameOf(request), {
            headers: request.raw.headersDistinct,
            query: request.query as Record<string, string | string[]>,
            raw: (request.body as Buffer | undefined) ?? Buffer.alloc(0),
            address: request.ip,
          })
          if (!answer.ok) return sendFailure(request, reply, answer.failure)
          // Null is an empty body: a text would be shown to somebody.
          return reply.code(answer.value.status).send(answer.value.body ?? undefined)
        } catch (error) {
          return sendError(request, reply, error, log)
        }
      },
    })
  })
}

const nameOf = (request: FastifyRequest): string => (request.params as { source: string }).source
