import { createHash } from 'node:crypto'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { isProblem, openScene, type Scene, sendRaw } from './scene.ts'

let scene: Scene
beforeAll(async () => {
  scene = await openScene()
})
afterAll(() => scene.close())
beforeEach(() => {
  scene.seen.length = 0
  Object.assign(scene.limits, { requests_per_minute: 1e9, burst: 1e9 })
})

const refund = JSON.stringify({ type: 'refund', title: 'Refund' })
const post = (body: string | Buffer, headers: Record<string, string | string[]> = {}) =>
  scene.send('POST', '/requests', { body, headers, token: scene.tokens.submit })

test('answers a request with the status of the contract', async () => {
  const answer = await post(refund)
  expect(answer.status).toBe(202)
  expect(answer.json).toEqual({ message: 'Stored.', task_id: 'run_1', status: 'waiting' })
  expect(answer.headers).toMatchObject({
    'content-type': 'application/json; charset=utf-8',
    'x-content-type-options': 'nosniff',
    'cache-control': 'no-store',
  })
  expect(scene.seen).toMatchObject([
    {
      name: 'submitRequest',
      input: { type: 'refund', title: 'Refund', priority: 'normal' },
      context: { caller: { scopes: ['submit'], source: { name: 'submit' }, via: 'http', address: '127.0.0.1' } },
    },
  ])
})

test('joins path parameters, query and body into one input', async () => {
  await scene.send('GET', '/approvals?status=pending&status=approved&limit=7&search=a%20b', { token: scene.tokens.read })
  await scene.send('GET', '/approvals?status[0]=pending&status[1]=expired', { token: scene.tokens.read })
  await scene.send('GET', '/approvals?status=pending,approved', { token: scene.tokens.read })
  await scene.send('POST', '/tasks/run%2F1/cancel', { body: '{"reason":"late"}', token: scene.tokens.submit })
  await scene.send('POST', '/tasks/run_2/cancel', { token: scene.tokens.submit })
  expect(scene.seen.map(({ input }) => input)).toEqual([
    { status: ['pending', 'approved'], limit: 7, search: 'a b', sort: 'newest' },
    { status: ['pending', 'expired'], limit: 50, sort: 'newest' },
    { status: ['pending', 'approved'], limit: 50, sort: 'newest' },
    { task_id: 'run/1', reason: 'late' },
    { task_id: 'run_2' },
  ])
})

test('changes what the address names, and refuses a body that names another', async () => {
  const members = ['ben@example.com']
  const put = (body: object) => scene.send('PUT', '/groups/finance', { body: JSON.stringify(body), token: scene.tokens.admin })
  await put({ members })
  await put({ name: 'finance', members: [] })
  await scene.send('DELETE', '/groups/finance', { token: scene.tokens.admin })
  expect(scene.seen.map(({ name, input }) => [name, input])).toEqual([
    ['saveGroup', { name: 'finance', label: '', members }],
    ['saveGroup', { name: 'finance', label: '', members: [] }],
    ['removeGroup', { name: 'finance' }],
  ])
  for (const answer of [
    await put({ name: 'legal', members }),
    await put({ name: null, members }),
    await scene.send('DELETE', '/groups/finance?name=legal', { token: scene.tokens.admin }),
    await scene.send('DELETE', '/groups/finance', {
      body: '{"name":"legal"}',
      headers: { 'content-length': '16' },
      token: scene.tokens.admin,
    }),
    await scene.send('GET', '/tasks/run_1/status?task_id=run_2', { token: scene.tokens.submit }),
  ]) {
    expect([answer.status, answer.json.code]).toEqual([422, 'invalid-input'])
    expect(answer.json.errors).toEqual([
      { pointer: expect.stringMatching(/^\/(name|task_id)$/), message: 'is not what the address says' },
    ])
  }
  expect(scene.seen).toHaveLength(3)
})

