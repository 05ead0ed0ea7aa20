import { pointerSegment } from '../shared/contract/pointer.ts'
import type { ApprovalItem, Difference, Version } from '../shared/model/approval.ts'

const isBag = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null

/** The segments of a JSON pointer, unescaped. */
const segments = (pointer: string): readonly string[] =>
  pointer
    .split('/')
    .slice(1)
    .map((each) => each.replaceAll('~1', '/').replaceAll('~0', '~'))

/** What stands at a pointer; undefined where nothing does. */
export function valueAt(value: unknown, pointer: string): unknown {
  let at = value
  for (const segment of segments(pointer)) {
    if (!isBag(at) || !Object.hasOwn(at, segment)) return undefined
    at = at[segment]
  }
  return at
}

/** The same value with something else at a pointer; what is not on the way there is shared. */
export function withValueAt(value: unknown, pointer: string, next: unknown): unknown {
  const [first, ...rest] = segments(pointer)
  if (first === undefined) return next
  const inner = withValueAt(isBag(value) ? value[first] : undefined, rest.map(pointerSegment).join(''), next)
  if (Array.isArray(value)) return value.map((each, index) => (String(index) === first ? inner : each))
  return { ...(isBag(value) ? value : {}), [first]: inner }
}

export const isSame = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b)

/** Everything that differs between the version that was looked at and the present one, each place once. */
export function differencesSince({ changes }: Pick<ApprovalItem, 'changes'>, seen: Version): readonly Difference[] {
  const places = new Map<string, Difference>()
  for (const change of changes) {
    if (change.version.number <= seen.number) continue
    for (const each of change.differences) {
      const first = places.get(each.pointer)
      places.set(each.pointer, first ? { ...each, before: first.before } : each)
    }
  }
  return [...places.values()].filter(({ before, after }) => !isSame(before, after))
}

/** A pointer as people read it: "/data/lines/0/unit_price" is "lines › 1 › unit price". */
export function placeName(pointer: string): string {
  const names = segments(pointer)
  const shown = names[0] === 'data' && names.length > 1 ? names.slice(1) : names
  return shown.map((name) => (/^\d+$/.test(name) ? String(Number(name) + 1) : name.replaceAll('_', ' '))).join(' › ')
}
