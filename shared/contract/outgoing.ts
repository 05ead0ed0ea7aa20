import * as z from 'zod'

/*
 * What this application calls by itself: what is done once a type is approved, and who is told that a task needs review. What stands
 * in headers stays in `config.yaml`: it goes in, and never comes out again.
 */

const timeout = z.number().nullable()

const actionView = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('call'),
    type: z.string(),
    url: z.string(),
    /** Names alone. */
    headers: z.array(z.string()).readonly(),
    timeout_seconds: timeout,
    /** Where it stands in `config.yaml`. */
    line: z.int().nullable(),
  }),
  z.object({
    kind: z.literal('command'),
    type: z.string(),
    command: z.array(z.string()).readonly(),
    cwd: z.string().nullable(),
    timeout_seconds: timeout,
    line: z.int().nullable(),
  }),
])
export type ActionView = z.infer<typeof actionView>

export const outgoingView = z.object({
  actions: z.array(actionView).readonly(),
  /** Whether who asks may make this machine run a program: only somebody at it, in the window or in a terminal. */
  may_set_commands: z.boolean(),
  /** Is told, by POST, that a task needs review. */
  review_webhook: z.string().nullable(),
  /** Where all of it is written. */
  file: z.string(),
})
export type OutgoingView = z.infer<typeof outgoingView>

/** One action, whole. How each member has to be is said by the schema of `config.yaml`, in one place. */
const actionInput = z.union([
  z.strictObject({
    url: z.string().trim().min(1).max(2000),
    /** By name: what it says, or true where it stays as it is. */
    headers: z.record(z.string().max(200), z.union([z.string().max(8000), z.literal(true)])).optional(),
    timeout_seconds: timeout.optional(),
  }),
  z.strictObject({
    command: z.array(z.string().max(4096)).min(1).max(200),
    cwd: z.string().trim().max(4096).nullable().optional(),
    timeout_seconds: timeout.optional(),
  }),
])
export type ActionInput = z.infer<typeof actionInput>

/** By request type; null takes it out. */
export const actionsInput = z.record(z.string().min(1).max(64), actionInput.nullable())

/** By name. Hooks are written in `config.yaml`; here they can be taken out. */
export const hooksInput = z.record(z.string().min(1).max(64), z.null())
