import { eventIterator } from '@orpc/contract'
import * as z from 'zod'
import { requires } from './base.ts'

const actor = z.object({
  kind: z.enum(['person', 'source', 'policy', 'system']),
  id: z.string(),
  name: z.string().optional(),
  via: z.string(),
  credential: z.string().optional(),
  address: z.string().optional(),
})

/** One record of the journal. What senders and people wrote is left out: `audit.get` has the whole line. */
const auditEntry = z.object({
  seq: z.number(),
  at: z.string(),
  type: z.string(),
  actor,
  run_id: z.string().nullable(),
  approval_id: z.string().nullable(),
  data: z.unknown(),
  /** What was written here has been erased. */
  erased: z.boolean(),
  /** It is not as it was written: nothing but its number, time and type can be read. */
  damaged: z.boolean(),
  hash: z.string(),
  /** What the run or the approval is about, as far as it is known now. */
  about: z
    .object({ title: z.string(), amount: z.union([z.number(), z.string()]).nullable(), currency: z.string().nullable() })
    .nullable(),
})
export type AuditEntry = z.infer<typeof auditEntry>

const instant = z.iso.datetime({ offset: true })

const auditQuery = z.strictObject({
  /** A part of the record's type: `approval`, `decided`, `token`. */
  type: z.string().trim().min(1).max(64).optional(),
  /** A part of the name or the id of whoever did it. */
  actor: z.string().trim().min(1).max(254).optional(),
  /** The id of a run, an approval or a credential, or any other id in the record. */
  id: z.string().trim().min(1).max(200).optional(),
  from: instant.optional(),
  to: instant.optional(),
  limit: z.coerce.number().int().min(1).max(200).default(50),
  cursor: z
    .string()
    .regex(/^\d{1,15}$/, 'is not a cursor')
    .optional(),
})
export type AuditQuery = z.infer<typeof auditQuery>

export const audit = {
  list: requires('admin')
    .route({
      method: 'GET',
      path: '/audit',
      summary: 'Records of the journal, newest first',
      description:
        'A search looks through a part of the journal at a time: a page can have fewer items than asked for, or none, and still a `next_cursor`.',
      tags: ['Audit'],
    })
    .input(auditQuery)
    .output(
      z.object({
        items: z.array(auditEntry).readonly(),
        /** Records there are. */
        total: z.number(),
        next_cursor: z.string().nullable(),
        /** The oldest record that was looked at for this page. */
        looked_back_to: z.object({ seq: z.number(), at: z.string() }).nullable(),
      }),
    ),
  get: requires('admin')
    .route({ method: 'GET', path: '/audit/records/{seq}', summary: 'One record of the journal, as it is written', tags: ['Audit'] })
    .input(z.strictObject({ seq: z.coerce.number().int().min(1) }))
    .output(
      z.object({
        seq: z.number(),
        hash: z.string(),
        prev: z.string(),
        erased: z.boolean(),
        /** Where it stands. */
        segment: z.string(),
        offset: z.number(),
        bytes: z.number(),
        /** The line, byte for byte. */
        line: z.string(),
      }),
    ),
  export: requires('admin')
    .route({
      method: 'GET',
      path: '/audit/export',
      summary: 'All records as they are written',
      description:
        'Server-sent events; `lines` holds whole lines of the journal, oldest first, byte for byte. The first one has none, but `proof`: the signed checkpoints, and a program that proves the records with them and without Countersign.',
      tags: ['Audit'],
    })
    .input(z.strictObject({}))
    .output(
      eventIterator(
        z.object({
          lines: z.string(),
          /** What belongs into `checkpoints.jsonl` and `verify.mjs` beside the records. */
          proof: z.object({ checkpoints: z.string(), verifier: z.string() }).optional(),
        }),
      ),
    ),
}
