import { type Document, isCollection, isMap, isScalar, LineCounter, parseDocument } from 'yaml'
import * as z from 'zod'
import type { ProblemEntry } from '../../../shared/contract/errors.ts'
import { toPointer } from '../../../shared/contract/pointer.ts'
import { SettingsError } from './port.ts'
import { offsetInString } from './text-position.ts'

/** A settings file as it was read: its document with comments, and its value by the schema. */
export type SettingsFile<T> = { readonly document: Document; readonly value: T }

type Path = readonly PropertyKey[]

/** Reads YAML text by a schema. Throws `SettingsError` with every problem, each with line and column. */
export function readSettings<T extends z.ZodType>(file: string, text: string, schema: T): SettingsFile<z.output<T>> {
  const lines = new LineCounter()
  const document = parseDocument(text, { lineCounter: lines, uniqueKeys: true, prettyErrors: false })
  if (document.errors.length > 0) {
    const problems = document.errors.map((error) => at('', error.pos[0], lines, firstLine(error.message)))
    throw new SettingsError(file, problems)
  }
  let plain: unknown
  try {
    // An alias may stand for itself a few times; more is a bomb, which the library refuses.
    plain = document.toJS({ maxAliasCount: 20 }) ?? {}
  } catch (error) {
    throw new SettingsError(file, [{ pointer: '', message: firstLine(error instanceof Error ? error.message : String(error)) }])
  }
  const parsed = schema.safeParse(withoutEmpty(plain, schema))
  if (parsed.success) return { document, value: deepFreeze(parsed.data) }
  throw new SettingsError(file, problemsOf(parsed.error.issues, plain, { text, document, lines }, schema))
}

/** The line on which a member stands, counted from 1; null where the text has none. */
export function lineOf(text: string, path: readonly string[]): number | null {
  const lines = new LineCounter()
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false })
  const offset = document.hasIn(path) ? offsetOf(document, path) : null
  return offset === null ? null : lines.linePos(offset).line
}

/** A section that is there but empty (`people:`) is as good as none; one that nobody knows is still told. */
function withoutEmpty(plain: unknown, schema: z.ZodType): unknown {
  if (typeof plain !== 'object' || plain === null || Array.isArray(plain) || !(schema instanceof z.ZodObject)) return plain
  return Object.fromEntries(Object.entries(plain).filter(([name, value]) => value !== null || !Object.hasOwn(schema.shape, name)))
}

function problemsOf(
  issues: readonly z.core.$ZodIssue[],
  plain: unknown,
  { text, document, lines }: { readonly text: string; readonly document: Document; readonly lines: LineCounter },
  schema: z.ZodType,
): ProblemEntry[] {
  return issues.flatMap((issue): ProblemEntry[] => {
    if (issue.code !== 'unrecognized_keys') {
      // A text within the text, such as a condition, says where in it the problem is.
      const inside: unknown = issue.code === 'custom' ? issue.params?.offset : undefined
      const exact = typeof inside === 'number' ? offsetInString(text, document, issue.path, inside) : null
      return [at(toPointer(issue.path), exact ?? offsetOf(document, issue.path), lines, messageOf(issue, plain))]
    }
    return issue.keys.map((key) => {
      const path = [...issue.path, key]
      const near = nearest(key, knownKeys(schema, issue.path))
      const hint = near === null ? '' : `; did you mean “${near}”?`
      return at(toPointer(path), offsetOf(document, path), lines, `“${key}” is not known here${hint}`)
    })
  })
}

/** Sections whose values are secrets, or are next to them: somebody pastes one where its name belongs. Problems do not repeat them. */
const secretive: ReadonlySet<PropertyKey> = new Set(['hooks', 'actions', 'alerts'])

function messageOf(issue: z.core.$ZodIssue, plain: unknown): string {
  const found = issue.path.reduce<unknown>(
    (value, name) => (isLeftOut(value, name) ? value : (value as Record<PropertyKey, unknown> | null | undefined)?.[name]),
    plain,
  )
  const said = issue.code === 'invalid_key' ? (issue.issues[0]?.message ?? issue.message) : issue.message
  const text = said.replace(/^(?:Invalid input|Too small|Too big|Invalid option): /, '')
  if (secretive.has(issue.path[0]!)) return text
  const value = found === undefined ? 'nothing' : JSON.stringify(found)
  return /^must /.test(text) ? `${text}, not ${value.slice(0, 80)}` : text
}

/** In a short form, a list stands where the schema knows a map that has it as a member. */
const isLeftOut = (value: unknown, name: PropertyKey): boolean => Array.isArray(value) && typeof name === 'string'

const at = (pointer: string, offset: number | null, lines: LineCounter, message: string): ProblemEntry => {
  if (offset === null) return { pointer, message }
  const { line, col } = lines.linePos(offset)
  return { pointer, message: `line ${line}, column ${col}: ${message}` }
}

/** What YAML says in front of the piece of text that it is about: that may be a secret. */
const firstLine = (text: string): string => text.split('\n')[0]!.replace(/ at line \d+.*$|: .*$/, '')

/** Where a member stands in the text: its name, else its value, else the nearest thing around it. */
function offsetOf(document: Document, path: Path): number | null {
  let node: unknown = document.contents
  let offset: number | null = null
  for (const name of path) {
    if (isMap(node)) {
      const pair = node.items.find((item) => isScalar(item.key) && String(item.key.value) === String(name))
      if (pair === undefined) return offset
      offset = (isScalar(pair.key) ? pair.key.range?.[0] : null) ?? offset
      node = pair.value
    } else if (isCollection(node)) {
      if (typeof name === 'string') continue
      node = node.get(name, true)
      offset = isScalar(node) || isCollection(node) ? (node.range?.[0] ?? offset) : offset
    } else return offset
  }
  return offset
}

/** The names a schema knows at a path; none where it takes any. */
function knownKeys(schema: z.ZodType, path: Path): string[] {
  let json: unknown = z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' })
  for (const name of path) json = child(json, name)
  return Object.keys((json as { properties?: object } | undefined)?.properties ?? {})
}

function child(json: unknown, name: PropertyKey): unknown {
  const { properties, anyOf, items, additionalProperties } = (json ?? {}) as {
    properties?: Record<PropertyKey, unknown>
    anyOf?: unknown[]
    items?: unknown
    additionalProperties?: unknown
  }
  if (properties?.[name] !== undefined) return properties[name]
  if (items !== undefined && typeof name === 'number') return items
  // The members of a record have names of their own.
  if (properties === undefined && typeof additionalProperties === 'object') return additionalProperties
  for (const one of anyOf ?? []) {
    const found = child(one, name)
    if (found !== undefined) return found
  }
  return undefined
}

function nearest(word: string, known: readonly string[]): string | null {
  const ranked = known.map((name) => ({ name, distance: distance(word.toLowerCase().replaceAll('-', '_'), name) }))
  const best = ranked.sort((a, b) => a.distance - b.distance)[0]
  return best !== undefined && best.distance <= Math.max(2, Math.floor(best.name.length / 3)) ? best.name : null
}

/** Levenshtein distance; both words are short. */
function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, i) => i)
  for (let i = 1; i <= a.length; i++) {
    const next = [i]
    for (let j = 1; j <= b.length; j++) {
      next.push(Math.min(row[j]! + 1, next[j - 1]! + 1, row[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1)))
    }
    row = next
  }
  return row[b.length]!
}

function deepFreeze<T>(value: T): T {
  if (typeof value === 'object' && value !== null) for (const member of Object.values(value)) deepFreeze(member)
  return Object.freeze(value)
}
