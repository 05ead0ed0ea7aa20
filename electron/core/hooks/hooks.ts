import { readFile } from 'node:fs/promises'
import { type Failure, failure, type ProblemEntry } from '../../../shared/contract/errors.ts'
import type { RequestInput } from '../../../shared/contract/requests.ts'
import type { Caller } from '../../../shared/model/actor.ts'
import { fail, ok, type Result } from '../../../shared/model/result.ts'
import type { Clock } from '../clock.ts'
import { sha256Hex } from '../intake/idempotency.ts'
import type { Log } from '../log.ts'
import type { Hook } from '../settings/hooks-schema.ts'
import type { Config } from '../settings/port.ts'
import { isForm, readDelivery } from './body.ts'
import type { Delivery } from './expression.ts'
import { type Mapping, toMapping } from './mapping.ts'
import { verifyDelivery } from './signature.ts'

/** What came to `POST /hooks/{name}`, as it came. */
type HookDelivery = {
  /** By lower-case name, with every value each came with. */
  readonly headers: Readonly<Record<string, readonly string[] | undefined>>
  readonly query: Readonly<Record<string, string | readonly string[]>>
  readonly raw: Buffer
  /** Network address of the sender. */
  readonly address?: string
}

type HookAnswer = { readonly status: number; readonly body: unknown }

export type HooksDeps = {
  readonly config: () => Config['hooks']
  /** The home's own secrets, by name. */
  readonly secrets: { get(name: string): string | null }
  readonly clock: Clock
  /** Starts the request's run, as any other request's; resolves with what the sender is told once it is on disk. */
  readonly submit: (
    request: RequestInput,
    source: Caller,
    idempotency: { readonly key: string; readonly sha256: string },
  ) => Promise<Result<unknown, Failure>>
  readonly log: Pick<Log, 'warn'>
  /** Where `secret_env` is looked up; the process's own by default. */
  readonly environment?: Readonly<Record<string, string | undefined>>
}

/** The addresses that take anybody's JSON: verified, then turned into a request by the mapping of the configuration. */
export interface Hooks {
  has(name: string): boolean
  /** Why deliveries to it cannot be verified at present; null when they can. Names no secret. */
  problem(name: string): Promise<string | null>
  receiveHook(name: string, delivery: HookDelivery): Promise<Result<HookAnswer, Failure>>
}

/** One answer for every reason: whoever forges a delivery learns nothing. The reason is in the log. */
const badSignature = failure('bad-signature', 'The delivery could not be verified. The log of Countersign says why.')

export function createHooks(deps: HooksDeps): Hooks {
  const { config, clock, submit, log } = deps
  const mappings = new WeakMap<Hook, Mapping>()
  const mappingOf = (hook: Hook): Mapping => {
    const known = mappings.get(hook)
    if (known) return known
    const mapping = toMapping(hook)
    mappings.set(hook, mapping)
    return mapping
  }
  const find = (name: string): Hook | undefined => (Object.hasOwn(config(), name) ? config()[name] : undefined)

  return {
    has: (name) => find(name) !== undefined,
    async problem(name) {
      const hook = find(name)
      if (!hook) return null
      const secrets = await readSecrets(hook, deps)
      return secrets.ok ? null : secrets.failure
    },
    async receiveHook(name, incoming) {
      const hook = find(name)
      if (!hook) return fail(failure('not-found', `There is no hook ${name.slice(0, 100)}. Hooks are set up in config.yaml.`))
      const { scheme, tolerance_seconds: toleranceSeconds } = hook
      const secrets = await readSecrets(hook, deps)
      const verified = secrets.ok
        ? verifyDelivery(scheme, incoming, { secrets: secrets.value, now: clock.now(), toleranceSeconds })
        : secrets
      if (!verified.ok) {
        log.warn({ hook: name, reason: verified.failure, address: incoming.address }, 'a delivery was not verified')
        return fail(badSignature)
      }
      const body = readDelivery(incoming.headers['content-type']?.[0], incoming.raw)
      if (!body.ok) return fail(failure('malformed-request', body.failure))
      const delivery: Delivery = { body: body.value, headers: visibleHeaders(incoming.headers), query: { ...incoming.query } }
      const early = answerOfScheme(hook, delivery)
      if (early) return ok(early)
      const mapping = mappingOf(hook)
      const wanted = mapping.wants(delivery)
      if (!wanted.ok) return unmapped(name, wanted.failure)
      if (!wanted.value) return ok(toAnswer(hook, delivery, ignored('The hook’s condition is not true for this delivery.')))
      const key = mapping.keyOf(delivery)
      if (!key.ok) return unmapped(name, key.failure)
      const request = mapping.toRequest(delivery)
      if (!request.ok) return unmapped(name, request.failure)
      const idempotency = toIdempotency(key.value ?? bodyId(hook, delivery), verified.value.deliveryId, request.value, incoming.raw)
      const answer = await submit(request.value, toSource(name, incoming.address), idempotency)
      return answer.ok ? ok(toAnswer(hook, delivery, { status: 202, body: answer.value })) : answer
    },
  }

  function unmapped(name: string, errors: readonly ProblemEntry[]): Result<never, Failure> {
    log.warn({ hook: name, errors }, 'a delivery could not be turned into a request')
    const [first] = errors
    const text =
      errors.length === 1 && first ? `${first.pointer} ${first.message}` : `${errors.length} things are wrong; see errors`
    return fail(failure('invalid-input', `The delivery does not make a request: ${text}.`.replace(/\.\.$/, '.'), { errors }))
  }
}

