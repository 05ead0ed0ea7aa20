import type { Asked, DecisionRecord } from '../../../shared/model/approval.ts'
import type { JournalRecord } from '../../../shared/model/event.ts'
import type { Summary } from '../../../shared/model/summary.ts'
import { erasedText, orErased } from './describe.ts'

/*
 * What senders and people wrote, as records have it. Where it was erased, something that says so stands in its place.
 */

/** What is asked, and what was said about it at that moment. */
type Asking = { readonly asked: Asked; readonly summary: Summary }

/** The question as it was put first. The type is the run's and is never erased. */
export function askedOf(record: JournalRecord<'approval_requested'>, type: string): Asking {
  const { content, data } = record
  return content ?? { asked: erasedAsked(type, data.requesters[0] ?? null, data.approvers), summary: erasedSummary }
}

/** The question as it was changed. */
export function askedAnew(record: JournalRecord<'approval_changed'>, type: string): Asking {
  const { content, data } = record
  return content ?? { asked: erasedAsked(type, data.requesters[0] ?? null, data.standing.people), summary: erasedSummary }
}

const erasedAsked = (type: string, requester: string | null, approvers: readonly string[]): Asked => ({
  type,
  title: erasedText,
  description: null,
  requester,
  approvers,
  amount: null,
  currency: null,
  priority: 'normal',
  consequence: erasedText,
  data: null,
})

/** What the model said later. */
export const summaryOf = (record: JournalRecord<'summary_recorded'>): Summary =>
  record.content?.summary ?? { ...erasedSummary, state: record.data.state, risk: record.data.risk }

export function decisionOf(record: JournalRecord<'approval_decided'>): DecisionRecord {
  const { decision, version, self_approved, rule, on_behalf_of, level, option, while_away } = record.data
  const comment_said = record.content?.comment_said
  return {
    decision,
    actor: record.actor,
    at: record.at,
    comment: orErased(record, record.content?.comment, null),
    ...(comment_said ? { comment_said } : {}),
    version,
    self_approved,
    rule,
    on_behalf_of: on_behalf_of ?? null,
    level: level ?? 0,
    option: option ?? null,
    answer: record.content?.answer ?? null,
    while_away: while_away ?? false,
  }
}

const erasedSummary: Summary = {
  state: 'off',
  origin: 'rules',
  summary: erasedText,
  impact: erasedText,
  risk: null,
  model: null,
  unsupported: [],
  reason: null,
  covered_bytes: 0,
  total_bytes: 0,
}
