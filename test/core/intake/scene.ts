import { request as httpRequest } from 'node:http'
import { connect } from 'node:net'
import { implement, ORPCError } from '@orpc/server'
import type { RequestContext } from '../../../electron/core/context.ts'
import { createHooks, type HooksDeps } from '../../../electron/core/hooks/hooks.ts'
import type { Tree } from '../../../electron/core/intake/procedures.ts'
import { createHttpServer, type HttpServer } from '../../../electron/core/intake/server.ts'
import { type Hook, hookSchema } from '../../../electron/core/settings/hooks-schema.ts'
import type { Config } from '../../../electron/core/settings/port.ts'
import { contract } from '../../../shared/contract/contract.ts'
import { catalogue, failure, type Problem } from '../../../shared/contract/errors.ts'
import type { ChangeEvent } from '../../../shared/contract/events.ts'
import { fail, ok } from '../../../shared/model/result.ts'
import { silentLog } from '../../support/app.ts'
import { type AccessScene, admin, openAccessScene, removeHome } from '../access/scene.ts'

/** Parts of the real contract, enough for each kind of route. */
const parts = {
  requests: {
    submitRequest: contract.requests.submitRequest,
    submitExpense: contract.requests.submitExpense,
    requestDeployment: contract.requests.requestDeployment,
    submitBatch: contract.requests.submitBatch,
  },
  approvals: {
    list: contract.approvals.list,
    get: contract.approvals.get,
    stream: contract.approvals.stream,
    decide: contract.approvals.decide,
  },
  tasks: { status: contract.tasks.status, wait: contract.tasks.wait, cancel: contract.tasks.cancel },
  events: contract.events,
  people: { saveGroup: contract.people.saveGroup, removeGroup: contract.people.removeGroup },
  tokens: { revoke: contract.tokens.revoke },
  settings: { update: contract.settings.update },
  system: { health: contract.system.health, session: contract.system.session },
}

/** What a handler was given. */
type Seen = { readonly name: string; readonly input: unknown; readonly context: RequestContext }

const thrown = (code: keyof typeof catalogue, message: string, data?: unknown) =>
  new ORPCError(code, { status: catalogue[code][0], message, data })

const hello: ChangeEvent = {
  kind: 'hello',
  counts: { pending: 1, due_soon: 0, needs_review: 0, dead_deliveries: 0 },
  health: { status: 'ok', detail: null, applied: 0, total: 0 },
}

type Streams = {
  started: number
  returned: number
  push: (event: ChangeEvent) => void
  /** Sends an item to whoever streams an approval; null ends it. */
  pushItem: (item: object | null) => void
}

/** Items as they are pushed, until null or until nobody listens. */
async function* items(streams: Streams, context: RequestContext): AsyncGenerator<never> {
  streams.started++
  const waiting: (object | null)[] = [{ id: 'apr_1', status: 'pending' }]
  let wake = () => {}
  streams.pushItem = (item) => {
    waiting.push(item)
    wake()
  }
  context.signal?.addEventListener('abort', () => wake())
  try {
    while (!context.signal?.aborted) {
      const next = waiting.shift()
      if (next === null) return
      if (next) yield next as never
      else await new Promise<void>((resolve) => (wake = resolve))
    }
  } finally {
    streams.returned++
  }
}

