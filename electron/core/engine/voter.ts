import type { DecideInput } from '../../../shared/contract/approvals.ts'
import { type Failure, failure } from '../../../shared/contract/errors.ts'
import { type Caller, goesBy, type Person } from '../../../shared/model/actor.ts'
import type { Asked, Named } from '../../../shared/model/approval.ts'
import { fail, ok, type Result } from '../../../shared/model/result.ts'
import type { Directory } from '../people/port.ts'
import type { OpenApproval } from './open-approval.ts'

/** Somebody who may answer: for themselves, or for somebody who is asked. */
export type Voter = {
  readonly person: string
  readonly principal: string
  readonly on_behalf_of: Named | null
  readonly own: boolean
}

export type VoterRules = {
  readonly selfApproval: 'never' | 'sole_operator'
  readonly soleOperator: string | null
  readonly directory: Pick<Directory, 'canonical' | 'identities' | 'nameOf' | 'standsInFor'>
}

/** Whether one of a person's identities is among those who may not decide. */
export const isExcluded = (
  email: string,
  open: Pick<OpenApproval, 'requesters'>,
  directory: Pick<Directory, 'identities'>,
): boolean => open.requesters.length > 0 && directory.identities(email).some((identity) => open.requesters.includes(identity))

/** Who answers, and for whom; a failure for whoever is not asked. `asked` is read only where somebody stands in for another. */
export function voterOf(
  open: OpenApproval,
  input: Pick<DecideInput, 'on_behalf_of'>,
  caller: Caller,
  asked: () => Asked,
  rules: VoterRules,
): Result<Voter, Failure> {
  if (!caller.person) return fail(failure('forbidden', 'Only a person can decide. Use a token that was made with --person.'))
  const { directory } = rules
  const person = directory.canonical(caller.person.email)
  const wanted = input.on_behalf_of === undefined ? undefined : directory.canonical(input.on_behalf_of)
  const isAsked = open.approvers.length === 0 || open.approvers.includes(person)
  if (wanted === person || (wanted === undefined && isAsked)) {
    return isAsked
      ? ok({ person, principal: person, on_behalf_of: null, own: isOwn(caller.person, open, rules) })
      : notAsked(open, person)
  }
  const { type, amount, currency } = asked()
  const principals = directory
    .standsInFor(person, { type, amount, currency })
    .filter(({ email }) => open.approvers.length === 0 || open.approvers.includes(email))
    .filter(({ email }) => wanted === undefined || email === wanted)
  // Where the one they stand in for may not decide, neither may they.
  const may = principals.filter(({ identities }) => !identities.some((identity) => open.requesters.includes(identity)))
  const [first, second] = may
  if (first && !second) {
    const on_behalf_of = { email: first.email, name: first.name }
    return ok({ person, principal: first.email, on_behalf_of, own: isOwn(caller.person, open, rules) })
  }
  if (second) {
    const names = may.map(({ email }) => email).join(' or ')
    return fail(failure('not-approver', `You may decide for ${names}. Say for whom with on_behalf_of.`, { on_behalf_of: names }))
  }
  if (principals.length > 0) {
    return fail(failure('self-approval', 'Whoever you stand in for requested this: nobody decides it in their name.'))
  }
  return wanted === undefined
    ? notAsked(open, person)
    : fail(failure('not-approver', `You may not decide for ${wanted} here: no delegation covers it now.`))
}

const notAsked = (open: OpenApproval, person: string): Result<never, Failure> =>
  fail(failure('not-approver', `This waits for ${open.approvers.join(', ')}; you are ${person}.`, { approvers: open.approvers }))

const isOwn = (person: Person, open: OpenApproval, { directory }: VoterRules): boolean =>
  open.requesters.length > 0 && (goesBy(person, open.requesters) || isExcluded(person.email, open, directory))
