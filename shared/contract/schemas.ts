import * as z from 'zod'

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
  decided_at: instant.nullable(),
  decision: z
    .object({
      decision: z.enum(['approved', 'rejected', 'expired', 'cancelled']),
      actor,
      at: instant,
      comment: z.string().nullable(),
      version,
      self_approved: z.boolean(),
      rule: z.string().nullable(),
    })
    .nullable(),
  risk,
  risk_floor: risk,
  risk_reasons: z.array(z.string()).readonly(),
  flags: z.array(z.object({ code: z.string(), message: z.string(), pointer: z.string() })).readonly(),
  summary,
  data: z.unknown(),
  data_bytes: z.number(),
  data_omitted: z.boolean(),
  run: z.object({ status: z.string(), result: z.unknown(), error: z.string().nullable() }),
  deliveries: z.array(delivery).readonly(),
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

export const timelineEntry = z.object({
  seq: z.number(),
  at: instant,
  type: z.string(),
  actor: z.object({ kind: z.string(), id: z.string(), name: z.string().optional(), via: z.string() }),
  text: z.string(),
  approval_id: z.string().nullable(),
})

/** A query parameter that may hold several values separated by commas. */
export const commaList = <T extends z.ZodType>(item: T) =>
  z.preprocess((value) => (typeof value === 'string' ? value.split(',').filter(Boolean) : value), z.array(item))

export const scope = z.enum(['submit', 'read', 'decide', 'admin'])
