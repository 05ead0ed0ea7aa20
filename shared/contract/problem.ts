import { ORPCError } from '@orpc/contract'
import type { Problem } from './errors.ts'

/** By hand rather than by the schema: the inbox page reads problems too, and carries no schemas. */
function isProblem(body: unknown): body is Problem {
  if (typeof body !== 'object' || body === null) return false
  const { type, title, detail, code, status }: Readonly<Record<string, unknown>> = { ...body }
  return [type, title, detail, code].every((text) => typeof text === 'string') && typeof status === 'number'
}

/** An RFC 9457 problem document as the error that the router threw, the same over every link; null when it is none. */
export function fromProblem(body: unknown, status: number): ORPCError<string, unknown> | null {
  if (!isProblem(body)) return null
  const { code, detail, type: _type, title: _title, status: _status, instance: _instance, request_id: _id, ...data } = body
  return new ORPCError(code, { status: status >= 400 ? status : 500, message: detail, data })
}
