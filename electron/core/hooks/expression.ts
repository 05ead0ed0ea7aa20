import { Environment } from '@marcbachmann/cel-js'
import { fail, ok, type Result } from '../../../shared/model/result.ts'

/** What a hook's expressions see of a delivery. */
export type Delivery = {
  readonly body: unknown
  /** By lower-case name. */
  readonly headers: Readonly<Record<string, string>>
  readonly query: Readonly<Record<string, string | readonly string[]>>
}

/** A CEL expression that was checked and is ready to be asked. */
export type Expression = { evaluate(delivery: Delivery): Result<unknown, string> }

const longestSource = 4_000

const environment = new Environment({
  enableOptionalTypes: true,
  homogeneousAggregateLiterals: false,
  limits: { maxAstNodes: 500, maxDepth: 40, maxListElements: 200, maxMapEntries: 200, maxCallArguments: 16 },
})
  .registerVariable('body', 'dyn')
  .registerVariable('headers', 'map')
  .registerVariable('query', 'map')

/** Checks an expression of a hook's mapping; a failure says what is wrong with it and where. `wanted` is what it has to give. */
export function compileExpression(source: string, wanted: 'any' | 'bool' = 'any'): Result<Expression, string> {
  if (source.length > longestSource) return fail(`has more than ${longestSource} characters`)
  // The built-in one backtracks for as long as its pattern asks for.
  if (/\bmatches\s*\(/.test(source)) return fail('must not use matches(): compare with ==, contains(), startsWith() or endsWith()')
  try {
    const compiled = environment.parse(source)
    const { valid, type, error } = compiled.check()
    if (!valid) return fail(`is no valid expression: ${toSentence(error)}`)
    if (wanted === 'bool' && type !== 'bool' && type !== 'dyn') return fail(`must be true or false, not ${type}`)
    return ok({
      evaluate(delivery) {
        try {
          return toJson(compiled(delivery))
        } catch (error) {
          return fail(toSentence(error))
        }
      },
    })
  } catch (error) {
    return fail(`is no valid expression: ${toSentence(error)}`)
  }
}

/** The library draws the place below its message; a sentence names it. */
function toSentence(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error)
  const [first = ''] = text.split('\n')
  const line = /^>\s*(\d+) \| ?(.*)\n(\s*)\^/m.exec(text)
  if (line === null) return first
  const gutter = line[0].indexOf('| ') + 2
  return `${first} (line ${line[1]}, column ${Math.max(1, line[3]!.length - gutter + 1)})`
}

/** What an expression gave, as plain JSON: whole numbers are bigints in CEL, moments are dates, maps may be maps. */
function toJson(value: unknown): Result<unknown, string> {
  switch (typeof value) {
    case 'string':
    case 'boolean':
      return ok(value)
    case 'number':
      return Number.isFinite(value) ? ok(value) : fail('gives a number that JSON does not have')
    case 'bigint':
      return Number.isSafeInteger(Number(value)) ? ok(Number(value)) : ok(String(value))
    case 'object':
      return value === null ? ok(null) : objectToJson(value)
    default:
      return fail('gives something that is no JSON value')
  }
}

function objectToJson(value: object): Result<unknown, string> {
  if (Array.isArray(value)) {
    const items: unknown[] = []
    for (const each of value) {
      const item = toJson(each)
      if (!item.ok) return item
      items.push(item.value)
    }
    return ok(items)
  }
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? fail('gives no valid moment') : ok(value.toISOString())
  const prototype = Object.getPrototypeOf(value) as unknown
  const isMap = value instanceof Map
  if (!isMap && prototype !== Object.prototype && prototype !== null) return fail('gives something that is no JSON value')
  const members: Record<string, unknown> = {}
  for (const [name, each] of isMap ? value : Object.entries(value)) {
    const member = toJson(each)
    if (!member.ok) return member
    // Senders choose the names; assignment would run what `__proto__` stands for.
    Object.defineProperty(members, String(name), { value: member.value, enumerable: true, configurable: true, writable: true })
  }
  return ok(members)
}
