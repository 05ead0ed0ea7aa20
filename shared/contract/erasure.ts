import * as z from 'zod'
import { requires } from './base.ts'

const runId = z.string().min(1).max(100)

const requestType = z
  .string()
  .max(64)
  .regex(/^[a-z][a-z0-9_-]*$/, 'must be a request type: lower-case letters, digits, - and _, starting with a letter')

/** Days after the end of a run; null keeps it for ever. */
const days = z.int('must be a whole number of days, or null to keep it for ever').min(1).max(36_500).nullable()

/** `retention` of `config.yaml`: how long what requests said is kept, and what is kept whatever the rules say. */
export const retentionRules = z.strictObject({
  days: days.default(null),
  types: z
    .record(requestType, days)
    .default({})
    // Looked up by a type that a sender chose: `constructor` must find nothing.
    .transform((types): Readonly<Record<string, number | null>> => Object.assign(Object.create(null), types)),
  hold: z
    .strictObject({
      runs: z
        .array(
          z
            .string()
            .trim()
            .regex(/^run_[0-9a-z_]+$/i, 'must be the id of a run, such as run_0198…')
            .max(100),
        )
        .max(10_000)
        .default([]),
      types: z.array(requestType).max(1000).default([]),
    })
    .prefault({}),
})
export type RetentionRules = z.output<typeof retentionRules>

const preview = z.object({
  /** Runs that these rules would erase now. */
  due: z.number(),
  /** Runs past their time that are kept because they are on hold. */
  held: z.number(),
  /** Runs that have ended and say what they said. */
  of: z.number(),
  types: z.array(z.object({ type: z.string(), due: z.number(), of: z.number() })).readonly(),
})
export type RetentionPreview = z.infer<typeof preview>

const view = z.object({
  rules: z.object({
    days: z.number().nullable(),
    types: z.record(z.string(), z.number().nullable()),
    hold: z.object({ runs: z.array(z.string()).readonly(), types: z.array(z.string()).readonly() }),
  }),
  /** When it is looked next for what is past its time. */
  next_at: z.string(),
  /** Erased runs of which the files still have something, because the disk took nothing: it is tried again. */
  unfinished: z.number(),
})
export type RetentionView = z.infer<typeof view>

/** Taking out what was said, by hand and after its time. What happened, when and by whom stays, and the chain with it. */
export const erasure = {
  erase: requires('admin')
    .route({
      method: 'POST',
      path: '/runs/{run_id}/erase',
      summary: 'Erase what a run said',
      description:
        'For a person who administers. The run must have ended; the runs that it started are erased with it. What was asked, answered and returned is blanked in the journal and taken out of the database; who did what and when stays. It cannot be undone.',
      tags: ['Erasure'],
    })
    .input(z.strictObject({ run_id: runId, reason: z.string().trim().min(1).max(500) }))
    .output(
      z.object({
        message: z.string(),
        run_id: z.string(),
        /** The runs that were erased by this call; none where it had been erased before. */
        erased: z.array(z.string()).readonly(),
        /** The files have nothing of it any more. False: the disk took nothing; it is tried again until it does. */
        done: z.boolean(),
      }),
    ),
  retention: requires('read')
    .route({ method: 'GET', path: '/retention', summary: 'How long what requests said is kept', tags: ['Erasure'] })
    .input(z.strictObject({}))
    .output(view),
  setRetention: requires('admin')
    .route({ method: 'PUT', path: '/retention', summary: 'Change how long what requests said is kept', tags: ['Erasure'] })
    .input(retentionRules)
    .output(view),
  preview: requires('admin')
    .route({
      method: 'POST',
      path: '/retention/preview',
      summary: 'How many runs a change of retention would erase; changes nothing',
      tags: ['Erasure'],
    })
    .input(retentionRules)
    .output(preview),
}
