import { createHmac } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { type Answer, isProblem, openScene, type Scene } from '../intake/scene.ts'

const key = Buffer.alloc(32, 7)
const secret = `whsec_${key.toString('base64')}`
const folder = mkdtempSync(join(tmpdir(), 'countersign-hooks-'))
writeFileSync(join(folder, 'slack.txt'), 'slack-signing-secret\n')

const hooks = {
  shop: {
    scheme: 'standard-webhooks',
    secret_env: 'SHOP_SECRET',
    when: 'body.type == "refund.requested"',
    type: 'refund',
    title: '"Refund order " + body.data.order',
    amount: 'double(body.data.cents) / 100.0',
    currency: 'EUR',
    requester: 'body.data.?agent.orValue(null)',
    approver_email: 'ben@example.com',
    department: 'support',
    data: { order: 'body.data.order', shop: 'headers["x-shop"]', lane: 'query.lane', whole: 'body' },
  },
  github: {
    scheme: 'github',
    secret: 'github-deployments',
    type: 'deployment',
    title: '"Deploy " + body.repository.full_name + " to " + body.environment',
  },
  slack: { scheme: 'slack', secret_file: join(folder, 'slack.txt'), type: 'body.type', title: 'body.user.name' },
  command: { scheme: 'slack', secret_file: join(folder, 'slack.txt'), type: 'payment', title: 'body.text' },
  stripe: {
    scheme: 'stripe',
    secret_env: ['STRIPE_NEW', 'STRIPE_OLD'],
    type: 'payout',
    amount: 'body.data.object.amount',
    data: 'body.data',
  },
  plain: {
    scheme: 'bearer',
    secret_env: 'PLAIN_SECRET',
    type: 'body.kind',
    amount: 12.5,
    idempotency_key: 'body.?id.orValue(null)',
  },
  returns: {
    scheme: 'bearer',
    secret_env: 'PLAIN_SECRET',
    type: 'refund',
    data: {},
    attachments: [
      { name: '"order-" + body.order + ".pdf"', url: 'body.?pdf.orValue(null)', media_type: '"application/pdf"' },
      { name: '"label.png"' },
    ],
    evidence: 'body.notes.map(note, {"title": note.author, "text": note.text})',
    rollback: '"Cancel refund " + body.order',
  },
  pasted: { scheme: 'bearer', secret: 'whsec_S3CR3T', type: 'refund' },
  unset: { scheme: 'bearer', secret_env: 'UNSET', type: 'refund' },
  empty: { scheme: 'github', secret_env: 'EMPTY', type: 'refund' },
  lost: { scheme: 'bearer', secret_file: join(folder, 'missing'), type: 'refund' },
}

let scene: Scene
beforeAll(async () => {
  const environment = { SHOP_SECRET: secret, STRIPE_OLD: 'whsec_old', PLAIN_SECRET: 'hunter2hunter2', EMPTY: '' }
  scene = await openScene({ hooks, environment, secrets: { 'github-deployments': 'gh-secret' } })
})
afterAll(async () => {
  await scene.close()
  rmSync(folder, { recursive: true })
})
beforeEach(() => {
  scene.submitted.length = 0
  scene.warnings.length = 0
  Object.assign(scene.limits, { requests_per_minute: 1e9, burst: 1e9, body_bytes: 256 * 1024 })
})

const seconds = () => String(Math.floor(scene.clock.now() / 1000))
const hex = (secretKey: string, text: string | Buffer) => createHmac('sha256', secretKey).update(text).digest('hex')

type Send = { readonly id?: string; readonly headers?: Record<string, string | string[]>; readonly path?: string }

function shop(
  body: object | string | Buffer,
  { id = 'msg_1', headers = {}, path = '/hooks/shop?lane=fast' }: Send = {},
): Promise<Answer> {
  const raw = Buffer.isBuffer(body) ? body : Buffer.from(typeof body === 'string' ? body : JSON.stringify(body))
  const signed = Buffer.concat([Buffer.from(`${id}.${seconds()}.`), raw])
  const signature = `v1,${createHmac('sha256', key).update(signed).digest('base64')}`
  const own = { 'webhook-id': id, 'webhook-timestamp': seconds(), 'webhook-signature': signature, 'x-shop': 'north' }
  return scene.send('POST', path, { body: raw, headers: { ...own, ...headers } })
}

