import { ORPCError } from '@orpc/client'
import { t } from './strings.ts'

/** Why a call did not work, whichever link carried it. `offline` and `unknown` are the page's own codes. */
export type CallFailure = {
  readonly code: string
  readonly status: number
  readonly message: string
  readonly data: Readonly<Record<string, unknown>>
}

const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null

export function toFailure(error: unknown): CallFailure {
  if (error instanceof ORPCError) {
    return { code: String(error.code), status: error.status, message: error.message, data: isRecord(error.data) ? error.data : {} }
  }
  const message = error instanceof Error ? error.message : String(error)
  if (error instanceof TypeError || /fetch|network|closed|abort/i.test(message)) {
    return { code: 'offline', status: 0, message: t.unreachable, data: {} }
  }
  return { code: 'unknown', status: 0, message, data: {} }
}