test('what differs from the address may be anything: an object that is no text is refused like any other', async () => {
  for (const name of ['{"toString":"x"}', '[{"toString":1,"valueOf":1}]', '{"toString":null}', '["legal"]', 'null', 'true']) {
    const body = `{"name":${name},"members":[]}`
    const answer = await scene.send('PUT', '/groups/legal', { body, token: scene.tokens.admin })
    expect([name, answer.status, answer.json.code]).toEqual([name, 422, 'invalid-input'])
    expect(answer.json.errors).toEqual([{ pointer: '/name', message: 'is not what the address says' }])
  }
})

test('a fixed address is never taken for an id', async () => {
  const body = JSON.stringify({ items: [{ type: 'refund' }], approver_email: 'ben@example.com' })
  const batch = await scene.send('POST', '/approvals/batch', { body, token: scene.tokens.submit })
  const one = await scene.send('GET', '/approvals/batch', { token: scene.tokens.read })
  expect([batch.status, batch.json.items_count, one.status]).toEqual([200, 1, 200])
  expect((await scene.send('DELETE', '/approvals/batch', { token: scene.tokens.read })).headers.allow).toBe('GET, POST')
})

test('lists every problem of an input at once, each with its pointer', async () => {
  const body = {
    expense_data: { id: '', amount: -1, submitter_email: 'nobody', receipt_urls: ['x', 'https://a.example/1'] },
    aprover: 'x',
    'a/b~c': 1,
  }
  const answer = await scene.send('POST', '/expenses/submit', { body: JSON.stringify(body), token: scene.tokens.submit })
  expect(answer.status).toBe(422)
  expect(isProblem(answer)).toBe(true)
  expect(answer.json.code).toBe('invalid-input')
  expect(answer.json.errors.map(({ pointer }: { pointer: string }) => pointer).sort()).toEqual(
    [
      '/approver_email',
      '/aprover',
      '/a~1b~0c',
      '/expense_data/amount',
      '/expense_data/id',
      '/expense_data/receipt_urls/0',
      '/expense_data/submitter_email',
    ].sort(),
  )
  expect(answer.json.errors).toContainEqual({ pointer: '/approver_email', message: 'is required' })
  expect(answer.json.errors).toContainEqual({ pointer: '/aprover', message: 'is not a known field' })
  expect(scene.seen).toEqual([])
})

test('says what is wrong in words, not in schema talk', async () => {
  const answer = await scene.send('POST', '/approvals/decide', {
    body: '{"approval_id":"a","decision":"maybe","version":true}',
    token: scene.tokens.decide,
  })
  expect(answer.json.errors).toEqual([
    { pointer: '/decision', message: 'must be approve, reject, send_back or cancel (approved and rejected are understood too)' },
    { pointer: '/version', message: 'expected number, received boolean, or expected string, received boolean' },
  ])
})

test.each(['[]', '"x"', '1', 'null', 'true'])('a body that is %s is no object', async (body) => {
  const answer = await post(body)
  expect([answer.status, answer.json.code, answer.json.errors]).toEqual([
    422,
    'invalid-input',
    [{ pointer: '', message: 'must be a JSON object' }],
  ])
})

test('expected failures keep their code, status, words and data', async () => {
  const answer = await scene.send('POST', '/approvals/decide', {
    body: '{"approval_id":"decided","decision":"approve"}',
    token: scene.tokens.decide,
  })
  expect(isProblem(answer)).toBe(true)
  expect(answer.json).toMatchObject({
    type: '/docs#already-decided',
    status: 409,
    detail: 'Ben rejected it on 1 January.',
    instance: '/approvals/decide',
    decided_by: 'Ben',
    decided_at: '2026-01-01T00:00:00.000Z',
  })
})

test('a bug is an internal error without its detail', async () => {
  const answer = await post('{"type":"refund","title":"bug"}')
  expect([answer.status, answer.json.code]).toEqual([500, 'internal'])
  expect(isProblem(answer)).toBe(true)
  expect(answer.text).not.toContain('secret')
})

test('a submitting token cannot decide, and a deciding one cannot submit', async () => {
  const decision = '{"approval_id":"a","decision":"approve"}'
  const decide = await scene.send('POST', '/approvals/decide', { body: decision, token: scene.tokens.submit })
  const submit = await scene.send('POST', '/requests', { body: refund, token: scene.tokens.decide })
  const admin = await scene.send('POST', '/approvals/decide', { body: decision, token: scene.tokens.admin })
  expect([decide, submit, admin].map(({ status, json }) => [status, json.code])).toEqual(Array(3).fill([403, 'forbidden']))
  expect(scene.seen).toEqual([])
})

