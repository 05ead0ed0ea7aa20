import { hash } from 'node:crypto'
import type { DecideInput } from '../../../shared/contract/approvals.ts'
import { type Failure, failure } from '../../../shared/contract/errors.ts'
import { type Actor, type Caller, normalEmail } from '../../../shared/model/actor.ts'
import type { ApprovalItem, ApprovalStatus, Asked, Version } from '../../../shared/model/approval.ts'
import type { NewEvent } from '../../../shared/model/event.ts'
import { type Level, nextInstant, type Standing } from '../../../shared/model/level.ts'
import { fail, ok, type Result } from '../../../shared/model/result.ts'
import type { Summary } from '../../../shared/model/summary.ts'
import { toInstant } from '../clock.ts'
import { nameFromEmail } from '../settings/owner.ts'
import type { Assessment } from '../summary/port.ts'
import { applyAnswer, checkForm, compareAmounts } from './answers.ts'
import { approvalsAt, countVotes, neededOf, type Seats, standingAt } from './ballot.ts'
import { type Ballot, type OpenApproval, standingOf } from './open-approval.ts'
import { isExcluded, type Voter, type VoterRules, voterOf } from './voter.ts'

export type DecideRules = VoterRules & {
  readonly now: number
  readonly assess: (asked: Asked, json: string) => Assessment
  readonly firstSummary: (assessment: Assessment) => Summary
  /** What policy makes of it, as a text that can be compared; null where no policy sent it here. */
  readonly rulingText: (open: OpenApproval, asked: Asked) => string | null
}

/** An open approval with what its records say. Both are read from the journal only when an answer needs them. */
export type Question = {
  readonly open: OpenApproval
  readonly levels: () => readonly Level[]
  /** As it is asked now, and as it was asked first. */
  readonly asked: () => Asked
  readonly original: () => Asked
}

/** What was said, what it made of the approval, and the events that record it. Nothing to record: it had been said before. */
export type Said = {
  readonly said: 'approved' | 'rejected' | 'sent_back' | 'cancelled'
  readonly status: ApprovalStatus
  readonly message: string
  readonly events: readonly NewEvent[]
  /** Until then it can be taken back, and nothing of it leaves. */
  readonly release_at?: string
}

export const clockActor: Actor = { kind: 'system', id: 'clock', via: 'engine' }

/** What a caller is called in the journal. */
export function toActor(caller: Caller): Actor {
  const who = caller.person
    ? ({ kind: 'person', id: normalEmail(caller.person.email), name: caller.person.name } as const)
    : ({ kind: 'source', id: caller.source?.id ?? caller.credential, name: caller.source?.name ?? caller.credential } as const)
  return { ...who, via: caller.via, credential: caller.credential, ...(caller.address ? { address: caller.address } : {}) }
}

/** The same for a decision: whatever address a credential was made for, one person is one, and is called what they are called here. */
export const asPerson = (caller: Caller, { directory }: Pick<VoterRules, 'directory'>): Actor => {
  const actor = toActor(caller)
  if (!caller.person) return actor
  const { email, name } = caller.person
  const id = directory.canonical(email)
  // A token knows nothing but the address it was made for. A name that is only guessed from that says less than it.
  const called = directory.nameOf(id)
  return { ...actor, id, name: name === email && called !== nameFromEmail(id) ? called : name }
}

/** The verdict that a verb asks for; people write approve, machines write approved. */
const toVerdict = (verb: DecideInput['decision']): 'approved' | 'rejected' | null => {
  if (verb === 'approve' || verb === 'approved') return 'approved'
  return verb === 'reject' || verb === 'rejected' ? 'rejected' : null
}

/**
 * Whether this person may give this answer now, and the events that record it. Pure: the commit it is part of is the last gate, so
 * the deadline is checked here and not by a timer.
 */
export function nextDecision(question: Question, input: DecideInput, caller: Caller, rules: DecideRules): Result<Said, Failure> {
  const { open } = question
  const voter = voterOf(open, input, caller, question.asked, rules)
  if (!voter.ok) {
    const administers = input.decision === 'cancel' && caller.scopes.includes('admin')
    return administers ? ok(cancelled(open, input, caller)) : voter
  }
  if (open.due_at !== null && open.due_at <= rules.now) {
    return fail(failure('already-decided', 'Its deadline has passed: it expired.', { decision: 'expired' }))
  }
  if (isStale(input.version, open.version)) {
    return fail(failure('stale-version', 'It has changed since you looked. Look at it again.', { current: open.version }))
  }
  if (input.decision === 'cancel') return ok(cancelled(open, input, caller))
  if (input.decision === 'send_back') return sentBack(open, input, caller)
  const chosen = verdictOf(question, input)
  if (!chosen.ok) return chosen
  return nextVote(question, input, caller, voter.value, chosen.value, rules)
}

