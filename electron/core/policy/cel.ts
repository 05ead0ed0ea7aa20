import {
  type ASTNode,
  type TypeError as CelTypeError,
  Environment,
  EvaluationError,
  type ParseError,
  type ParseResult,
} from '@marcbachmann/cel-js'
import { normalEmail } from '../../../shared/model/actor.ts'
import { fail, ok, type Result } from '../../../shared/model/result.ts'
import type { Matter } from './port.ts'

/*
 * Conditions in CEL, guarded: every name is declared with its type, a condition that does not check is refused when it is written,
 * and what it costs is bounded by its own size, not by what a sender puts into a request. Whatever goes wrong while one is evaluated
 * makes it false, with a note: nothing is ever let through by an accident.
 */

/** The longest condition, in characters. */
const longest = 2_000
/** A request with more values than this is not looked through by `all`, `exists` and their like. */
const mostValues = 20_000
/** Loops in one condition, and how deep one may stand in another. */
const mostLoops = 5
const deepestLoop = 1

const loops = new Set(['all', 'exists', 'exists_one', 'map', 'filter', 'bind'])
/** Their work is decided by a pattern in the text, and may be endless. */
const refusedCalls = new Set(['matches'])

const variables = {
  /** `type` is a word of CEL itself. */
  request_type: 'string',
  title: 'string',
  amount: 'double',
  currency: 'string',
  requester: 'string',
  department: 'string',
  priority: 'string',
  source: 'string',
  environment: 'string',
  approver: 'string',
  data: 'map<string, dyn>',
  has_amount: 'bool',
  has_currency: 'bool',
  has_requester: 'bool',
  has_department: 'bool',
  has_environment: 'bool',
  has_approver: 'bool',
} as const

/** The names that a condition may use, with their CEL types. */
export const conditionVariables: Readonly<Record<string, string>> = variables

const environment = new Environment({ limits: { maxAstNodes: 500, maxDepth: 40, maxListElements: 200, maxCallArguments: 8 } })
for (const [name, type] of Object.entries(variables)) environment.registerVariable(name, type)

/** What is wrong with a condition. `offset` is where in its text, in characters. */
export type ConditionProblem = { readonly message: string; readonly offset: number }

/** What a condition made of a request. Anything but true is false; `note` says so where it could not be evaluated. */
type Verdict = { readonly holds: boolean; readonly note: string | null }

/** A condition that has been checked. */
export type Condition = { readonly source: string; readonly evaluate: (facts: Facts) => Verdict }

/** A request as conditions see it. What is absent is not there at all, so that comparing it is no answer. */
export type Facts = { readonly values: Readonly<Record<string, unknown>>; readonly small: () => boolean }

const holds: Verdict = { holds: true, note: null }
const fails: Verdict = { holds: false, note: null }

/** Checks a condition and makes it ready: parsed once, evaluated often. */
export function compileCondition(source: string): Result<Condition, ConditionProblem> {
  const text = source.trim()
  if (text === 'true') return ok({ source, evaluate: () => holds })
  if (text === 'false') return ok({ source, evaluate: () => fails })
  if (source.length > longest) return fail({ message: `is longer than ${longest} characters`, offset: 0 })
  let parsed: ParseResult
  try {
    parsed = environment.parse(source)
  } catch (error) {
    return fail(toProblem(error))
  }
  const shape = shapeOf(parsed.ast)
  if (!shape.ok) return shape
  const checked = parsed.check()
  if (!checked.valid) return fail(toProblem(checked.error))
  // What comes from `data` may turn out to be a bool, and is held against `true` then.
  if (checked.type !== 'bool' && checked.type !== 'dyn') {
    return fail({ message: `must say true or false; it is of type ${checked.type}`, offset: 0 })
  }
  return ok({ source, evaluate: evaluator(parsed, shape.value) })
}

type Shape = { readonly looping: boolean /** Names of which each is needed for an answer. */; readonly needs: readonly string[] }

function evaluator(parsed: ParseResult, { looping, needs }: Shape): Condition['evaluate'] {
  return ({ values, small }) => {
    // Said without an exception, which would cost more than fifty conditions.
    for (const name of needs) if (!(name in values)) return { holds: false, note: `the request has no ${name}` }
    if (looping && !small()) return { holds: false, note: 'the request holds too many values to be looked through' }
    try {
      const value: unknown = parsed(values)
      if (value === true) return holds
      return value === false ? fails : { holds: false, note: 'it says neither true nor false' }
    } catch (error) {
      return { holds: false, note: noteOf(error) }
    }
  }
}

