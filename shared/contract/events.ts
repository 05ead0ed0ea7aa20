import { eventIterator } from '@orpc/contract'
import * as z from 'zod'
import { requires } from './base.ts'
import { approvalItem, runItem } from './schemas.ts'

const viewCounts = z.object({
  inbox: z.number(),
  due_soon: z.number(),
  waiting: z.number(),
  snoozed: z.number(),
  done: z.number(),
  all: z.number(),
})

const counts = z.object({
  /** How many are in each view of whoever reads; absent where a program does. */
  views: viewCounts.optional(),
  pending: z.number(),
  due_soon: z.number(),
  needs_review: z.number(),
  dead_deliveries: z.number(),
})

/** Whether what is stored can be trusted and written to right now. */
export const health = z.object({
  status: z.enum(['ok', 'rebuilding', 'read_only']),
  detail: z.string().nullable(),
  /** Of a rebuild: records applied and records there are. */
  applied: z.number(),
  total: z.number(),
})

/** A change, whole. Applying one twice does no harm: a lower `revision` than the one held is older. `hello` comes first. */
const change = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('hello'), counts, health }),
  z.object({ kind: z.literal('approval'), item: approvalItem, counts }),
  z.object({ kind: z.literal('run'), item: runItem }),
  z.object({ kind: z.literal('counts'), counts }),
  z.object({ kind: z.literal('health'), health }),
  /** A deadline is near or has passed: at half of its time, 15 minutes before, at expiry. */
  z.object({
    kind: z.literal('deadline'),
    approval_id: z.string(),
    title: z.string(),
    stage: z.enum(['half', 'fifteen_minutes', 'reminder', 'expired']),
    due_at: z.string(),
  }),
])
export type ChangeEvent = z.infer<typeof change>
export type Counts = z.infer<typeof counts>
export type Health = z.infer<typeof health>

export const events = {
  subscribe: requires('read')
    .route({
      method: 'GET',
      path: '/events',
      summary: 'Changes as they happen',
      description: 'Server-sent events. After a lost connection, fetch what is shown again: nothing is replayed.',
      tags: ['Events'],
    })
    .input(z.strictObject({}))
    .output(eventIterator(change)),
}
