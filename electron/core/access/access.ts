import { randomBytes as systemRandomBytes } from 'node:crypto'
import type { Failure } from '../../../shared/contract/errors.ts'
import { failure } from '../../../shared/contract/errors.ts'
import type { TokenInput, TokenView } from '../../../shared/contract/settings.ts'
import type { Actor, Caller, Person } from '../../../shared/model/actor.ts'
import { normalEmail } from '../../../shared/model/actor.ts'
import type { EventMap } from '../../../shared/model/event.ts'
import type { Result } from '../../../shared/model/result.ts'
import { fail, ok } from '../../../shared/model/result.ts'
import { checkCallbackUrl } from '../channels/guard.ts'
import type { Clock } from '../clock.ts'
import { toInstant } from '../clock.ts'
import type { Commit } from '../commit.ts'
import { fileStorage } from '../journal/file-storage.ts'
import { JournalError, type Storage } from '../journal/port.ts'
import type { UndoLog } from '../table.ts'
import { Table } from '../table.ts'
import { type Credential, sessionScopes, sha256Of, toCaller, toCredential, tokenKinds, toView } from './credential.ts'
import { createLinks } from './links.ts'
import { commandLineSource, createLocalKeys } from './local-keys.ts'
import type { Access } from './port.ts'
import { openSecrets } from './secrets.ts'

export type AccessDeps = {
  readonly home: string
  readonly undo: UndoLog
  /** Asked for at each change: the commit joins this follower with the others, so it exists later than this does. */
  readonly commit: () => Commit
  readonly owner: () => Person | null
  readonly clock: Clock
  readonly storage?: Storage
  readonly randomBytes?: (size: number) => Buffer
}

/** Access together with what only the process that owns the home does. */
export type LocalAccess = Access & {
  /** Writes `<home>/keys.json` with this start's keys of the command line. Call it once the home's lock is held. */
  start(): Promise<void>
}

const sessionDays = 30

/**
 * Credentials are looked up by the SHA-256 of what was presented. The time a look-up takes tells nothing about any secret: what is
 * compared is a hash that a guesser cannot steer.
 */
