import type { Asked, DecisionRecord } from '../../../shared/model/approval.ts'
import type { JournalRecord } from '../../../shared/model/event.ts'
import type { Summary } from '../../../shared/model/summary.ts'
import { erasedText, orErased } from './describe.ts'

/*
 * What senders and people wrote, as records have it. Where it was erased, something that says so stands in its place.
 */

/** What was asked, and what was said about it at that moment. The type is the run's and is never erased. */
export function askedOf(
  record: JournalRecord<'approval_requested'>,
  type: string,
): { readonly asked: Asked; readonly summary: Summary } {
  const { content, data } = record
  if (content) return content
  const asked: Asked = {
    type,
    title: erasedText,
    description: null,
    requester: data.requesters[0] ?? null,
    approvers: data.approvers,
    amount: null,
    currency: null,
    priority: 'normal',
    consequence: erasedText,
    data: null,
  }
  return { asked, summary: erasedSummary }
}

/** What the model said later. */
export const summaryOf = (record: JournalRecord<'summary_recorded'>): Summary =>
  record.content?.summary ?? { ...erasedSummary, state: record.data.state, risk: record.data.risk }

export function decisionOf(record: JournalRecord<'approval_decided'>): DecisionRecord {
  const { decision, version, self_approved, rule } = record.data
  const comment = orErased(record, record.content?.comment, null)
  return { decision, actor: record.actor, at: record.at, comment, version, self_approved, rule }
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
