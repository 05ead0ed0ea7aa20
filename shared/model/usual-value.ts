import { pointerSegment } from '../contract/pointer.ts'

/*
 * Which fields of a request usually hold one of a few values (a payee, a host, an environment), and which never do (ids, instants, free
 * text, counters). Decided by how often the values came back, never by the name of a field.
 */

type Scalar = string | number | boolean

/** How a value is looked at: as itself, as the host of an address, or as the domain of an e-mail address. */
export type ViewKind = 'value' | 'host' | 'domain'

/** One way to look at a value. `key` is what is compared, `shown` what is said. */
export type ValueView = { readonly kind: ViewKind; readonly key: string; readonly shown: string }

/** More fields than this are not looked at: none of them, so that their order does not choose. */
const mostFields = 300

/** The plain values of a request's data by JSON pointer. What stands in lists is left out: its places say nothing. */
export function fieldsOf(data: unknown): ReadonlyMap<string, Scalar> {
  const fields = new Map<string, Scalar>()
  const open: (readonly [pointer: string, value: unknown])[] = [['/data', data]]
  for (let next = open.pop(); next; next = open.pop()) {
    const [pointer, value] = next
    if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') fields.set(pointer, value)
    if (typeof value !== 'object' || value === null || Array.isArray(value)) continue
    const names = Object.keys(value)
    if (fields.size + open.length + names.length > mostFields) return new Map()
    for (const name of names) open.push([pointer + pointerSegment(name), (value as Record<string, unknown>)[name]])
  }
  return fields
}

const longestValue = 64
const mostWords = 6

/** What never stands for a kind of thing: instants and days, versions, ids, hashes, and numbers of a few digits. */
const passing = [
  /^\d{4}-\d{2}(-\d{2})?([T ].*)?$/,
  /^\d{1,2}[./]\d{1,2}[./]\d{2,4}$/,
  /^\d{1,2}:\d{2}/,
  /^v?\d+(\.\d+)+([-+].*)?$/i,
  /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i,
  /^(?=.*\d)[0-9a-f]{7,64}$/i,
  /^[-+]?\d{0,5}([.,]\d*)?$/,
]

const iban = /^[A-Z]{2}\d{2}[A-Z0-9]{11,30}$/

/** The ways to look at a value, the strictest first; none where it is of no kind that could come back. */
export function viewsOf(value: Scalar): readonly ValueView[] {
  if (typeof value === 'number') return []
  if (typeof value === 'boolean') return [{ kind: 'value', key: String(value), shown: String(value) }]
  const host = hostOf(value)
  if (host !== null) return host === '' ? [] : [{ kind: 'host', key: host.toLowerCase(), shown: host }]
  const text = value.trim()
  if (!isShort(text)) return []
  const whole: ValueView = { kind: 'value', key: keyOf(text), shown: text }
  const domain = /^[^\s@]+@([^\s@]+\.[^\s@]+)$/.exec(text)?.[1]
  return domain === undefined ? [whole] : [whole, { kind: 'domain', key: domain.toLowerCase(), shown: domain }]
}

const isShort = (text: string): boolean =>
  text !== '' &&
  text.length <= longestValue &&
  !/[\n\r\t]/.test(text) &&
  text.split(/\s+/).length <= mostWords &&
  (isIban(text) || !passing.some((pattern) => pattern.test(text)))

const toIban = (text: string): string => text.replaceAll(' ', '').toUpperCase()
export const isIban = (text: string): boolean => iban.test(toIban(text))
const keyOf = (text: string): string => (isIban(text) ? toIban(text) : text.toLowerCase())

/** The host of an address as a browser would read it; empty where it has none, null where it is no address. */
function hostOf(text: string): string | null {
  const authority = /^\s*[a-z][a-z0-9+.-]*:\/\/([^/?#\\\s]*)/i.exec(text.slice(0, 2000))?.[1]
  if (authority === undefined) return null
  const named = authority.slice(authority.lastIndexOf('@') + 1)
  return named.startsWith('[') ? named.slice(0, named.indexOf(']') + 1) : (named.split(':', 1)[0] ?? '')
}

const fewest = 5
const mostDistinct = 12

/** Whether values, oldest first, come from a small set that has stopped growing: then one that was never there means something. */
export function isUsual(keys: readonly string[]): boolean {
  const n = keys.length
  if (n < fewest) return false
  const times = new Map<string, number>()
  let late = 0
  for (const [index, key] of keys.entries()) {
    const before = times.get(key)
    if (before === undefined && index >= n / 2) late++
    times.set(key, (before ?? 0) + 1)
  }
  const once = [...times.values()].filter((many) => many === 1).length
  return times.size <= mostDistinct && times.size * 3 <= n && once <= Math.floor(n / 8) && late <= (n >= 10 ? 1 : 0)
}
