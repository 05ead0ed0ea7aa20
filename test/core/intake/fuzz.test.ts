import fc from 'fast-check'
import { expect, test } from 'vitest'
import { catalogue } from '../../../shared/contract/errors.ts'
import { openScene } from './scene.ts'

const key = fc.oneof(
  fc.string(),
  fc.constantFrom('type', 'title', 'amount', 'data', 'requester', 'timeout_hours', '__proto__', 'constructor', 'toString'),
)
const json = fc.letrec((tie) => ({
  value: fc.oneof(
    { maxDepth: 4 },
    fc.string(),
    fc.double(),
    fc.integer(),
    fc.constantFrom(null, true, false, '', 'refund'),
    tie('list'),
    tie('object'),
  ),
  list: fc.array(tie('value'), { maxLength: 5 }),
  object: fc.dictionary(key, tie('value'), { maxKeys: 6 }),
})).value

/** Bodies that are nearly right, JSON of any shape, JSON with bytes changed, and no JSON at all. */
const nearlyRight = fc.record(
  {
    type: fc.oneof(fc.constant('refund'), json),
    title: json,
    amount: json,
    currency: json,
    data: json,
    timeout_hours: json,
    extra: json,
  },
  { requiredKeys: ['type'] },
)
const text = fc.oneof(nearlyRight, json).map((value) => Buffer.from(JSON.stringify(value) ?? ''))
const changed = fc
  .tuple(text, fc.array(fc.tuple(fc.nat(), fc.integer({ min: 0, max: 255 })), { maxLength: 4 }))
  .map(([bytes, changes]) => {
    const copy = Buffer.from(bytes)
    for (const [at, byte] of changes) if (copy.length > 0) copy[at % copy.length] = byte
    return copy
  })
const body = fc.oneof(
  text,
  changed,
  fc.uint8Array({ maxLength: 200 }).map((bytes) => Buffer.from(bytes)),
)

test('no body makes a 5xx, a crash or silence: 2,000 of them', { timeout: 60_000 }, async () => {
  const scene = await openScene()
  const statuses = new Set<number>()
  await fc.assert(
    fc.asyncProperty(body, fc.constantFrom('/requests', '/expenses/submit', '/tasks/x/cancel', '/session'), async (bytes, path) => {
      const headers = { 'content-type': 'application/json' }
      const answer = await scene.send('POST', path, { body: bytes, headers, token: scene.tokens.submit })
      statuses.add(answer.status)
      expect(answer.status).toBeLessThan(500)
      if (answer.status >= 400) expect(Object.keys(catalogue)).toContain(answer.json.code)
    }),
    { numRuns: 2000 },
  )
  expect([...statuses].sort()).toEqual([200, 202, 400, 401, 422].filter((status) => statuses.has(status)))
  expect((await scene.send('GET', '/healthz')).status).toBe(200)
  await scene.close()
})

test('no address makes a 5xx', { timeout: 30_000 }, async () => {
  const scene = await openScene()
  const segment = fc.oneof(
    fc.webSegment(),
    fc.constantFrom('approvals', 'tasks', 'session', '..', '%00', '%2f', '%zz', '*', ':x', 'assets'),
  )
  await fc.assert(
    fc.asyncProperty(fc.array(segment, { maxLength: 5 }), fc.webQueryParameters(), async (segments, query) => {
      const answer = await scene.send('GET', `/${segments.join('/')}?${query}`, { token: scene.tokens.decide })
      expect(answer.status).toBeLessThan(500)
    }),
    { numRuns: 500, examples: [[['approvals'], 'status=x&status[0]=y&status[]=z&__proto__=1&limit[0]=1']] },
  )
  await scene.close()
})

test('no delivery makes a 5xx, whatever its mapping meets: 2,000 of them', { timeout: 60_000 }, async () => {
  const expressions = {
    when: 'body.?extra.orValue(true) != false',
    type: 'body.type',
    title: 'body.?title.orValue(null)',
    amount: 'body.?amount.orValue(null)',
    timeout_hours: 'body.?timeout_hours.orValue(null)',
    idempotency_key: 'body.?key.orValue(null)',
  }
  const any = { scheme: 'bearer', secret_env: 'ANY', ...expressions }
  const items = { ...any, type: 'refund', title: '"x" + string(size(body))', data: '{"seen": body.map(k, k)}' }
  const scene = await openScene({ hooks: { any, items }, environment: { ANY: 'hunter2hunter2' } })
  const statuses = new Set<number>()
  const types = fc.constantFrom('application/json', 'application/x-www-form-urlencoded')
  await fc.assert(
    fc.asyncProperty(body, fc.constantFrom('any', 'items'), types, async (bytes, name, type) => {
      const headers = { 'content-type': type }
      const answer = await scene.send('POST', `/hooks/${name}`, { body: bytes, headers, token: 'hunter2hunter2' })
      statuses.add(answer.status)
      expect([answer.status < 500, answer.text]).toEqual([true, answer.text])
      if (answer.status >= 400) expect(Object.keys(catalogue)).toContain(answer.json.code)
    }),
    { numRuns: 2000 },
  )
  expect([...statuses].sort()).toEqual([202, 400, 422])
  await scene.close()
})
