import type { Failure } from '../../../shared/contract/errors.ts'
import type { TokenInput, TokenView } from '../../../shared/contract/settings.ts'
import type { Actor, Caller } from '../../../shared/model/actor.ts'
import type { Result } from '../../../shared/model/result.ts'
import type { Follower } from '../commit.ts'

/** A registered local system that may submit. */
type Source = { readonly id: string; readonly name: string; readonly callback_url: string | null }

/** Who may do what: tokens, browser sessions and this machine's own keys. Secrets are kept as SHA-256 only. */
export interface Access extends Follower {
  /** The caller behind `Authorization: Bearer <token>`; null when unknown, expired or revoked. Constant-time. */
  byToken(token: string): Caller | null
  /** The caller behind the session cookie of the browser inbox. */
  bySession(session: string): Caller | null
  create(
    input: TokenInput,
    actor: Actor,
  ): Promise<Result<{ token: string; callback_secret: string | null; item: TokenView }, Failure>>
  revoke(tokenId: string, actor: Actor): Promise<Result<TokenView, Failure>>
  list(): readonly TokenView[]
  /** Browsers that are signed in. */
  sessions(): readonly (TokenView & { readonly expires_at: string | null })[]
  /** Of a source's id (the id of its submitting token). */
  source(id: string): Source | null
  /** The `whsec_…` secret that signs what is sent to this source's callback URL. */
  callbackSecret(sourceId: string): string | null
  /** A key for one sign-in of the owner, good for a short time. */
  createLink(): { readonly key: string; readonly expires_at: string }
  /** Turns a link's key into a session, once. */
  exchangeLink(key: string, address: string | undefined): Promise<{ readonly session: string; readonly expires_at: string } | null>
}
