import * as z from 'zod'

/* The form that a sender asks an approver to fill in: JSON Schema from outside, so what it may cost is bounded before it is used. */

const largestBytes = 16 * 1024
const longestPattern = 200
const deepest = 12

/** Why a form cannot be used; null for one that can. */
export function formProblem(form: Readonly<Record<string, unknown>>): string | null {
  if (Buffer.byteLength(JSON.stringify(form)) > largestBytes) return `is larger than ${largestBytes / 1024} KiB`
  const found = problemIn(form, 0)
  if (found !== null) return found
  try {
    z.fromJSONSchema(form as Parameters<typeof z.fromJSONSchema>[0])
    return null
  } catch (error) {
    return `is no JSON Schema that can be used: ${error instanceof Error ? error.message.slice(0, 200) : String(error)}`
  }
}

function problemIn(value: unknown, depth: number): string | null {
  if (typeof value !== 'object' || value === null) return null
  if (depth > deepest) return `is nested deeper than ${deepest} levels`
  for (const [name, member] of Object.entries(value)) {
    if (name === '$ref') return 'cannot refer to other schemas with $ref'
    const patterns = name === 'pattern' ? [member] : name === 'patternProperties' ? Object.keys(member ?? {}) : []
    for (const pattern of patterns) {
      const found = typeof pattern === 'string' ? patternProblem(pattern) : null
      if (found !== null) return found
    }
    const found = problemIn(member, depth + 1)
    if (found !== null) return found
  }
  return null
}

/** A pattern whose work may grow beyond all bounds with the text that it is held against. */
function patternProblem(pattern: string): string | null {
  if (pattern.length > longestPattern) return `has a pattern longer than ${longestPattern} characters`
  try {
    new RegExp(pattern, 'u')
  } catch {
    return `has a pattern that cannot be read: ${pattern}`
  }
  return repeatsRepetition(pattern) ? `has a pattern that repeats what repeats itself: ${pattern}` : null
}

/** Whether a group that is repeated without a limit holds a repetition or a choice, or the pattern refers back to itself. */
function repeatsRepetition(pattern: string): boolean {
  const plain = pattern
    .replaceAll(/\\[1-9k]/g, '\u0000')
    .replaceAll(/\\./gs, 'x')
    .replaceAll(/\[[^\]]*\]/g, 'x')
  if (plain.includes('\u0000')) return true
  const groups: boolean[] = []
  for (let at = 0; at < plain.length; at++) {
    const repeated = /^(?:[*+]|\{\d+,\d*\}|\{\d{2,}\})/.exec(plain.slice(at + 1)) !== null
    const character = plain[at]!
    if (character === '(') groups.push(false)
    else if (character === ')') {
      const risky = groups.pop() ?? false
      if (risky && repeated) return true
      if (groups.length > 0 && (risky || repeated)) groups[groups.length - 1] = true
    } else if ((repeated || character === '|') && groups.length > 0) groups[groups.length - 1] = true
  }
  return false
}
