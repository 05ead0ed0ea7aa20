import type { ProblemEntry } from '../../../shared/contract/errors.ts'
import { toPointer } from '../../../shared/contract/pointer.ts'
import { type RequestInput, requestInput } from '../../../shared/contract/requests.ts'
import { fail, invariant, ok, type Result } from '../../../shared/model/result.ts'
import { toEntries } from '../intake/problem.ts'
import type { Hook } from '../settings/hooks-schema.ts'
import { compileExpression, type Delivery, type Expression } from './expression.ts'
import { isPlainField, textOf } from './text.ts'

/** A hook whose expressions are ready to be asked. */
export type Mapping = {
  /** Whether the delivery is of interest at all. */
  wants(delivery: Delivery): Result<boolean, readonly ProblemEntry[]>
  toRequest(delivery: Delivery): Result<RequestInput, readonly ProblemEntry[]>
  /** The key that the mapping itself gives to a delivery; null when it leaves that to the scheme. */
  keyOf(delivery: Delivery): Result<string | null, readonly ProblemEntry[]>
}

const members = [
  'type',
  'title',
  'description',
  'amount',
  'currency',
  'requester',
  'approver_email',
  'beneficiary',
  'department',
  'priority',
  'timeout_hours',
  'rollback',
] as const

/** The settings were checked when they were read, so everything here compiles. */
function compiled(source: string, wanted: 'any' | 'bool' = 'any'): Expression {
  const expression = compileExpression(source, wanted)
  invariant(expression.ok, `the expression ${source} was checked with the settings`)
  return expression.value
}

const constant = (value: unknown): Expression => ({ evaluate: () => ok(value) })

export function toMapping(hook: Hook): Mapping {
  const when = hook.when === undefined ? constant(true) : compiled(hook.when, 'bool')
  const key = hook.idempotency_key === undefined ? constant(null) : compiled(hook.idempotency_key)
  const parts: Part[] = members.flatMap((name) => {
    const source = hook[name]
    return source === undefined ? [] : [toPart(name, source)]
  })
  parts.push(toData(hook.data))
  for (const name of ['attachments', 'evidence'] as const) if (hook[name] !== undefined) parts.push(toList(name, hook[name]))

  return {
    wants(delivery) {
      const wanted = when.evaluate(delivery)
      if (!wanted.ok) return fail([{ pointer: '/when', message: wanted.failure }])
      if (typeof wanted.value === 'boolean') return ok(wanted.value)
      return fail([{ pointer: '/when', message: 'gives neither true nor false' }])
    },
    keyOf(delivery) {
      const found = key.evaluate(delivery)
      const wrong = (message: string) => fail([{ pointer: '/idempotency_key', message }])
      if (!found.ok) return wrong(found.failure)
      if (found.value === null) return ok(null)
      const text = typeof found.value === 'number' ? String(found.value) : found.value
      if (typeof text === 'string' && text.length > 0 && text.length <= 255) return ok(text)
      return wrong('must give 1 to 255 characters')
    },
    toRequest(delivery) {
      const problems: ProblemEntry[] = []
      const request: Record<string, unknown> = {}
      for (const part of parts) {
        const found = part.evaluate(delivery)
        if (!found.ok) problems.push(...found.failure)
        // Null is how a mapping says that there is none.
        else if (found.value !== null) request[part.name] = found.value
      }
      if (problems.length > 0) return fail(problems)
      const parsed = requestInput.safeParse(request)
      return parsed.success ? ok(parsed.data) : fail(toEntries(parsed.error.issues as never))
    },
  }
}

/** One member of the request that a delivery becomes. */
type Part = { readonly name: string; evaluate(delivery: Delivery): Result<unknown, readonly ProblemEntry[]> }

function toPart(name: (typeof members)[number], source: string | number): Part {
  if (typeof source === 'number') return { name, evaluate: () => ok(source) }
  const text = isPlainField(name) ? textOf(name, source) : null
  return text === null ? fromExpression(name, [name], source) : { name, evaluate: () => ok(text) }
}

function fromExpression(name: string, path: readonly string[], source: string): Part {
  const expression = compiled(source)
  return {
    name,
    evaluate(delivery) {
      const found = expression.evaluate(delivery)
      return found.ok ? found : fail([{ pointer: toPointer(path), message: `cannot be found in the delivery: ${found.failure}` }])
    },
  }
}

/** The whole body, one expression, or an expression for each member. */
function toData(data: Hook['data']): Part {
  const name = 'data'
  if (typeof data === 'string') return fromExpression(name, [name], data)
  if (data === undefined) {
    return { name, evaluate: ({ body }) => ok(typeof body === 'object' && body !== null && !Array.isArray(body) ? body : { body }) }
  }
  return toRecord(name, [name], data)
}

/** An expression for each member. */
function toRecord(name: string, path: readonly string[], members: Readonly<Record<string, string | undefined>>): Part {
  const parts = Object.entries(members).flatMap(([member, source]) =>
    source === undefined ? [] : [fromExpression(member, [...path, member], source)],
  )
  return {
    name,
    evaluate(delivery) {
      const found = parts.map((part) => [part.name, part.evaluate(delivery)] as const)
      const problems = found.flatMap(([, result]) => (result.ok ? [] : result.failure))
      if (problems.length > 0) return fail(problems)
      return ok(Object.fromEntries(found.flatMap(([member, result]) => (result.ok ? [[member, result.value]] : []))))
    },
  }
}

/** One expression for the whole list, or an entry each. Null is no member, and an empty list is none. */
function toList(name: 'attachments' | 'evidence', source: NonNullable<Hook['attachments'] | Hook['evidence']>): Part {
  if (typeof source === 'string') {
    const part = fromExpression(name, [name], source)
    return { name, evaluate: (delivery) => withoutEmpty(part.evaluate(delivery)) }
  }
  const entries = source.map((members, index) => toRecord(String(index), [name, String(index)], members))
  return {
    name,
    evaluate(delivery) {
      const found = entries.map((entry) => entry.evaluate(delivery))
      const problems = found.flatMap((result) => (result.ok ? [] : result.failure))
      if (problems.length > 0) return fail(problems)
      return withoutEmpty(ok(found.flatMap((result) => (result.ok ? [withoutNull(result.value as object)] : []))))
    },
  }
}

const withoutNull = (entry: object): object => Object.fromEntries(Object.entries(entry).filter(([, value]) => value !== null))

const withoutEmpty = (found: ReturnType<Part['evaluate']>): ReturnType<Part['evaluate']> =>
  found.ok && Array.isArray(found.value) && found.value.length === 0 ? ok(null) : found
