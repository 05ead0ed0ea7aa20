import type { CallFailure } from './failure.ts'

type Told = { readonly pointer: string; readonly message: string }

const isTold = (value: unknown): value is Told =>
  typeof value === 'object' && value !== null && 'pointer' in value && 'message' in value && typeof value.pointer === 'string'

/** A key of `changes` is a pointer itself, escaped as one segment of the pointer that names it. */
const unescaped = (segment: string) => segment.replaceAll('~1', '/').replaceAll('~0', '~')

/** What the host found wrong, at the fields it means; what belongs to none is said below them all. */
export function fieldProblems(
  failure: CallFailure | null,
  formPointers: readonly string[],
): { readonly fields: Readonly<Record<string, string>>; readonly others: readonly string[] } {
  if (!failure || failure.message === '') return { fields: {}, others: [] }
  const told = Array.isArray(failure.data.errors) ? failure.data.errors.filter(isTold) : []
  const fields: Record<string, string> = {}
  const others: string[] = []
  for (const { pointer, message } of told) {
    const place = fieldAt(pointer)
    if (place === null) others.push(message)
    else fields[place] = message
    // A whole object may be what is wrong, and it has no field of its own.
    if (place !== null && pointer.startsWith('/answer') && !formPointers.includes(place)) others.push(message)
  }
  return { fields, others: told.length > 0 ? others : [failure.message] }
}

function fieldAt(pointer: string): string | null {
  if (pointer === '/answer' || pointer.startsWith('/answer/')) return pointer.slice('/answer'.length)
  if (pointer.startsWith('/changes/')) return unescaped(pointer.slice('/changes/'.length))
  return pointer === '/amount' ? pointer : null
}
