import { describe, expect, it } from 'vitest'
import { signWebhook } from '../../electron/core/channels/webhook.ts'
import type { NotGenuineReason } from '../../shared/client/failures.ts'
import { rememberSeen, type VerifyOptions, verifyOutcome, versionOf } from '../../shared/client/verify.ts'

const secret = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw'
const sentAt = 1_780_000_000
const asked = { type: 'refund', title: 'Refund „1042“', amount: '49.50', data: { order_id: '1042' } }
const sha256 = 'f'.repeat(64)

function bodyOf(version = { number: 1, sha256 }): string {
  const decision = {
    outcome: 'approved',
    reason: null,
    decided_by: 'ana@example.com',
    decided_at: 'now',
    approval_id: 'apr_1',
    version,
  }
  const data = { type: 'refund', task_id: 'run_1', workflow: 'approval', status: 'completed', result: {}, error: null, decision }
  return JSON.stringify({ type: 'task.completed', timestamp: '2026-05-28T20:26:40.000Z', data })
}

function signed(body: string, more: Partial<VerifyOptions> = {}): VerifyOptions {
  const id = 'dlv_1'
  const headers = {
    'Webhook-Id': id,
    'webhook-timestamp': String(sentAt),
    'webhook-signature': signWebhook({ secret, id, timestampSeconds: sentAt, body }),
  }
  return { headers, rawBody: body, secret, now: () => sentAt * 1000, ...more }
}

const reasonOf = (options: VerifyOptions): Promise<NotGenuineReason | 'accepted'> =>
  verifyOutcome(options).then(
    () => 'accepted',
    (error: { reason: NotGenuineReason }) => error.reason,
  )

describe('An outcome is acted on', () => {
  it('when it is signed, fresh and about the version that was expected', async () => {
    const version = { number: 1, sha256: await versionOf(asked) }
    const expected = { task_id: 'run_1', version: { number: 1 }, asked }
    const outcome = await verifyOutcome(signed(bodyOf(version), { expected, seen: rememberSeen() }))
    expect(outcome).toMatchObject({ id: 'dlv_1', type: 'task.completed', data: { decision: { outcome: 'approved', version } } })
  })

  it('whether its body is bytes or text, its headers a record or Headers, its secret one of two', async () => {
    const body = bodyOf()
    const { headers } = signed(body)
    const bytes = new TextEncoder().encode(body)
    const two = ['whsec_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA', secret]
    expect(await reasonOf(signed(body, { rawBody: bytes, headers: new Headers(headers as never), secret: two }))).toBe('accepted')
    const rotated = {
      ...headers,
      'webhook-signature': `v1,AAAA v1a,x ${(headers as never as Record<string, string>)['webhook-signature']}`,
    }
    expect(await reasonOf(signed(body, { headers: rotated }))).toBe('accepted')
  })
})

describe('An outcome is refused', () => {
  const changedHeader = (name: string, value: string | string[] | undefined) => ({
    headers: { ...(signed(bodyOf()).headers as Record<string, string>), [name]: value },
  })

  it.each<[string, NotGenuineReason, Partial<VerifyOptions>]>([
    ['without a signature', 'missing-header', changedHeader('webhook-signature', undefined)],
    ['with two timestamps', 'missing-header', changedHeader('webhook-timestamp', [String(sentAt), '1'])],
    ['with a timestamp that is no number', 'bad-timestamp', changedHeader('webhook-timestamp', '12abc')],
    ['too late', 'too-old', { now: () => (sentAt + 301) * 1000 }],
    ['too early', 'too-old', { now: () => (sentAt - 301) * 1000 }],
    ['with another timestamp than the signed one', 'bad-signature', changedHeader('webhook-timestamp', String(sentAt + 1))],
    ['with another id than the signed one', 'bad-signature', changedHeader('Webhook-Id', 'dlv_2')],
    ['with a changed body', 'bad-signature', { rawBody: bodyOf().replace('approved', 'rejected') }],
    ['with another secret', 'bad-signature', { secret: 'whsec_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA' }],
    ['with an empty signature', 'bad-signature', changedHeader('webhook-signature', 'v1, v1,AAAA')],
    ['with a signature of another kind', 'bad-signature', changedHeader('webhook-signature', 'v2,AAAA v1,%%%')],
    ['of another task', 'other-task', { expected: { task_id: 'run_2' } }],
    ['of another version number', 'other-version', { expected: { version: { number: 2 } } }],
    ['of another version', 'other-version', { expected: { version: { sha256: 'a'.repeat(64) } } }],
    ['of another payload', 'other-version', { expected: { asked } }],
  ])('%s', async (_how, reason, changed) => {
    expect(await reasonOf(signed(bodyOf(), changed))).toBe(reason)
  })

  it('that was never an outcome, though it is signed', async () => {
    for (const body of [
      'not json',
      '[]',
      'null',
      '{"type":"task.completed","data":null}',
      '{"type":"x","data":{"task_id":"run_1"}}',
    ])
      expect([body, await reasonOf(signed(body))]).toEqual([body, 'malformed'])
  })

  it('the second time, and not because of one that was refused before', async () => {
    const seen = rememberSeen()
    expect(await reasonOf(signed(bodyOf(), { seen, expected: { task_id: 'run_2' } }))).toBe('other-task')
    expect(await reasonOf(signed(bodyOf(), { seen }))).toBe('accepted')
    expect(await reasonOf(signed(bodyOf(), { seen }))).toBe('seen-before')
  })

  it('where nobody was asked but a version is expected', async () => {
    const body = JSON.stringify({ type: 'task.cancelled', timestamp: '', data: { task_id: 'run_1', decision: null } })
    expect(await reasonOf(signed(body))).toBe('accepted')
    expect(await reasonOf(signed(body, { expected: { version: { number: 1 } } }))).toBe('other-version')
  })
})

it('The vectors of Standard Webhooks carry the signatures that are accepted', async () => {
  const id = 'msg_p5jXN8AQM9LWM0D4loKWxJek'
  const vectors = [
    [1614265330, '{"test": 2432232314}', 'v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE='],
    [
      1674087231,
      '{"type":"contact.created","timestamp":"2022-11-03T20:26:10.344522Z","data":{"id":"1f81eb52-5198-4599-803e-771906343485"}}',
      'v1,eJjZU7jSGbhRGTEXvSmtyy9Lib0P6UzgwIJ/VqGBH9g=',
    ],
  ] as const
  for (const [timestamp, rawBody, signature] of vectors) {
    const headers = { 'webhook-id': id, 'webhook-timestamp': String(timestamp), 'webhook-signature': signature }
    // Signed well, and yet no outcome: the signature is what was looked at first.
    expect(await reasonOf({ headers, rawBody, secret, now: () => timestamp * 1000 })).toBe('malformed')
    expect(await reasonOf({ headers, rawBody: `${rawBody} `, secret, now: () => timestamp * 1000 })).toBe('bad-signature')
  }
})

it('A secret that is none is a mistake of the program, not of the sender', async () => {
  await expect(verifyOutcome(signed(bodyOf(), { secret: 'whsec_' }))).rejects.toThrow(TypeError)
})

it('A memory of ids keeps the last ones', async () => {
  const seen = rememberSeen(2)
  expect([seen.add('a'), seen.add('b'), seen.add('c'), seen.add('b'), seen.add('a')]).toEqual([true, true, true, false, true])
})
