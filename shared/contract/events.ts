import { eventIterator } from '@orpc/contract'
import * as z from 'zod'
import { requires } from './base.ts'
import { approvalItem, approvalStatus, runItem } from './schemas.ts'

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

const occasions = ['new', 'back', 'half', 'renag', 'reminder', 'expired', 'watched'] as const

/**
 * One person is to be told something, now. A hint and nothing more: lists and counts say the same without it. Only that person's own
 * programs get it.
 */
const alert = z.object({
  kind: z.literal('alert'),
  /** E-mail of whom it is for. */
  to: z.string(),
  /**
   * `new`: it waits for them since now; `back`: they had set it aside; `half`, `renag`: so much of its time is over; `reminder`: the
   * sender wanted one; `expired`; `watched`: how something ended that they watch; `digest`: what was held back, in one; `closed`: what
   * came due while the application was closed, in one.
   */
  reason: z.enum([...occasions, 'digest', 'closed']),
  /** What it is about, at most 100 of them; `count` is how many there are. */
  approval_ids: z.array(z.string()).readonly(),
  count: z.number(),
  /** What a `digest` or `closed` is made of: how many of each. */
  parts: z.array(z.object({ reason: z.enum(occasions), count: z.number() })).readonly(),
  title: z.string(),
  text: z.string(),
  /** Now, by the clock of the host. */
  at: z.string(),
  due_at: z.string().nullable(),
  /** Of one that ended: how, and who ended it. */
  outcome: approvalStatus.nullable(),
  by: z.string().nullable(),
  sound: z.boolean(),
  /** When the next alert about it comes, if nothing happens to it. */
  next_at: z.string().nullable(),
})
export type AlertEvent = z.infer<typeof alert>

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
  alert,
  /** Something in `config.yaml` is other than it was, or is wrong with it now: fetch the settings again. */
  z.object({ kind: z.literal('settings') }),
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
