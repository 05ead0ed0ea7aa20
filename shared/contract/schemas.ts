import * as z from 'zod'
import { attachment, evidence } from './enclosures.ts'

/**
 * The wire shapes, once. Everything that crosses a boundary is snake_case JSON. Inputs are strict about our own fields (an unknown
 * one is an error, so that a misspelling is never silently dropped) and free about the sender's `data`.
 */

export const email = z
  .string()
  .trim()
  .max(254)
  .regex(/^[^\s@<>"]+@[^\s@<>"]+$/, 'must be an e-mail address')

/** An amount as it was sent: a finite number without lost digits, or a decimal string such as "1240.00". */
export const amount = z.union(
  [
    z.number().min(-Number.MAX_SAFE_INTEGER).max(Number.MAX_SAFE_INTEGER),
    z
      .string()
      .max(40)
      .regex(/^-?\d{1,18}(\.\d{1,8})?$/, 'must be a number or a decimal string such as "1240.00"'),
  ],
  { error: 'must be a number or a decimal string such as "1240.00"' },
)

export const currency = z.string().regex(/^[A-Z]{3}$/, 'must be a three-letter code such as EUR')
export const priority = z.enum(['low', 'normal', 'high', 'urgent'])
const risk = z.enum(['low', 'medium', 'high'])
const instant = z.string()
const version = z.object({ number: z.int(), sha256: z.string() })
export const approvalStatus = z.enum(['pending', 'approved', 'rejected', 'expired', 'cancelled'])
export const runStatus = z.enum(['running', 'waiting', 'completed', 'failed', 'cancelled', 'needs_review'])

const actor = z.object({
  kind: z.enum(['person', 'source', 'policy', 'system']),
  id: z.string(),
  name: z.string().optional(),
  via: z.enum(['http', 'browser', 'desktop', 'cli', 'engine']),
  credential: z.string().optional(),
  address: z.string().optional(),
})

/** A sentence of ours as a code and what stands in it, for whoever words it in another language. */
export const saidValues = z.record(
  z.string(),
  z.union([z.string(), z.number(), z.boolean(), z.null(), z.array(z.string()).readonly()]),
)
export const said = z.object({ code: z.string(), values: saidValues.optional() })
const manySaid = z.array(said).readonly()

const summary = z.object({
  state: z.enum(['waiting', 'ready', 'failed', 'off']),
  origin: z.enum(['rules', 'model']),
  summary: z.string(),
  impact: z.string(),
  risk: risk.nullable(),
  model: z.string().nullable(),
  unsupported: z.array(z.string()).readonly(),
  reason: z.string().nullable(),
  covered_bytes: z.number(),
  total_bytes: z.number(),
  said: z.object({ summary: said.nullable(), impact: said.nullable(), reason: manySaid.optional() }).optional(),
})

export const delivery = z.object({
  id: z.string(),
  run_id: z.string(),
  source: z.string(),
  url: z.string(),
  state: z.enum(['pending', 'retrying', 'delivered', 'dead']),
  attempts: z.number(),
  next_at: z.string().nullable(),
  last_status: z.number().nullable(),
  last_error: z.string().nullable(),
  delivered_at: z.string().nullable(),
})

const named = z.object({ email: z.string(), name: z.string() })
const strings = z.array(z.string()).readonly()

/** `any`, `all`, a number of people, or a share such as `60%`. */
export const voteRule = z.union(
  [z.enum(['any', 'all']), z.int().min(1).max(100), z.string().regex(/^(100|[1-9]\d?)%$/) as unknown as z.ZodType<`${number}%`>],
  { error: 'must be any, all, a number of people, or a share such as 60%' },
)

const level = z.object({
  name: z.string(),
  approvers: strings,
  people: strings,
  votes: voteRule,
  one_rejection_ends: z.boolean(),
  timeout_ms: z.number().nullable(),
  remind_before_ms: z.array(z.number()).readonly(),
  escalate: z
    .array(
      z.object({
        approvers: strings,
        people: strings,
        after_ms: z.number().nullable(),
        timeout_ms: z.number().nullable(),
      }),
    )
    .readonly(),
})

export const answerOption = z.strictObject({
  id: z
    .string()
    .max(64)
    .regex(/^[a-z0-9][a-z0-9_-]*$/, 'must be lower-case letters, digits, - and _'),
  label: z.string().trim().min(1).max(100),
  outcome: z.enum(['approved', 'rejected']),
})

const batchItem = z.object({
  id: z.string(),
  type: z.string(),
  title: z.string(),
  amount: z.union([z.number(), z.string()]).nullable(),
  currency: z.string().nullable(),
  data: z.unknown(),
})

const difference = z.object({ pointer: z.string(), before: z.unknown().optional(), after: z.unknown().optional() })

const vote = z.object({
  verdict: z.enum(['approved', 'rejected']),
  actor,
  on_behalf_of: named.nullable(),
  level: z.int(),
  version,
  at: instant,
  comment: z.string().nullable(),
  counts: z.boolean(),
})

export const change = z.object({
  version,
  by: z.enum(['approver', 'requester']),
  actor,
  at: instant,
  comment: z.string().nullable(),
  differences: z.array(difference).readonly(),
})

const erasure = z.object({
  at: instant,
  actor: z.object({ kind: z.string(), id: z.string(), name: z.string().optional(), via: z.string() }),
  reason: z.string(),
  retention_days: z.number().nullable(),
})

