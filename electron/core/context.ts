import type { Caller, Person, Via } from '../../shared/model/actor.ts'

/** What every procedure is called with, whichever door the call came through. */
export type RequestContext = {
  readonly caller: Caller
  /** The sender's own key for this request, with the SHA-256 of the body it came with. */
  readonly idempotency?: { readonly key: string; readonly sha256: string }
  /** Aborted when the caller goes away. */
  readonly signal?: AbortSignal
}

/** The owner, calling from a place that only the owner can reach. Without one set yet, somebody who can look around and set one. */
export function toOwnerCaller(owner: Person | null, via: Via, credential: string): Caller {
  return { scopes: owner ? ['read', 'decide', 'admin'] : ['read', 'admin'], person: owner, source: null, credential, via }
}