test('of two credentials none is believed', async () => {
  const line = (token: string) => `Authorization: Bearer ${token}\r\n`
  const head = `GET /approvals HTTP/1.1\r\nHost: 127.0.0.1:${scene.port}\r\nConnection: close\r\n`
  for (const lines of [line(scene.tokens.read) + line('cs_rOTHER'), line('cs_rOTHER') + line(scene.tokens.read)]) {
    const answer = await sendRaw(scene.port, `${head}${lines}\r\n`)
    expect(answer).toMatch(/^HTTP\/1\.1 400 /)
    expect(answer).toContain('"code":"malformed-request"')
  }
})

test('a missing and a wrong credential get the same 401', async () => {
  const answers = await Promise.all([
    scene.send('POST', '/requests', { body: refund }),
    scene.send('POST', '/requests', { body: refund, token: 'cs_sWRONG' }),
    scene.send('POST', '/requests', { body: refund, headers: { authorization: `Basic ${scene.tokens.submit}` } }),
    scene.send('POST', '/requests', { body: refund, headers: { authorization: 'Bearer' } }),
    scene.send('POST', `/requests?token=${scene.tokens.submit}`, { body: refund }),
    scene.send('GET', '/events'),
    scene.send('GET', '/approvals', { headers: { cookie: `countersign_session_${scene.port}=${scene.tokens.admin}` } }),
  ])
  for (const answer of answers) {
    expect(answer.status).toBe(401)
    expect(isProblem(answer)).toBe(true)
    expect(answer.headers['www-authenticate']).toBe('Bearer')
    expect(answer.json.detail).toBe(answers[0]!.json.detail)
  }
})

test('health needs no credential', async () => {
  expect((await scene.send('GET', '/healthz')).json).toEqual({ status: 'ok', version: '1' })
})

test('unknown addresses are 404 and known ones with another method 405, whatever else is wrong', async () => {
  const cases: [string, string, number, string | undefined][] = [
    ['GET', '/nope', 404, undefined],
    ['POST', '/nope', 404, undefined],
    ['GET', '/requests/', 404, undefined],
    ['GET', '/Requests', 404, undefined],
    ['GET', '/../etc/passwd', 404, undefined],
    ['GET', '//127.0.0.1/requests', 404, undefined],
    ['GET', '/requests', 405, 'POST'],
    ['HEAD', '/healthz', 405, 'GET'],
    ['OPTIONS', '/requests', 405, 'POST'],
    ['TRACE', '/requests', 405, 'POST'],
    ['PROPFIND', '/requests', 405, 'POST'],
    ['DELETE', '/tasks/run_1/status', 405, 'GET'],
    ['PUT', '/session', 405, 'DELETE, GET, POST'],
    ['GET', '/tokens/tok_1', 405, 'DELETE'],
  ]
  for (const [method, path, status, allow] of cases) {
    const body = method === 'POST' ? { body: 'not json', headers: { 'content-type': 'text/plain' } } : {}
    const answer = await scene.send(method, path, body)
    expect([method, path, answer.status, answer.headers.allow]).toEqual([method, path, status, allow])
    if (method !== 'HEAD') expect(isProblem(answer)).toBe(true)
  }
})

test('asking with HEAD runs no handler', async () => {
  expect((await scene.send('HEAD', '/approvals', { token: scene.tokens.read })).status).toBe(405)
  expect(scene.seen).toEqual([])
})

test.each([
  ['text/plain', 415],
  ['application/x-www-form-urlencoded', 415],
  ['multipart/form-data; boundary=x', 415],
  ['application/json; charset=utf-16', 415],
  ['application/json; charset=iso-8859-1', 415],
  ['application/jsonx', 415],
  ['application/problem+json', 415],
  ['', 415],
  ['application/json', 202],
  ['application/json;charset=utf-8', 202],
  ['application/json; charset=UTF-8', 202],
  ['APPLICATION/JSON', 202],
])('a body of type %j is answered with %i', async (type, status) => {
  const answer = await post(refund, { 'content-type': type })
  expect(answer.status).toBe(status)
  if (status === 415) expect([isProblem(answer), answer.json.code]).toEqual([true, 'unsupported-media-type'])
})

