import { listProcedures, type Tree } from '../../../electron/core/intake/procedures.ts'
import { contract } from '../../../shared/contract/contract.ts'
import type { Scope } from '../../../shared/model/actor.ts'
import { toBytes } from '../../support/raw-http.ts'
import { anyBody, pick, type Random, rarely } from './bodies.ts'

type Door = {
  readonly method: string
  readonly path: string
  readonly scope: Scope
  readonly right: Readonly<Record<string, unknown>>
}

const request = {
  type: 'refund',
  title: 'Refund order 1042',
  description: 'It broke.',
  requester: 'shop@example.com',
  amount: '49.50',
  currency: 'EUR',
  priority: 'normal',
  timeout_hours: 8,
  data: { order_id: '1042' },
}
const version = 'a'.repeat(64)

/** What each door takes, where that is more than its address. */
const right: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {
  'POST /requests': request,
  'POST /expenses/submit': {
    expense_data: {
      id: 'e1',
      amount: 12,
      submitter_email: 'bo@example.com',
      category: 'travel',
      description: 'Train',
      receipt_urls: [],
    },
    approver_email: 'owner@example.com',
  },
  'POST /expenses': { employee: 'bo@example.com', amount: 12, category: 'travel' },
  'POST /deployments/request': { service: 'api', version: '1.2.3', environment: 'production', requester: 'bo@example.com' },
  'POST /approvals/batch': { items: [{ type: 'refund', title: 'One' }], approver_email: 'owner@example.com' },
  'POST /approvals/decide': { approval_id: 'apr_1', decision: 'approve', version, comment: 'Yes' },
  'POST /approvals/decide-many': { decision: 'approve', items: [{ approval_id: 'apr_1', version }] },
  'POST /webhooks/approve': { key: 'apr_1', action: 'approve' },
  'POST /policy/check': { text: 'rules: []' },
  'POST /policy/try': { request },
  'PUT /policy': { text: 'rules: [', version },
  'POST /delegations': { from: 'bo@example.com', to: 'cy@example.com', ends_at: '2026-12-24T18:00:00Z' },
  'POST /tokens': { name: 'x', scope: 'submit', callback_url: 'http://127.0.0.1:9/x' },
  'PUT /people/{email}': { name: 'Bo', aliases: [] },
  'PUT /groups/{name}': { label: 'G', members: ['bo@example.com'] },
  'POST /session': { key: 'guessed' },
}

/** These wait, go on for ever, ask the network, or take as long as the home is large: not a hundred thousand times. */
const left =
  /^(?:GET \/events|GET .*\/stream|GET .*\/wait|.* \/model.*|POST \/projection\/rebuild|POST \/audit\/verify|GET .*\/export|POST \/policy\/replay)$/

const scopeOf = (scope: Scope | null): Scope => scope ?? 'read'

const doors: readonly Door[] = [
  ...listProcedures(contract as unknown as Tree).map(({ method, path, meta }) => ({ method, path, scope: scopeOf(meta.scope) })),
  { method: 'POST', path: '/session', scope: 'read' as const },
  ...['json', 'form', 'signed'].map((name) => ({ method: 'POST', path: `/hooks/${name}`, scope: 'submit' as const })),
].flatMap((door) => {
  const name = `${door.method} ${door.path}`
  return left.test(name) ? [] : [{ ...door, right: right[name] ?? (door.path.startsWith('/hooks') ? request : { reason: 'x' }) }]
})

/** Hooks whose mapping meets whatever comes. `json` and `form` know their sender by a bearer token. */
export const hookConfig = `hooks:
  json:
    scheme: bearer
    secret_env: COUNTERSIGN_TORTURE
    when: body.?extra.orValue(true) != false
    type: body.type
    title: body.?title.orValue(null)
    amount: body.?amount.orValue(null)
    timeout_hours: body.?timeout_hours.orValue(null)
    idempotency_key: body.?key.orValue(null)
  form: { scheme: bearer, secret_env: COUNTERSIGN_TORTURE, type: refund, title: '"x" + string(size(body))', data: '{"seen": body.map(k, k)}' }
  signed: { scheme: github, secret_env: COUNTERSIGN_TORTURE, type: refund, title: '"x"' }
`
export const hookSecret = 'hunter2hunter2'

