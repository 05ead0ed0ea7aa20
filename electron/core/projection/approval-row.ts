import { normalEmail } from '../../../shared/model/actor.ts'
import type { ApprovalStatus, Asked } from '../../../shared/model/approval.ts'
import type { JournalRecord } from '../../../shared/model/event.ts'
import { maxRisk, type Risk } from '../../../shared/model/summary.ts'
import type { Position } from '../journal/port.ts'
import { type Asides, nextAsides } from './asides.ts'
import { askedAnew, askedOf } from './contents.ts'
import type { RunRow } from './fold.ts'
import { noDeadline } from './schema.ts'
import { type LaterRecord, nextVoted, type StandingRecord, waitsFor } from './standing.ts'

/** What changes about an approval, and what is needed to change it. Positions are null until there is such a record. */
export type ApprovalRow = {
  readonly seq: number
  readonly id: string
  readonly type: string
  readonly requester_key: string
  readonly status: ApprovalStatus
  readonly decided_key: string
  readonly decided_position: Position | null
  readonly due_key: string
  readonly risk: Risk
  readonly risk_floor: Risk
  readonly summary_position: Position | null
  /** Normalised e-mails: while it waits, of those who can answer now; once it has ended, of everybody who was ever asked. */
  readonly emails: readonly string[]
  /** Those who were asked and cannot answer any more, while it waits. Null: nobody. */
  readonly former: readonly string[] | null
  /** Whose votes the present level and version have. Null: nobody's. */
  readonly voted: readonly string[] | null
  /** Its records between the question and its end, in order. Null for a plain one, which has none. */
  readonly later: readonly Position[] | null
  /** When it was asked, in milliseconds. */
  readonly came: number
  /** The risk that the model read into the present version. Null: it has not. */
  readonly judged: Risk | null
  /** How much it is about, whatever the sign and the currency; -1 where it is about no amount. */
  readonly amount_key: number
  readonly asides: Asides | null
}

/** What an approval is born with. */
export type ApprovalBirth = {
  readonly position: Position
  readonly run_seq: number
  readonly source_name: string
}

/** A refund of 5,000 is no smaller than a payment of it. */
function amountKey({ amount }: Asked): number {
  const size = amount === null || amount === '' ? -1 : Math.abs(Number(amount))
  return Number.isFinite(size) ? size : -1
}

export function bornApproval(
  record: JournalRecord<'approval_requested'>,
  run: RunRow,
  position: Position,
): { row: ApprovalRow; birth: ApprovalBirth } {
  const { data: facts } = record
  const { asked, summary } = askedOf(record, run.type)
  return {
    row: {
      seq: record.seq,
      id: record.approval_id,
      type: asked.type,
      requester_key: normalEmail(asked.requester ?? ''),
      status: 'pending',
      decided_key: '',
      decided_position: null,
      due_key: facts.due_at ?? noDeadline,
      risk: maxRisk(facts.risk_floor, summary.risk ?? 'low'),
      risk_floor: facts.risk_floor,
      summary_position: null,
      emails: waitsFor(facts.approvers, []),
      former: null,
      voted: null,
      later: null,
      came: Date.parse(record.at),
      judged: null,
      amount_key: amountKey(asked),
      asides: null,
    },
    birth: { position, run_seq: run.seq, source_name: facts.source_name },
  }
}

/** The first decision stands; whatever came later is in the journal and changes nothing. */
export function decideApproval(approval: ApprovalRow, record: JournalRecord<'approval_decided'>, position: Position): ApprovalRow {
  if (approval.status !== 'pending') return approval
  const asides = nextAsides(approval.asides, record)
  const decided = { status: record.data.decision, decided_key: record.at, decided_position: position, asides }
  if (!approval.former) return { ...approval, ...decided }
  return { ...approval, ...decided, emails: [...approval.emails, ...approval.former], former: null }
}

/** What votes, changes and the clock make of an approval that waits: only what lists need to know of it. */
export function continueApproval(approval: ApprovalRow, record: LaterRecord, position: Position): ApprovalRow {
  if (approval.status !== 'pending') return approval
  const next = { ...approval, later: [...(approval.later ?? []), position], asides: nextAsides(approval.asides, record) }
  // An answer that was taken back leaves it where it was.
  if ('standing' in record.data && record.type !== 'approval_unheld') {
    const { people, due_at } = record.data.standing
    next.due_key = due_at ?? noDeadline
    const voted = nextVoted(approval.voted ?? [], record as StandingRecord)
    next.voted = voted.length > 0 ? voted : null
    next.emails = waitsFor(people, voted)
    const former = [...new Set([...(approval.former ?? []), ...approval.emails])].filter((email) => !next.emails.includes(email))
    next.former = former.length > 0 ? former : null
  }
  if (record.type !== 'approval_changed') return next
  const { asked, summary } = askedAnew(record, approval.type)
  next.risk_floor = record.data.risk_floor
  next.risk = maxRisk(next.risk_floor, summary.risk ?? 'low')
  // What the model said was about the version before.
  next.summary_position = null
  next.judged = null
  next.amount_key = amountKey(asked)
  return next
}

/** The model can raise the risk that is shown above the floor, and never lower it. */
export function summariseApproval(
  approval: ApprovalRow,
  record: JournalRecord<'summary_recorded'>,
  position: Position,
): ApprovalRow {
  const { state, risk } = record.data
  const judged = state === 'ready' ? risk : null
  return { ...approval, summary_position: position, risk: maxRisk(approval.risk_floor, risk ?? 'low'), judged }
}
