import * as z from 'zod'
import { requires } from './base.ts'
import { approvalStatus } from './schemas.ts'

/* What can be done with an open request besides answering it. */

const approvalId = z.string().min(1).max(100)
const one = z.strictObject({ approval_id: approvalId })
const said = z.object({ message: z.string(), approval_id: z.string() })

const snoozeInput = z
  .strictObject({
    approval_id: approvalId,
    /** Back at this instant. */
    until: z.iso.datetime({ offset: true }).optional(),
    /** Back as soon as something happens to it, be it before. The default where no instant is named. */
    on_change: z.boolean().optional(),
    /** The instant may be later than the deadline. */
    past_deadline: z.boolean().optional(),
  })
  .refine(({ until, on_change }) => until !== undefined || on_change !== false, {
    path: ['until'],
    error: 'must be an instant, unless it comes back when something changes',
  })

const bulkInput = z
  .strictObject({
    /** What was looked at: a changed one is refused. */
    items: z
      .array(z.strictObject({ approval_id: approvalId, version: z.string().regex(/^[0-9a-f]{64}$/) }))
      .min(1)
      .max(1000),
    decision: z.enum(['approve', 'reject']),
    /** Why; needed for a rejection. */
    comment: z.string().trim().max(10_000).optional(),
    hold: z.boolean().optional(),
  })
  .refine(({ decision, comment }) => decision === 'approve' || !!comment, { path: ['comment'], error: 'must say why' })

const bulkResult = z.object({
  approval_id: z.string(),
  /** What was said; null where this one was refused. */
  decision: z.enum(['approved', 'rejected']).nullable(),
  status: approvalStatus.nullable(),
  release_at: z.string().nullable(),
  code: z.string().nullable(),
  message: z.string(),
})

export const asides = {
  decideMany: requires('decide')
    .route({
      method: 'POST',
      path: '/approvals/decide-many',
      summary: 'Decide several, each with a result of its own',
      description:
        'Those with a high risk or a flag, and those that want more than a yes or no, are refused: they are decided one by one.',
      tags: ['Approvals'],
    })
    .input(bulkInput)
    .output(z.object({ message: z.string(), decided: z.number(), refused: z.number(), results: z.array(bulkResult).readonly() })),

  undo: requires('decide')
    .route({
      method: 'POST',
      path: '/approvals/{approval_id}/undo',
      summary: 'Take an answer back that has not left yet',
      tags: ['Approvals'],
    })
    .input(one)
    .output(said),

  snooze: requires('decide')
    .route({ method: 'POST', path: '/approvals/{approval_id}/snooze', summary: 'Set it aside for yourself', tags: ['Approvals'] })
    .input(snoozeInput)
    .output(said.extend({ until: z.string().nullable() })),

  unsnooze: requires('decide')
    .route({ method: 'POST', path: '/approvals/{approval_id}/unsnooze', summary: 'Take it up again', tags: ['Approvals'] })
    .input(one)
    .output(said),

  watch: requires('decide')
    .route({
      method: 'POST',
      path: '/approvals/{approval_id}/watch',
      summary: 'Be told what becomes of it, or no longer',
      tags: ['Approvals'],
    })
    .input(one.extend({ watching: z.boolean().default(true) }))
    .output(said),

  comment: requires('decide', 'submit')
    .route({
      method: 'POST',
      path: '/approvals/{approval_id}/comments',
      summary: 'Remark on it without answering',
      tags: ['Approvals'],
    })
    .input(one.extend({ comment: z.string().trim().min(1).max(10_000) }))
    .output(said),
}
