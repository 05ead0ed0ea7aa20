import type { FastifyRequest } from 'fastify'
import { failure } from '../../../shared/contract/errors.ts'
import type { RequestContext } from '../context.ts'
import { readJson } from './body.ts'
import { readIdempotencyKey, sha256Hex } from './idempotency.ts'
import { type BoundProcedure, toQueryInput } from './procedures.ts'

/** What a procedure is called with: members of body and query, and what stands in the address. */
export function readInput(request: FastifyRequest, method: BoundProcedure['method']) {
  const params = request.params as Record<string, string>
  const query = method === 'GET' || method === 'DELETE' ? toQueryInput(request.query) : {}
  const bytes = request.body as Buffer | undefined
  if (method === 'GET' || bytes === undefined || (method === 'DELETE' && bytes.length === 0)) return withParams(query, params)
  const body = readJson(bytes)
  if (!body.ok) return { ok: false, failure: failure('malformed-request', body.failure) } as const
  if (typeof body.value !== 'object' || body.value === null || Array.isArray(body.value)) {
    const errors = [{ pointer: '', message: 'must be a JSON object' }]
    return { ok: false, failure: failure('invalid-input', 'The body must be a JSON object.', { errors }) } as const
  }
  return withParams({ ...query, ...body.value }, params)
}

/** What stands in the address is meant; who says something else beside it is told, before the wrong thing is changed. */
function withParams(input: Readonly<Record<string, unknown>>, params: Readonly<Record<string, string>>) {
  const errors = Object.keys(params)
    .filter((name) => Object.hasOwn(input, name) && !says(input[name], params[name]))
    .map((name) => ({ pointer: `/${name}`, message: 'is not what the address says' }))
  if (errors.length === 0) return { ok: true, value: { ...input, ...params } } as const
  const names = errors.map(({ pointer }) => pointer).join(', ')
  return { ok: false, failure: failure('invalid-input', `${names} differs from the address.`, { errors }) } as const
}

/** Whether a value is this text. An object is none, whatever it makes of itself when it is asked for one. */
const says = (value: unknown, text: string | undefined): boolean => typeof value !== 'object' && String(value) === text

/** By whom and under which key of the sender's own it is called. */
export function readContext(request: FastifyRequest) {
  const { caller } = request
  const key = readIdempotencyKey(request.headers)
  if (!key.ok) return { ok: false, failure: failure('malformed-request', key.failure) } as const
  const bytes = request.body
  if (key.value === null || !Buffer.isBuffer(bytes)) return { ok: true, value: { caller } satisfies RequestContext } as const
  const idempotency = { key: key.value, sha256: sha256Hex(bytes) }
  return { ok: true, value: { caller, idempotency } satisfies RequestContext } as const
}
