import type { ProblemEntry } from '../../../shared/contract/errors.ts'
import { pointerSegment, toPath, valueAt } from '../../../shared/contract/pointer.ts'
import type { ApprovalItem, Asked, Difference } from '../../../shared/model/approval.ts'
import { differencesOf } from '../../../shared/model/difference.ts'
import { fail, ok, type Result } from '../../../shared/model/result.ts'

/*
 * An edit that comes as a whole value, turned into what engine and policy speak: single changes by JSON pointer. What is not
 * mentioned stays as it is, byte for byte.
 */

/** Where two values of any kind differ. */
export const toValueDifferences = (before: unknown, after: unknown): readonly Difference[] =>
  differencesOf(before as Asked, after as Asked)

export const sameValue = (one: unknown, other: unknown): boolean => toValueDifferences(one, other).length === 0

/**
 * The changes that make the edited value out of what is asked. A change within something that may be changed as a whole is a change of
 * that. Leaving out a member that was seen would take it away, which an edit cannot; it is refused rather than passed over.
 */
export function editOf(
  item: Pick<ApprovalItem, 'data' | 'editable'>,
  { original, edited }: { readonly original: unknown; readonly edited: unknown },
): Result<Readonly<Record<string, unknown>>, readonly ProblemEntry[]> {
  const gone = original === undefined ? [] : removed(original, edited, '')
  if (gone.length > 0) {
    return fail(
      gone.map((pointer) => ({
        pointer: `/editedValue${pointer}`,
        message: 'cannot be taken away; leave it as it is, or say null',
      })),
    )
  }
  // The amount of a request without data is edited by its name, as if it stood in there.
  const asked = item.data ?? (isObject(edited) ? {} : item.data)
  const whole = merge(asked, edited)
  const changes: Record<string, unknown> = {}
  for (const pointer of changedIn(asked, whole, '')) {
    const covering = (item.editable ?? []).find((one) => one !== '' && pointer.startsWith(`${one}/`))
    const place = covering ?? pointer
    changes[place] = valueAt(whole, toPath(place))
  }
  return ok(changes)
}

type Members = Readonly<Record<string, unknown>>

const isObject = (value: unknown): value is Members => typeof value === 'object' && value !== null && !Array.isArray(value)

/** Where the second differs from the first, which it has every member of. Of a list that got longer or shorter, the whole. */
function changedIn(before: unknown, after: unknown, at: string): string[] {
  const lists = Array.isArray(before) && Array.isArray(after) && before.length === after.length
  if (!lists && !(isObject(before) && isObject(after))) return sameValue(before, after) ? [] : [at]
  return Object.keys(after as object).flatMap((name) => {
    const pointer = at + pointerSegment(name)
    const [was, is] = [before, after].map((value) => (value as Members)[name])
    return Object.hasOwn(before as object, name) ? changedIn(was, is, pointer) : [pointer]
  })
}

/** Members that were there and are not mentioned any more. */
function removed(before: unknown, after: unknown, at: string): string[] {
  if (!isObject(before) || !isObject(after)) return []
  return Object.keys(before).flatMap((name) => {
    const pointer = at + pointerSegment(name)
    return Object.hasOwn(after, name) ? removed(before[name], after[name], pointer) : [pointer]
  })
}

/** Objects are merged member by member; lists and single values are replaced. */
function merge(asked: unknown, edited: unknown): unknown {
  if (!isObject(asked) || !isObject(edited)) return edited
  const own = (name: string) => (Object.hasOwn(asked, name) ? merge(asked[name], edited[name]) : edited[name])
  return Object.fromEntries([...Object.entries(asked), ...Object.keys(edited).map((name) => [name, own(name)] as const)])
}
