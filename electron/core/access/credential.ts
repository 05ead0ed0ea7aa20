import { hash } from 'node:crypto'
import type { TokenView } from '../../../shared/contract/settings.ts'
import type { Caller, Person, Scope } from '../../../shared/model/actor.ts'
import { normalEmail } from '../../../shared/model/actor.ts'
import type { JournalRecord } from '../../../shared/model/event.ts'
import { toOwnerCaller } from '../context.ts'

/** A credential as the journal knows it: never its text, only the SHA-256 of it. */
export type Credential = {
  readonly id: string
  readonly kind: 'token' | 'session'
  readonly name: string
  readonly scopes: readonly Scope[]
  readonly person_email: string | null
  readonly sha256: string
  readonly created_at: string
  readonly expires_at: string | null
  readonly callback_url: string | null
  readonly revoked: boolean
}

export const sha256Of = (text: string): string => hash('sha256', text, 'hex')

export function toCredential(record: JournalRecord<'token_created'>): Credential {
  const { token_id, kind, name, scopes, person_email, sha256, expires_at, callback_url } = record.data
  return { id: token_id, kind, name, scopes, person_email, sha256, created_at: record.at, expires_at, callback_url, revoked: false }
}

/** Who calls with this credential. A session is always the present owner's; a deciding token is its person's. */
export function toCaller(credential: Credential, owner: Person | null): Caller {
  const { id, kind, name, scopes } = credential
  if (kind === 'session') return toOwnerCaller(owner, 'browser', id)
  return {
    scopes,
    person: personOf(credential.person_email, owner),
    source: scopes.includes('submit') ? { id, name } : null,
    credential: id,
    via: 'http',
  }
}

function personOf(email: string | null, owner: Person | null): Person | null {
  if (email === null) return null
  return owner !== null && normalEmail(owner.email) === normalEmail(email) ? owner : { email, name: email }
}

export function toView(credential: Credential, lastUsedAt: string | null): TokenView {
  const { id, name, scopes, person_email, callback_url, created_at } = credential
  return { id, name, scopes, person_email, callback_url, created_at, last_used_at: lastUsedAt }
}

/** What each kind of token may do, and the letter and the id prefix that tell it apart. Nothing holds both submit and decide. */
export const tokenKinds = {
  submit: { letter: 's', prefix: 'src', scopes: ['submit'] },
  read: { letter: 'r', prefix: 'tok', scopes: ['read'] },
  decide: { letter: 'd', prefix: 'tok', scopes: ['read', 'decide'] },
  admin: { letter: 'a', prefix: 'tok', scopes: ['read', 'admin'] },
} as const satisfies Record<Scope, { letter: string; prefix: string; scopes: readonly Scope[] }>

export const sessionScopes: readonly Scope[] = ['read', 'decide', 'admin']