const segments = [
  'apr_1',
  'run_1',
  'x',
  '..',
  '%2e%2e',
  '%00',
  '%zz',
  '%2f',
  'a'.repeat(600),
  'bo@example.com',
  '*',
  ':id',
  '%F0%9F',
  '~',
  '',
]
const queries = [
  '',
  '',
  '',
  '?',
  '?a=1',
  '?limit=0',
  '?limit=-1',
  '?limit=1e9',
  '?cursor=x',
  '?status=x&status[0]=y&__proto__=1',
  '?search=(',
  `?q=${'a'.repeat(4000)}`,
  '?%',
  '?sort=1&sort=2',
  '?search=%22a%20-b%3A*%22',
  '?from=2026-13-01',
]
const types = [
  'application/json; charset=utf-8',
  'application/json; charset=utf-16',
  'APPLICATION/JSON',
  'text/plain',
  'application/x-www-form-urlencoded',
  'multipart/form-data; boundary=x',
  'application/problem+json',
  '',
  ';',
  'application/json;;',
  'a'.repeat(500),
]
const values = [
  '',
  ' ',
  '"',
  '"a',
  '"a";b=1',
  'two words',
  'x'.repeat(256),
  'x'.repeat(5000),
  '\x01',
  '\xff\xfe',
  ',',
  ';',
  '=',
  'null',
  '0',
  '-1',
  '1, 1',
  '%00',
  'Bearer',
  'Bearer  ',
  'Basic YTpi',
  'https://evil.example',
  'cross-site',
  'none',
]
const names = [
  'idempotency-key',
  'webhook-id',
  'authorization',
  'cookie',
  'origin',
  'sec-fetch-site',
  'content-encoding',
  'content-type',
  'expect',
  'te',
  'trailer',
  'upgrade',
  'connection',
  'accept',
  'x-countersign',
  'x-forwarded-for',
  'x-http-method-override',
  'range',
  'if-none-match',
  'x-hub-signature-256',
  'x-github-delivery',
  'forwarded',
  'keep-alive',
  'host',
  'content-length',
  'transfer-encoding',
]
const encodings = ['gzip', 'br', 'identity', 'deflate', 'x']

export type Made = {
  readonly bytes: Buffer
  /** What is sent says itself where it ends, and nothing in it makes the connection another one. */
  readonly framed: boolean
  readonly door: string
}

export type Target = {
  readonly port: number
  readonly tokens: Readonly<Record<Scope, string>>
  /** Runs and approvals that are there. */
  readonly known: readonly string[]
}

/** One request: to any door, with any body, and with headers that fit or do not. */
export function anyRequest(random: Random, target: Target): Made {
  const door = random(3) === 0 ? pick(random, doors.slice(0, 5)) : pick(random, doors)
  const path = door.path.replaceAll(/\{\w+\}/g, () => idOf(random, target)) + (rarely(random, 4) ? pick(random, queries) : '')
  const reads = door.method === 'GET'
  const hook = door.path.startsWith('/hooks/')
  const token = hook ? hookSecret : rarely(random, 12) ? 'cs_sNOBODY' : target.tokens[rarely(random, 15) ? 'read' : door.scope]
  const type = rarely(random, 12)
    ? pick(random, types)
    : door.path === '/hooks/form'
      ? 'application/x-www-form-urlencoded'
      : 'application/json'
  const headers: [string, string][] = [
    ['host', `127.0.0.1:${target.port}`],
    ['authorization', `Bearer ${token}`],
  ]
  if (!reads || rarely(random, 20)) headers.push(['content-type', type])
  const body = reads && !rarely(random, 20) ? undefined : anyBody(random, rightNow(random, door.right, target))
  const framed = addHeaders(random, headers)
  const request = { method: door.method, path, headers, ...(body === undefined ? {} : { body }) }
  return { bytes: toBytes(request), framed, door: `${door.method} ${door.path}` }
}

const idOf = (random: Random, { known }: Target): string =>
  known.length > 0 && random(2) === 0 ? pick(random, known) : pick(random, segments)

/** What the door takes, about something that is there. */
const rightNow = (random: Random, right: Door['right'], target: Target): Door['right'] =>
  'approval_id' in right ? { ...right, approval_id: idOf(random, target) } : right

/** Some more headers; answers whether the request still says where it ends. */
function addHeaders(random: Random, headers: [string, string][]): boolean {
  if (random(3) > 0) return true
  let framed = true
  for (let more = random(4); more >= 0; more--) {
    const kind = random(12)
    if (kind === 0)
      headers.push(...Array.from({ length: 20 + random(60) }, (_, n): [string, string] => [`x-${n}`, pick(random, values)]))
    else if (kind === 1) headers.push(['idempotency-key', `k${random(50)}`])
    else if (kind === 2) headers.push(['content-encoding', pick(random, encodings)])
    else if (kind === 3) headers.splice(random(headers.length), 1)
    else {
      const name = pick(random, names)
      headers.push([rarely(random, 8) ? name.toUpperCase() : name, pick(random, values)])
      if (/^(?:content-length|transfer-encoding|expect|upgrade|connection|te|trailer|host)$/.test(name)) framed = false
    }
  }
  return framed
}

/** The head itself damaged: no client sends it, and somebody may. */
export function brokenHead(random: Random, made: Made): Buffer {
  const copy = Buffer.from(made.bytes)
  const end = Math.max(1, copy.indexOf('\r\n\r\n'))
  for (let change = 0; change <= random(3); change++)
    copy[random(end)] = random(3) === 0 ? random(256) : pick(random, [0, 9, 10, 13, 32, 58, 47, 127, 255])
  return random(4) === 0 ? copy.subarray(0, random(copy.length + 1)) : copy
}
