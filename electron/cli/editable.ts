import { toPath, valueAt } from '../../shared/contract/pointer.ts'
import type { ApprovalItem, Difference } from '../../shared/model/approval.ts'

/** What an approver may change, by JSON pointer, with the values as they are. */
export function editableOf(item: ApprovalItem): readonly (readonly [pointer: string, value: unknown])[] {
  return (item.editable ?? []).map((pointer) => [pointer, presentValue(item, pointer)] as const)
}

function presentValue(item: ApprovalItem, pointer: string): unknown {
  const found = valueAt(item.data, toPath(pointer))
  return found === undefined && pointer === '/amount' ? item.amount : found
}

/** What an editor is given: the values by pointer, as JSON. */
export const toEditText = (item: ApprovalItem): string => `${JSON.stringify(Object.fromEntries(editableOf(item)), null, 2)}\n`

/** What came back from an editor: the values that differ, or what is wrong with it. */
export function fromEditText(item: ApprovalItem, text: string): readonly Difference[] | string {
  let edited: unknown
  try {
    edited = JSON.parse(text)
  } catch (error) {
    return `It is not JSON: ${(error as Error).message}`
  }
  if (typeof edited !== 'object' || edited === null || Array.isArray(edited)) return 'It is no JSON object.'
  const present = new Map(editableOf(item))
  const unknown = Object.keys(edited).find((pointer) => !present.has(pointer))
  if (unknown !== undefined) return `${unknown} may not be changed. Only ${[...present.keys()].join(', ')} may.`
  return Object.entries(edited).flatMap(([pointer, after]) => {
    const before = present.get(pointer)
    return JSON.stringify(before) === JSON.stringify(after) ? [] : [{ pointer, before, after }]
  })
}

/** Differences as a decision carries them. */
export const toChanges = (differences: readonly Difference[]): Record<string, unknown> =>
  Object.fromEntries(differences.map(({ pointer, after }) => [pointer, after]))