const isStale = (seen: DecideInput['version'], current: Version): boolean =>
  seen !== undefined && seen !== current.sha256 && seen !== current.number

function verdictOf(question: Question, input: DecideInput): Result<'approved' | 'rejected', Failure> {
  const verdict = toVerdict(input.decision)
  const problem = (pointer: string, message: string) => fail(failure('invalid-input', message, { errors: [{ pointer, message }] }))
  const edits = input.changes !== undefined || input.amount !== undefined || input.items !== undefined
  if (input.option === undefined) {
    if (verdict === 'rejected' && edits) return problem('/decision', 'Only an approval can change what is asked.')
    return verdict ? ok(verdict) : problem('/decision', 'must be approve, reject, send_back or cancel')
  }
  const option = question.asked().options?.find(({ id }) => id === input.option)
  if (!option) {
    const ids =
      question
        .asked()
        .options?.map(({ id }) => id)
        .join(', ') ?? 'none'
    return problem('/option', `“${input.option}” is not one of its options (${ids}).`)
  }
  if (verdict !== null && verdict !== option.outcome) {
    return problem('/option', `“${option.label}” is ${option.outcome}; the decision says ${verdict}.`)
  }
  if (option.outcome === 'rejected' && edits) return problem('/option', 'Only an approval can change what is asked.')
  return ok(option.outcome)
}

function nextVote(
  question: Question,
  input: DecideInput,
  caller: Caller,
  voter: Voter,
  verdict: 'approved' | 'rejected',
  rules: DecideRules,
): Result<Said, Failure> {
  const { open } = question
  const self_approved = voter.own && verdict === 'approved'
  // One person is never two: where several have to agree, an own request waits for the others.
  const alone = rules.selfApproval === 'sole_operator' && rules.soleOperator === voter.person && open.needed === 1
  if (self_approved && !alone) {
    const fix = 'Somebody else has to decide, or policy.yaml says self_approval: sole_operator.'
    return fail(failure('self-approval', `You requested this yourself, changed it or gain by it. ${fix}`))
  }
  const before: Seats = open.course?.standing ?? { level: 0, people: open.approvers, needed: open.needed }
  const edited = nextEdit(question, input, caller, rules)
  if (!edited.ok) return edited
  const { change, version, standing, votes, requesters } = edited.value
  // Another version is another question: who answered the earlier one may answer this one.
  const earlier = change.length > 0 ? null : earlierVote(open, before.level, voter, verdict)
  if (earlier) return earlier.ok ? ok(repeated(open, verdict)) : earlier
  const others = change.length > 0 ? [] : votesAt(open, before.level)
  const credentialUsed = others.some(({ credential, person }) => credential === caller.credential && person !== voter.person)
  if (credentialUsed) {
    return fail(failure('same-credential', 'Somebody else has answered with this credential. Two people need two credentials.'))
  }
  if (open.form && verdict === 'approved') {
    const form = checkForm(question.asked(), input.answer)
    if (!form.ok) return form
  }
  const ballot: Ballot = { ...voter, credential: caller.credential, verdict, level: before.level, version: version.number }
  const levels = question.levels()
  const excluded = (email: string) => isExcluded(email, { requesters }, rules.directory)
  const counted = { levels, standing: standing ?? before, votes: [...votes, ballot], version: version.number, isExcluded: excluded }
  const count = countVotes(counted, rules.now)
  const comment = input.comment?.trim()
  const content = { comment: comment ? comment : null, ...(input.answer === undefined ? {} : { answer: input.answer }) }
  const by = { actor: asPerson(caller, rules), run_id: open.run_id, approval_id: open.id }
  const { on_behalf_of } = voter
  if (count.ended === null) {
    const stands = count.standing ?? standing ?? standingOf(open)
    const data = { verdict, version, level: before.level, on_behalf_of, self_approved, standing: stands }
    const voted: NewEvent = { type: 'approval_voted', ...by, data, content }
    const left = stands.needed - approvalsAt(counted.votes, stands.level, version.number)
    const message = count.standing
      ? `Your answer is recorded; it goes on to ${levels[stands.level]!.name || 'the next level'}.`
      : `Your answer is recorded; ${left} more ${left === 1 ? 'approval is' : 'approvals are'} needed.`
    return ok({ said: verdict, status: 'pending', message, events: [...change, voted] })
  }
  const decided: NewEvent = {
    type: 'approval_decided',
    ...by,
    data: {
      decision: count.ended,
      version,
      self_approved,
      rule: null,
      ...(count.level > 0 ? { level: count.level } : {}),
      ...(on_behalf_of ? { on_behalf_of } : {}),
      ...(input.option === undefined ? {} : { option: input.option }),
      ...(open.course?.lapsed == null ? {} : { while_away: true }),
    },
    content,
  }
  return ok({ said: verdict, status: count.ended, message: `The approval was ${count.ended}.`, events: [...change, decided] })
}