export function createAccess(deps: AccessDeps): LocalAccess {
  const { home, undo, clock, owner, storage = fileStorage, randomBytes = systemRandomBytes } = deps
  const byId = new Table<string, Credential>(undo)
  const byHash = new Table<string, Credential>(undo)
  const lastUsed = new Map<string, number>()
  /** Revocations on their way to the disk. */
  const revoking = new Map<string, Promise<void>>()
  const randomText = (): string => randomBytes(32).toString('base64url')
  const newId = (prefix: string): string => `${prefix}_${randomBytes(12).toString('base64url')}`
  const secrets = openSecrets(home, storage)
  const links = createLinks(clock)
  const localKeys = createLocalKeys(home, storage, randomText)

  const find = (hash: string, kind: Credential['kind']): Caller | null => {
    const found = byHash.get(hash)
    if (found === undefined || found.kind !== kind || found.revoked) return null
    const now = clock.now()
    if (found.expires_at !== null && Date.parse(found.expires_at) <= now) return null
    lastUsed.set(found.id, now)
    return toCaller(found, owner())
  }
  const view = (credential: Credential): TokenView => {
    const used = lastUsed.get(credential.id)
    return toView(credential, used === undefined ? null : toInstant(used))
  }
  const record = (actor: Actor, data: EventMap['token_created']['data']): Promise<void> =>
    deps.commit()({ type: 'token_created', actor, data, content: null }).durable

  const access: LocalAccess = {
    start: () => localKeys.write(),

    apply(event) {
      if (event.type === 'token_created') {
        const credential = toCredential(event)
        byId.set(credential.id, credential)
        byHash.set(credential.sha256, credential)
      } else if (event.type === 'token_revoked') {
        const known = byId.get(event.data.token_id)
        if (known === undefined) return
        byId.set(known.id, { ...known, revoked: true })
        byHash.delete(known.sha256)
      }
    },

    byToken(token) {
      const hash = sha256Of(token)
      return find(hash, 'token') ?? localKeys.callerOf(hash, owner())
    },
    bySession: (session) => find(sha256Of(session), 'session'),

    async create(input, actor) {
      const checked = checkInput(input, owner())
      if (!checked.ok) return checked
      const kind = tokenKinds[input.scope]
      const token = `cs_${kind.letter}${randomText()}`
      const id = newId(kind.prefix)
      const secret = input.callback_url === undefined ? null : `whsec_${randomBytes(32).toString('base64')}`
      try {
        // First the secret, then the event: a source with a callback but without its secret could never be told anything.
        if (secret !== null) await secrets.set(id, secret)
        await record(actor, {
          token_id: id,
          kind: 'token',
          name: input.name,
          scopes: kind.scopes,
          person_email: checked.value,
          sha256: sha256Of(token),
          expires_at: null,
          callback_url: input.callback_url ?? null,
        })
      } catch (error) {
        if (secret !== null) await secrets.delete(id).catch(() => undefined)
        return fail(storageFailure(error))
      }
      return ok({ token, callback_secret: secret, item: view(byId.get(id)!) })
    },

    async revoke(tokenId, actor) {
      // Somebody else's may be on its way to the disk: until it is there, nothing is revoked.
      for (let first = revoking.get(tokenId); first; first = revoking.get(tokenId)) await first.catch(() => undefined)
      const known = byId.get(tokenId)
      if (known === undefined || known.revoked)
        return fail(failure('not-found', 'There is no such credential, or it was revoked already.'))
      try {
        const { durable } = deps.commit()({ type: 'token_revoked', actor, data: { token_id: tokenId }, content: null })
        revoking.set(tokenId, durable)
        await durable
      } catch (error) {
        return fail(storageFailure(error))
      } finally {
        revoking.delete(tokenId)
      }
      return ok(view(known))
    },

    sessions: () =>
      [...byId.values()]
        .filter(({ kind, revoked, expires_at }) => kind === 'session' && !revoked && Date.parse(expires_at ?? '') > clock.now())
        .map((each) => ({ ...view(each), expires_at: each.expires_at })),

    list: () => [...byId.values()].filter((each) => each.kind === 'token' && !each.revoked).map(view),

    /** Revoked ones too: what they submitted is still shown by their name, and still owed its outcome. */
    source(id) {
      if (id === commandLineSource.id) return { ...commandLineSource, callback_url: null }
      const known = byId.get(id)
      return known?.scopes.includes('submit') ? { id, name: known.name, callback_url: known.callback_url } : null
    },
    callbackSecret: (sourceId) => secrets.get(sourceId),

    createLink: () => links.add(randomText()),

    async exchangeLink(key, address) {
      if (!links.use(key)) return null
      const session = `cs_b${randomText()}`
      const expires_at = toInstant(clock.now() + sessionDays * 86_400_000)
      const person = owner()
      const id = newId('ses')
      try {
        await record(signInActor(person, id, address), {
          token_id: id,
          kind: 'session',
          name: 'Browser',
          scopes: sessionScopes,
          person_email: person?.email ?? null,
          sha256: sha256Of(session),
          expires_at,
          callback_url: null,
        })
      } catch (error) {
        links.giveBack(key)
        throw error
      }
      return { session, expires_at }
    },
  }
  return access
}

/** Whose e-mail the token carries, or everything that is wrong with what was asked for. */
function checkInput(input: TokenInput, owner: Person | null): Result<string | null, Failure> {
  const errors = []
  if (input.callback_url !== undefined && input.scope !== 'submit') {
    errors.push({ pointer: '/callback_url', message: 'only a submitting credential has outcomes to be told of' })
  }
  const callback = input.callback_url === undefined ? null : checkCallbackUrl(input.callback_url)
  if (callback?.ok === false) errors.push({ pointer: '/callback_url', message: `cannot be used: ${callback.failure}` })
  if (input.person !== undefined && input.scope !== 'decide') {
    errors.push({ pointer: '/person', message: 'only a deciding credential stands for a person' })
  }
  const person = input.scope === 'decide' ? (input.person ?? owner?.email ?? null) : null
  if (input.scope === 'decide' && person === null) {
    errors.push({ pointer: '/person', message: 'is required: this Countersign has no owner yet whose decisions these could be' })
  }
  if (errors.length === 0) return ok(person)
  return fail(failure('invalid-input', errors.map((each) => `${each.pointer} ${each.message}`).join('; '), { errors }))
}

function signInActor(owner: Person | null, credential: string, address: string | undefined): Actor {
  const where = { via: 'browser', credential, ...(address === undefined ? {} : { address }) } as const
  if (owner === null) return { kind: 'system', id: 'sign-in-link', ...where }
  return { kind: 'person', id: normalEmail(owner.email), name: owner.name, ...where }
}

/** What stopped a change from being stored, in words for the one who asked. Anything else is a bug and goes on as one. */
function storageFailure(error: unknown): Failure {
  const code = error instanceof JournalError ? error.code : (error as NodeJS.ErrnoException).code
  if (code === 'disk-full' || code === 'ENOSPC')
    return failure('disk-full', 'The disk is full; nothing was changed. Make room and try again.')
  if (error instanceof JournalError) return failure('read-only', error.message)
  if (typeof code === 'string') return failure('read-only', `The secret could not be stored (${code}); nothing was changed.`)
  throw error
}
