import { type ASTNode, Environment } from '@marcbachmann/cel-js'
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
  try {
    const compiled = environment.parse(source)
    const costly = findCostly(compiled.ast, false)
    if (costly !== null) return fail(costly)
    const { valid, type, error } = compiled.check()
    if (!valid) return fail(`is no valid expression: ${toSentence(error, source)}`)
    if (wanted === 'bool' && type !== 'bool' && type !== 'dyn') return fail(`must be true or false, not ${type}`)
    return ok({
      evaluate(delivery) {
        try {
          return toJson(compiled(delivery))
        } catch (error) {
          return fail(toSentence(error, source))
        }
      },
    })
  } catch (error) {
    return fail(`is no valid expression: ${toSentence(error, source)}`)
  }
}

const loops: ReadonlySet<string> = new Set(['all', 'exists', 'exists_one', 'map', 'filter', 'bind'])

/** What an expression costs is bounded by its own size: patterns and loops in loops are decided by what a sender sends. */
function findCostly(node: ASTNode, inLoop: boolean): string | null {
  let looping = inLoop
  let [receiver, parts]: [unknown, unknown] = [null, node.args]
  if (node.op === 'call' || node.op === 'rcall') {
    const name = node.args[0]
    if (name === 'matches') return 'must not use matches(): compare with ==, contains, startsWith or endsWith'
    if (node.op === 'rcall') {
      // What a method is called on is looked at before it begins.
      ;[, receiver, parts] = node.args
      if (loops.has(name) && inLoop) return `must not use ${name}() inside another loop`
      looping ||= loops.has(name)
    }
  }
  for (const part of nodesIn(receiver)) {
    const found = findCostly(part, inLoop)
    if (found !== null) return found
  }
  for (const part of nodesIn(parts)) {
    const found = findCostly(part, looping)
    if (found !== null) return found
  }
  return null
}

function nodesIn(value: unknown): ASTNode[] {
  if (Array.isArray(value)) return value.flatMap(nodesIn)
  return typeof value === 'object' && value !== null && 'op' in value ? [value as ASTNode] : []
}

/** The library draws the place below its message; a sentence names it. */
function toSentence(error: unknown, source: string): string {
  const { summary, range, message } = (error ?? {}) as { summary?: string; range?: { start?: number }; message?: string }
  const text = hint(summary ?? message?.split('\n')[0] ?? String(error))
  if (range?.start === undefined) return text
  const before = source.slice(0, range.start).split('\n')
  return `${text} (line ${before.length}, column ${before.at(-1)!.length + 1} of it)`
}

/** JSON's numbers are doubles: what everybody stumbles over once gets said. */
function hint(text: string): string {
  if (!/overload: .*\b(?:double|int)\b/.test(text)) return text
  return `${text}; use string(…) to join a number to a text, and 1.0 instead of 1 when calculating`
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
