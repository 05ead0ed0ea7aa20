import * as z from 'zod'
import { requires } from './base.ts'
import { saidValues } from './schemas.ts'

const approvalId = z.string().min(1).max(100)
const type = z.string().min(1).max(64).optional()
const instant = z.iso.datetime({ offset: true, error: 'must be an instant such as 2026-03-01T08:00:00Z' })
const decision = z.enum(['approved', 'rejected', 'expired', 'cancelled'])
const difference = z.object({ pointer: z.string(), before: z.unknown().optional(), after: z.unknown().optional() })

const precedent = z.object({
  id: z.string(),
  title: z.string(),
  requester: z.string().nullable(),
  amount: z.union([z.number(), z.string()]).nullable(),
  currency: z.string().nullable(),
  decision,
  /** Who decided it, by name; null where nobody did. */
  by: z.string().nullable(),
  at: z.string(),
  comment: z.string().nullable(),
  /** False: of the same type alone. */
  same_requester: z.boolean(),
  /** From the earlier one to this one; long values are cut. */
  differences: z.array(difference).readonly(),
  /** Differences beyond those that are listed. */
  more: z.int(),
  /** What differs every time, such as ids, and is not listed. */
  routine: z.int(),
})

const precedentsView = z.object({
  approval_id: z.string(),
  /** What differs this time, said by rules; what wants attention first. */
  notes: z
    .array(
      z.object({
        code: z.enum(['same-again', 'amount', 'currency', 'first-value', 'first-request', 'usual']),
        tone: z.enum(['calm', 'attention']),
        message: z.string(),
        /** What stands in the message, for whoever words it in another language. */
        values: saidValues,
        /** What of the request is meant; empty for the whole. */
        pointer: z.string(),
      }),
    )
    .readonly(),
  precedents: z.array(precedent).readonly(),
  /** How many earlier ones the notes are made of. */
  looked_at: z.object({ of_requester: z.int(), of_type: z.int() }),
})
export type PrecedentsView = z.infer<typeof precedentsView>

const answers = z.object({ approved: z.int(), rejected: z.int() })
const time = z.object({ n: z.int(), median_ms: z.number().nullable(), p90_ms: z.number().nullable() })

const insightView = z.object({
  days: z.int(),
  type: z.string().nullable(),
  time_zone: z.string(),
  /** First and last day, as the time zone has them. */
  from: z.string(),
  to: z.string(),
  came: z.int(),
  approved: z.int(),
  rejected: z.int(),
  expired: z.int(),
  cancelled: z.int(),
  by_day: z
    .array(
      z.object({
        day: z.string(),
        came: z.int(),
        approved: z.int(),
        rejected: z.int(),
        expired: z.int(),
        cancelled: z.int(),
      }),
    )
    .readonly(),
  /** How many came in each of the 24 hours of a day. */
  by_hour: z.array(z.int()).readonly(),
  /** Decided by a rule, without a person. */
  automatic: answers,
  /** Decided by the caller, and by other people. */
  yours: answers,
  others: answers,
  /** Where a person decided what the model had called a high or a low risk. Agreed: high and rejected, or low and approved. */
  model: z.object({ judged: z.int(), agreed: z.int(), high_approved: z.int(), low_rejected: z.int() }),
  /** From the question to a person's decision. */
  time_to_decide: time,
  by_type: z.array(time.extend({ type: z.string() })).readonly(),
  /** Types to choose from, the most frequent first. */
  types: z.array(z.string()).readonly(),
})
export type InsightView = z.infer<typeof insightView>

export const insight = {
  precedents: requires('read')
    .route({
      method: 'GET',
      path: '/approvals/{approval_id}/precedents',
      summary: 'What is like it and was decided earlier, and what differs this time',
      tags: ['Insight'],
    })
    .input(z.strictObject({ approval_id: approvalId }))
    .output(precedentsView),

  overview: requires('read')
    .route({ method: 'GET', path: '/insight', summary: 'How requests were decided in a period', tags: ['Insight'] })
    .input(
      z.strictObject({
        /** How many days, with today. */
        days: z.coerce.number().int().min(1).max(366).default(30),
        type,
        /** Whose days and hours are meant. */
        time_zone: z.string().min(1).max(64).default('UTC'),
      }),
    )
    .output(insightView),

  export: requires('read')
    .route({
      method: 'GET',
      path: '/insight/export',
      summary: 'Decisions of a period as CSV or JSON, page by page',
      description: 'The texts of all pages, one after the other, are the file.',
      tags: ['Insight'],
    })
    .input(
      z.strictObject({
        format: z.enum(['csv', 'json']).default('csv'),
        /** Decided at this instant or later, and before that one. */
        from: instant.optional(),
        to: instant.optional(),
        type,
        limit: z.coerce.number().int().min(1).max(5000).default(1000),
        cursor: z.string().max(500).optional(),
      }),
    )
    .output(z.object({ text: z.string(), rows: z.int(), next_cursor: z.string().nullable() })),
}