/** A small router over these parts; `seen` collects every call that reached a handler. */
function smallRouter(seen: Seen[], streams: Streams) {
  const os = implement(parts)
    .$context<RequestContext>()
    .$config({ initialOutputValidationIndex: Number.NaN })
    .use(({ context, procedure, next }) => {
      const { scope } = procedure['~orpc'].meta
      if (scope !== null && !context.caller.scopes.includes(scope)) throw thrown('forbidden', `This needs the scope ${scope}.`)
      return next()
    })
  const note = (name: string, input: unknown, context: RequestContext) => void seen.push({ name, input, context })
  const accepted = { message: 'Stored.', task_id: 'run_1', status: 'waiting' as const }
  const task = (task_id: string) => ({ task_id, status: 'waiting' }) as never
  return os.router({
    requests: {
      submitRequest: os.requests.submitRequest.handler(({ input, context }) => {
        note('submitRequest', input, context)
        if (input.title === 'bug') throw new Error('secret detail of a bug')
        return accepted
      }),
      submitExpense: os.requests.submitExpense.handler(({ input, context }) => {
        note('submitExpense', input, context)
        return { ...accepted, expense_id: 1, amount: 1, approver: 'a', auto_approved: false }
      }),
      requestDeployment: os.requests.requestDeployment.handler(() => ({
        ...accepted,
        service: 'a',
        version: '1',
        environment: 'production',
        approver: 'a',
      })),
      submitBatch: os.requests.submitBatch.handler(({ input, context }) => {
        note('submitBatch', input, context)
        return { message: 'Stored.', task_id: 'run_1', items_count: 1, batch_threshold: 10 }
      }),
    },
    approvals: {
      get: os.approvals.get.handler(() => ({}) as never),
      stream: os.approvals.stream.handler(({ input, context }) => {
        note('stream', input, context)
        if (input.approval_id === 'unknown') throw thrown('not-found', 'There is no approval unknown.')
        return items(streams, context)
      }),
      list: os.approvals.list.handler(({ input, context }) => {
        note('list', input, context)
        return { items: [], total: 0, total_is_at_least: false, next_cursor: null, problems: [], index_building: false }
      }),
      decide: os.approvals.decide.handler(({ input, context }) => {
        note('decide', input, context)
        const data = { decided_by: 'Ben', decided_at: '2026-01-01T00:00:00.000Z' }
        if (input.approval_id === 'decided') throw thrown('already-decided', 'Ben rejected it on 1 January.', data)
        return {
          message: 'Approved.',
          approval_id: input.approval_id,
          decision: 'approved' as const,
          status: 'approved' as const,
        }
      }),
    },
    tasks: {
      status: os.tasks.status.handler(({ input }) => {
        if (input.task_id === 'unknown') throw thrown('not-found', 'There is no such task.')
        return task(input.task_id)
      }),
      wait: os.tasks.wait.handler(async ({ input, context }) => {
        note('wait', input, context)
        await new Promise<void>((resolve) => context.signal?.addEventListener('abort', () => resolve()))
        note('wait ended', input, context)
        return task(input.task_id)
      }),
      cancel: os.tasks.cancel.handler(({ input, context }) => {
        note('cancel', input, context)
        return { ...accepted, status: 'cancelled' as const }
      }),
    },
    events: {
      subscribe: os.events.subscribe.handler(async function* ({ context }) {
        streams.started++
        const waiting: ChangeEvent[] = [hello]
        let wake = () => {}
        streams.push = (event) => {
          waiting.push(event)
          wake()
        }
        context.signal?.addEventListener('abort', () => wake())
        try {
          while (!context.signal?.aborted) {
            const next = waiting.shift()
            if (next) yield next
            else await new Promise<void>((resolve) => (wake = resolve))
          }
        } finally {
          streams.returned++
        }
      }),
    },
    people: {
      saveGroup: os.people.saveGroup.handler(({ input, context }) => {
        note('saveGroup', input, context)
        return {} as never
      }),
      removeGroup: os.people.removeGroup.handler(({ input, context }) => {
        note('removeGroup', input, context)
        return {} as never
      }),
    },
    tokens: { revoke: os.tokens.revoke.handler(({ input }) => ({ message: 'Revoked.', token_id: input.token_id })) },
    settings: {
      update: os.settings.update.handler(({ input, context }) => {
        note('settings', input, context)
        return {} as never
      }),
    },
    system: {
      health: os.system.health.handler(() => ({ status: 'ok' as const, version: '1' })),
      session: os.system.session.handler(({ context }) => ({
        person: context.caller.person,
        scopes: context.caller.scopes,
        via: context.caller.via,
      })),
    },
  })
}

export type Answer = {
  readonly status: number
  readonly headers: Readonly<Record<string, string | string[] | undefined>>
  readonly text: string
  /** The body as JSON. */
  // biome-ignore lint/suspicious/noExplicitAny: each test knows which shape it asked for
  readonly json: any
}

export type Scene = AccessScene & {
  readonly server: HttpServer
  readonly url: string
  readonly port: number
  readonly seen: Seen[]
  readonly streams: Streams
  readonly tokens: { readonly submit: string; readonly read: string; readonly decide: string; readonly admin: string }
  /** What the hooks of the configuration are, by name; and what they submitted. */
  readonly hooks: Record<string, Hook>
  readonly submitted: Parameters<HooksDeps['submit']>[]
  readonly warnings: { readonly details: object; readonly message: string }[]
  readonly limits: { requests_per_minute: number; burst: number; body_bytes: number; pending: number }
  /** Sends exactly these headers besides `Host`, which is right unless given. */
  send(method: string, path: string, options?: SendOptions): Promise<Answer>
}
export type SendOptions = {
  readonly headers?: Record<string, string | string[]>
  readonly body?: string | Buffer
  readonly token?: string
}