function github(body: string, headers: Record<string, string> = {}): Promise<Answer> {
  const own = {
    'x-hub-signature-256': `sha256=${hex('gh-secret', body)}`,
    'x-github-delivery': 'd-1',
    'x-github-event': 'deployment',
  }
  return scene.send('POST', '/hooks/github', { body, headers: { ...own, ...headers } })
}

function slack(body: string, headers: Record<string, string> = {}, name = 'slack'): Promise<Answer> {
  const signature = `v0=${hex('slack-signing-secret', `v0:${seconds()}:${body}`)}`
  const own = { 'x-slack-signature': signature, 'x-slack-request-timestamp': seconds() }
  return scene.send('POST', `/hooks/${name}`, { body, headers: { ...own, ...headers } })
}

function stripe(body: object): Promise<Answer> {
  const raw = JSON.stringify(body)
  const header = `t=${seconds()},v1=${hex('whsec_old', `${seconds()}.${raw}`)}`
  return scene.send('POST', '/hooks/stripe', { body: raw, headers: { 'stripe-signature': header } })
}

const plain = (body: object, headers: Record<string, string | string[]> = {}) =>
  scene.send('POST', '/hooks/plain', { body: JSON.stringify(body), headers, token: 'hunter2hunter2' })

const refund = { type: 'refund.requested', data: { order: '1042', cents: 4950, agent: 'eva@example.com' } }
const stored = (task_id: string) => ({ message: 'Stored.', task_id, status: 'waiting' })

const returned = (body: object) =>
  scene.send('POST', '/hooks/returns', { body: JSON.stringify(body), headers: {}, token: 'hunter2hunter2' })

describe('what lies beside a request', () => {
  test('comes from the delivery, entry by entry or as a list, and what is null or empty is not there', async () => {
    const notes = [{ author: 'Ana', text: 'Lost' }]
    expect((await returned({ order: '7', pdf: 'https://files.example/7', notes })).status).toBe(202)
    expect((await returned({ order: '8', notes: [] })).status).toBe(202)
    const asked = scene.submitted.map(([request]) => request as Record<string, unknown>)
    expect(asked.map(({ attachments, evidence, rollback }) => ({ attachments, evidence, rollback }))).toEqual([
      {
        attachments: [
          { name: 'order-7.pdf', url: 'https://files.example/7', media_type: 'application/pdf' },
          { name: 'label.png' },
        ],
        evidence: [{ title: 'Ana', text: 'Lost' }],
        rollback: 'Cancel refund 7',
      },
      {
        attachments: [{ name: 'order-8.pdf', media_type: 'application/pdf' }, { name: 'label.png' }],
        evidence: undefined,
        rollback: 'Cancel refund 8',
      },
    ])
  })

  test('is refused with the place of what is missing or wrong', async () => {
    const missing = await returned({ notes: [] })
    expect([missing.status, JSON.stringify(missing.json)]).toEqual([422, expect.stringContaining('/attachments/0/name')])
    const wrong = await returned({ order: '9', pdf: 'javascript:alert(1)', notes: [] })
    expect([wrong.status, JSON.stringify(wrong.json)]).toEqual([422, expect.stringContaining('/attachments/0/url')])
  })
})

