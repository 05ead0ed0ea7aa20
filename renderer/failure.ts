import { ORPCError } from '@orpc/client'
import { failures } from './language.ts'
import { t } from './strings.ts'

/** Why a call did not work, whichever link carried it. `offline` and `unknown` are the page's own codes. */
export type CallFailure = {
  readonly code: string
  readonly status: number
  readonly message: string
  readonly data: Readonly<Record<string, unknown>>
}

const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null

/** These codes say that something is wrong, and only the host's own words say what. */
const detailed: ReadonlySet<string> = new Set(['invalid-input', 'malformed-request'])

/** Why it was refused, in the language of the page: by the code, as what the host says about it is English. */
export function whyOf(code: string, message: string): string {
  const why = failures !== null && Object.hasOwn(failures, code) ? failures[code] : undefined
  if (why === undefined) return message
  return detailed.has(code) && message !== '' ? `${why} ${message}` : why
}

export function toFailure(error: unknown): CallFailure {
  if (error instanceof ORPCError) {
    const code = String(error.code)
    return { code, status: error.status, message: whyOf(code, error.message), data: isRecord(error.data) ? error.data : {} }
  }
  const message = error instanceof Error ? error.message : String(error)
  if (error instanceof TypeError || /fetch|network|closed|abort/i.test(message)) {
    return { code: 'offline', status: 0, message: t.unreachable, data: {} }
  }
  return { code: 'unknown', status: 0, message, data: {} }
}