/** What a hook is to the rest of the application: a source that submits, and can do nothing else. */
function toSource(name: string, address: string | undefined): Caller {
  const id = `hook:${name}`
  return { scopes: ['submit'], person: null, source: { id, name }, credential: id, via: 'http', ...(address ? { address } : {}) }
}

const ignored = (reason: string): HookAnswer => ({ status: 202, body: { ignored: true, reason } })

/** What senders ask only to see whether anybody listens. */
function answerOfScheme({ scheme }: Hook, { body, headers }: Delivery): HookAnswer | null {
  if (scheme === 'github' && headers['x-github-event'] === 'ping') return ignored('It is a ping.')
  const { type, challenge } = (body ?? {}) as { type?: unknown; challenge?: unknown }
  const asked = scheme === 'slack' && type === 'url_verification' && typeof challenge === 'string'
  return asked ? { status: 200, body: { challenge } } : null
}

/** Slack shows what a command is answered, and takes nothing but an empty 200 for a click; everybody else reads JSON. */
function toAnswer({ scheme }: Hook, { body, headers }: Delivery, answer: HookAnswer): HookAnswer {
  if (scheme !== 'slack' || !isForm(headers['content-type'])) return answer
  if (typeof (body as { command?: unknown } | null)?.command !== 'string') return { status: 200, body: null }
  const { message, reason } = answer.body as { message?: string; reason?: string }
  return { status: 200, body: { response_type: 'ephemeral', text: message ?? reason ?? 'Taken.' } }
}

/** Stripe names each event in its body and has no header for it. */
function bodyId({ scheme }: Hook, { body }: Delivery): string | null {
  const id = scheme === 'stripe' ? (body as { id?: unknown } | null)?.id : null
  return typeof id === 'string' && id.length > 0 && id.length <= 255 ? id : null
}

/**
 * The same delivery again gets the same answer. Under an id in a header it must be the same bytes; under one from the body, of which
 * senders renew parts with each try, it must make the same request.
 */
function toIdempotency(ownId: string | null, headerId: string | null, request: RequestInput, raw: Buffer) {
  if (ownId !== null) return { key: ownId, sha256: sha256Hex(Buffer.from(JSON.stringify(request))) }
  const sha256 = sha256Hex(raw)
  return { key: headerId ?? `sha256:${sha256}`, sha256 }
}

/** Credentials are for the check alone: what an expression sees can end up in the journal. */
const hidden: ReadonlySet<string> = new Set(['authorization', 'proxy-authorization', 'cookie'])

function visibleHeaders(headers: HookDelivery['headers']): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers).flatMap(([name, values]) => (hidden.has(name) || !values ? [] : [[name, values.join(', ')]])),
  )
}

/** What is missing is said by its place: where a name belongs, somebody may have written the secret itself. */
async function readSecrets(hook: Hook, { secrets, environment = process.env }: HooksDeps): Promise<Result<string[], string>> {
  if (hook.secret_env)
    return present(hook.secret_env, (name) => environment[name] ?? null, 'secret_env: no environment variable of that name is set')
  if (hook.secret) return present(hook.secret, (name) => secrets.get(name), 'secret: no stored secret of that name is set')
  const found: string[] = []
  for (const [index, path] of (hook.secret_file ?? []).entries()) {
    try {
      found.push((await readFile(path, 'utf8')).trim())
    } catch (error) {
      return fail(`secret_file: file ${index + 1} cannot be read (${(error as NodeJS.ErrnoException).code ?? 'unknown'})`)
    }
  }
  return ok(found)
}

function present(names: readonly string[], read: (name: string) => string | null, what: string): Result<string[], string> {
  const found = names.flatMap((name) => read(name)?.trim() || [])
  return found.length === 0 ? fail(what) : ok(found)
}
