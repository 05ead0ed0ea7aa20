import { type Answer, toChainResult } from '../engine/workflow.ts'

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

/** What there is to an answer besides yes and no: how far the chain came, what was chosen, filled in or changed, and for whom. */
export function besides(whole: Answer): object {
  const { option, answer, edited, on_behalf_of, level_name } = whole
  return {
    ...(level_name ? { chain: toChainResult(whole) } : {}),
    ...(option ? { option } : {}),
    ...(answer === null || answer === undefined ? {} : { answer }),
    ...(edited ? { edited } : {}),
    ...(on_behalf_of ? { on_behalf_of } : {}),
  }
}

/** The text that an action's JSON answer has under a key; null where there was no action or it said nothing of the kind. */
export function idFrom(answer: unknown, key: string): string | null {
  if (typeof answer !== 'object' || answer === null) return null
  const value = (answer as Record<string, unknown>)[key]
  return typeof value === 'string' || typeof value === 'number' ? String(value) : null
}
