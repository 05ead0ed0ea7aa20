import type { Result } from '../../../shared/model/result.ts'
import { fail, ok } from '../../../shared/model/result.ts'

/**
 * Reads a JSON body that anybody may have sent. What two readers could understand differently is refused: invalid UTF-8, a byte order
 * mark, doubled keys, numbers that lose digits. What could hurt the process is refused before `JSON.parse` sees it: depth, mass,
 * prototype keys. Messages say where, and never repeat what was sent.
 */

const longestDepth = 32
const mostNodes = 100_000

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

const quote = 34
const backslash = 92
const openBrace = 123
const closeBrace = 125
const openBracket = 91
const closeBracket = 93
const comma = 44
const minus = 45

/** The parsed body, or one sentence about why it cannot be read. */
export function readJson(bytes: Buffer): Result<unknown, string> {
  if (bytes.length === 0) return fail('The body is empty. Send a JSON object, or leave the Content-Type header out.')
  if (bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf)
    return fail('The body starts with a byte order mark. Send it without.')
  let text: string
  try {
    text = utf8.decode(bytes)
  } catch {
    return fail('The body is not valid UTF-8.')
  }
  const problem = scan(text)
  if (problem !== null) return fail(problem)
  try {
    return ok(JSON.parse(text))
  } catch (error) {
    return fail(`The body is not valid JSON${whereParsingFailed(text, error)}.`)
  }
}

/** An open object or array. `keys` is null in an array; `prototypeRefused` marks the value of a `constructor` key. */
type Open = { readonly keys: Set<string> | null; expectsKey: boolean; lastKey: string; readonly prototypeRefused: boolean }

/**
 * One pass over the text that knows just enough of JSON to count, to compare keys and to look at numbers. Text that is not JSON at all
 * may pass here; the parser behind it has the last word.
 */
function scan(text: string): string | null {
  const open: Open[] = []
  let top: Open | undefined
  let nodes = 0
  let at = 0
  while (at < text.length) {
    const char = text.charCodeAt(at)
    if (char === quote) {
      const end = endOfString(text, at)
      if (end < 0) return `The body is not valid JSON: a string that starts${position(text, at)} never ends.`
      if (top?.expectsKey) {
        const problem = takeKey(top, text, at, end)
        if (problem !== null) return problem
      } else if (++nodes > mostNodes) return tooManyNodes
      at = end
    } else if (char === openBrace || char === openBracket) {
      if (++nodes > mostNodes) return tooManyNodes
      if (open.length === longestDepth) return `The body is nested deeper than ${longestDepth} levels.`
      const isObject = char === openBrace
      const prototypeRefused: boolean = isObject && top?.keys != null && top.lastKey === 'constructor'
      top = { keys: isObject ? new Set() : null, expectsKey: isObject, lastKey: '', prototypeRefused }
      open.push(top)
      at++
    } else if (char === closeBrace || char === closeBracket) {
      open.pop()
      top = open.at(-1)
      at++
    } else if (char === comma) {
      if (top?.keys) top.expectsKey = true
      at++
    } else if (char === minus || (char >= 48 && char <= 57)) {
      if (++nodes > mostNodes) return tooManyNodes
      const end = endOfNumber(text, at)
      if (losesDigits(text, at, end)) {
        return `The number${position(text, at)} is too large to be kept exactly. Send it as a string, such as "12345678901234567890".`
      }
      at = end
    } else if (char === 116 || char === 102 || char === 110) {
      if (++nodes > mostNodes) return tooManyNodes
      at += char === 102 ? 5 : 4
    } else at++
  }
  return null
}

const tooManyNodes = `The body has more than ${mostNodes.toLocaleString('en')} values.`

function takeKey(object: Open, text: string, start: number, end: number): string | null {
  const key = decodeKey(text, start, end)
  if (key === '__proto__' || (key === 'prototype' && object.prototypeRefused)) {
    return `The key${position(text, start)} is not allowed: it would reach an object's prototype.`
  }
  const keys = object.keys
  if (keys?.has(key)) return `A key occurs twice in the same object; the second one is${position(text, start)}.`
  keys?.add(key)
  object.lastKey = key
  object.expectsKey = false
  return null
}

/** Keys compare by what they mean: `"a"` and `"\u0061"` are the same key. */
function decodeKey(text: string, start: number, end: number): string {
  const raw = text.slice(start + 1, end - 1)
  if (!raw.includes('\\')) return raw
  try {
    return JSON.parse(text.slice(start, end)) as string
  } catch {
    return raw
  }
}

/** Index just behind the closing quote; -1 when there is none. */
function endOfString(text: string, start: number): number {
  for (let at = start + 1; at < text.length; at++) {
    const char = text.charCodeAt(at)
    if (char === quote) return at + 1
    if (char === backslash) at++
  }
  return -1
}

function endOfNumber(text: string, start: number): number {
  let at = start + 1
  for (; at < text.length; at++) {
    const char = text.charCodeAt(at)
    const belongs = (char >= 48 && char <= 57) || char === 46 || char === minus || char === 43 || char === 101 || char === 69
    if (!belongs) break
  }
  return at
}

/** Short numbers without an exponent are safe; the rest is computed. */
function losesDigits(text: string, start: number, end: number): boolean {
  const literal = text.slice(start, end)
  if (end - start <= 15 && !literal.includes('e') && !literal.includes('E')) return false
  const value = Number(literal)
  if (Number.isNaN(value)) return false
  return !Number.isFinite(value) || (Number.isInteger(value) && !Number.isSafeInteger(value))
}

/** The parser's message repeats what was sent; only its position is told on. */
function whereParsingFailed(text: string, error: unknown): string {
  const found = error instanceof Error ? /position (\d+)/.exec(error.message) : null
  if (found) return `: look${position(text, Number(found[1]))}`
  return error instanceof Error && error.message.includes('end of JSON') ? ': it ends too early' : ''
}

function position(text: string, at: number): string {
  let line = 1
  let lineStart = 0
  for (let next = text.indexOf('\n'); next >= 0 && next < at; next = text.indexOf('\n', next + 1)) {
    line++
    lineStart = next + 1
  }
  return ` at line ${line}, column ${at - lineStart + 1}`
}
