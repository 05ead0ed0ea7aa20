import { NotGenuine, type NotGenuineReason } from './failures.ts'
import type { Outcome } from './types.ts'

/** Which messages have been dealt with. Keep it with what you do about them, in one transaction where there is one. */
export interface SeenStore {
  /** Notes an id; false when it was there already. */
  add(id: string): boolean | Promise<boolean>
}

/** What an outcome has to be about, as far as you know it. */
export type Expected = {
  readonly task_id?: string
  /** What was agreed to has this version: its number, its SHA-256, or both. */
  readonly version?: { readonly number?: number; readonly sha256?: string }
  /** What was agreed to is exactly this, as `GET /approvals/{id}/versions` shows it under `asked`, or its JSON text. */
  readonly asked?: unknown
}

export type VerifyOptions = {
  readonly headers: Headers | Readonly<Record<string, string | readonly string[] | undefined>>
  /** The body as it came: bytes, or the text they are. Never parsed and printed again. */
  readonly rawBody: Uint8Array | string
  /** The source's callback secret, `whsec_…`; several while one takes the place of another. */
  readonly secret: string | readonly string[]
  readonly expected?: Expected
  readonly seen?: SeenStore
  /** How far the sender's clock may be off. Default: 300 seconds, as Standard Webhooks says. */
  readonly toleranceSeconds?: number
  /** Milliseconds since 1970, in place of this machine's clock. */
  readonly now?: () => number
}

/**
 * Checks that an outcome comes from Countersign, is fresh, is about what you asked, and has not been dealt with: only then act on
 * it. Throws `NotGenuine` with the reason otherwise.
 */
export async function verifyOutcome(options: VerifyOptions): Promise<Outcome> {
  const { rawBody, secret, expected = {}, seen, toleranceSeconds = 300, now = Date.now } = options
  const [id, timestamp, signatures] = ['webhook-id', 'webhook-timestamp', 'webhook-signature'].map((name) =>
    headerOf(options.headers, name),
  ) as [string, string, string]
  if (!/^\d{1,12}$/.test(timestamp)) refuse('bad-timestamp', 'The webhook-timestamp is no number of seconds.')
  if (Math.abs(now() / 1000 - Number(timestamp)) > toleranceSeconds) {
    refuse('too-old', `The message is more than ${toleranceSeconds} seconds away from this machine's time.`)
  }
  const body = typeof rawBody === 'string' ? new TextEncoder().encode(rawBody) : rawBody
  const secrets = typeof secret === 'string' ? [secret] : secret
  if (!(await isSigned(secrets, signatures, joined(`${id}.${timestamp}.`, body)))) {
    refuse('bad-signature', 'The signature does not fit: it is not from Countersign, or it was changed on its way.')
  }
  const outcome = toOutcome(id, body)
  await checkExpected(outcome, expected)
  // Last, so that a message that is refused does not use up the id of a good one.
  if (seen !== undefined && !(await seen.add(id))) refuse('seen-before', `The message ${id} has been dealt with.`)
  return outcome
}

/** The SHA-256 of what is asked, as a version carries it. */
export async function versionOf(asked: unknown): Promise<string> {
  const text = typeof asked === 'string' ? asked : JSON.stringify(asked)
  const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(text))
  return Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, '0')).join('')
}

/** Remembers the last ids in memory: enough while one process receives, and forgets at its restart. */
export function rememberSeen(limit = 10_000): SeenStore {
  const ids = new Set<string>()
  return {
    add(id) {
      if (ids.has(id)) return false
      ids.add(id)
      // A set keeps the order in which it was filled.
      if (ids.size > limit) ids.delete(ids.values().next().value!)
      return true
    },
  }
}

function refuse(reason: NotGenuineReason, message: string): never {
  throw new NotGenuine(reason, message)
}

function headerOf(headers: VerifyOptions['headers'], name: string): string {
  const entries = headers instanceof Headers ? [[name, headers.get(name)] as const] : Object.entries(headers)
  const found = entries.filter(([given]) => given.toLowerCase() === name).flatMap(([, value]) => value ?? [])
  const [value] = found
  // Two would mean that somebody on the way and this program may read different ones.
  if (found.length !== 1 || !value) refuse('missing-header', `The header ${name} is missing, or there are several.`)
  return value as string
}

function joined(start: string, body: Uint8Array): Uint8Array<ArrayBuffer> {
  const head = new TextEncoder().encode(start)
  const all = new Uint8Array(head.length + body.length)
  all.set(head)
  all.set(body, head.length)
  return all
}

async function isSigned(secrets: readonly string[], signatures: string, signed: Uint8Array<ArrayBuffer>): Promise<boolean> {
  const given = signatures.split(' ').flatMap((one) => (one.startsWith('v1,') ? (bytesOf(one.slice(3)) ?? []) : []))
  for (const secret of secrets) {
    const bytes = bytesOf(secret.replace(/^whsec_/, ''))
    if (bytes === null || bytes.length === 0) throw new TypeError('The secret is not one: it is whsec_ and base64.')
    const key = await crypto.subtle.importKey('raw', bytes, { name: 'HMAC', hash: 'SHA-256' }, false, ['verify'])
    // Compares in constant time, whatever the length.
    for (const signature of given) if (await crypto.subtle.verify('HMAC', key, signature, signed)) return true
  }
  return false
}

function bytesOf(base64: string): Uint8Array<ArrayBuffer> | null {
  try {
    return Uint8Array.from(atob(base64), (character) => character.charCodeAt(0))
  } catch {
    return null
  }
}

const types: readonly string[] = ['task.completed', 'task.failed', 'task.cancelled']

function toOutcome(id: string, body: Uint8Array): Outcome {
  let parsed: unknown
  try {
    parsed = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(body))
  } catch {
    refuse('malformed', 'The body is not JSON.')
  }
  const { type, data } = (parsed ?? {}) as { type?: unknown; data?: { task_id?: unknown; decision?: unknown } | null }
  if (!types.includes(type as string) || typeof data?.task_id !== 'string' || data.decision === undefined) {
    refuse('malformed', 'The body is not an outcome.')
  }
  return { ...(parsed as Omit<Outcome, 'id'>), id }
}

async function checkExpected({ data }: Outcome, { task_id, version, asked }: Expected): Promise<void> {
  if (task_id !== undefined && data.task_id !== task_id) {
    refuse('other-task', `It is about the task ${data.task_id}, not ${task_id}.`)
  }
  const decided = data.decision?.version
  const same = (known: unknown, given: unknown) => known === undefined || known === given
  const wanted = asked === undefined ? undefined : await versionOf(asked)
  const fits = same(version?.number, decided?.number) && same(version?.sha256, decided?.sha256) && same(wanted, decided?.sha256)
  if (!fits) refuse('other-version', 'What was decided is not the version that is expected.')
}
