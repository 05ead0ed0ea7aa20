import { createHmac, createPublicKey, hash, type KeyObject, timingSafeEqual, verify } from 'node:crypto'
import { fail, ok, type Result } from '../../../shared/model/result.ts'

/**
 * Whether a delivery comes from where it says. Everything is looked at as the bytes that arrived: two texts that look alike after
 * decoding are two messages. Each header counts only when it came once. Reasons are for the log; whoever sent it learns none of them.
 */

/** A delivery as it arrived. Each header with every value it came with. */
export type Incoming = {
  readonly headers: Readonly<Record<string, readonly string[] | undefined>>
  readonly raw: Buffer
}

export type Scheme = 'standard-webhooks' | 'github' | 'slack' | 'stripe' | 'bearer'

/** That it is genuine, and the sender's own id of it, which stays the same when it is sent again. */
export type Verified = { readonly deliveryId: string | null }

type Check = { readonly secrets: readonly string[]; readonly now: number; readonly toleranceSeconds: number }

export function verifyDelivery(scheme: Scheme, incoming: Incoming, check: Check): Result<Verified, string> {
  const secrets = check.secrets.filter((secret) => secret.trim() !== '')
  if (secrets.length === 0) return fail('no secret is set')
  return schemes[scheme](incoming, { ...check, secrets })
}

const schemes: Readonly<Record<Scheme, (incoming: Incoming, check: Check) => Result<Verified, string>>> = {
  'standard-webhooks': verifyStandard,
  github: verifyGitHub,
  slack: verifySlack,
  stripe: verifyStripe,
  bearer: verifyBearer,
}

/** `webhook-id`, `webhook-timestamp`, `webhook-signature`; the signed text is `id.timestamp.body`. */
function verifyStandard(incoming: Incoming, check: Check): Result<Verified, string> {
  const id = single(incoming, 'webhook-id')
  const timestamp = single(incoming, 'webhook-timestamp')
  const list = single(incoming, 'webhook-signature')
  if (id === null || timestamp === null || list === null) return fail('a webhook header is missing or came twice')
  // With a dot in it, the end of the id and the start of the body could be moved without changing the signature.
  if (!/^[\x21-\x2d\x2f-\x7e]{1,255}$/.test(id)) return fail('the webhook-id is none')
  const late = checkTime(timestamp, check)
  if (late !== null) return fail(late)
  const signed = Buffer.concat([Buffer.from(`${id}.${timestamp}.`), incoming.raw])
  const signatures = list.split(' ')
  let usable = 0
  for (const secret of check.secrets) {
    const key = standardKey(secret)
    if (key === null) continue
    usable++
    for (const signature of signatures) {
      const [version, value, ...rest] = signature.split(',')
      if (value === undefined || rest.length > 0) continue
      if (key.version === version && key.fits(signed, value)) return ok({ deliveryId: id })
    }
  }
  return fail(usable === 0 ? 'the secret is none of Standard Webhooks (whsec_ and base64)' : 'no signature fits')
}

type StandardKey = { readonly version: string; fits(signed: Buffer, signature: string): boolean }

/** Shared secrets sign `v1`, with or without the prefix `whsec_`; a public key, `whpk_`, checks `v1a` and nothing else. */
function standardKey(secret: string): StandardKey | null {
  const [, prefix, text] = /^(whsec_|whpk_)?(.*)$/s.exec(secret.trim())!
  const bytes = fromBase64(text!)
  if (bytes === null) return null
  if (prefix === 'whpk_') {
    const key = ed25519(bytes)
    return (
      key && {
        version: 'v1a',
        fits(signed, signature) {
          const signatureBytes = fromBase64(signature)
          // Its last digit has bits that mean nothing; there is one way to write a signature, and it is this one.
          return signatureBytes?.toString('base64') === signature && verify(null, signed, key, signatureBytes)
        },
      }
    )
  }
  if (bytes.length < 16) return null
  return { version: 'v1', fits: (signed, signature) => same(hmac(bytes, signed).toString('base64'), signature) }
}

function ed25519(bytes: Buffer): KeyObject | null {
  if (bytes.length !== 32) return null
  return createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x: bytes.toString('base64url') }, format: 'jwk' })
}

