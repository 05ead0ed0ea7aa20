import { pointerSegment } from '../contract/pointer.ts'

/** A call's arguments as the data of a request, and back again. */
export type Carried<Args extends readonly unknown[]> = {
  readonly data: Readonly<Record<string, unknown>>
  /** The arguments in data that came back, approved; throws where it no longer has their shape. */
  readonly back: (data: unknown) => Args
}

/** A single object is the data itself, so that an approver sees its members by name; anything else stands under `arguments`. */
export function carry<Args extends readonly unknown[]>(args: Args): Carried<Args> {
  const [first] = args
  if (args.length === 1 && isRecord(first)) {
    assertJson(first, '')
    return { data: copyOf(first), back: (data) => [recordOf(data)] as unknown as Args }
  }
  assertJson([...args], '/arguments')
  return {
    data: { arguments: copyOf([...args]) },
    back: (data) => {
      const list = recordOf(data).arguments
      if (!Array.isArray(list) || list.length !== args.length) throw new TypeError('The approved data holds other arguments.')
      return list as unknown as Args
    },
  }
}

/** What was shown must be what runs: an argument that JSON would change or drop cannot be approved. */
function assertJson(value: unknown, pointer: string): void {
  const refuse = (what: string): never => {
    throw new TypeError(`The argument at ${pointer || '/'} cannot be put to an approver: ${what} is not JSON.`)
  }
  if (value === null || typeof value === 'string' || typeof value === 'boolean') return
  if (typeof value === 'number') {
    if (!Number.isFinite(value) || Object.is(value, -0)) refuse(Object.is(value, -0) ? '-0' : String(value))
    return
  }
  if (Array.isArray(value)) {
    // Not forEach: it would pass over holes.
    for (let index = 0; index < value.length; index++) assertJson(value[index], `${pointer}/${index}`)
    return
  }
  if (!isRecord(value)) refuse(nameOf(value))
  if (Object.getOwnPropertySymbols(value as object).length > 0) refuse('a symbol')
  for (const [name, member] of Object.entries(value as object)) assertJson(member, pointer + pointerSegment(name))
}

const nameOf = (value: unknown): string =>
  typeof value === 'object' ? (value?.constructor?.name ?? 'an object') : value === undefined ? 'undefined' : `a ${typeof value}`

/** A plain object: nothing that JSON would turn into something else. */
function isRecord(value: unknown): value is Record<string, unknown> {
  if (typeof value !== 'object' || value === null || 'toJSON' in value) return false
  const prototype: unknown = Object.getPrototypeOf(value)
  return prototype === null || Object.getPrototypeOf(prototype) === null
}

function recordOf(value: unknown): Record<string, unknown> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw new TypeError('The approved data is no object.')
  return value as Record<string, unknown>
}

const copyOf = <T>(value: T): T => JSON.parse(JSON.stringify(value)) as T