const votesAt = (open: OpenApproval, level: number): readonly Ballot[] =>
  open.course?.votes.filter((vote) => vote.level === level && vote.version === open.version.number) ?? []

/** One person is one vote, whoever's it is: the same again is no conflict, anything else is. */
function earlierVote(
  open: OpenApproval,
  level: number,
  voter: Voter,
  verdict: 'approved' | 'rejected',
): Result<null, Failure> | null {
  const people = [voter.person, voter.principal]
  const earlier = votesAt(open, level).find(({ person, principal }) => people.includes(person) || people.includes(principal))
  if (!earlier) return null
  const same = earlier.person === voter.person && earlier.principal === voter.principal && earlier.verdict === verdict
  if (same) return ok(null)
  const whose = earlier.person === earlier.principal ? earlier.person : `${earlier.person} for ${earlier.principal}`
  return fail(
    failure('already-voted', `${whose} has ${earlier.verdict} it already; one person is one vote.`, { verdict: earlier.verdict }),
  )
}

const repeated = (open: OpenApproval, said: 'approved' | 'rejected'): Said => ({
  said,
  status: 'pending',
  message: `Your answer is recorded already; it waits for ${open.approvers.join(', ') || 'more approvals'}.`,
  events: [],
})

/** The event by which an answer changes what is asked, and where the question stands with it; none and null where nothing changes. */
function nextEdit(question: Question, input: DecideInput, caller: Caller, rules: DecideRules) {
  const { open } = question
  const current = {
    change: [],
    version: open.version,
    standing: null,
    votes: open.course?.votes ?? [],
    requesters: open.requesters,
  } as const
  if (input.changes === undefined && input.amount === undefined && input.items === undefined) return ok(current)
  const before = question.asked()
  const applied = applyAnswer(before, input)
  if (!applied.ok) return applied
  if (applied.value === before) return ok(current)
  const refused = changeProblem(question, applied.value, rules)
  if (refused) return fail(refused)
  const change = nextChange(question, applied.value, 'approver', input.comment?.trim() || null, caller, rules)
  const { version, requesters } = change.data
  return ok({ change: [change], version, standing: change.data.standing, votes: [], requesters })
}

/**
 * Why a change cannot be made here: who is asked was settled by what was asked first, and a change must not lead past them. More than
 * was asked, or what falls under another rule, has to be asked anew.
 */
export function changeProblem(question: Question, next: Asked, rules: DecideRules): Failure | null {
  const original = question.original()
  const refuse = (pointer: string, message: string) => failure('invalid-input', message, { errors: [{ pointer, message }] })
  if (next.amount !== null && original.amount !== null && compareAmounts(next.amount, original.amount) > 0) {
    return refuse('/amount', `It was asked for ${original.amount}. More than that has to be asked anew.`)
  }
  const asFirst = { ...next, amount: original.amount }
  if (rules.rulingText(question.open, asFirst) === rules.rulingText(question.open, original)) return null
  return refuse('/data', 'With this change another rule of the policy applies, so others may have to be asked. Ask it anew.')
}

/**
 * What is asked becomes another version. Nobody has agreed to that one: votes are void and a chain begins again. Whoever made the
 * version before by an edit is an editor like any other now, and excluded.
 */
export function nextChange(
  question: Question,
  asked: Asked,
  by: 'approver' | 'requester',
  comment: string | null,
  caller: Caller,
  rules: DecideRules,
): Extract<NewEvent, { type: 'approval_changed' }> {
  const { open } = question
  const json = JSON.stringify(asked)
  const assessment = rules.assess(asked, json)
  const editors = [open.course?.editor, by === 'requester' ? caller.person?.email : null].filter((one) => one != null)
  const requesters = [...new Set([...open.requesters, ...editors.flatMap((email) => rules.directory.identities(email))])]
  const isOut = (email: string) => rules.directory.identities(email).some((identity) => requesters.includes(identity))
  const standing = standingAfterChange(question, rules.now, isOut)
  return {
    type: 'approval_changed',
    actor: asPerson(caller, rules),
    run_id: open.run_id,
    approval_id: open.id,
    data: {
      by,
      version: { number: open.version.number + 1, sha256: hash('sha256', json) },
      risk_floor: assessment.risk_floor,
      risk_reasons: assessment.risk_reasons,
      ...(assessment.risk_said.length > 0 ? { risk_said: assessment.risk_said } : {}),
      requesters,
      standing,
    },
    content: { asked, flags: assessment.flags, summary: rules.firstSummary(assessment), comment },
  }
}