/** `X-Hub-Signature-256: sha256=<hex>` over the body alone: there is no time in it, so the delivery's id is all that stops a repeat. */
function verifyGitHub(incoming: Incoming, { secrets }: Check): Result<Verified, string> {
  const signature = single(incoming, 'x-hub-signature-256')
  if (signature === null) return fail('X-Hub-Signature-256 is missing or came twice')
  const deliveryId = single(incoming, 'x-github-delivery')
  if (deliveryId === null && incoming.headers['x-github-delivery'] !== undefined) return fail('X-GitHub-Delivery came twice')
  const fits = secrets.some((secret) => same(`sha256=${hmac(secret, incoming.raw).toString('hex')}`, signature))
  return fits ? ok({ deliveryId: visible(deliveryId) }) : fail('the signature does not fit')
}

/** `v0=<hex>` over `v0:timestamp:body`. */
function verifySlack(incoming: Incoming, check: Check): Result<Verified, string> {
  const signature = single(incoming, 'x-slack-signature')
  const timestamp = single(incoming, 'x-slack-request-timestamp')
  if (signature === null || timestamp === null) return fail('a Slack header is missing or came twice')
  const late = checkTime(timestamp, check)
  if (late !== null) return fail(late)
  const signed = Buffer.concat([Buffer.from(`v0:${timestamp}:`), incoming.raw])
  const fits = check.secrets.some((secret) => same(`v0=${hmac(secret, signed).toString('hex')}`, signature))
  return fits ? ok({ deliveryId: null }) : fail('the signature does not fit')
}

/** `t=<seconds>,v1=<hex>,…` over `t.body`. The secret is used as it is written, its `whsec_` with it; other versions are ignored. */
function verifyStripe(incoming: Incoming, check: Check): Result<Verified, string> {
  const header = single(incoming, 'stripe-signature')
  if (header === null) return fail('Stripe-Signature is missing or came twice')
  const parts = header.split(',').map((part) => part.trim())
  const valuesOf = (name: string) => parts.filter((part) => part.startsWith(`${name}=`)).map((part) => part.slice(name.length + 1))
  const [timestamp, ...more] = valuesOf('t')
  if (timestamp === undefined || more.length > 0) return fail('Stripe-Signature has no time, or two')
  const late = checkTime(timestamp, check)
  if (late !== null) return fail(late)
  const signed = Buffer.concat([Buffer.from(`${timestamp}.`), incoming.raw])
  const signatures = valuesOf('v1')
  const fits = check.secrets.some((secret) => {
    const expected = hmac(secret, signed).toString('hex')
    return signatures.some((signature) => same(expected, signature))
  })
  return fits ? ok({ deliveryId: null }) : fail('no signature fits')
}

/** For senders that cannot sign: the secret itself. Their own key, where they send one, tells repeats apart. */
function verifyBearer(incoming: Incoming, { secrets }: Check): Result<Verified, string> {
  const authorization = single(incoming, 'authorization')
  const token = authorization === null ? undefined : /^bearer +(\S+) *$/i.exec(authorization)?.[1]
  if (token === undefined) return fail('there is no bearer token, or more than one')
  if (!secrets.some((secret) => same(secret, token))) return fail('the token does not fit')
  return ok({ deliveryId: visible(single(incoming, 'idempotency-key') ?? single(incoming, 'webhook-id')) })
}

function single({ headers }: Incoming, name: string): string | null {
  const values = headers[name]
  return values?.length === 1 ? values[0]! : null
}

/** A header can hold an id that no key may be. */
const visible = (id: string | null): string | null => (id !== null && /^[\x21-\x7e]{1,255}$/.test(id) ? id : null)

/** Whole seconds, near enough to now on either side. */
function checkTime(timestamp: string, { now, toleranceSeconds }: Check): string | null {
  if (!/^\d{1,12}$/.test(timestamp)) return 'the timestamp is no number of seconds'
  const apart = Math.floor(now / 1000) - Number(timestamp)
  if (apart > toleranceSeconds) return `it is ${apart} s old`
  return -apart > toleranceSeconds ? `it is ${-apart} s ahead` : null
}

const hmac = (secret: string | Buffer, bytes: Buffer): Buffer => createHmac('sha256', secret).update(bytes).digest()

/** Takes the same time however much of it is right. */
function same(expected: string, given: string): boolean {
  return timingSafeEqual(hash('sha256', expected, 'buffer'), hash('sha256', given, 'buffer'))
}

/** Strict: what a lenient reader would skip or invent is refused. */
function fromBase64(text: string): Buffer | null {
  if (text === '' || text.length % 4 !== 0 || !/^[A-Za-z0-9+/]+={0,2}$/.test(text)) return null
  return Buffer.from(text, 'base64')
}