describe('a delivery', () => {
  test('becomes a request of its hook', async () => {
    const answer = await shop(refund)
    expect([answer.status, answer.json]).toEqual([202, stored('run_1')])
    expect(scene.submitted).toEqual([
      [
        {
          type: 'refund',
          title: 'Refund order 1042',
          amount: 49.5,
          currency: 'EUR',
          requester: 'eva@example.com',
          approver_email: 'ben@example.com',
          department: 'support',
          priority: 'normal',
          data: { order: '1042', shop: 'north', lane: 'fast', whole: refund },
        },
        {
          scopes: ['submit'],
          person: null,
          source: { id: 'hook:shop', name: 'shop' },
          credential: 'hook:shop',
          via: 'http',
          address: '127.0.0.1',
        },
        { key: 'msg_1', sha256: expect.stringMatching(/^[0-9a-f]{64}$/) },
      ],
    ])
  })

  test('leaves out what its mapping finds to be nothing', async () => {
    await shop({ ...refund, data: { order: '7', cents: 100 } })
    expect(scene.submitted[0]![0]).not.toHaveProperty('requester')
  })

  test('that is not wanted is answered and left alone', async () => {
    const answer = await shop({ type: 'order.paid' })
    expect([answer.status, answer.json]).toEqual([
      202,
      { ignored: true, reason: 'The hook’s condition is not true for this delivery.' },
    ])
    expect(scene.submitted).toEqual([])
  })

  test('without a mapping of its data brings its whole body', async () => {
    const body = { repository: { full_name: 'acme/shop' }, environment: 'production', nested: [{ a: 1 }] }
    expect((await github(JSON.stringify(body))).status).toBe(202)
    expect(scene.submitted[0]![0]).toEqual({
      type: 'deployment',
      title: 'Deploy acme/shop to production',
      priority: 'normal',
      data: body,
    })
    expect(scene.submitted[0]![2].key).toBe('d-1')
  })

  test('that is a ping or a challenge is answered as its sender expects', async () => {
    expect((await github('{"zen":"Design for failure."}', { 'x-github-event': 'ping' })).json).toEqual({
      ignored: true,
      reason: 'It is a ping.',
    })
    const challenge = await slack('{"type":"url_verification","challenge":"3eZbrw1aB"}')
    expect([challenge.status, challenge.json]).toEqual([200, { challenge: '3eZbrw1aB' }])
    expect(scene.submitted).toEqual([])
  })

  test('can be a form, with its JSON in payload or with fields of its own', async () => {
    const form = { 'content-type': 'application/x-www-form-urlencoded' }
    const payload = `payload=${encodeURIComponent(JSON.stringify({ type: 'block_actions', user: { name: 'Zoë & co' } }))}`
    const click = await slack(payload, form)
    expect([click.status, click.text]).toEqual([200, ''])
    const command = await slack('command=%2Fpay&text=a+b', form, 'command')
    expect([command.status, command.json]).toEqual([200, { response_type: 'ephemeral', text: 'Stored.' }])
    expect((await slack('type=command&user=%7B%7D&text=a+b', form)).json.errors).toEqual([
      { pointer: '/title', message: expect.stringContaining('cannot be found in the delivery') },
    ])
    expect(scene.submitted.map(([request]) => [request.type, request.title])).toEqual([
      ['block_actions', 'Zoë & co'],
      ['payment', 'a b'],
    ])
    for (const bad of ['payload=%7B', 'a=1&a=2', 'a=%ff', 'payload={"a":1,"a":2}', '__proto__=1'])
      expect([bad, (await slack(bad, form)).status]).toEqual([bad, 400])
  })

  test('takes fixed numbers, names of types from the body, and JSON under other names', async () => {
    const answer = await plain({ kind: 'wire-transfer' }, { 'content-type': 'application/cloudevents+json; charset=utf-8' })
    expect(answer.status).toBe(202)
    expect(scene.submitted[0]![0]).toMatchObject({ type: 'wire-transfer', amount: 12.5, data: { kind: 'wire-transfer' } })
  })

  test('never shows its credentials to a mapping', async () => {
    scene.hooks.plain = { ...scene.hooks.plain!, data: '{"seen": headers}' }
    await plain({ kind: 'refund' }, { cookie: 'a=b', 'x-other': ['1', '2'] })
    const { seen } = scene.submitted[0]![0].data as { seen: Record<string, string> }
    expect([seen.authorization, seen.cookie, seen['x-other']]).toEqual([undefined, undefined, '1, 2'])
    expect(JSON.stringify(scene.submitted)).not.toContain('hunter2')
  })
})