export const approvalItem = z.object({
  id: z.string(),
  run_id: z.string(),
  step: z.string(),
  source: z.string(),
  source_name: z.string(),
  type: z.string(),
  title: z.string(),
  description: z.string().nullable(),
  requester: z.string().nullable(),
  approvers: z.array(z.string()).readonly(),
  amount: z.union([z.number(), z.string()]).nullable(),
  currency: z.string().nullable(),
  priority,
  consequence: z.string(),
  status: approvalStatus,
  version,
  created_at: instant,
  due_at: instant.nullable(),
  beneficiary: z.string().optional(),
  editable: strings.optional(),
  partial: z.literal(true).optional(),
  options: z.array(answerOption).readonly().optional(),
  form: z.record(z.string(), z.unknown()).optional(),
  items: z.array(batchItem).readonly().optional(),
  attachments: z.array(attachment).readonly().optional(),
  evidence: z.array(evidence).readonly().optional(),
  rollback: z.string().optional(),
  waits_for: strings,
  excluded: strings,
  levels: z.array(level).readonly(),
  progress: z.object({ done: z.number(), current: z.string().nullable(), total: z.number() }),
  needed: z.number(),
  votes: z.array(vote).readonly(),
  escalation: z
    .object({
      number: z.number(),
      reason: z.enum(['no_answer', 'timeout']),
      original_approvers: strings,
      to: strings,
      at: instant,
      while_away: z.boolean(),
    })
    .nullable(),
  sent_back: z.object({ question: z.string(), actor, at: instant }).nullable(),
  lapsed_at: instant.nullable(),
  held: z
    .object({
      said: z.enum(['approved', 'rejected', 'sent_back', 'cancelled']),
      actor,
      on_behalf_of: named.nullable(),
      at: instant,
      release_at: instant,
      comment: z.string().nullable(),
    })
    .nullable(),
  snoozes: z
    .array(
      z.object({
        person: z.string(),
        until: instant.nullable(),
        on_change: z.boolean(),
        past_deadline: z.literal(true).optional(),
      }),
    )
    .readonly(),
  watchers: strings,
  changes: z.array(change).readonly(),
  ruling: z.object({ rule: z.string().nullable(), policy_version: z.string() }).nullable(),
  decided_at: instant.nullable(),
  decision: z
    .object({
      decision: z.enum(['approved', 'rejected', 'expired', 'cancelled']),
      actor,
      at: instant,
      comment: z.string().nullable(),
      comment_said: manySaid.optional(),
      version,
      self_approved: z.boolean(),
      rule: z.string().nullable(),
      on_behalf_of: named.nullable(),
      level: z.int(),
      option: z.string().nullable(),
      answer: z.unknown(),
      while_away: z.boolean(),
    })
    .nullable(),
  risk,
  risk_floor: risk,
  risk_reasons: z.array(z.string()).readonly(),
  risk_said: manySaid.optional(),
  consequence_said: said.optional(),
  flags: z
    .array(z.object({ code: z.string(), message: z.string(), pointer: z.string(), values: saidValues.optional() }))
    .readonly(),
  summary,
  data: z.unknown(),
  data_bytes: z.number(),
  data_omitted: z.boolean(),
  run: z.object({ status: z.string(), result: z.unknown(), error: z.string().nullable() }),
  deliveries: z.array(delivery).readonly(),
  erased: erasure.optional(),
  revision: z.number(),
})

const progress = z.object({ done: z.number(), current: z.string().nullable(), total: z.number().nullable() })

export const runItem = z.object({
  id: z.string(),
  workflow: z.string(),
  type: z.string(),
  title: z.string(),
  source: z.string(),
  source_name: z.string(),
  status: runStatus,
  input: z.unknown(),
  result: z.unknown(),
  error: z.string().nullable(),
  created_at: instant,
  completed_at: instant.nullable(),
  progress,
  deliveries: z.array(delivery).readonly(),
  erased: erasure.optional(),
  revision: z.number(),
})

export const taskStatus = z.object({
  task_id: z.string(),
  status: runStatus,
  result: z.unknown(),
  error: z.string().nullable(),
  created_at: instant,
  completed_at: instant.nullable(),
  progress,
  pending_approvals: z.array(approvalItem).readonly(),
})

export const runStep = z.object({
  key: z.string(),
  kind: z.enum(['step', 'approval', 'signal', 'sleep', 'child']),
  state: z.enum(['done', 'running', 'waiting', 'retrying', 'failed', 'skipped']),
  attempts: z.number(),
  started_at: instant,
  ended_at: instant.nullable(),
  due_at: instant.nullable(),
  text: z.string(),
  said: manySaid.optional(),
  result: z.unknown().optional(),
  error: z.string().nullable(),
  approval_id: z.string().nullable(),
  child_id: z.string().nullable(),
})

export const timelineEntry = z.object({
  seq: z.number(),
  at: instant,
  type: z.string(),
  actor: z.object({ kind: z.string(), id: z.string(), name: z.string().optional(), via: z.string() }),
  text: z.string(),
  said: manySaid,
  approval_id: z.string().nullable(),
})

/** A query parameter that may hold several values separated by commas. */
export const commaList = <T extends z.ZodType>(item: T) =>
  z.preprocess((value) => (typeof value === 'string' ? value.split(',').filter(Boolean) : value), z.array(item))

export const scope = z.enum(['submit', 'read', 'decide', 'admin'])
