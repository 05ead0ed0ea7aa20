import { eventIterator } from '@orpc/contract'
import * as z from 'zod'
import { asides } from './approval-asides.ts'
import { approvalLists } from './approval-lists.ts'
import { requires } from './base.ts'
import { changedEnclosures } from './enclosures.ts'
import { amount, approvalItem, approvalStatus, change, email } from './schemas.ts'

const approvalId = z.string().min(1).max(100)
const comment = z.string().max(10_000)

/** The version that was looked at, by number or by SHA-256. A different one is refused. */
const seenVersion = z.union([z.int().positive(), z.string().regex(/^[0-9a-f]{64}$/)])

const verb = z.enum(['approve', 'reject', 'approved', 'rejected', 'send_back', 'cancel'], {
  error: 'must be approve, reject, send_back or cancel (approved and rejected are understood too)',
})

const decideInput = z
  .strictObject({
    approval_id: approvalId,
    /** What people write and what machines write; both are understood. May be left out where an option is named. */
    decision: verb.optional(),
    /** Why; the question, when it is sent back. */
    comment: comment.optional(),
    version: seenVersion.optional(),
    /** E-mail of the person for whom it is decided: both names are recorded. Needed where somebody may act for more than one. */
    on_behalf_of: email.optional(),
    /** One of the request's own options, by id. */
    option: z.string().max(64).optional(),
    /** Edit and approve: new values by JSON pointer into the data; only what the request allows. */
    changes: z.record(z.string().max(500), z.unknown()).optional(),
    /** Approve a part: at most what was asked. */
    amount: amount.optional(),
    /** Approve some of the items: the ids of those that stay. */
    items: z.array(z.string().max(200)).min(1).max(10_000).optional(),
    /** What was filled into the request's form. */
    answer: z.unknown().optional(),
    /** Keep it for the few seconds that config.yaml says, in which it can be undone; only then it leaves. */
    hold: z.boolean().optional(),
  })
  .refine(({ decision, option }) => decision !== undefined || option !== undefined, {
    path: ['decision'],
    error: 'must be approve, reject, send_back or cancel (or name an option)',
  })
export type DecideInput = z.infer<typeof decideInput>

const reviseInput = z.strictObject({
  approval_id: approvalId,
  /** Answers the question it was sent back with, or says why. Alone, nothing changes but that it has been answered. */
  comment: comment.optional(),
  title: z.string().trim().min(1).max(300).optional(),
  description: comment.optional(),
  amount: amount.optional(),
  data: z.record(z.string(), z.unknown()).optional(),
  ...changedEnclosures,
})
export type ReviseInput = z.infer<typeof reviseInput>

const done = z.object({ message: z.string(), approval_id: z.string(), status: approvalStatus })
/** Whom it goes to: e-mails, aliases and `group:` names. What looks like an address has to be one. */
const people = z
  .array(
    z
      .string()
      .trim()
      .min(1)
      .max(254)
      .refine((who) => !who.includes('@') || email.safeParse(who).success, 'must be an e-mail address'),
  )
  .min(1)
  .max(100)

export const approvals = {
  ...approvalLists,

  get: requires('read')
    .route({ method: 'GET', path: '/approvals/{approval_id}', summary: 'One approval, whole', tags: ['Approvals'] })
    .input(z.strictObject({ approval_id: approvalId }))
    .output(approvalItem),

  stream: requires('read')
    .route({
      method: 'GET',
      path: '/approvals/{approval_id}/stream',
      summary: 'One approval and every change of it, until it has ended',
      description:
        'Server-sent events; the same address takes a WebSocket. `/api/approvals/{key}/stream` is another name, where the key may be a run id and a step key with a colon between them.',
      tags: ['Approvals'],
    })
    .input(z.strictObject({ approval_id: z.string().min(1).max(300) }))
    .output(eventIterator(approvalItem)),

  decide: requires('decide')
    .route({
      method: 'POST',
      path: '/approvals/decide',
      summary: 'Approve, reject, send back or cancel',
      description:
        'The first decision stands: the same one again gets the same answer, another one a 409 that says who decided and when.',
      tags: ['Approvals'],
    })
    .input(decideInput)
    .output(
      z.object({
        message: z.string(),
        approval_id: z.string(),
        /** What was said. */
        decision: z.enum(['approved', 'rejected', 'sent_back', 'cancelled']),
        /** What it made of the approval: `pending` while more votes or levels are needed, or while it can be undone. */
        status: approvalStatus,
        /** Until when it can be undone, where it is held. */
        release_at: z.string().optional(),
      }),
    ),

  revise: requires('submit', 'admin')
    .route({
      method: 'POST',
      path: '/approvals/{approval_id}/revise',
      summary: 'Change what is asked, or answer a question',
      description: 'A change is a new version: votes for the earlier one count no more, and approvers see the difference.',
      tags: ['Approvals'],
    })
    .input(reviseInput)
    .output(done.extend({ version: z.object({ number: z.int(), sha256: z.string() }) })),

  withdraw: requires('submit', 'admin')
    .route({
      method: 'POST',
      path: '/approvals/{approval_id}/withdraw',
      summary: 'Take a question back',
      tags: ['Approvals'],
    })
    .input(z.strictObject({ approval_id: approvalId, reason: comment.optional() }))
    .output(done),

  reassign: requires('decide', 'admin')
    .route({
      method: 'POST',
      path: '/approvals/{approval_id}/reassign',
      summary: 'Hand it to somebody else',
      tags: ['Approvals'],
    })
    .input(z.strictObject({ approval_id: approvalId, to: people, comment: comment.optional() }))
    .output(done.extend({ waits_for: z.array(z.string()).readonly() })),

  extend: requires('decide', 'admin')
    .route({
      method: 'POST',
      path: '/approvals/{approval_id}/extend',
      summary: 'Give it more time',
      tags: ['Approvals'],
    })
    .input(
      z.strictObject({
        approval_id: approvalId,
        /** Counted from the present deadline, or from now where that has passed. */
        hours: z
          .number()
          .positive()
          .max(24 * 366),
        comment: comment.optional(),
      }),
    )
    .output(done.extend({ due_at: z.string() })),

  ...asides,

  versions: requires('read')
    .route({
      method: 'GET',
      path: '/approvals/{approval_id}/versions',
      summary: 'What was asked, version by version, with the differences',
      tags: ['Approvals'],
    })
    .input(z.strictObject({ approval_id: approvalId }))
    .output(
      z.object({
        approval_id: z.string(),
        versions: z
          .array(
            z.object({ version: z.object({ number: z.int(), sha256: z.string() }), asked: z.unknown(), change: change.nullable() }),
          )
          .readonly(),
      }),
    ),

  webhook: requires('decide')
    .route({
      method: 'POST',
      path: '/webhooks/approve',
      summary: 'Decide by approval id, or by run id and step key',
      tags: ['Approvals'],
    })
    .input(
      z.strictObject({
        /** An approval's id, or a run's id and a step key with a colon between them. */
        key: z.string().min(1).max(300),
        action: z.enum(['approve', 'reject', 'edit', 'cancel']),
        value: z.unknown().optional(),
        reason: comment.optional(),
        /** Who decides: an e-mail that the credential's person is, or acts for. */
        actorId: z.string().max(254).optional(),
        /** What the editor saw; refused when it is no longer what is asked. */
        originalValue: z.unknown().optional(),
        editedValue: z.unknown().optional(),
      }),
    )
    .output(done.extend({ key: z.string(), action: z.string() })),
}