describe('the same delivery again', () => {
  test('gets the same answer, under a new time too', async () => {
    const first = await shop(refund)
    scene.clock.advance(60_000)
    const again = await shop(refund)
    const other = await shop(refund, { id: 'msg_2' })
    expect([first.json, again.json, other.json]).toEqual([stored('run_1'), stored('run_1'), stored('run_2')])
  })

  test('with another body is refused', async () => {
    await shop(refund)
    const answer = await shop({ ...refund, data: { ...refund.data, cents: 1 } })
    expect([answer.status, answer.json.code]).toEqual([422, 'idempotency-mismatch'])
  })

  test('is known by its body where the sender has no id for it', async () => {
    const body = '{"type":"shortcut","user":{"name":"Eva"}}'
    const answers = [await slack(body), await slack(body), await slack(`${body} `)]
    expect(answers.map(({ json }) => json.task_id)).toEqual(['run_1', 'run_1', 'run_2'])
    expect(scene.submitted[0]![2].key).toBe(`sha256:${scene.submitted[0]![2].sha256}`)
  })

  test('of Stripe is known by its event, though parts of it are renewed', async () => {
    const event = { id: 'evt_1', pending_webhooks: 2, data: { object: { amount: 1200 } } }
    const answers = [await stripe(event), await stripe({ ...event, pending_webhooks: 1 })]
    expect(answers.map(({ json }) => json)).toEqual([stored('run_1'), stored('run_1')])
    expect(scene.submitted[0]![2].key).toBe('evt_1')
    const other = await stripe({ ...event, data: { object: { amount: 9999 } } })
    expect(other.json.code).toBe('idempotency-mismatch')
  })

  test('is known by what the mapping says', async () => {
    const answers = [
      await plain({ kind: 'refund', id: 'r-1' }),
      await plain({ id: 'r-1', kind: 'refund' }),
      await plain({ kind: 'refund', id: 2 }),
    ]
    expect(answers.map(({ json }) => json.task_id)).toEqual(['run_1', 'run_1', 'run_2'])
    expect(scene.submitted.map(([, , { key: found }]) => found)).toEqual(['r-1', '2'])
    expect((await plain({ kind: 'refund', id: [] })).json.errors).toEqual([
      { pointer: '/idempotency_key', message: 'must give 1 to 255 characters' },
    ])
  })
})

