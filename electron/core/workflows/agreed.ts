import type * as z from 'zod'
import { type Answer, RunFailure } from '../engine/workflow.ts'

/** Whether what was agreed to is another version than came in. */
export const isChanged = (answer: Answer): boolean => answer.version.number > 1

/**
 * What was agreed to, read from the answer by its schema: what is carried out is what people saw last, never what came first. Ends the
 * run as failed where it does not fit any more: then nobody knows what was meant.
 */
export function readAgreed<T extends z.ZodType>(what: string, schema: T, answer: Answer): z.output<T> {
  const parsed = schema.safeParse(answer.value)
  if (parsed.success) return parsed.data
  return refuseAgreed(
    what,
    answer,
    parsed.error.issues.map(({ path, message }) => `${path.join('.') || 'data'}: ${message}`).join('; '),
  )
}

/** Ends the run as failed: what was agreed to cannot be what is carried out. */
export function refuseAgreed(what: string, { version }: Answer, why: string): never {
  throw new RunFailure(
    `${what} was approved as version ${version.number}, and nothing was done, for it cannot be carried out: ${why}.`,
  )
}
