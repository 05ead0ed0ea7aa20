import { ORPCError } from '@orpc/client'

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
    return { code: 'offline', status: 0, message: 'Countersign could not be reached.', data: {} }
  }
  return { code: 'unknown', status: 0, message, data: {} }
}

/** Turns an RFC 9457 problem document into the error every link throws; null when it is none. */
export function fromProblem(body: unknown, status: number): ORPCError<string, unknown> | null {
  if (!isRecord(body) || typeof body.code !== 'string') return null
  const message = typeof body.detail === 'string' ? body.detail : String(body.title ?? 'The call failed')
  return new ORPCError(body.code, { status: status >= 400 ? status : 500, message, data: body })
}
