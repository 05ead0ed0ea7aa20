import { hash, randomFillSync } from 'node:crypto'
import { type Actor, identitiesIn } from '../../../shared/model/actor.ts'
import type { Asked } from '../../../shared/model/approval.ts'
import type { NewEvent } from '../../../shared/model/event.ts'
import type { Summary } from '../../../shared/model/summary.ts'
import { toInstant } from '../clock.ts'
import type { Assessment } from '../summary/port.ts'
import type { LiveRun } from './live.ts'
import { type ApprovalOptions, toMs } from './workflow.ts'

const pool = Buffer.allocUnsafe(12 * 512)
let used = pool.length

/**
 * A fresh id: a prefix that says what it is of, the instant in milliseconds and 96 random bits, in hex. Ids of one time stand next to
 * each other, so that an index on them grows at its end.
 */
export function newId(prefix: 'run' | 'apr', now: number): string {
  if (used === pool.length) {
    randomFillSync(pool)
    used = 0
  }
  const random = pool.toString('hex', used, used + 12)
  used += 12
  return `${prefix}_${now.toString(16).padStart(12, '0')}${random}`
}

export type AskDeps = {
  readonly now: () => number
  /** `json` is the text of what is asked. */
  readonly assess: (asked: Asked, json: string) => Assessment
  readonly firstSummary: (assessment: Assessment) => Summary
}

const engine: Actor = { kind: 'system', id: 'engine', via: 'engine' }

/** The events by which a run asks people. Where a rule decides at once, its decision follows in the same commit. */
export function toAskEvents(run: LiveRun, step: string, options: ApprovalOptions, deps: AskDeps): readonly NewEvent[] {
  const asked = toAsked(run.type, options)
  const json = JSON.stringify(asked)
  const assessment = deps.assess(asked, json)
  const approval_id = newId('apr', deps.now())
  const version = { number: 1, sha256: hash('sha256', json) }
  const due_at = options.timeout === undefined ? null : toInstant(deps.now() + toMs(options.timeout))
  const { automatic } = options
  const summary = deps.firstSummary(assessment)
  const requested: NewEvent = {
    type: 'approval_requested',
    actor: engine,
    run_id: run.id,
    approval_id,
    data: {
      step,
      source: run.source,
      source_name: run.source_name,
      due_at,
      version,
      risk_floor: assessment.risk_floor,
      risk_reasons: assessment.risk_reasons,
      requesters: asked.requester === null ? [] : identitiesIn(asked.requester),
      approvers: asked.approvers,
    },
    content: {
      asked,
      flags: assessment.flags,
      // Nobody will read a model's summary of what is decided already.
      summary: automatic && summary.state === 'waiting' ? { ...summary, state: 'off' } : summary,
    },
  }
  if (!automatic) return [requested]
  const decided: NewEvent = {
    type: 'approval_decided',
    actor: { kind: 'policy', id: automatic.rule, name: automatic.rule, via: 'engine' },
    run_id: run.id,
    approval_id,
    data: { decision: automatic.decision, version, self_approved: false, rule: automatic.rule },
    content: { comment: automatic.comment },
  }
  return [requested, decided]
}

function toAsked(type: string, options: ApprovalOptions): Asked {
  return {
    type,
    title: options.title,
    description: options.description ?? null,
    requester: options.requester ?? null,
    approvers: options.approvers,
    amount: options.amount ?? null,
    currency: options.currency ?? null,
    priority: options.priority ?? 'normal',
    consequence: options.consequence,
    data: options.data ?? null,
  }
}
