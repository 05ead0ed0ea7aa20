import type { JournalRecord, NewEvent } from '../../../shared/model/event.ts'
import type { Sentence } from '../../../shared/model/said.ts'
import { say } from '../../../shared/words/say.ts'
import type { ApprovalOptions } from './workflow.ts'

type Automatic = NonNullable<ApprovalOptions['automatic']>

const commented = ({ text, said }: Sentence) => ({ comment: text, said: [said] })

const conditionMet: Automatic = {
  decision: 'approved',
  rule: 'auto_approve_if',
  ...commented(say('policy', 'condition_met')),
}

export const noLevelApplies: Automatic = {
  decision: 'approved',
  rule: 'no_level_applies',
  ...commented(say('policy', 'no_level_applies')),
}

/** The first time a question is reached, its own condition may answer it; later its record does. */
export function withAutomatic(options: ApprovalOptions): ApprovalOptions {
  const { auto_approve_if } = options
  if (options.automatic || auto_approve_if === undefined) return options
  // A promise is not `true`: a predicate that takes its time asks.
  const says: unknown = typeof auto_approve_if === 'function' ? auto_approve_if() : auto_approve_if
  if (says !== true) return options
  return { ...options, automatic: conditionMet }
}

type Requested = Pick<Extract<NewEvent, { type: 'approval_requested' }>, 'run_id' | 'approval_id' | 'data'>

/** How a rule decides what has just been asked. */
export const toAutomaticDecision = (
  { run_id, approval_id, data }: Requested,
  { decision, rule, comment, said }: Omit<Automatic, 'comment'> & { readonly comment: string | null },
): NewEvent => ({
  type: 'approval_decided',
  actor: { kind: 'policy', id: rule, name: rule, via: 'engine' },
  run_id,
  approval_id,
  data: {
    decision,
    version: data.version,
    self_approved: false,
    rule,
    ...(data.ruling ? { policy_version: data.ruling.policy_version } : {}),
  },
  content: { comment, ...(said ? { comment_said: said } : {}) },
})

/** The decision that a crash has cut off from its question: the one that was made then, whatever the options say by now. */
export function toMissingDecision(asked: JournalRecord<'approval_requested'>, { automatic }: ApprovalOptions): NewEvent | null {
  const { automatic: made } = asked.data
  if (!made) return null
  const reason = [automatic, conditionMet, noLevelApplies].find((known) => known?.rule === made.rule)
  return toAutomaticDecision(asked, { ...made, comment: reason?.comment ?? null, said: reason?.said })
}
