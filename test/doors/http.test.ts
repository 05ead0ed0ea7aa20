import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { type BoundProcedure, bindProcedures, type Tree } from '../../electron/core/intake/procedures.ts'
import { contract } from '../../shared/contract/contract.ts'
import type { Scope } from '../../shared/model/actor.ts'
import { exchange, type RawAnswer } from '../support/raw-http.ts'
import { type Door, doors, opensFor } from './cases.ts'
import { openScene, type Scene } from './scene.ts'

/** Every route that Fastify was ever given, and what else listens on its server: from the listener itself, not from a list of ours. */
const seen = vi.hoisted(() => ({ routes: [] as string[], listeners: () => [] as (string | symbol)[] }))

vi.mock('fastify', async (original) => {
  const real = await original<typeof import('fastify')>()
  return {
    ...real,
    fastify: (options: object) => {
      const app = real.fastify(options as never)
      app.addHook('onRoute', ({ method, url }) => {
        for (const each of [method].flat()) seen.routes.push(`${each} ${url.replaceAll(/:(\w+)/g, '{$1}')}`)
      })
      seen.listeners = () => app.server.eventNames()
      return app
    },
  }
})

let scene: Scene
let procedures: readonly BoundProcedure[]
beforeAll(async () => {
  scene = await openScene()
  procedures = bindProcedures(contract, scene.app.router as Tree)
})
afterAll(() => scene.stop())

/** Routes that are no procedures: what each is, and how it refuses. */
const otherRoutes: Readonly<Record<string, 'open to read' | 'a key' | 'a cookie' | 'a signature' | 'the stream by another name'>> =
  {
    'POST /session': 'a key',
    'DELETE /session': 'a cookie',
    'POST /hooks/{source}': 'a signature',
    'GET /': 'open to read',
    'GET /openapi.json': 'open to read',
    'GET /docs': 'open to read',
    'GET /docs.css': 'open to read',
    'GET /api/approvals/{approval_id}/stream': 'the stream by another name',
  }

const nameOf = ({ method, path }: BoundProcedure): string => `${method} ${path}`

type Sent = {
  readonly token?: string
  readonly headers?: Readonly<Record<string, string>>
  readonly input?: Readonly<Record<string, unknown>>
  readonly path?: string
}

/** Sends an input as its route takes it: what the address names in the address, the rest in the query or the body. */
function send({ method, path: pattern }: Pick<BoundProcedure, 'method' | 'path'>, sent: Sent): Promise<RawAnswer> {
  const rest = { ...(sent.input ?? { nonsense: 1 }) }
  const path = pattern.replaceAll(/\{(\w+)\}/g, (_all, name: string) => {
    const value = rest[name]
    delete rest[name]
    return encodeURIComponent(String(value ?? 'x'))
  })
  const reads = method === 'GET'
  const query = reads && Object.keys(rest).length > 0 ? `?${new URLSearchParams(rest as Record<string, string>)}` : ''
  const headers = {
    host: `127.0.0.1:${scene.port}`,
    ...(reads ? {} : { 'content-type': 'application/json' }),
    ...(sent.token === undefined ? {} : { authorization: `Bearer ${sent.token}` }),
    ...sent.headers,
  }
  return exchange(scene.port, {
    method,
    path: path + query,
    headers: Object.entries(headers),
    ...(reads ? {} : { body: JSON.stringify(rest) }),
  })
}

const refusal = ({ status, code }: RawAnswer) => [status, code]
const unauthorized = [401, 'unauthorized']
const forbidden = [403, 'forbidden']
const otherOrigin = [403, 'origin-not-allowed']
const sessionScopes: readonly Scope[] = ['read', 'decide', 'admin']
const scopesOf: Readonly<Record<Scope, readonly Scope[]>> = {
  submit: ['submit'],
  read: ['read'],
  decide: ['read', 'decide'],
  admin: ['read', 'admin'],
}

