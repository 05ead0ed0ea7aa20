import { pointerSegment, toPath, valueAt, withValueAt } from '../shared/contract/pointer.ts'
import type { ApprovalItem, Difference } from '../shared/model/approval.ts'
import { isSame } from './difference.ts'

/** One value that may be changed: a leaf at or below a place the request leaves open. */
export type EditField = {
  /** Where it stands, from the same root as `place`. */
  readonly pointer: string
  /** The place the request leaves open: what is sent is its whole new value. */
  readonly place: string
  readonly kind: 'text' | 'number' | 'boolean' | 'json'
  readonly value: unknown
}

/** What was typed so far, by pointer. What is not in it was not touched and stays byte for byte. */
export type Draft = Readonly<Record<string, string | boolean>>

type Editable = Pick<ApprovalItem, 'editable' | 'data' | 'amount'>

/** The request's own amount, unless its data has one under that name. */
const isOwnAmount = (item: Editable, place: string) => place === '/amount' && valueAt(item.data, toPath(place)) === undefined

const heldAt = (item: Editable, place: string): unknown =>
  isOwnAmount(item, place) ? item.amount : valueAt(item.data, toPath(place))

const kindOf = (value: unknown): EditField['kind'] => {
  if (typeof value === 'number') return 'number'
  if (typeof value === 'boolean') return 'boolean'
  return typeof value === 'string' ? 'text' : 'json'
}

const mostLeaves = 60

function leaves(value: unknown, pointer: string, place: string): readonly EditField[] {
  // What is not there, or is nothing, has no type that a new value could keep.
  if (value === null || value === undefined) return []
  const nested = typeof value === 'object' ? Object.entries(value) : []
  if (nested.length === 0 || nested.length > mostLeaves) return [{ pointer, place, kind: kindOf(value), value }]
  return nested.flatMap(([name, each]) => leaves(each, pointer + pointerSegment(name), place))
}

/** Every value the request lets an approver change, in the order the request names them. */
export const editFields = (item: Editable): readonly EditField[] =>
  (item.editable ?? []).flatMap((place) => leaves(heldAt(item, place), place, place))

/** A value as it is first shown in its field. */
export const asTyped = ({ kind, value }: EditField): string | boolean => {
  if (kind === 'boolean') return value === true
  if (kind === 'json') return JSON.stringify(value, null, 2)
  return String(value)
}

type Read = { readonly value: unknown } | { readonly problem: 'number' | 'digits' | 'json' }

/** What was typed, as a value of the kind that was there: a number stays a number, a decimal written as text stays text. */
function readTyped(kind: EditField['kind'], typed: string | boolean): Read {
  if (typeof typed === 'boolean') return { value: typed }
  if (kind === 'number') return readNumber(typed)
  if (kind !== 'json') return { value: typed }
  try {
    return { value: JSON.parse(typed) as unknown }
  } catch {
    return { problem: 'json' }
  }
}

/** A number that is written with more digits than a number here can hold is refused, never rounded. */
export function readNumber(typed: string): { readonly value: number } | { readonly problem: 'number' | 'digits' } {
  const text = typed.trim()
  if (!/^-?\d+(\.\d+)?$/.test(text)) return { problem: 'number' }
  const digits = text
    .replace(/^-?0*/, '')
    .replace(/(\.\d*?)0+$/, '$1')
    .replace('.', '')
  return digits.length > 15 ? { problem: 'digits' } : { value: Number(text) }
}

export type Edited = {
  /** New values by the places they belong to, as the host takes them. */
  readonly changes: Readonly<Record<string, unknown>>
  readonly differences: readonly Difference[]
  readonly problems: Readonly<Record<string, 'number' | 'digits' | 'json'>>
}

/** What a draft makes of a request. What was typed and taken back again is no difference. */
export function readDraft(item: Editable, draft: Draft): Edited {
  const changes: Record<string, unknown> = {}
  const problems: Record<string, 'number' | 'digits' | 'json'> = {}
  const differences: Difference[] = []
  for (const field of editFields(item)) {
    const typed = draft[field.pointer]
    if (typed === undefined || typed === asTyped(field)) continue
    const read = readTyped(field.kind, typed)
    if ('problem' in read) {
      problems[field.pointer] = read.problem
      continue
    }
    if (isSame(read.value, field.value)) continue
    const held = field.place in changes ? changes[field.place] : heldAt(item, field.place)
    changes[field.place] = withValueAt(held, toPath(field.pointer.slice(field.place.length)), read.value)
    differences.push({ pointer: field.pointer, before: field.value, after: read.value })
  }
  return { changes, differences, problems }
}