/**
 * At the first level it stands where it stood, with the same people and the same deadline; all of them means all who may answer now. A
 * chain begins again, with the time of its first level, but never past a hard limit.
 */
function standingAfterChange(question: Question, now: number, isOut: (email: string) => boolean): Standing {
  const { open } = question
  const standing = standingOf(open)
  const levels = question.levels()
  if (standing.level === 0) {
    const share = levels[0]!.votes === 'all' || typeof levels[0]!.votes === 'string'
    return share ? { ...standing, needed: neededOf(levels[0]!, standing.people, isOut) } : standing
  }
  const first = standingAt(levels, 0, now, isOut)
  if (!open.hard_limit || open.due_at === null) return first
  const due = Math.min(open.due_at, first.due_at === null ? open.due_at : Date.parse(first.due_at))
  const next = nextInstant(levels[0]!, { started: now, due, escalations: 0, now })
  return { ...first, due_at: toInstant(due), next_at: next === null ? null : toInstant(next) }
}

function sentBack(open: OpenApproval, input: DecideInput, caller: Caller): Result<Said, Failure> {
  const question = input.comment?.trim()
  if (!question) {
    const message = 'Say what the requester is to answer or to change.'
    return fail(failure('invalid-input', message, { errors: [{ pointer: '/comment', message }] }))
  }
  const event: NewEvent = {
    type: 'approval_sent_back',
    actor: toActor(caller),
    run_id: open.run_id,
    approval_id: open.id,
    data: { version: open.version, level: standingOf(open).level },
    content: { question },
  }
  const message = 'The question goes to the requester; it waits for the answer.'
  return ok({ said: 'sent_back', status: 'pending', message, events: [event] })
}

const cancelled = (open: OpenApproval, input: DecideInput, caller: Caller): Said => ({
  said: 'cancelled',
  status: 'cancelled',
  message: 'The approval was cancelled.',
  events: [toCancelled(open, toActor(caller), input.comment?.trim() || null)],
})

/** A question that nobody needs to answer any more. */
export const toCancelled = (open: OpenApproval, actor: Actor, comment: string | null): NewEvent => ({
  type: 'approval_decided',
  actor,
  run_id: open.run_id,
  approval_id: open.id,
  data: { decision: 'cancelled', version: open.version, self_approved: false, rule: null },
  content: { comment },
})

/** The same answer by the same person again is not a conflict: it gets the same answer. Anything else is told who and when. */
export function nextRepeat(
  item: ApprovalItem,
  input: DecideInput,
  caller: Caller,
  rules: Pick<VoterRules, 'directory'>,
): Result<Said, Failure> {
  const option = item.options?.find(({ id }) => id === input.option)
  const verdict = toVerdict(input.decision) ?? option?.outcome ?? (input.decision === 'cancel' ? 'cancelled' : null)
  const { decision } = item
  if (!decision) return fail(failure('not-found', 'It is not open any more.'))
  const me = caller.person === null ? null : rules.directory.canonical(caller.person.email)
  const editedByMe = item.changes.some(({ actor, version }) => actor.id === me && version.number === decision.version.number)
  if (isStale(input.version, decision.version) && !editedByMe) {
    return fail(
      failure('stale-version', 'It was another version that was decided. Look at it again.', { current: decision.version }),
    )
  }
  const voted = item.votes.some((vote) => vote.counts && vote.actor.id === me && vote.verdict === verdict)
  const mine = decision.actor.id === me || voted
  if (verdict !== null && decision.decision === verdict && me !== null && mine) {
    return ok({ said: verdict, status: decision.decision, message: `The approval was ${verdict}.`, events: [] })
  }
  const by = decision.actor.name ?? decision.actor.id
  return fail(
    failure('already-decided', `It was ${decision.decision} by ${by} at ${decision.at}.`, {
      decision: decision.decision,
      decided_by: decision.actor.id,
      decided_by_name: by,
      decided_at: decision.at,
      comment: decision.comment,
    }),
  )
}