test('every route of the listener has a case, and every case has a route', () => {
  const procedureRoutes = procedures.map(nameOf)
  expect(procedures.map(({ name }) => name).sort()).toEqual(Object.keys(doors).sort())
  expect([...new Set(seen.routes)].sort()).toEqual([...procedureRoutes, ...Object.keys(otherRoutes)].sort())
  expect(seen.routes).toHaveLength(new Set(seen.routes).size)
})

test('nothing else listens on the server: what answers besides requests is a refused tunnel and the streams', () => {
  const ours = [
    'request',
    'checkExpectation',
    'connect',
    'upgrade',
    'clientError',
    'connection',
    'listening',
    'timeout',
    'close',
    'error',
    'dropRequest',
  ]
  expect(seen.listeners().filter((name) => !ours.includes(String(name)))).toEqual([])
})

describe('a procedure', () => {
  test.each(Object.keys(doors))('%s opens for its scopes and refuses everybody else', async (name) => {
    const procedure = procedures.find((one) => one.name === name)!
    const door = doors[name]!
    const before = scene.records()
    const nobody = await Promise.all([
      send(procedure, {}),
      send(procedure, { token: 'cs_dNOTHINGBEHINDTHIS' }),
      send(procedure, { token: scene.tokens.revoked }),
      send(procedure, { headers: { authorization: `Basic ${scene.tokens.admin}` } }),
      send(procedure, { headers: { cookie: 'countersign_session=x' } }),
    ])
    // Past the door, nonsense is told to be nonsense.
    if (door.may === 'anybody') expect(nobody.map(refusal)).toEqual(nobody.map(() => [422, 'invalid-input']))
    else expect(nobody.map(refusal)).toEqual(nobody.map(() => unauthorized))
    for (const scope of ['submit', 'read', 'decide', 'admin'] as const) {
      const answer = await send(procedure, { token: scene.tokens[scope] })
      await expectVerdict(answer, opensFor(door, scopesOf[scope]), `${name} with ${scope}`)
    }
    const own = procedure.method === 'GET' ? {} : { 'x-countersign': '1' }
    const bySession = await send(procedure, { headers: { cookie: scene.cookie, ...own } })
    await expectVerdict(bySession, opensFor(door, sessionScopes), `${name} by session`)
    expect(scene.records()).toBe(before)
  })

  test.each(Object.keys(doors))('%s refuses other host names and other pages, whoever’s credential they bring', async (name) => {
    const procedure = procedures.find((one) => one.name === name)!
    const { admin, decide, submit } = scene.tokens
    const before = scene.records()
    for (const token of [admin, decide, submit]) {
      const rebound = await send(procedure, { token, headers: { host: `evil.example:${scene.port}` } })
      expect([name, ...refusal(rebound)]).toEqual([name, 403, 'host-not-allowed'])
    }
    const cookie = { cookie: scene.cookie, 'x-countersign': '1' }
    const pages: Readonly<Record<string, string>>[] = [
      { origin: 'https://evil.example' },
      { origin: 'null' },
      { 'sec-fetch-site': 'cross-site' },
    ]
    for (const page of pages) {
      // The one door that takes no credential reads nothing that is anybody's own.
      expect([name, ...refusal(await send(procedure, { headers: { ...cookie, ...page } }))]).toEqual([name, ...otherOrigin])
      if (procedure.method !== 'GET')
        expect([name, ...refusal(await send(procedure, { token: admin, headers: page }))]).toEqual([name, ...otherOrigin])
    }
    if (procedure.method !== 'GET') {
      const bare = await send(procedure, { headers: { cookie: scene.cookie } })
      expect([name, ...refusal(bare)]).toEqual([name, ...otherOrigin])
    }
    expect(scene.records()).toBe(before)
  })
})

/** Who may not is told so before anything else is looked at; who may gets past the door, to be told that the input is nonsense. */
async function expectVerdict(answer: RawAnswer, opens: boolean, who: string): Promise<void> {
  if (!opens) expect([who, ...refusal(answer)]).toEqual([who, ...forbidden])
  else {
    expect([who, answer.status, answer.code]).not.toEqual([who, ...forbidden])
    expect([who, [200, 202, 204, 404, 409, 422].includes(answer.status)], answer.body).toEqual([who, true])
  }
}

