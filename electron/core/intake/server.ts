import { randomBytes } from 'node:crypto'
import type { IncomingMessage } from 'node:http'
import { type FastifyError, type FastifyInstance, type FastifyReply, type FastifyRequest, fastify } from 'fastify'
import { catalogue, failure } from '../../../shared/contract/errors.ts'
import type { Caller } from '../../../shared/model/actor.ts'
import type { Access } from '../access/port.ts'
import type { Clock } from '../clock.ts'
import type { Hooks } from '../hooks/hooks.ts'
import type { Log } from '../log.ts'
import type { Config, Settings } from '../settings/port.ts'
import { createAdmission } from './admission.ts'
import { registerDocs } from './docs-routes.ts'
import { type OpenStreams, sendEvents } from './event-stream.ts'
import { allowedHosts, checkHeaderCount, checkHost, sessionCookieName } from './guard.ts'
import { registerHooks } from './hook-routes.ts'
import { readContext, readInput } from './input.ts'
import { toProblem } from './problem.ts'
import { type BoundProcedure, bindProcedures, type Tree, toFastifyPath } from './procedures.ts'
import { answerBrokenRequest, createAllowedMethods, fastifyFailure, refuseTunnel } from './refusals.ts'
import { problemType, sendError, sendFailure } from './reply.ts'
import { registerSessions } from './session-routes.ts'
import { asksForSocket, createSockets } from './sockets.ts'
import { type Inbox, registerInbox } from './static.ts'

export type HttpServerDeps = {
  readonly router: Tree
  readonly contract: Tree
  readonly access: Access
  /** What `POST /hooks/{source}` does. */
  readonly hooks: Hooks
  /** Limits and host names are read from the configuration as it is when they are needed. */
  readonly settings: Pick<Settings, 'config'>
  readonly clock: Clock
  /** The built inbox page; null when this host does not serve it. */
  readonly web: { readonly folder: string } | null
  readonly log: Log
  readonly version: string
  /** Connections at one time; further ones are closed. 4,096 by default: each program that waits for an answer holds one. */
  readonly maxConnections?: number
  /** How long a request may take to arrive whole. 10 s by default. */
  readonly receiveMs?: number
}

export type HttpServer = {
  /** Resolves when requests are taken; `port` 0 picks a free one. */
  listen(options: { readonly port: number; readonly host?: string }): Promise<{ readonly url: string; readonly port: number }>
  /** Takes no more requests, ends open streams and waits and closes every connection. */
  close(): Promise<void>
}

declare module 'fastify' {
  interface FastifyRequest {
    /** Who calls, once the admission of the route has passed. */
    caller: Caller
  }
}

