import { ORPCError } from '@orpc/server'
import type { ErrorCode, Failure, Problem, ProblemEntry } from '../../../shared/contract/errors.ts'
import { catalogue, failure } from '../../../shared/contract/errors.ts'
import { pointerSegment, toPointer } from '../../../shared/contract/pointer.ts'
import { JournalError } from '../journal/port.ts'

/** How every failure looks over HTTP: RFC 9457, with the stable code, where to look it up and the id that is in the log too. */
export function toProblem(found: Failure, requestId: string, instance: string | undefined): Problem {
  const [status, title] = catalogue[found.code]
  const members = typeof found.data === 'object' && found.data !== null ? found.data : {}
  const standard = {
    type: `/docs#${found.code}`,
    title,
    status,
    detail: found.message,
    code: found.code,
    ...(instance === undefined ? {} : { instance }),
    request_id: requestId,
  }
  // What belongs to the code (`errors`, who decided and when) stands beside the standard members, and never in their place.
  return { ...standard, ...members, ...standard }
}

/** What a procedure threw, as a failure of the catalogue; null when it is a bug of ours. */
export function toFailure(error: unknown): Failure | null {
  if (error instanceof JournalError) return failure(error.code === 'disk-full' ? 'disk-full' : 'read-only', error.message)
  if (!(error instanceof ORPCError)) return null
  if (error.code === 'BAD_REQUEST' && hasIssues(error.data)) {
    const errors = toEntries(error.data.issues)
    return failure('invalid-input', summarise(errors), { errors })
  }
  if (error.code === 'internal' || !Object.hasOwn(catalogue, error.code)) return null
  return failure(error.code as ErrorCode, error.message, error.data)
}

/** A validation issue, as the schema library reports it. */
type Issue = {
  readonly message: string
  readonly path?: readonly (PropertyKey | { readonly key: PropertyKey })[]
  readonly code?: string
  readonly origin?: string
  readonly minimum?: number | bigint
  readonly maximum?: number | bigint
  readonly inclusive?: boolean
  readonly keys?: readonly string[]
  readonly errors?: readonly (readonly Issue[])[]
}

function hasIssues(data: unknown): data is { issues: readonly Issue[] } {
  return typeof data === 'object' && data !== null && Array.isArray((data as { issues?: unknown }).issues)
}

/** Every problem, each with the JSON pointer of the value it is about. */
export function toEntries(issues: readonly Issue[]): ProblemEntry[] {
  return issues.flatMap((issue) => {
    const pointer = toPointer((issue.path ?? []).map((part) => (typeof part === 'object' ? part.key : part)))
    if (issue.code === 'unrecognized_keys' && issue.keys) {
      return issue.keys.map((key) => ({ pointer: pointer + pointerSegment(key), message: 'is not a known field' }))
    }
    return [{ pointer, message: toMessage(issue) }]
  })
}

function toMessage(issue: Issue): string {
  if (issue.code === 'invalid_union' && issue.message === 'Invalid input' && issue.errors) {
    const branches = new Set(issue.errors.flatMap((branch) => branch.map(toMessage)))
    if (branches.size > 0) return [...branches].join(', or ')
  }
  if (issue.message.endsWith('received undefined')) return 'is required'
  if (issue.code === 'too_small' || issue.code === 'too_big') return sizeMessage(issue)
  return issue.message.replace(/^Invalid (input|option|string): /, '')
}

const unitOf: Readonly<Record<string, string>> = { string: ' characters', array: ' items' }

/** "must have at least 3 characters", "must be greater than 0": what the schema library says in its own way. */
function sizeMessage({ code, message, origin = '', minimum, maximum, inclusive }: Issue): string {
  // A schema that says it in words of its own is taken at its word.
  if (!/^Too (small|big)/.test(message)) return message
  const unit = unitOf[origin] ?? ''
  if (code === 'too_small' && unit !== '' && Number(minimum) === 1) return 'must not be empty'
  const limit = code === 'too_small' ? minimum : maximum
  if (unit !== '') return `must have at ${code === 'too_small' ? 'least' : 'most'} ${limit}${unit}`
  if (inclusive) return `must be ${limit} or ${code === 'too_small' ? 'more' : 'less'}`
  return `must be ${code === 'too_small' ? 'greater' : 'less'} than ${limit}`
}

function summarise(errors: readonly ProblemEntry[]): string {
  const first = errors[0]
  if (errors.length !== 1 || first === undefined) return `${errors.length} things are wrong; see errors.`
  return first.pointer === '' ? first.message : `${first.pointer} ${first.message}`
}