test('a compressed body is 415', async () => {
  for (const encoding of ['gzip', 'br', 'deflate', 'x'])
    expect((await post(refund, { 'content-encoding': encoding })).status).toBe(415)
})

test('a body that is too large is 413, announced or not', async () => {
  const body = JSON.stringify({ type: 'refund', description: 'x'.repeat(256 * 1024) })
  const announced = await post(body)
  expect([announced.status, isProblem(announced)]).toEqual([413, true])
  const chunked = await sendRaw(
    scene.port,
    `POST /requests HTTP/1.1\r\nHost: 127.0.0.1:${scene.port}\r\nAuthorization: Bearer ${scene.tokens.submit}\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n${body.length.toString(16)}\r\n${body}\r\n0\r\n\r\n`,
  )
  expect(chunked).toMatch(/^HTTP\/1\.1 413 /)
  expect(chunked).toContain('"code":"payload-too-large"')
})

test('too many headers, or too large ones, are 431', async () => {
  const many = await scene.send('GET', '/healthz', {
    headers: Object.fromEntries(Array.from({ length: 70 }, (_, n) => [`x-${n}`, '1'])),
  })
  expect([many.status, isProblem(many)]).toEqual([431, true])
  const large = await sendRaw(
    scene.port,
    `GET /healthz HTTP/1.1\r\nHost: 127.0.0.1:${scene.port}\r\nX: ${'x'.repeat(20_000)}\r\n\r\n`,
  )
  expect(large).toMatch(/^HTTP\/1\.1 431 /)
  expect(large).toContain('"code":"headers-too-large"')
  expect(large).toContain('application/problem+json')
})

test.each([
  ['no HTTP at all', 'hello\r\n\r\n'],
  ['an unknown method', 'FROB / HTTP/1.1\r\nHost: x\r\n\r\n'],
  ['two lengths', 'POST /requests HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n'],
  ['a length and chunks', 'POST /requests HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n'],
])('%s is a 400 problem and the connection ends', async (_name, bytes) => {
  const text = await sendRaw(scene.port, bytes)
  expect(text).toMatch(/^HTTP\/1\.1 400 /)
  expect(text).toContain('"code":"malformed-request"')
})

test('a tunnel is refused in words', async () => {
  const text = await sendRaw(scene.port, `CONNECT evil.example:443 HTTP/1.1\r\nHost: evil.example:443\r\n\r\n`)
  expect(text).toMatch(/^HTTP\/1\.1 405 /)
  expect(text).toContain('"code":"method-not-allowed"')
})

test('an expectation that nobody knows is passed over: the request is answered like any other', async () => {
  for (const expect_ of ['x', '200-ok', '100-continue, x']) {
    const answer = await post(refund, { 'content-type': 'application/json', expect: expect_ })
    expect([expect_, answer.status]).toEqual([expect_, 202])
  }
  const elsewhere = await scene.send('GET', '/nope', { headers: { expect: 'x' } })
  expect([elsewhere.status, isProblem(elsewhere)]).toEqual([404, true])
})

test('addresses that are not validly encoded are 400', async () => {
  const answer = await scene.send('GET', '/tasks/%zz/status', { token: scene.tokens.submit })
  expect([answer.status, isProblem(answer)]).toEqual([400, true])
  expect((await scene.send('GET', '/tasks/%zz/status', { headers: { host: 'evil.example' } })).status).toBe(403)
  expect((await scene.send('GET', `/tasks/${'x'.repeat(600)}/status`, { token: scene.tokens.submit })).status).toBe(404)
})

test('a GET with a body is refused', async () => {
  const answer = await scene.send('GET', '/approvals', { body: '{}', token: scene.tokens.read })
  expect([answer.status, answer.json.code]).toEqual([400, 'malformed-request'])
})