describe('a delivery is refused', () => {
  test('with one answer, whatever is wrong with its signature; the log knows', async () => {
    const raw = JSON.stringify(refund)
    const late = String(Number(seconds()) - 301)
    const answers = [
      await shop(refund, { headers: { 'webhook-signature': 'v1,AAAA' } }),
      await shop(refund, { headers: { 'webhook-timestamp': late } }),
      await shop(refund, { headers: { 'webhook-id': ['msg_1', 'msg_2'] } }),
      await scene.send('POST', '/hooks/shop', { body: raw }),
      await scene.send('POST', '/hooks/pasted', { body: raw, token: 'x' }),
      await scene.send('POST', '/hooks/unset', { body: raw, token: 'x' }),
      await scene.send('POST', '/hooks/empty', { body: raw, headers: { 'x-hub-signature-256': `sha256=${hex('', raw)}` } }),
      await scene.send('POST', '/hooks/lost', { body: raw, token: 'x' }),
      await scene.send('POST', '/hooks/plain', { body: raw, token: scene.tokens.submit }),
    ]
    const said = answers.map(({ status, json }) => [status, json.code, json.detail])
    expect(new Set(said.map((one) => JSON.stringify(one))).size).toBe(1)
    expect(said[0]!.slice(0, 2)).toEqual([401, 'bad-signature'])
    expect(answers.every(isProblem)).toBe(true)
    expect(scene.warnings.map(({ details }) => (details as { reason: string }).reason)).toEqual([
      'no signature fits',
      'it is 301 s old',
      'a webhook header is missing or came twice',
      'a webhook header is missing or came twice',
      // Not by its name: the secret itself may stand there.
      'secret: no stored secret of that name is set',
      'secret_env: no environment variable of that name is set',
      'secret_env: no environment variable of that name is set',
      'secret_file: file 1 cannot be read (ENOENT)',
      'the token does not fit',
    ])
    expect(scene.submitted).toEqual([])
  })

  test('before anything is read of it, where it cannot be one', async () => {
    const json = (answer: Answer) => [answer.status, answer.json.code]
    expect(json(await scene.send('POST', '/hooks/unknown', { body: '{}' }))).toEqual([404, 'not-found'])
    expect(json(await scene.send('POST', '/hooks/constructor', { body: '{}' }))).toEqual([404, 'not-found'])
    expect(json(await scene.send('GET', '/hooks/shop'))).toEqual([405, 'method-not-allowed'])
    for (const type of ['text/plain', 'multipart/form-data; boundary=x', 'application/json; charset=utf-16'])
      expect(json(await shop(refund, { headers: { 'content-type': type } }))).toEqual([415, 'unsupported-media-type'])
    expect(json(await shop(refund, { headers: { 'content-encoding': 'gzip' } }))).toEqual([415, 'unsupported-media-type'])
    expect(json(await shop(refund, { headers: { origin: 'http://evil.example' } }))).toEqual([403, 'origin-not-allowed'])
    scene.limits.body_bytes = 100
    expect(json(await shop({ ...refund, filler: 'x'.repeat(100) }))).toEqual([413, 'payload-too-large'])
    expect(scene.submitted).toEqual([])
  })

  test('when it comes too fast, without holding up other hooks', async () => {
    Object.assign(scene.limits, { requests_per_minute: 60, burst: 1 })
    const [first, second] = [await stripe({ id: 'evt_9', data: { object: { amount: 1 } } }), await stripe({ id: 'evt_10' })]
    expect([first.status, second.status, second.headers['retry-after']]).toEqual([202, 429, '1'])
    expect((await scene.send('POST', '/hooks/lost', { body: '{}' })).status).toBe(401)
  })

  test('when two readers could understand it differently, once its signature is right', async () => {
    const bodies = [
      '{"type":"x","type":"refund.requested"}',
      '{"a":',
      '',
      '\ufeff{}',
      '{"n":12345678901234567890}',
      '{"__proto__":{}}',
      '['.repeat(40),
    ]
    for (const body of [...bodies, Buffer.from([0x22, 0xff, 0x22])]) {
      const answer = await shop(body)
      expect([String(body), answer.status, answer.json.code]).toEqual([String(body), 400, 'malformed-request'])
    }
    for (const body of ['null', '1', '[]', '"x"']) expect([body, (await shop(body)).status]).toEqual([body, 422])
  })

  test('with every member that the mapping cannot make, each with its pointer', async () => {
    const missing = await shop({ type: 'refund.requested', data: {} }, { path: '/hooks/shop' })
    expect(missing.status).toBe(422)
    expect(missing.json.errors.map(({ pointer }: { pointer: string }) => pointer)).toEqual([
      '/title',
      '/amount',
      '/data/order',
      '/data/lane',
    ])
    expect(missing.json.errors[0].message).toBe('cannot be found in the delivery: No such key: order (line 1, column 29 of it)')
    const wrong = await plain({ kind: 'Not A Type' })
    expect(wrong.json.errors).toEqual([
      { pointer: '/type', message: 'must be lower-case letters, digits, - and _, starting with a letter' },
    ])
    expect((await shop({ kind: 'x' })).json.errors).toMatchObject([{ pointer: '/when' }])
    expect(scene.submitted).toEqual([])
    expect(scene.warnings).toHaveLength(3)
  })

  test('in a thousand ways of one flipped bit', { timeout: 30_000 }, async () => {
    const raw = Buffer.from(JSON.stringify({ ...refund, filler: 'x'.repeat(100) }))
    const signature = `v1,${createHmac('sha256', key).update(`msg_1.${seconds()}.`).update(raw).digest('base64')}`
    const headers = { 'webhook-id': 'msg_1', 'webhook-timestamp': seconds(), 'webhook-signature': signature, 'x-shop': 'n' }
    const post = (body: Buffer) => scene.send('POST', '/hooks/shop?lane=a', { body, headers })
    const statuses = new Map<number, number>()
    for (let flip = 0; flip < 1000; flip++) {
      const copy = Buffer.from(raw)
      copy[Math.floor(flip / 8) % copy.length]! ^= 1 << (flip % 8)
      const { status } = await post(copy)
      statuses.set(status, (statuses.get(status) ?? 0) + 1)
    }
    expect([...statuses]).toEqual([[401, 1000]])
    expect((await post(raw)).status).toBe(202)
  })
})
