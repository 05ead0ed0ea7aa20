import { toPath } from '../shared/contract/pointer.ts'
import type { ApprovalItem, Difference, Version } from '../shared/model/approval.ts'

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
  const names = toPath(pointer)
  const shown = names[0] === 'data' && names.length > 1 ? names.slice(1) : names
  return shown.map((name) => (/^\d+$/.test(name) ? String(Number(name) + 1) : name.replaceAll('_', ' '))).join(' › ')
}
