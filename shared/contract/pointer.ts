/** One segment of a JSON pointer (RFC 6901). */
export const pointerSegment = (name: PropertyKey): string => `/${String(name).replaceAll('~', '~0').replaceAll('/', '~1')}`

/** A path of member names and indexes as a JSON pointer; empty for the whole. */
export const toPointer = (path: readonly PropertyKey[]): string => path.map(pointerSegment).join('')
