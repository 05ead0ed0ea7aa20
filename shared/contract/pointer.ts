/** One segment of a JSON pointer (RFC 6901). */
export const pointerSegment = (name: PropertyKey): string => `/${String(name).replaceAll('~', '~0').replaceAll('/', '~1')}`

/** A path of member names and indexes as a JSON pointer; empty for the whole. */
export const toPointer = (path: readonly PropertyKey[]): string => path.map(pointerSegment).join('')

/** The member names and indexes of a JSON pointer. */
export const toPath = (pointer: string): readonly string[] =>
  pointer
    .split('/')
    .slice(1)
    .map((token) => token.replaceAll('~1', '/').replaceAll('~0', '~'))

/** What a JSON value has at a path; undefined where it has nothing there. */
export function valueAt(value: unknown, path: readonly string[]): unknown {
  let at = value
  for (const token of path) {
    if (Array.isArray(at) && !/^(0|[1-9]\d*)$/.test(token)) return undefined
    if (typeof at !== 'object' || at === null || !Object.hasOwn(at, token)) return undefined
    at = (at as Record<string, unknown>)[token]
  }
  return at
}

/** The same value with something else at a path; members keep their order, what is not on the way there is the very same. */
export function withValueAt(value: unknown, path: readonly string[], next: unknown): unknown {
  const [first, ...rest] = path
  if (first === undefined) return next
  if (Array.isArray(value)) return value.map((each, index) => (String(index) === first ? withValueAt(each, rest, next) : each))
  const members = typeof value === 'object' && value !== null ? value : {}
  const inner = Object.hasOwn(members, first) ? (members as Record<string, unknown>)[first] : undefined
  return { ...members, [first]: withValueAt(inner, rest, next) }
}
