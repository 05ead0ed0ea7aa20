import { createHmac, createPrivateKey, createPublicKey, sign } from 'node:crypto'

/** A delivery as it goes over the wire. */
export type Delivery = { readonly headers: readonly (readonly [string, string])[]; readonly raw: Buffer }

export type SignatureCase = {
  readonly hook: string
  readonly what: string
  readonly accepted: boolean
  readonly delivery: Delivery
}

const standardSecret = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw'
const olderSecret = `whsec_${Buffer.alloc(24, 7).toString('base64')}`
const plainSecret = 'It is a secret to everybody'
const seed = Buffer.alloc(32, 9)
const privateKey = createPrivateKey({
  key: Buffer.concat([Buffer.from('302e020100300506032b657004220420', 'hex'), seed]),
  format: 'der',
  type: 'pkcs8',
})
const publicKey = Buffer.from(createPublicKey(privateKey).export({ format: 'jwk' }).x!, 'base64url').toString('base64')

export const signatureEnvironment = {
  TORTURE_STANDARD: standardSecret,
  TORTURE_OLDER: olderSecret,
  TORTURE_PUBLIC: `whpk_${publicKey}`,
  TORTURE_PLAIN: plainSecret,
  TORTURE_BEARER: 'hunter2hunter2',
}

export const signatureConfig = `hooks:
  standard: { scheme: standard-webhooks, secret_env: [TORTURE_STANDARD, TORTURE_OLDER], type: refund, title: '"x"' }
  public: { scheme: standard-webhooks, secret_env: TORTURE_PUBLIC, type: refund, title: '"x"' }
  github: { scheme: github, secret_env: TORTURE_PLAIN, type: refund, title: '"x"' }
  slack: { scheme: slack, secret_env: TORTURE_PLAIN, type: refund, title: '"x"' }
  stripe: { scheme: stripe, secret_env: TORTURE_PLAIN, type: refund, title: '"x"' }
  bearer: { scheme: bearer, secret_env: TORTURE_BEARER, type: refund, title: '"x"' }
`
const bearerSecret = signatureEnvironment.TORTURE_BEARER

const hex = (secret: string | Buffer, text: string | Buffer) => createHmac('sha256', secret).update(text).digest('hex')
const text = (parts: readonly (string | Buffer)[]) => Buffer.concat(parts.map((part) => Buffer.from(part)))
const keyOf = (secret: string) => Buffer.from(secret.replace('whsec_', ''), 'base64')

/** What Standard Webhooks says a signature is. */
function v1(id: string, at: string, raw: string | Buffer, secret = standardSecret): string {
  return `v1,${createHmac('sha256', keyOf(secret))
    .update(text([`${id}.${at}.`, raw]))
    .digest('base64')}`
}

type Standard = {
  id?: string
  at?: string
  raw?: string | Buffer
  signature?: string
  signedRaw?: string | Buffer
  secret?: string
}

function standard(
  now: number,
  { id = 'msg_1', at = String(now), raw = '{"a":1}', signedRaw = raw, secret, signature }: Standard,
): Delivery {
  const made = signature ?? v1(id, at, signedRaw, secret)
  return {
    headers: [
      ['webhook-id', id],
      ['webhook-timestamp', at],
      ['webhook-signature', made],
    ],
    raw: Buffer.from(raw),
  }
}

const without = ({ headers, raw }: Delivery, name: string): Delivery => ({ headers: headers.filter(([one]) => one !== name), raw })
const doubled = ({ headers, raw }: Delivery, name: string, value?: string): Delivery => ({
  headers: [...headers, [name, value ?? headers.find(([one]) => one === name)![1]]],
  raw,
})

