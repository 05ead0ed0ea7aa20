import type { Failure } from '../../../shared/contract/errors.ts'
import type { Delegation, DelegationInput, GroupInput, PeopleView, PersonInput } from '../../../shared/contract/people.ts'
import type { Actor, Caller } from '../../../shared/model/actor.ts'
import type { Named } from '../../../shared/model/approval.ts'
import type { Result } from '../../../shared/model/result.ts'

/** Why one person may decide for another. */
export type Standin = Named & {
  readonly because: 'delegation' | 'backup' | 'assistant'
  /** Identities of whom they stand in for: should one of these have requested it, they cannot. */
  readonly identities: readonly string[]
}

/** What a stand-in's permission is held against. */
export type Matter = { readonly type: string; readonly amount: number | string | null; readonly currency: string | null }

/** Whom names stand for, and who may act for whom. Reads `config.yaml` as it is now. */
export interface Directory {
  /** The people that e-mails and `group:` names stand for: normalised, aliases resolved, each once. Names of unknown groups in `unknown`. */
  resolve(approvers: readonly string[]): { readonly people: readonly string[]; readonly unknown: readonly string[] }
  /** The one address under which a person is known here, whatever spelling or alias is given. */
  canonical(email: string): string
  /** Every identity of whoever a free text names: addresses, aliases, normalised. What a requester is excluded by. */
  identities(text: string): readonly string[]
  nameOf(email: string): string
  /** For whom this person may decide such a matter right now. Never passed on: a stand-in's stand-in is not one. */
  standsInFor(email: string, matter: Matter): readonly Standin[]
  /** The owner's address where nobody else is entered here, as a person or in a group; null where there are several people. */
  soleOperator(): string | null
  /** Whose questions this person's inbox shows now, besides their own. A hint for lists; `standsInFor` decides. */
  inboxesOf(email: string): readonly string[]
}

/** The directory together with what changes it. Each change is written to `config.yaml`, comments kept, and journalled. */
export interface People extends Directory {
  view(): PeopleView
  /** Refused where it lets its author act for somebody else. */
  savePerson(input: PersonInput, by: Actor): Promise<Result<PeopleView, Failure>>
  removePerson(email: string, by: Actor): Promise<Result<PeopleView, Failure>>
  saveGroup(input: GroupInput, by: Actor): Promise<Result<PeopleView, Failure>>
  removeGroup(name: string, by: Actor): Promise<Result<PeopleView, Failure>>
  /** Your own absence; anybody's with the scope admin, save of those whose backup you are. */
  setAway(email: string, away: PersonInput['away'], caller: Caller): Promise<Result<PeopleView, Failure>>
  delegate(input: DelegationInput, caller: Caller): Promise<Result<Delegation, Failure>>
  endDelegation(id: string, caller: Caller): Promise<Result<PeopleView, Failure>>
}