describe('the right scope is not enough', () => {
  const written = Object.entries(doors)
  const decides = written.filter(([, { may }]) => may !== 'anybody' && may.includes('decide') && !may.includes('read'))
  const submitsById = written.filter(([name, { may }]) => {
    const path = bindings().find((one) => one.name === name)?.path ?? ''
    return may !== 'anybody' && may.includes('submit') && path.includes('_id}')
  })

  test('each door that opens for deciding says what a stranger is told, and each that opens for a source what another one is', () => {
    expect(decides.filter(([, door]) => door.stranger === undefined).map(([name]) => name)).toEqual([])
    expect(submitsById.filter(([, door]) => door.otherSource === undefined).map(([name]) => name)).toEqual([])
    expect([decides.length, submitsById.length]).toEqual([18, 9])
  })

  test.each(decides.filter(([, { stranger }]) => typeof stranger === 'object'))(
    '%s is not for somebody else',
    async (name, door) => {
      const { input, code, adminMay } = door.stranger as Exclude<Door['stranger'], string | undefined>
      const procedure = procedures.find((one) => one.name === name)!
      const before = scene.records()
      const answer = await send(procedure, { token: scene.tokens.stranger, input: input(scene.ids) })
      expect([name, codeOf(answer)]).toEqual([name, code])
      if (adminMay !== true && opensFor(door, ['admin'])) {
        expect(codeOf(await send(procedure, { token: scene.tokens.admin, input: input(scene.ids) }))).toBe(code)
      }
      expect(scene.records()).toBe(before)
    },
  )

  test.each(submitsById)('%s is not for another source', async (name, door) => {
    const { input, code } = door.otherSource!
    const procedure = procedures.find((one) => one.name === name)!
    const before = scene.records()
    const answer = await send(procedure, { token: scene.tokens.otherSource, input: input(scene.ids) })
    expect([name, answer.code]).toEqual([name, code])
    expect(scene.records()).toBe(before)
  })

  test('whoever requested it does not approve it, and a token that is nobody’s erases nothing', async () => {
    const decide = procedures.find(({ name }) => name === 'approvals.decide')!
    const submit = procedures.find(({ name }) => name === 'requests.submitRequest')!
    const input = { type: 'refund', title: 'For me', requester: 'di@example.com', approver_email: 'di@example.com' }
    const asked = await send(submit, { token: scene.tokens.submit, input })
    const { task_id } = JSON.parse(asked.body) as { task_id: string }
    const status = await send(procedures.find(({ name }) => name === 'tasks.status')!, {
      token: scene.tokens.read,
      input: { task_id },
    })
    const [approval] = (JSON.parse(status.body) as { pending_approvals: { id: string }[] }).pending_approvals
    const own = await send(decide, { token: scene.tokens.stranger, input: { approval_id: approval!.id, decision: 'approve' } })
    expect(refusal(own)).toEqual([403, 'self-approval'])
    const erase = procedures.find(({ name }) => name === 'erasure.erase')!
    const erased = await send(erase, { token: scene.tokens.admin, input: { run_id: scene.ids.run, reason: 'Because' } })
    expect(refusal(erased)).toEqual(forbidden)
  })
})

/** What one of several was told counts as what was told. */
function codeOf({ code, body }: RawAnswer): string | null {
  if (code !== null) return code
  const { results } = JSON.parse(body) as { results?: { code: string | null }[] }
  return results?.[0]?.code ?? null
}

function bindings() {
  const declared: { name: string; path: string }[] = []
  for (const [group, members] of Object.entries(contract as unknown as Record<string, Record<string, unknown>>)) {
    for (const [name, member] of Object.entries(members)) {
      const { route } = (member as { '~orpc': { route: { path?: string } } })['~orpc']
      declared.push({ name: `${group}.${name}`, path: route.path ?? '' })
    }
  }
  return declared
}