/** The one HTTP listener: the contract's procedures as routes, sign-in, documentation and the inbox page, behind the same checks. */
export function createHttpServer(deps: HttpServerDeps): HttpServer {
  const { access, clock, log, settings } = deps
  const requestIds = createRequestIds()
  let hosts: { readonly from: Config['http']['hosts']; readonly port: number; readonly set: ReadonlySet<string> } | null = null
  let boundPort = 0
  const cookieName = (): string => sessionCookieName(boundPort)
  const currentHosts = (): ReadonlySet<string> => {
    const { hosts: from } = settings.config.http
    if (hosts?.from !== from || hosts.port !== boundPort) hosts = { from, port: boundPort, set: allowedHosts(boundPort, from) }
    return hosts.set
  }

  const limits = { bodyBytes: settings.config.limits.body_bytes, receiveMs: deps.receiveMs ?? 10_000 }
  const app = createFastify(limits, requestIds, (request) => checkHost(request.raw, currentHosts()))
  const maxConnections = deps.maxConnections ?? 4096
  app.server.maxConnections = maxConnections
  // One more than is taken: what comes above is refused, not silently dropped by Node.
  app.server.maxHeadersCount = 66

  app.server.on('connect', (_request, socket) => refuseTunnel(socket, requestIds()))
  // Node would answer 417 by itself, outside of every check; what nobody knows how to meet may as well be passed over (RFC 9110, 10.1.1).
  app.server.on('checkExpectation', (request, response) => void app.server.emit('request', request, response))

  const allowed = createAllowedMethods()
  const procedures = bindProcedures(deps.contract, deps.router)
  app.decorateRequest('caller', null as unknown as Caller)
  app.addHook('onRoute', (route) => allowed.add(route.url, route.method))
  app.addHook('onRequest', (request, reply, done) => {
    reply.header('x-request-id', request.id)
    reply.header('x-content-type-options', 'nosniff')
    reply.header('cache-control', 'no-store')
    const refused = checkHeaderCount(request.raw) ?? checkHost(request.raw, currentHosts())
    if (refused !== null) sendFailure(request, reply, refused)
    else if (request.is404) void answerUnrouted(request, reply, inbox, allowed.of(request.url))
    else done()
  })
  app.setErrorHandler((error, request, reply) => {
    const found = fastifyFailure(error as FastifyError, settings.config.limits.body_bytes)
    return found === null ? sendError(request, reply, error, log) : sendFailure(request, reply, found)
  })

  const inbox = registerInbox(app, deps.web)
  const open: OpenStreams = new Set()
  // A quarter of the connections stays free of waiting programs, for the people they wait for.
  const holds = createHolds(Math.floor(maxConnections * 0.75))
  const admission = createAdmission({ access, clock, settings, cookieName })
  const routes: RouteDeps = { admission, clock, open, log, holds }
  for (const procedure of procedures) registerProcedure(app, procedure, routes)
  registerSessions(app, admission.ownPageOnly, { access, clock, log, cookieName })
  registerHooks(app, { hooks: deps.hooks, admit: admission.forHook, log })
  registerDocs(app, deps.contract, deps.version)

  const stream = procedures.find(({ name }) => name === 'approvals.stream')
  if (stream !== undefined) {
    // The same under the name that other approval libraries give it; the key may be a run id and a step key there.
    registerProcedure(app, { ...stream, path: '/api/approvals/{approval_id}/stream' }, routes)
    const check = (request: IncomingMessage) => checkHeaderCount(request) ?? checkHost(request, currentHosts())
    const sockets = createSockets({
      stream,
      check,
      admit: admission.forSocket,
      stillAdmitted: admission.stillAdmitted,
      open,
      clock,
      log,
      nextId: requestIds,
    })
    app.server.on('upgrade', (request, socket, head) => void sockets(request, socket, head))
  }

  return {
    async listen({ port, host = '127.0.0.1' }) {
      await app.ready()
      // As many as are let in may wait for it: those who were cut off all come back in one moment.
      await app.listen({ port, host, backlog: maxConnections })
      const address = app.server.address()
      boundPort = typeof address === 'object' && address !== null ? address.port : port
      const name = host.includes(':') ? `[${host}]` : host
      return { url: `http://${name}:${boundPort}`, port: boundPort }
    },
    async close() {
      for (const end of [...open]) end()
      await app.close()
    },
  }
}

function createFastify(
  { bodyBytes, receiveMs }: { readonly bodyBytes: number; readonly receiveMs: number },
  nextId: () => string,
  hostCheck: (request: FastifyRequest) => ReturnType<typeof checkHost>,
) {
  const app = fastify({
    logger: false,
    genReqId: nextId,
    requestIdHeader: false,
    exposeHeadRoutes: false,
    onProtoPoisoning: 'error',
    onConstructorPoisoning: 'error',
    bodyLimit: bodyBytes,
    requestTimeout: receiveMs,
    connectionTimeout: receiveMs * 1.5,
    keepAliveTimeout: 5_000,
    maxRequestsPerSocket: 0,
    forceCloseConnections: true,
    return503OnClosing: false,
    routerOptions: { maxParamLength: 500 },
    // Stalled senders are looked for often enough that none holds a connection for long.
    http: {
      requireHostHeader: false,
      headersTimeout: receiveMs,
      requestTimeout: receiveMs,
      connectionsCheckingInterval: receiveMs / 5,
      // Only a stream becomes a WebSocket; whatever else offers to change the protocol is answered as it is.
      shouldUpgradeCallback: asksForSocket,
    },
    clientErrorHandler: (error, socket) => answerBrokenRequest(error, socket, nextId(), receiveMs),
    frameworkErrors: (error, request, reply) => {
      const found =
        hostCheck(request) ?? fastifyFailure(error, bodyBytes) ?? failure('malformed-request', 'The address could not be read.')
      reply.raw.writeHead(catalogue[found.code][0], { 'content-type': problemType, 'x-request-id': request.id })
      reply.raw.end(JSON.stringify(toProblem(found, request.id, undefined)))
    },
  })
  // Bodies stay bytes until everything that needs no parsing has been checked.
  app.removeAllContentTypeParsers()
  app.addContentTypeParser('application/json', { parseAs: 'buffer' }, (_request, body, done) => done(null, body))
  return app
}