/** Of Standard Webhooks: what is right in the plain way, and what is at the edges. */
function standardCases(now: number): [string, boolean, Delivery][] {
  const right = standard(now, {})
  const good = v1('msg_1', String(now), '{"a":1}')
  const wrong = `v1,${Buffer.alloc(32).toString('base64')}`
  const names = ['webhook-id', 'webhook-timestamp', 'webhook-signature']
  const at = (apart: number) => standard(now, { at: String(now + apart) })
  const signed = (signature: string) => standard(now, { signature })
  return [
    ['a right one', true, right],
    ['a right one with another body', true, standard(now, { raw: '{"text":"Zoë 🎉"}', id: 'msg_2' })],
    ...names.map((name): [string, boolean, Delivery] => [`no ${name}`, false, without(right, name)]),
    ...names.map((name): [string, boolean, Delivery] => [`two ${name}`, false, doubled(right, name)]),
    ...names.map((name): [string, boolean, Delivery] => [`another ${name} beside it`, false, doubled(right, name, 'x')]),
    ['five minutes and a bit too old', false, at(-310)],
    ['five minutes and a bit too new', false, at(310)],
    ['just old enough', true, at(-290)],
    ['junk behind the time', false, standard(now, { at: `${now}junk` })],
    ['a time with a sign', false, standard(now, { at: `+${now}` })],
    ['a time in milliseconds', false, standard(now, { at: `${now}000` })],
    ['an id with a dot', false, standard(now, { id: 'msg.1' })],
    ['signed with another secret', false, standard(now, { secret: `whsec_${Buffer.alloc(24, 8).toString('base64')}` })],
    ['signed with the older secret', true, standard(now, { secret: olderSecret, id: 'msg_3' })],
    [
      'signed with an empty secret',
      false,
      signed(`v1,${createHmac('sha256', '').update(`msg_1.${now}.{"a":1}`).digest('base64')}`),
    ],
    [
      'signed with the text of the secret',
      false,
      signed(`v1,${createHmac('sha256', standardSecret).update(`msg_1.${now}.{"a":1}`).digest('base64')}`),
    ],
    ['no version', false, signed(good.slice(3))],
    ['another version', false, signed(good.replace('v1', 'v2'))],
    ['the asymmetric version alone', false, signed(good.replace('v1', 'v1a'))],
    ['the third of three signatures', true, signed(`${wrong} v1a,AAAA ${good}`)],
    ['three wrong signatures', false, signed(`${wrong} ${wrong} ${wrong}`)],
    ['a signature that is cut', false, signed(good.slice(0, -2))],
    ['a signature that goes on', false, signed(`${good}A`)],
    ['a signature in hex', false, signed(`v1,${hex(keyOf(standardSecret), `msg_1.${now}.{"a":1}`)}`)],
    ['another body under it', false, standard(now, { raw: '{"a":2}', signedRaw: '{"a":1}' })],
    [
      'bytes that look the same when decoded',
      false,
      standard(now, { raw: Buffer.from([0x22, 0xfe, 0x22]), signedRaw: Buffer.from([0x22, 0xff, 0x22]) }),
    ],
    ['an empty signature', false, signed('')],
  ]
}

function publicCases(now: number): [string, boolean, Delivery][] {
  const made = (raw: string, key = 'v1a') =>
    `${key},${sign(null, Buffer.from(`msg_9.${now}.${raw}`), privateKey).toString('base64')}`
  const send = (signature: string) => standard(now, { id: 'msg_9', signature })
  const good = made('{"a":1}')
  return [
    ['a right one', true, send(good)],
    ['the shared version of it', false, send(good.replace('v1a', 'v1'))],
    ['the public key taken for a secret', false, send(v1('msg_9', String(now), '{"a":1}', `whsec_${publicKey}`))],
    ['over another body', false, send(made('{"a":2}'))],
  ]
}

function github(raw: string, signature = `sha256=${hex(plainSecret, raw)}`): Delivery {
  return {
    headers: [
      ['x-hub-signature-256', signature],
      ['x-github-delivery', 'del_1'],
    ],
    raw: Buffer.from(raw),
  }
}

function githubCases(): [string, boolean, Delivery][] {
  const right = github('{"a":1}')
  const value = right.headers[0]![1]
  return [
    ['a right one', true, right],
    ['no signature', false, without(right, 'x-hub-signature-256')],
    ['two signatures', false, doubled(right, 'x-hub-signature-256')],
    ['two deliveries', false, doubled(right, 'x-github-delivery', 'del_2')],
    ['in capitals', false, github('{"a":1}', value.toUpperCase())],
    ['without its name', false, github('{"a":1}', value.slice(7))],
    ['as SHA-1', false, github('{"a":1}', `sha1=${createHmac('sha1', plainSecret).update('{"a":1}').digest('hex')}`)],
    ['with an empty secret', false, github('{"a":1}', `sha256=${hex('', '{"a":1}')}`)],
    ['of another body', false, github('{"a":2}', value)],
  ]
}