test('changes nothing and answers 400 to every body that two readers could understand differently', async () => {
  const bodies: (string | Buffer)[] = [
    '['.repeat(5000) + ']'.repeat(5000),
    '{"type":"refund","data":{"__proto__":{"admin":true}}}',
    '{"type":"refund","data":{"constructor":{"prototype":{}}}}',
    '{"type":"refund","amount":1,"amount":1000000}',
    Buffer.concat([Buffer.from('{"type":"refund","title":"'), Buffer.from([0xff, 0xfe]), Buffer.from('"}')]),
    '{"type":"refund","amount":12345678901234567890}',
    '{"type":"refund","amount":1e400}',
    `\uFEFF${refund}`,
    '',
    '{"type":"refund"',
    `${refund}${refund}`,
  ]
  for (const body of bodies) {
    const answer = await post(body, { 'content-type': 'application/json' })
    expect([answer.status, answer.json.code, isProblem(answer)]).toEqual([400, 'malformed-request', true])
  }
  expect(scene.seen).toEqual([])
})

test('lone surrogates, NUL and bidirectional controls are kept as they came', async () => {
  const answer = await post('{"type":"refund","data":{"note":"\\ud800 \\u0000 \\u202e"}}')
  expect(answer.status).toBe(202)
  expect(scene.seen[0]?.input).toMatchObject({ data: { note: '\ud800 \u0000 \u202e' } })
})

test('an idempotency key reaches the router with the hash of the exact bytes', async () => {
  const sha256 = createHash('sha256').update(refund).digest('hex')
  await post(refund, { 'idempotency-key': '"order \\"1042\\""' })
  await post(refund, { 'idempotency-key': 'order-1042' })
  await post(refund, { 'webhook-id': 'msg_1' })
  await post(refund, { 'webhook-id': 'msg_1', 'idempotency-key': 'k' })
  await post(refund)
  expect(scene.seen.map(({ context }) => context.idempotency)).toEqual([
    { key: 'order "1042"', sha256 },
    { key: 'order-1042', sha256 },
    { key: 'msg_1', sha256 },
    { key: 'k', sha256 },
    undefined,
  ])
})

test.each([
  [''],
  ['""'],
  ['"open'],
  ['two words'],
  ['"a";b=1'],
  ['x'.repeat(256)],
  [`"${'x'.repeat(256)}"`],
  ['"a\tb"'],
  [['a', 'b']],
])('the idempotency key %j is refused', async (key) => {
  const answer = await post(refund, { 'idempotency-key': key })
  expect([answer.status, answer.json.code]).toEqual([400, 'malformed-request'])
})

test('a credential that submits too fast is told how long to wait, and the others are not held up', async () => {
  Object.assign(scene.limits, { requests_per_minute: 60, burst: 3 })
  scene.clock.advance(60_000)
  const statuses: number[] = []
  for (let n = 0; n < 4; n++) statuses.push((await post(refund)).status)
  expect(statuses).toEqual([202, 202, 202, 429])
  const limited = await post('not even json')
  expect([limited.status, limited.json.code, limited.headers['retry-after']]).toEqual([429, 'rate-limited', '1'])
  expect((await scene.send('GET', '/tasks/run_1/status', { token: scene.tokens.submit })).status).toBe(200)
  scene.clock.advance(1000)
  expect((await post(refund)).status).toBe(202)
})

test('keeps a connection open for as many requests as come', async () => {
  const one = `GET /healthz HTTP/1.1\r\nHost: 127.0.0.1:${scene.port}\r\n\r\n`
  const text = await sendRaw(scene.port, one.repeat(300) + one.replace('\r\n\r\n', '\r\nConnection: close\r\n\r\n'))
  expect(text.match(/HTTP\/1\.1 200 OK/g)).toHaveLength(301)
})

test('never sends a CORS header', async () => {
  const answer = await scene.send('OPTIONS', '/requests', {
    headers: { origin: 'https://evil.example', 'access-control-request-method': 'POST' },
  })
  expect(Object.keys(answer.headers).filter((name) => name.startsWith('access-control'))).toEqual([])
})
