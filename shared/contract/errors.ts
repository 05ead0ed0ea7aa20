import * as z from 'zod'

/** One line a failure: its HTTP status and its title. The code is stable; a message says what failed and what to do. */
export const catalogue = {
  'malformed-request': [400, 'The request could not be read'],
  unauthorized: [401, 'A valid credential is needed'],
  forbidden: [403, 'This credential may not do that'],
  'host-not-allowed': [403, 'This host name is not allowed'],
  'origin-not-allowed': [403, 'Requests from other web pages are not allowed'],
  'not-approver': [403, 'You are not asked here'],
  'self-approval': [403, 'Requesters do not approve their own requests'],
  'same-credential': [403, 'Two people need two credentials'],
  'not-in-bulk': [403, 'This is decided on its own'],
  'not-editable': [403, 'The request does not allow that change'],
  'bad-signature': [401, 'The signature does not fit'],
  'not-found': [404, 'There is no such thing'],
  'method-not-allowed': [405, 'This address does not take that method'],
  'request-timeout': [408, 'The request came too slowly'],
  'already-decided': [409, 'It has been decided already'],
  'stale-version': [409, 'It has changed since you looked'],
  'already-ended': [409, 'It has ended already'],
  'already-voted': [409, 'You have answered already'],
  'not-ended': [409, 'It has not ended yet'],
  'on-hold': [409, 'It is on legal hold'],
  'not-retryable': [409, 'There is nothing to retry'],
  erased: [410, 'It has been erased'],
  'payload-too-large': [413, 'The request is too large'],
  'unsupported-media-type': [415, 'Only application/json is taken'],
  'invalid-input': [422, 'The request has problems'],
  'idempotency-mismatch': [422, 'This idempotency key belongs to another request'],
  'rate-limited': [429, 'Too many requests'],
  'headers-too-large': [431, 'The headers are too large'],
  internal: [500, 'Something went wrong here'],
  'read-only': [503, 'Nothing can be stored right now'],
  'too-many-pending': [503, 'Too much is waiting already'],
  'disk-full': [507, 'The disk is full'],
} as const satisfies Record<string, readonly [number, string]>

export type ErrorCode = keyof typeof catalogue

/** One thing wrong with an input: where (RFC 6901 JSON pointer, empty for the whole) and what. */
const problemEntry = z.object({ pointer: z.string(), message: z.string() })
export type ProblemEntry = z.infer<typeof problemEntry>

/** An expected failure, as values: what crosses every boundary. `data` belongs to the code. */
export type Failure = {
  readonly code: ErrorCode
  readonly message: string
  readonly data?: unknown
}

export const failure = (code: ErrorCode, message: string, data?: unknown): Failure =>
  data === undefined ? { code, message } : { code, message, data }

/** What an oRPC procedure may throw: every code of the catalogue, with its status and optional data. */
const entry = (code: ErrorCode) => ({
  status: catalogue[code][0],
  message: catalogue[code][1],
  data: z.looseObject({ errors: z.array(problemEntry).optional() }).optional(),
})

type ErrorEntries = { readonly [C in ErrorCode]: ReturnType<typeof entry> }

export const errorMap = Object.fromEntries(Object.keys(catalogue).map((code) => [code, entry(code as ErrorCode)])) as ErrorEntries

/** An RFC 9457 problem document, as HTTP callers receive every error. */
export const problem = z.looseObject({
  type: z.string(),
  title: z.string(),
  status: z.number(),
  detail: z.string(),
  code: z.string(),
  instance: z.string().optional(),
  request_id: z.string().optional(),
  errors: z.array(problemEntry).optional(),
})
export type Problem = z.infer<typeof problem>
