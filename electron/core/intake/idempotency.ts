import { hash } from 'node:crypto'
import type { IncomingHttpHeaders } from 'node:http'
import type { Result } from '../../../shared/model/result.ts'
import { fail, ok } from '../../../shared/model/result.ts'

const bare = /^[\x21-\x7e]{1,255}$/
const quoted = /^"((?:[\x20\x21\x23-\x5b\x5d-\x7e]|\\["\\])*)"$/

/** Reads `Idempotency-Key` (a quoted string or a bare word), else the `webhook-id` of a Standard Webhook. */
export function readIdempotencyKey(headers: IncomingHttpHeaders): Result<string | null, string> {
  const header = headers['idempotency-key']
  if (typeof header === 'string') return readKey('Idempotency-Key', header)
  const webhookId = headers['webhook-id']
  return typeof webhookId === 'string' ? readKey('webhook-id', webhookId) : ok(null)
}

function readKey(name: string, value: string): Result<string, string> {
  const inside = quoted.exec(value)?.[1]
  const key = inside === undefined ? value : inside.replaceAll(/\\(.)/g, '$1')
  const valid = inside === undefined ? bare.test(value) && !value.startsWith('"') : key.length > 0 && key.length <= 255
  return valid ? ok(key) : fail(`The header ${name} must be 1 to 255 visible characters, such as "order-1042".`)
}

export const sha256Hex = (bytes: Buffer): string => hash('sha256', bytes, 'hex')
