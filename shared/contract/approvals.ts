import * as z from 'zod'
import { requires } from './base.ts'
import { approvalItem, approvalStatus, commaList, email } from './schemas.ts'

const limit = z.coerce.number().int().min(1).max(1000)
const approvalId = z.string().min(1).max(100)

const decideInput = z.strictObject({
  approval_id: approvalId,
  /** What people write and what machines write; both are understood. */
  decision: z.enum(['approve', 'reject', 'approved', 'rejected'], {
    error: 'must be approve or reject (approved and rejected are understood too)',
  }),
  comment: z.string().max(10_000).optional(),
  /** The version that was looked at, by number or by SHA-256. A different one is refused. */
  version: z.union([z.int().positive(), z.string().regex(/^[0-9a-f]{64}$/)]).optional(),
})
export type DecideInput = z.infer<typeof decideInput>

const pages = { items: z.array(approvalItem).readonly(), total: z.number(), next_cursor: z.string().nullable() }

export const approvals = {
  pending: requires('read')
    .route({ method: 'GET', path: '/approvals/pending', summary: 'What waits, for one approver or for all', tags: ['Approvals'] })
    .input(z.strictObject({ approver_email: email.optional(), limit: limit.default(200), cursor: z.string().max(500).optional() }))
    .output(
      z.object({
        pending_approvals: z.array(approvalItem).readonly(),
        count: z.number(),
        approver_email: z.string().nullable(),
        next_cursor: z.string().nullable(),
      }),
    ),

  list: requires('read')
    .route({ method: 'GET', path: '/approvals', summary: 'Approvals by filter, page by page', tags: ['Approvals'] })
    .input(
      z.strictObject({
        status: commaList(approvalStatus).optional(),
        approver_email: email.optional(),
        requester: z.string().max(254).optional(),
        type: z.string().max(64).optional(),
        run_id: z.string().max(100).optional(),
        search: z.string().max(200).optional(),
        sort: z.enum(['due', 'newest', 'oldest', 'decided']).default('newest'),
        limit: limit.default(50),
        cursor: z.string().max(500).optional(),
      }),
    )
    .output(z.object(pages)),

  get: requires('read')
    .route({ method: 'GET', path: '/approvals/{approval_id}', summary: 'One approval, whole', tags: ['Approvals'] })
    .input(z.strictObject({ approval_id: approvalId }))
    .output(approvalItem),

  decide: requires('decide')
    .route({
      method: 'POST',
      path: '/approvals/decide',
      summary: 'Approve or reject',
      description:
        'The first decision stands: the same one again gets the same answer, another one a 409 that says who decided and when.',
      tags: ['Approvals'],
    })
    .input(decideInput)
    .output(z.object({ message: z.string(), approval_id: z.string(), decision: z.enum(['approved', 'rejected']) })),
}