describe('a route that is no procedure', () => {
  const at = (route: string) => {
    const [method, path] = route.split(' ') as [BoundProcedure['method'], string]
    return { method, path }
  }

  test.each(Object.entries(otherRoutes))('%s asks for %s', async (route, kind) => {
    const before = scene.records()
    const door = at(route)
    expect(refusal(await send(door, { headers: { host: 'evil.example' } }))).toEqual([403, 'host-not-allowed'])
    if (kind === 'open to read') expect((await send(door, {})).status).toBe(200)
    if (kind === 'the stream by another name') {
      expect(refusal(await send(door, {}))).toEqual(unauthorized)
      expect(refusal(await send(door, { token: scene.tokens.submit }))).toEqual(forbidden)
    }
    if (kind === 'a key') {
      expect(refusal(await send(door, { input: { key: 'guessed' } }))).toEqual(unauthorized)
      expect(refusal(await send(door, { token: scene.tokens.admin, input: { key: 'guessed' } }))).toEqual(unauthorized)
    }
    if (kind === 'a cookie') {
      expect(refusal(await send(door, { headers: { cookie: scene.cookie } }))).toEqual(otherOrigin)
      expect(refusal(await send(door, { headers: { origin: 'https://evil.example' } }))).toEqual(otherOrigin)
    }
    if (kind === 'a signature') {
      for (const token of Object.values(scene.tokens)) {
        expect(refusal(await send(door, { token, input: { source: 'forge', type: 'refund' } }))).toEqual([401, 'bad-signature'])
      }
      expect(refusal(await send(door, { headers: { origin: 'https://evil.example' }, input: { source: 'forge' } }))).toEqual(
        otherOrigin,
      )
    }
    expect(scene.records()).toBe(before)
  })
})

describe('a WebSocket', () => {
  const handshake = {
    upgrade: 'websocket',
    connection: 'Upgrade',
    'sec-websocket-key': 'dGhlIHNhbXBsZSBub25jZQ==',
    'sec-websocket-version': '13',
  }
  const sockets = ['/approvals/{approval_id}/stream', '/api/approvals/{approval_id}/stream']
  const ask = (path: string, headers: Readonly<Record<string, string>>, token?: string) =>
    send(
      { method: 'GET', path },
      {
        ...(token === undefined ? {} : { token }),
        headers: { ...handshake, ...headers },
        input: { approval_id: scene.ids.approval },
      },
    )

  test('opens at two addresses, out of all that take a GET', async () => {
    const reads = [...new Set(seen.routes)].filter((route) => route.startsWith('GET ')).map((route) => route.slice(4))
    const opened: string[] = []
    for (const path of reads) if ((await ask(path, {}, scene.tokens.decide)).status === 101) opened.push(path)
    expect(opened.sort()).toEqual([...sockets].sort())
  })

  test.each(sockets)('%s refuses without a credential, without its scope, and from another page', async (path) => {
    const cookie = { cookie: scene.cookie }
    const answers = {
      nobody: await ask(path, {}),
      revoked: await ask(path, {}, scene.tokens.revoked),
      submit: await ask(path, {}, scene.tokens.submit),
      'a cookie without an origin': await ask(path, cookie),
      'a cookie from elsewhere': await ask(path, { ...cookie, origin: 'https://evil.example' }),
      'a token from elsewhere': await ask(path, { origin: 'https://evil.example' }, scene.tokens.decide),
      'another host name': await ask(path, { host: 'evil.example' }, scene.tokens.decide),
      'the own page': await ask(path, { ...cookie, origin: `http://127.0.0.1:${scene.port}` }),
    }
    expect(Object.entries(answers).map(([who, answer]) => [who, answer.status])).toEqual([
      ['nobody', 401],
      ['revoked', 401],
      ['submit', 403],
      ['a cookie without an origin', 401],
      ['a cookie from elsewhere', 403],
      ['a token from elsewhere', 403],
      ['another host name', 403],
      ['the own page', 101],
    ])
  })
})
