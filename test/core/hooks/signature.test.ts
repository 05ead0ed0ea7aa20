import { createHmac, generateKeyPairSync, sign } from 'node:crypto'
import { Webhook } from 'standardwebhooks'
import { describe, expect, test } from 'vitest'
import { type Incoming, type Scheme, verifyDelivery } from '../../../electron/core/hooks/signature.ts'

/** Headers as they come: a text once, a list as often as it is long. */
const incoming = (headers: Readonly<Record<string, string | readonly string[]>>, raw: string | Buffer): Incoming => ({
  headers: Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, [value].flat()])),
  raw: Buffer.from(raw),
})

const check = (scheme: Scheme, delivery: Incoming, secret: string | readonly string[], seconds: number) =>
  verifyDelivery(scheme, delivery, { secrets: [secret].flat(), now: seconds * 1000 + 999, toleranceSeconds: 300 })

const hmac = (secret: string, text: string | Buffer) => createHmac('sha256', secret).update(text).digest('hex')

describe('Standard Webhooks', () => {
  const secret = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw'
  const id = 'msg_p5jXN8AQM9LWM0D4loKWxJek'
  const at = 1614265330
  const body = '{"test": 2432232314}'
  const signature = 'v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE='
  const headers = { 'webhook-id': id, 'webhook-timestamp': String(at), 'webhook-signature': signature }
  const valid = { ok: true, value: { deliveryId: id } }
  const verify = (changed: object = {}, raw: string | Buffer = body, now = at, key: string | readonly string[] = secret) =>
    check('standard-webhooks', incoming({ ...headers, ...changed }, raw), key, now)
  /** A valid signature over anything. */
  const signed = (raw: string | Buffer, messageId = id, timestamp = String(at)) => {
    const key = Buffer.from(secret.slice(6), 'base64')
    const text = Buffer.concat([Buffer.from(`${messageId}.${timestamp}.`), Buffer.from(raw)])
    return `v1,${createHmac('sha256', key).update(text).digest('base64')}`
  }

  test('accepts both published vectors', () => {
    expect(verify()).toEqual(valid)
    const second =
      '{"type":"contact.created","timestamp":"2022-11-03T20:26:10.344522Z","data":{"id":"1f81eb52-5198-4599-803e-771906343485"}}'
    const other = { 'webhook-timestamp': '1674087231', 'webhook-signature': 'v1,eJjZU7jSGbhRGTEXvSmtyy9Lib0P6UzgwIJ/VqGBH9g=' }
    expect(verify(other, second, 1674087231)).toEqual(valid)
  })

  test('accepts what the official library signs, over any text', () => {
    for (const raw of ['{}', '{"a":"Zoë „ja“ 🎉"}', '', 'x'.repeat(100_000)]) {
      const made = new Webhook(secret).sign(id, new Date(at * 1000), raw)
      expect(verify({ 'webhook-signature': made }, raw)).toEqual(valid)
    }
  })

  test('takes the secret with and without its prefix, and one of several', () => {
    const bare = secret.slice(6)
    const other = `whsec_${Buffer.alloc(24, 7).toString('base64')}`
    for (const key of [bare, ` ${secret}\n`, [other, secret], ['', secret]]) expect(verify({}, body, at, key)).toEqual(valid)
  })

  test.each([
    ['none', []],
    ['an empty one', ''],
    ['only white space', ' \n'],
    ['only the prefix', 'whsec_'],
    ['another one', `whsec_${Buffer.alloc(24, 7).toString('base64')}`],
    ['one that is too short', `whsec_${Buffer.alloc(15, 7).toString('base64')}`],
    ['its text as the key', `whsec_${Buffer.from(secret).toString('base64')}`],
    ['one that is no base64', 'whsec_not base64 at all!'],
    ['one in base64 for addresses', 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLa-_'],
  ])('refuses with a wrong secret: %s', (_what, key) => {
    expect(verify({}, body, at, key).ok).toBe(false)
  })

  test('takes any one of several signatures', () => {
    const wrong = `v1,${Buffer.alloc(32).toString('base64')}`
    for (const list of [`${wrong} ${signature}`, `${signature} ${wrong} v1a,AAAA`, `v2,x v1, ${signature}`, `garbage ${signature}`])
      expect(verify({ 'webhook-signature': list })).toEqual(valid)
    expect(verify({ 'webhook-signature': `${wrong} ${wrong} ${wrong}` }).ok).toBe(false)
  })

  const plain = signature.slice(3)
  test.each([
    ['the asymmetric version alone', `v1a,${plain}`],
    ['no version', plain],
    ['another version', `v2,${plain}`],
    ['in capitals', `V1,${plain}`],
    ['cut', signature.slice(0, -1)],
    ['without padding', signature.slice(0, -1)],
    ['longer', `${signature}A`],
    ['with a second comma', `${signature},x`],
    ['separated by commas', `v1,AAAA,${signature}`],
    ['empty', ''],
    ['in other base64', signature.replaceAll('+', '-').replaceAll('/', '_')],
    ['as hex', `v1,${Buffer.from(plain, 'base64').toString('hex')}`],
  ])('refuses a signature that is %s', (_what, list) => {
    expect(verify({ 'webhook-signature': list }).ok).toBe(false)
  })

  test('refuses each header missing, empty, or twice', () => {
    for (const name of Object.keys(headers) as (keyof typeof headers)[]) {
      const value = headers[name]
      for (const wrong of [[], '', [value, value], [value, 'other'], ['other', value]])
        expect([name, verify({ [name]: wrong }).ok]).toEqual([name, false])
    }
  })

  test('takes 300 seconds on either side and not one more', () => {
    expect([-301, -300, 0, 300, 301].map((apart) => verify({}, body, at + apart).ok)).toEqual([false, true, true, true, false])
  })

  test.each(['1614265330junk', ' 1614265330', '1614265330.0', '+1614265330', '0x60379c72', '1614265330000000', '', '-1', 'NaN'])(
    'refuses the timestamp %j, whatever is signed',
    (timestamp) => {
      const made = signed(body, id, timestamp)
      expect(verify({ 'webhook-timestamp': timestamp, 'webhook-signature': made }).ok).toBe(false)
    },
  )

  test('refuses an id with a dot, which would move the border to the body', () => {
    const dotted = signed(body, 'msg.1')
    expect(verify({ 'webhook-id': 'msg.1', 'webhook-signature': dotted }).ok).toBe(false)
    const spaced = signed(body, 'msg 1')
    expect(verify({ 'webhook-id': 'msg 1', 'webhook-signature': spaced }).ok).toBe(false)
  })

  test('tells bodies apart that decode to the same text', () => {
    const [one, other] = [Buffer.from([0x22, 0xff, 0x22]), Buffer.from([0x22, 0xfe, 0x22])]
    expect(one.toString()).toBe(other.toString())
    const made = signed(one)
    expect([one, other].map((raw) => verify({ 'webhook-signature': made }, raw).ok)).toEqual([true, false])
  })

  test('sees each of a thousand flipped bits', () => {
    const raw = Buffer.from(JSON.stringify({ title: 'x'.repeat(200) }))
    const made = signed(raw)
    const accepted = Array.from({ length: 1000 }, (_, flip) => {
      const copy = Buffer.from(raw)
      copy[Math.floor(flip / 8) % copy.length]! ^= 1 << (flip % 8)
      return verify({ 'webhook-signature': made }, copy).ok
    })
    expect(accepted.filter(Boolean)).toEqual([])
    expect(verify({ 'webhook-signature': made }, raw).ok).toBe(true)
  })

  test('checks v1a where a public key is configured, and v1 no more then', () => {
    const { publicKey, privateKey } = generateKeyPairSync('ed25519')
    const bytes = Buffer.from((publicKey.export({ format: 'jwk' }) as { x: string }).x, 'base64url')
    const key = `whpk_${bytes.toString('base64')}`
    const made = `v1a,${sign(null, Buffer.from(`${id}.${at}.${body}`), privateKey).toString('base64')}`
    expect(verify({ 'webhook-signature': `${signature} ${made}` }, body, at, key)).toEqual(valid)
    expect(verify({ 'webhook-signature': made }, `${body} `, at, key).ok).toBe(false)
    expect(verify({}, body, at, key).ok).toBe(false)
    expect(verify({ 'webhook-signature': made }).ok).toBe(false)
    // The last digit before the padding has four bits that mean nothing: one signature, and one way to write it.
    const last = made.length - 3
    const others = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/'
      .split('')
      .filter((digit) => digit !== made[last])
    const respelt = others.map((digit) => `${made.slice(0, last)}${digit}==`)
    expect(respelt.filter((signature) => verify({ 'webhook-signature': signature }, body, at, key).ok)).toEqual([])
  })
})

describe('GitHub', () => {
  const secret = "It's a Secret to Everybody"
  const body = 'Hello, World!'
  const signature = 'sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17'
  const verify = (headers: Readonly<Record<string, string | readonly string[]>>, raw = body, key = secret) =>
    check('github', incoming(headers, raw), key, 0)

  test('accepts its documented example, with the delivery’s id', () => {
    expect(verify({ 'x-hub-signature-256': signature })).toEqual({ ok: true, value: { deliveryId: null } })
    const delivery = '72d3162e-cc78-11e3-81ab-4c9367dc0958'
    expect(verify({ 'x-hub-signature-256': signature, 'x-github-delivery': delivery })).toEqual({
      ok: true,
      value: { deliveryId: delivery },
    })
  })

  test('refuses anything else', () => {
    const sha1 = createHmac('sha1', secret).update(body).digest('hex')
    const given: Readonly<Record<string, string | readonly string[]>>[] = [
      {},
      { 'x-hub-signature': `sha1=${sha1}` },
      { 'x-hub-signature-256': signature.slice(7) },
      { 'x-hub-signature-256': signature.toUpperCase() },
      { 'x-hub-signature-256': signature.slice(0, -1) },
      { 'x-hub-signature-256': [signature, signature] },
      { 'x-hub-signature-256': `sha1=${sha1}` },
      { 'x-hub-signature-256': signature, 'x-github-delivery': ['a', 'b'] },
    ]
    expect(given.map((headers) => verify(headers).ok)).toEqual(given.map(() => false))
    expect(verify({ 'x-hub-signature-256': signature }, 'Hello, World?').ok).toBe(false)
    expect(verify({ 'x-hub-signature-256': signature }, body, 'another').ok).toBe(false)
    expect(verify({ 'x-hub-signature-256': `sha256=${hmac('', body)}` }, body, '').ok).toBe(false)
  })
})

describe('Slack', () => {
  const secret = '8f742231b10e8888abcd99yyyzzz85a5'
  const at = 1531420618
  const body =
    'token=xyzz0WbapA4vBCDEFasx0q6G&team_id=T1DC2JH3J&team_domain=testteamnow&channel_id=G8PSS9T3V&channel_name=foobar&user_id=U2CERLKJA&user_name=roadrunner&command=%2Fwebhook-collect&text=&response_url=https%3A%2F%2Fhooks.slack.com%2Fcommands%2FT1DC2JH3J%2F397700885554%2F96rGlfmibIGlgcZRskXaIFfN&trigger_id=398738663015.47445629121.803a0bc887a14d10d2c447fce8b6703c'
  const signature = 'v0=a2114d57b48eac39b9ad189dd8316235a7b4a8d21a10bd27519666489c69b503'
  const verify = (changed: object = {}, now = at, raw = body) => {
    const headers = { 'x-slack-signature': signature, 'x-slack-request-timestamp': String(at), ...changed }
    return check('slack', incoming(headers, raw), secret, now)
  }

  test('accepts its documented example', () => {
    expect(verify()).toEqual({ ok: true, value: { deliveryId: null } })
  })

  test('refuses what is changed, late, early, missing or doubled', () => {
    expect([-301, -300, 300, 301].map((apart) => verify({}, at + apart).ok)).toEqual([false, true, true, false])
    expect(verify({}, at, `${body}&x=1`).ok).toBe(false)
    for (const changed of [
      { 'x-slack-signature': signature.replace('v0', 'v1') },
      { 'x-slack-signature': [signature, signature] },
      { 'x-slack-signature': [] },
      { 'x-slack-request-timestamp': [] },
      { 'x-slack-request-timestamp': `${at}junk` },
      { 'x-slack-request-timestamp': [String(at), String(at)] },
      { 'x-slack-request-timestamp': String(at + 1) },
    ])
      expect(verify(changed).ok).toBe(false)
  })
})

describe('Stripe', () => {
  const secret = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw'
  const at = 1492774577
  const body = '{"id":"evt_1","object":"event"}'
  // The secret is the key as it is written: not what its base64 stands for.
  const v1 = hmac(secret, `${at}.${body}`)
  const verify = (header: string | readonly string[], now = at, raw = body) =>
    check('stripe', incoming({ 'stripe-signature': header }, raw), secret, now)

  test('accepts any one v1 beside versions it does not know', () => {
    for (const header of [`t=${at},v1=${v1}`, `t=${at},v1=${'0'.repeat(64)},v1=${v1},v0=${'1'.repeat(64)}`, `t=${at}, v1=${v1}`])
      expect(verify(header)).toEqual({ ok: true, value: { deliveryId: null } })
  })

  test('refuses what is changed, late, early, missing or doubled', () => {
    expect([-301, -300, 300, 301].map((apart) => verify(`t=${at},v1=${v1}`, at + apart).ok)).toEqual([false, true, true, false])
    const headers = [
      `t=${at},v0=${v1}`,
      `v1=${v1}`,
      `t=${at}`,
      `t=${at},t=${at},v1=${v1}`,
      `t=${at + 1},v1=${v1}`,
      `t=${at},v1=${hmac(Buffer.from(secret.slice(6), 'base64').toString('latin1'), `${at}.${body}`)}`,
      '',
      [],
      [`t=${at},v1=${v1}`, `t=${at},v1=${v1}`],
    ]
    expect(headers.map((header) => verify(header).ok)).toEqual(headers.map(() => false))
    expect(verify(`t=${at},v1=${v1}`, at, `${body}\n`).ok).toBe(false)
  })
})

describe('a bearer token', () => {
  const verify = (headers: Readonly<Record<string, string | readonly string[]>>, secret: string | string[] = 'hunter2hunter2') =>
    check('bearer', incoming(headers, '{}'), secret, 0)

  test('is the secret itself, and brings the sender’s own key', () => {
    expect(verify({ authorization: 'Bearer hunter2hunter2', 'idempotency-key': 'order-1' })).toEqual({
      ok: true,
      value: { deliveryId: 'order-1' },
    })
    expect(verify({ authorization: 'bearer hunter2hunter2' }, ['old', 'hunter2hunter2']).ok).toBe(true)
  })

  test('is refused when it is another, empty, or sent twice', () => {
    for (const authorization of [
      'Bearer hunter2',
      'Bearer ',
      'hunter2hunter2',
      'Basic hunter2hunter2',
      [],
      ['Bearer hunter2hunter2', 'x'],
    ])
      expect(verify({ authorization }).ok).toBe(false)
    expect(verify({ authorization: 'Bearer ' }, '').ok).toBe(false)
  })
})