function slack(now: number, raw: string, at = String(now), signature = `v0=${hex(plainSecret, `v0:${at}:${raw}`)}`): Delivery {
  return {
    headers: [
      ['x-slack-signature', signature],
      ['x-slack-request-timestamp', at],
    ],
    raw: Buffer.from(raw),
  }
}

function slackCases(now: number): [string, boolean, Delivery][] {
  const right = slack(now, '{"a":1}')
  return [
    ['a right one', true, right],
    ['no time', false, without(right, 'x-slack-request-timestamp')],
    ['two times', false, doubled(right, 'x-slack-request-timestamp')],
    ['no signature', false, without(right, 'x-slack-signature')],
    ['too old', false, slack(now, '{"a":1}', String(now - 310))],
    ['too new', false, slack(now, '{"a":1}', String(now + 310))],
    ['junk behind the time', false, slack(now, '{"a":1}', `${now}x`)],
    ['another version', false, slack(now, '{"a":1}', String(now), right.headers[0]![1].replace('v0', 'v1'))],
    ['another time over it', false, slack(now, '{"a":1}', String(now + 1), right.headers[0]![1])],
  ]
}

function stripe(now: number, header?: string, raw = '{"id":"evt_1"}'): Delivery {
  return { headers: [['stripe-signature', header ?? `t=${now},v1=${hex(plainSecret, `${now}.${raw}`)}`]], raw: Buffer.from(raw) }
}

function stripeCases(now: number): [string, boolean, Delivery][] {
  const v = (at: number) => hex(plainSecret, `${at}.{"id":"evt_1"}`)
  return [
    ['a right one', true, stripe(now)],
    ['beside other versions', true, stripe(now, `t=${now},v0=${'0'.repeat(64)},v1=${'1'.repeat(64)},v1=${v(now)}`)],
    ['no header', false, { headers: [], raw: Buffer.from('{}') }],
    ['two headers', false, doubled(stripe(now), 'stripe-signature')],
    ['no time', false, stripe(now, `v1=${v(now)}`)],
    ['two times', false, stripe(now, `t=${now},t=${now},v1=${v(now)}`)],
    ['too old', false, stripe(now, `t=${now - 310},v1=${v(now - 310)}`)],
    ['too new', false, stripe(now, `t=${now + 310},v1=${v(now + 310)}`)],
    ['only another version', false, stripe(now, `t=${now},v0=${v(now)}`)],
    ['of another body', false, stripe(now, `t=${now},v1=${v(now)}`, '{"id":"evt_2"}')],
  ]
}

const bearer = (value: string): Delivery => ({ headers: [['authorization', value]], raw: Buffer.from('{"a":1}') })

const bearerCases = (): [string, boolean, Delivery][] => [
  ['a right one', true, bearer(`Bearer ${bearerSecret}`)],
  ['another token', false, bearer('Bearer hunter3hunter3')],
  ['its beginning', false, bearer('Bearer hunter2')],
  ['no token', false, bearer('Bearer ')],
  ['another scheme', false, bearer(`Basic ${bearerSecret}`)],
  ['no header', false, { headers: [], raw: Buffer.from('{"a":1}') }],
]

/** Every case, signed for this moment (in seconds). The first of each hook is the one that bits are flipped in. */
export function signatureCases(now: number): readonly SignatureCase[] {
  const all = {
    standard: standardCases(now),
    public: publicCases(now),
    github: githubCases(),
    slack: slackCases(now),
    stripe: stripeCases(now),
    bearer: bearerCases(),
  }
  return Object.entries(all).flatMap(([hook, cases]) =>
    cases.map(([what, accepted, delivery]) => ({ hook, what, accepted, delivery })),
  )
}