export async function openScene(
  options: {
    readonly web?: string
    readonly hosts?: readonly string[]
    readonly receiveMs?: number
    readonly maxConnections?: number
    readonly hooks?: Readonly<Record<string, unknown>>
    readonly environment?: Readonly<Record<string, string>>
    readonly secrets?: Readonly<Record<string, string>>
  } = {},
): Promise<Scene> {
  const scene = await openAccessScene()
  const limits = { requests_per_minute: 1e9, burst: 1e9, body_bytes: 256 * 1024, pending: 1e6 }
  const hooks = Object.fromEntries(Object.entries(options.hooks ?? {}).map(([name, hook]) => [name, hookSchema.parse(hook)]))
  const submitted: Scene['submitted'] = []
  const warnings: Scene['warnings'] = []
  const config = { hooks, http: { port: 0, hosts: options.hosts ?? [] }, limits } as unknown as Config
  const seen: Seen[] = []
  const streams: Streams = { started: 0, returned: 0, push: () => {}, pushItem: () => {} }
  const server = createHttpServer({
    router: smallRouter(seen, streams) as unknown as Tree,
    contract: parts,
    access: scene.access,
    hooks: createHooks({
      config: () => hooks,
      secrets: { get: (name) => options.secrets?.[name] ?? null },
      environment: options.environment ?? {},
      clock: scene.clock,
      submit: async (...request) => {
        const before = submitted.find(
          ([, source, { key }]) => source.source?.id === request[1].source?.id && key === request[2].key,
        )
        if (before && before[2].sha256 !== request[2].sha256) return fail(failure('idempotency-mismatch', 'Use a new key.'))
        if (!before) submitted.push(request)
        const task_id = `run_${submitted.indexOf(before ?? request) + 1}`
        return ok({ message: 'Stored.', task_id, status: 'waiting' })
      },
      log: { warn: (details, message) => void warnings.push({ details, message }) },
    }),
    settings: { config },
    clock: scene.clock,
    web: options.web === undefined ? null : { folder: options.web },
    log: silentLog,
    version: '1.2.3',
    ...(options.receiveMs === undefined ? {} : { receiveMs: options.receiveMs }),
    ...(options.maxConnections === undefined ? {} : { maxConnections: options.maxConnections }),
  })
  const { url, port } = await server.listen({ port: 0 })
  const token = async (scope: 'submit' | 'read' | 'decide' | 'admin') => {
    const made = await scene.access.create({ name: scope, scope }, admin)
    if (!made.ok) throw new Error(made.failure.message)
    return made.value.token
  }
  const tokens = {
    submit: await token('submit'),
    read: await token('read'),
    decide: await token('decide'),
    admin: await token('admin'),
  }
  return {
    ...scene,
    server,
    url,
    port,
    seen,
    streams,
    hooks,
    submitted,
    warnings,
    tokens,
    limits,
    send: (method, path, sent = {}) => send(port, method, path, sent),
    async close() {
      await server.close()
      await scene.close()
      await removeHome(scene.home)
    },
  }
}

function send(port: number, method: string, path: string, { headers = {}, body, token }: SendOptions): Promise<Answer> {
  const credential = token === undefined ? {} : { authorization: `Bearer ${token}` }
  const type = body === undefined || 'content-type' in headers ? {} : { 'content-type': 'application/json' }
  return new Promise((resolve, reject) => {
    const request = httpRequest({
      host: '127.0.0.1',
      port,
      method,
      path,
      headers: { ...type, ...credential, ...headers },
      agent: false,
    })
    request.on('response', (response) => {
      const chunks: Buffer[] = []
      response.on('data', (chunk: Buffer) => chunks.push(chunk))
      response.on('error', reject)
      response.on('end', () => {
        const text = Buffer.concat(chunks).toString('utf8')
        const json = (response.headers['content-type'] ?? '').includes('json') && text ? JSON.parse(text) : undefined
        resolve({ status: response.statusCode!, headers: response.headers, text, json })
      })
    })
    request.on('error', reject)
    request.end(body)
  })
}

/** Writes bytes to the port as they are, and returns everything that came back until the other side closed. */
export function sendRaw(port: number, bytes: string | Buffer): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1', () => socket.write(bytes))
    const chunks: Buffer[] = []
    socket.on('data', (chunk) => chunks.push(chunk))
    socket.on('close', () => resolve(Buffer.concat(chunks).toString('utf8')))
    socket.on('error', reject)
  })
}

/** What every failure must look like. */
export function isProblem(answer: Answer): boolean {
  const problem = answer.json as Problem
  const [status, title] = catalogue[problem.code as keyof typeof catalogue]
  return (
    answer.headers['content-type'] === 'application/problem+json; charset=utf-8' &&
    problem.status === answer.status &&
    problem.status === status &&
    problem.title === title &&
    problem.request_id === answer.headers['x-request-id'] &&
    problem.detail.length > 0
  )
}
