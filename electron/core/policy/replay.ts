import type { ApprovalItem } from '../../../shared/model/approval.ts'
import type { Projection } from '../projection/port.ts'
import type { PastDecision, PolicyRuling } from './port.ts'
import { textIn, toAmount } from './views.ts'

/** Pages of decisions are this long, and so many are looked through for those that people made. */
const pageSize = 500
const mostLookedAt = 50_000
const mostDisagreements = 200

/** What people decided, newest first: what rules decided themselves says nothing about them. */
export async function pastDecisions(
  projection: Pick<Projection, 'approvals' | 'approval' | 'run'>,
  { type, limit = 1_000 }: { readonly type?: string | undefined; readonly limit?: number },
): Promise<readonly PastDecision[]> {
  const past: PastDecision[] = []
  let cursor: string | null = null
  for (let seen = 0; seen < mostLookedAt && past.length < limit; seen += pageSize) {
    const page = projection.approvals({
      status: ['approved', 'rejected'],
      ...(type === undefined ? {} : { type }),
      sort: 'decided',
      limit: pageSize,
      ...(cursor === null ? {} : { cursor }),
    })
    for (const item of page.items) {
      if (past.length === limit) break
      const { decision } = item
      if (decision === null || decision.rule !== null || decision.actor.kind !== 'person') continue
      const whole = item.data_omitted ? (projection.approval(item.id) ?? item) : item
      past.push(toPast(whole, decision.decision, decision.at, projection.run(item.run_id)?.input))
    }
    cursor = page.next_cursor
    if (cursor === null) break
    // Others have their turn between two pages.
    await new Promise((resolve) => setImmediate(resolve))
  }
  return past
}

function toPast(item: ApprovalItem, decision: string, decided_at: string, input: unknown): PastDecision {
  const data = isRecord(item.data) ? item.data : {}
  const request = isRecord(input) && isRecord(input.request) ? input.request : {}
  return {
    approval_id: item.id,
    title: item.title,
    decision,
    decided_at,
    matter: {
      type: item.type,
      title: item.title,
      amount: toAmount(item.amount),
      currency: item.currency,
      requester: item.requester,
      department: textIn(request, 'department') ?? textIn(data, 'department'),
      priority: item.priority,
      source: item.source_name,
      environment: textIn(data, 'environment'),
      approver: item.approvers[0] ?? null,
      data,
    },
  }
}

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** What a policy would have done with past decisions, and where it and the person differ. */
export function toReplay(past: readonly PastDecision[], rulings: readonly PolicyRuling[]) {
  const pairs = past.map((decided, index) => ({ decided, ruling: rulings[index]! }))
  const count = (action: PolicyRuling['action'], decision?: string): number =>
    pairs.filter(({ decided, ruling }) => ruling.action === action && (decision ?? decided.decision) === decided.decision).length
  const found = {
    looked_at: past.length,
    auto_approved: count('auto_approve'),
    auto_approved_but_rejected: count('auto_approve', 'rejected'),
    auto_rejected: count('reject'),
    auto_rejected_but_approved: count('reject', 'approved'),
    asked: count('require_approval') + count('escalate'),
    unmatched: pairs.filter(({ ruling }) => ruling.rule === null).length,
  }
  const differ = pairs.filter(
    ({ decided, ruling }) =>
      (ruling.action === 'auto_approve' && decided.decision === 'rejected') ||
      (ruling.action === 'reject' && decided.decision === 'approved'),
  )
  return {
    summary: toSummary(found),
    ...found,
    disagreements: differ.slice(0, mostDisagreements).map(({ decided, ruling }) => ({
      approval_id: decided.approval_id,
      type: decided.matter.type,
      title: decided.title,
      decision: decided.decision,
      decided_at: decided.decided_at,
      would: ruling.action,
      rule: ruling.rule,
    })),
  }
}

function toSummary(found: {
  readonly looked_at: number
  readonly auto_approved: number
  readonly auto_approved_but_rejected: number
  readonly auto_rejected: number
  readonly auto_rejected_but_approved: number
}): string {
  if (found.looked_at === 0) return 'Nobody has decided anything yet that it could be held against.'
  const approved = `Would have approved ${found.auto_approved}, of which you rejected ${found.auto_approved_but_rejected}.`
  if (found.auto_rejected === 0) return approved
  return `${approved} Would have rejected ${found.auto_rejected}, of which you approved ${found.auto_rejected_but_approved}.`
}
