import type { DecideInput } from '../../../shared/contract/approvals.ts'
import { type Failure, failure } from '../../../shared/contract/errors.ts'
import { type Actor, type Caller, goesBy, normalEmail } from '../../../shared/model/actor.ts'
import type { ApprovalItem } from '../../../shared/model/approval.ts'
import type { NewEvent } from '../../../shared/model/event.ts'
import { fail, ok, type Result } from '../../../shared/model/result.ts'
import type { OpenApproval } from './live.ts'

/** The verdict that a verb asks for; people write approve, machines write approved. */
export const toVerdict = (verb: DecideInput['decision']): 'approved' | 'rejected' =>
  verb === 'approve' || verb === 'approved' ? 'approved' : 'rejected'

export const clockActor: Actor = { kind: 'system', id: 'clock', via: 'engine' }

/** What a caller is called in the journal. */
export function toActor(caller: Caller): Actor {
  const who = caller.person
    ? ({ kind: 'person', id: normalEmail(caller.person.email), name: caller.person.name } as const)
    : ({ kind: 'source', id: caller.source?.id ?? caller.credential, name: caller.source?.name ?? caller.credential } as const)
  return { ...who, via: caller.via, credential: caller.credential, ...(caller.address ? { address: caller.address } : {}) }
}

/**
 * Whether this person may decide this approval now, and the event that records it. Pure: the commit it is part of is the last gate,
 * so the deadline is checked here and not by a timer.
 */
export function nextDecision(
  open: OpenApproval,
  input: DecideInput,
  caller: Caller,
  rules: { readonly now: number; readonly selfApproval: 'never' | 'sole_operator'; readonly soleOperator: string | null },
): Result<NewEvent, Failure> {
  if (!caller.person) return fail(failure('forbidden', 'Only a person can decide. Use a token that was made with --person.'))
  const me = normalEmail(caller.person.email)
  if (open.approvers.length > 0 && !open.approvers.includes(me)) {
    return fail(
      failure('not-approver', `This waits for ${open.approvers.join(', ')}; you are ${me}.`, { approvers: open.approvers }),
    )
  }
  if (open.due_at !== null && open.due_at <= rules.now) {
    return fail(failure('already-decided', 'Its deadline has passed: it expired.', { decision: 'expired' }))
  }
  const verdict = toVerdict(input.decision)
  const own = goesBy(caller.person, open.requesters)
  if (own && verdict === 'approved' && !(rules.selfApproval === 'sole_operator' && rules.soleOperator === me)) {
    const fix = 'Somebody else has to decide, or policy.yaml says self_approval: sole_operator.'
    return fail(failure('self-approval', `You requested this yourself. ${fix}`))
  }
  if (input.version !== undefined && input.version !== open.version.sha256 && input.version !== open.version.number) {
    return fail(failure('stale-version', 'It has changed since you looked. Look at it again.', { current: open.version }))
  }
  const comment = input.comment?.trim()
  return ok({
    type: 'approval_decided',
    actor: toActor(caller),
    run_id: open.run_id,
    approval_id: open.id,
    data: { decision: verdict, version: open.version, self_approved: own && verdict === 'approved', rule: null },
    content: { comment: comment ? comment : null },
  })
}

/** The same decision by the same person again is not a conflict: it gets the same answer. Anything else is told who and when. */
export function nextRepeat(item: ApprovalItem, input: DecideInput, caller: Caller): Result<'approved' | 'rejected', Failure> {
  const verdict = toVerdict(input.decision)
  const { decision } = item
  if (!decision) return fail(failure('not-found', 'It is not open any more.'))
  if (input.version !== undefined && input.version !== decision.version.sha256 && input.version !== decision.version.number) {
    return fail(
      failure('stale-version', 'It was another version that was decided. Look at it again.', { current: decision.version }),
    )
  }
  const same = decision.decision === verdict && caller.person !== null && decision.actor.id === normalEmail(caller.person.email)
  if (same) return ok(verdict)
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
