import * as z from 'zod'
import type { ProblemEntry } from '../../shared/contract/errors.ts'
import { pointerSegment, toPointer } from '../../shared/contract/pointer.ts'
import { patternCost } from './pattern-cost.ts'

/* The form that a sender asks an approver to fill in: JSON Schema from outside, so what it may cost is bounded before it is used. */

type Form = Readonly<Record<string, unknown>>

const largestBytes = 16 * 1024
const longestPattern = 200
const deepest = 12
/** A text that a pattern is held against has at most so many characters, unless its field says `maxLength`. */
const usualLength = 250
const largestLength = 1_000
/** What all patterns of a form may take together: a few milliseconds. */
const mostSteps = 260_000

/** Why a form cannot be used; null for one that can. */
export function formProblem(form: Form): string | null {
  if (Buffer.byteLength(JSON.stringify(form)) > largestBytes) return `is larger than ${largestBytes / 1024} KiB`
  const found = problemIn(form, '', 0) ?? slowness(form)
  if (found !== null) return found
  try {
    const schema = compile(form)
    // Some contradictions only show once there is an answer.
    for (const answer of [{}, sample(form, true), sample(form, false), null, [], '', 0]) schema.safeParse(answer)
    return null
  } catch (error) {
    return `is no JSON Schema that can be used: ${error instanceof Error ? error.message.slice(0, 200) : String(error)}`
  }
}

/** What is wrong with what was filled in, by JSON pointer into it. Takes milliseconds at most, whatever the answer is. */
export function answerProblems(form: Form, answer: unknown): readonly ProblemEntry[] {
  try {
    const parsed = compile(form).safeParse(answer ?? {})
    if (parsed.success) return []
    return parsed.error.issues.map(({ path, message }) => ({ pointer: toPointer(path), message: readable(message) }))
  } catch (error) {
    return [{ pointer: '', message: `cannot be checked: ${error instanceof Error ? error.message.slice(0, 200) : String(error)}` }]
  }
}

function compile(form: Form): z.ZodType {
  return z.fromJSONSchema(bounded(form) as Parameters<typeof z.fromJSONSchema>[0])
}

/** Looks first whether the text is short enough: everything else about a pattern is bounded by that. */
const before = (length: number): string => `^(?=[^]{0,${length}}$)[^]*?(?:`

/** The same form, in which each pattern is held against short texts alone: other checks of a text do not keep its pattern from it. */
function bounded(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(bounded)
  if (typeof value !== 'object' || value === null) return value
  const members = Object.entries(value).map(([name, member]) => [
    name,
    name === 'pattern' && typeof member === 'string' ? `${before(lengthFor(value))}${member})` : bounded(member),
  ])
  return Object.fromEntries(members)
}

const readable = (message: string): string =>
  message.replace(
    /\/\^\(\?=\[\^\]\{0,(\d+)\}\$\)\[\^\]\*\?\(\?:(.*)\)\/$/s,
    (_, length, pattern) => `/${pattern}/ in at most ${length} characters`,
  )

const lengthFor = ({ maxLength }: { readonly maxLength?: unknown }): number =>
  typeof maxLength === 'number' && maxLength >= 0 ? Math.min(maxLength, largestLength) : usualLength

/** Where a schema's own schema is held against many texts of one answer. */
const manyTexts: ReadonlySet<string> = new Set(['items', 'additionalItems', 'contains', 'additionalProperties', 'propertyNames'])

function problemIn(value: unknown, pointer: string, depth: number, many = false): string | null {
  if (typeof value !== 'object' || value === null) return null
  if (depth > deepest) return `is nested deeper than ${deepest} levels`
  for (const [name, member] of Object.entries(value)) {
    const at = pointer + pointerSegment(name)
    if (name === '$ref') return 'cannot refer to other schemas with $ref'
    if (name === 'patternProperties') return `has patterns for names at ${at}, which forms do not have`
    if (name === 'pattern' && typeof member === 'string') {
      const found = many ? 'is held against a whole list: a pattern belongs to one field' : patternProblem(member, lengthFor(value))
      if (found !== null) return `has at ${at} a pattern that ${found}`
    }
    const found = problemIn(member, at, depth + 1, many || manyTexts.has(name))
    if (found !== null) return found
  }
  return null
}

/** A pattern whose work grows beyond all bounds with the text that it is held against, or that cannot be read. */
function patternProblem(pattern: string, length: number): string | null {
  if (pattern.length > longestPattern) return `is longer than ${longestPattern} characters`
  try {
    new RegExp(pattern, 'u')
    new RegExp(pattern)
  } catch {
    return `cannot be read: ${pattern}`
  }
  try {
    const steps = patternCost(pattern, length)
    return steps > mostSteps ? `may take too long: ${pattern} (${advice})` : null
  } catch (error) {
    return `${(error as Error).message}: ${pattern}`
  }
}

const advice = `begin it with ^, repeat less, or say a maxLength below ${usualLength}`

function slowness(form: Form): string | null {
  const steps = allPatterns(form).reduce((total, [pattern, length]) => total + patternCost(pattern, length), 0)
  return steps > mostSteps ? `has patterns that may take too long together (${advice})` : null
}

function allPatterns(value: unknown): readonly (readonly [pattern: string, length: number])[] {
  if (typeof value !== 'object' || value === null) return []
  return Object.entries(value).flatMap(([name, member]) =>
    name === 'pattern' && typeof member === 'string' ? [[member, lengthFor(value)] as const] : allPatterns(member),
  )
}

/** An answer in which every group of fields is there, with or without its fields. */
function sample(schema: unknown, filled: boolean): unknown {
  const { properties, items, allOf, default: given } = (schema ?? {}) as Record<string, unknown>
  if (filled && given !== undefined) return given
  if (Array.isArray(allOf)) return Object.assign({}, ...allOf.map((each) => sample(each, filled)), members(properties, filled))
  if (properties !== undefined) return members(properties, filled)
  return items === undefined ? (filled ? 'x' : undefined) : [sample(items, filled)]
}

const members = (properties: unknown, filled: boolean): object =>
  Object.fromEntries(Object.entries(properties ?? {}).map(([name, each]) => [name, sample(each, filled)]))
