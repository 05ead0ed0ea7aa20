import type { ApprovalOptions } from './workflow.ts'

/** The first time a question is reached, its own condition may answer it; later its record does. */
export function withAutomatic({ auto_approve_if, ...options }: ApprovalOptions): ApprovalOptions {
  if (options.automatic || auto_approve_if === undefined) return options
  // A promise is not `true`: a predicate that takes its time asks.
  const says: unknown = typeof auto_approve_if === 'function' ? auto_approve_if() : auto_approve_if
  if (says !== true) return options
  const comment = 'The condition for an automatic approval was met.'
  return { ...options, automatic: { decision: 'approved', rule: 'auto_approve_if', comment } }
}