/** The facts of a request. Departments, environments and e-mails compare without case, so that a spelling evades no rule. */
export function toFacts(matter: Matter): Facts {
  const values: Record<string, unknown> = {
    request_type: matter.type,
    title: matter.title,
    priority: matter.priority,
    source: matter.source,
    data: matter.data,
    has_amount: false,
    has_currency: false,
    has_requester: false,
    has_department: false,
    has_environment: false,
    has_approver: false,
  }
  const put = (name: string, value: unknown): void => {
    if (value === null || value === undefined || value === '') return
    values[name] = value
    values[`has_${name}`] = true
  }
  put('amount', matter.amount)
  put('currency', matter.currency)
  put('requester', plain(matter.requester, normalEmail))
  put('department', plain(matter.department, lower))
  put('environment', plain(matter.environment, lower))
  put('approver', plain(matter.approver, normalEmail))
  let small: boolean | null = null
  return {
    values,
    small: () => {
      small ??= countValues(matter.data) < mostValues
      return small
    },
  }
}

/** How texts compare that a spelling must not tell apart. */
export const lower = (text: string): string => text.normalize('NFKC').trim().toLowerCase()
const plain = (text: string | null, how: (text: string) => string): string | null => (text === null ? null : how(text))

function countValues(root: unknown): number {
  const queue: unknown[] = [root]
  for (let at = 0; at < queue.length && queue.length < mostValues; at++) {
    const value = queue[at]
    if (typeof value === 'object' && value !== null) for (const member of Object.values(value)) queue.push(member)
  }
  return queue.length
}

/** Walks a condition's tree: what is refused in it, whether it loops, and which names it cannot do without. */
function shapeOf(root: ASTNode): Result<Shape, ConditionProblem> {
  const needs = new Set<string>()
  let count = 0
  let lenient = false
  let problem: ConditionProblem | null = null

  const visit = (node: ASTNode, depth: number): void => {
    if (problem !== null) return
    if (node.op === '&&' || node.op === '||' || node.op === '?:') lenient = true
    if (node.op === 'id' && Object.hasOwn(variables, node.args)) needs.add(node.args)
    let inner = depth
    if (node.op === 'call' || node.op === 'rcall') {
      const name = node.args[0]
      if (refusedCalls.has(name)) {
        problem = { message: `${name}() cannot be used; use contains, startsWith, endsWith or ==`, offset: node.start }
        return
      }
      if (node.op === 'rcall' && loops.has(name)) {
        inner = depth + 1
        count++
        // What stands in a loop need not be reached.
        lenient = true
        if (inner > deepestLoop) problem = { message: `${name}() cannot stand inside another loop`, offset: node.start }
        else if (count > mostLoops) problem = { message: `uses more than ${mostLoops} loops`, offset: node.start }
      }
      if (name === 'has') lenient = true
    }
    for (const child of childrenOf(node)) visit(child.node, child.receiver ? depth : inner)
  }
  visit(root, 0)
  if (problem !== null) return fail(problem)
  return ok({ looping: count > 0, needs: lenient ? [] : [...needs] })
}

type Child = {
  readonly node: ASTNode /** What a method is called on, which is looked at before the method begins. */
  readonly receiver: boolean
}

function childrenOf(node: ASTNode): readonly Child[] {
  const inside = (found: readonly unknown[], receiver = false): Child[] =>
    found.flatMap((one) => (Array.isArray(one) ? inside(one) : isNode(one) ? [{ node: one, receiver }] : []))
  if (node.op === 'rcall') return [...inside([node.args[1]], true), ...inside(node.args[2])]
  return inside([node.args].flat())
}

const isNode = (value: unknown): value is ASTNode => typeof value === 'object' && value !== null && 'op' in value

function toProblem(error: unknown): ConditionProblem {
  const { summary, range, message } = error as Partial<ParseError | CelTypeError>
  const text = summary ?? message?.split('\n')[0] ?? String(error)
  return { message: hint(text), offset: range?.start ?? 0 }
}

/** JSON's numbers are doubles: the one thing that everybody stumbles over gets said. */
function hint(text: string): string {
  if (/overload: (?:double . int|int . double)/.test(text)) return `${text} (write 1.0 instead of 1 when calculating)`
  if (/overload: (?:type|string) (?:==|!=|in) (?:type|string|list<string>)/.test(text)) {
    return `${text} (the type of a request is request_type)`
  }
  const unknown = /^Unknown variable: (.+)$/.exec(text)
  if (unknown) return `“${unknown[1]}” is not known here; there are ${Object.keys(variables).join(', ')}`
  return text
}

function noteOf(error: unknown): string {
  const text = error instanceof EvaluationError ? error.summary : error instanceof Error ? error.message : String(error)
  const unknown = /^Unknown variable: (\w+)$/.exec(text)
  if (unknown) return `the request has no ${unknown[1]}`
  const missing = /^No such key: (.{1,80})/.exec(text)
  return missing ? `its data has no “${missing[1]}”` : text.slice(0, 200)
}
