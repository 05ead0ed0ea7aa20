import { ORPCError } from '@orpc/contract'
import { problem } from './errors.ts'

/** An RFC 9457 problem document as the error that the router threw, the same over every link; null when it is none. */
export function fromProblem(body: unknown, status: number): ORPCError<string, unknown> | null {
  const parsed = problem.safeParse(body)
  if (!parsed.success) return null
  const { code, detail, type: _type, title: _title, status: _status, instance: _instance, request_id: _id, ...data } = parsed.data
  return new ORPCError(code, { status: status >= 400 ? status : 500, message: detail, data })
}
