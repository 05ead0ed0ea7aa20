import type { Answer } from '../engine/workflow.ts'

/** Why a request was not approved, as a sentence: the approver's words, or what happened instead. */
export function toReason(answer: Answer): string {
  if (answer.reason) return answer.reason
  switch (answer.outcome) {
    case 'rejected':
      return 'No reason was given.'
    case 'expired':
      return 'Nobody decided in time.'
    case 'cancelled':
      return 'The request was cancelled.'
    case 'approved':
      return 'Approved.'
  }
}

/** The text that an action's JSON answer has under a key; null where there was no action or it said nothing of the kind. */
export function idFrom(answer: unknown, key: string): string | null {
  if (typeof answer !== 'object' || answer === null) return null
  const value = (answer as Record<string, unknown>)[key]
  return typeof value === 'string' || typeof value === 'number' ? String(value) : null
}