type RouteDeps = {
  readonly admission: ReturnType<typeof createAdmission>
  readonly clock: Clock
  readonly open: OpenStreams
  readonly log: Log
  readonly holds: Holds
}

function registerProcedure(app: FastifyInstance, procedure: BoundProcedure, deps: RouteDeps): void {
  const { method, path, successStatus } = procedure
  const admit = deps.admission.forProcedure(procedure)
  const reads = method === 'GET'
  app.route({
    method,
    url: toFastifyPath(path),
    onRequest: (request, reply, done) => {
      if (admit(request, reply)) done()
    },
    handler: async (request, reply) => {
      // Received whole: from here on the socket may be silent for as long as the answer takes.
      request.raw.socket.setTimeout(0)
      const input = readInput(request, method)
      if (!input.ok) return sendFailure(request, reply, input.failure)
      const context = readContext(request)
      if (!context.ok) return sendFailure(request, reply, context.failure)
      if (reads && request.caller.source !== null && !deps.holds.hold(reply)) {
        const found = failure('rate-limited', 'Too many programs wait here for an answer already. Try again in a few seconds.')
        return sendFailure(request, reply, found, { 'retry-after': '5' })
      }
      const signal = reads ? abortWithConnection(reply) : undefined
      try {
        const options = signal === undefined ? { context: context.value } : { context: { ...context.value, signal }, signal }
        const output = await procedure.invoke(input.value, options)
        if (isAsyncIterator(output)) {
          await sendEvents(reply, output, { ...deps, admitted: () => deps.admission.stillAdmitted(request) })
          return reply
        }
        return reply.code(successStatus).send(output)
      } catch (error) {
        if (signal?.aborted) return reply.hijack()
        return sendError(request, reply, error, deps.log)
      }
    },
  })
}

/** Connections that programs hold while they wait, counted. */
type Holds = { /** False when there are too many already. */ hold(reply: FastifyReply): boolean }

function createHolds(most: number): Holds {
  let held = 0
  return {
    hold(reply) {
      if (held >= most) return false
      held++
      reply.raw.once('close', () => held--)
      return true
    },
  }
}

function abortWithConnection(reply: FastifyReply): AbortSignal {
  const controller = new AbortController()
  reply.raw.once('close', () => controller.abort())
  return controller.signal
}

const isAsyncIterator = (value: unknown): value is AsyncIterator<unknown> =>
  typeof value === 'object' && value !== null && Symbol.asyncIterator in value

/** What is no route may be a file of the page; no file stands in for an address of the API. */
async function answerUnrouted(
  request: FastifyRequest,
  reply: FastifyReply,
  inbox: Inbox,
  methods: readonly string[],
): Promise<void> {
  const file = methods.length === 0 ? await inbox.fileAt(request.url) : null
  if (file === null || request.method !== 'GET') sendNotFound(request, reply, file === null ? methods : ['GET'])
  else reply.headers(file.headers).send(file.bytes)
}

function sendNotFound(request: FastifyRequest, reply: FastifyReply, methods: readonly string[]): void {
  if (methods.length === 0) sendFailure(request, reply, failure('not-found', 'There is nothing at this address. See /docs.'))
  else {
    const allow = methods.join(', ')
    sendFailure(request, reply, failure('method-not-allowed', `This address takes ${allow}.`), { allow })
  }
}

/** Ids that tell requests of this and earlier starts apart, without asking for randomness each time. */
function createRequestIds(): () => string {
  const start = randomBytes(6).toString('base64url')
  let count = 0
  return () => `req_${start}_${(++count).toString(36)}`
}
