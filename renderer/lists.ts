import type { ApprovalItem } from '../shared/model/approval.ts'
import type { View } from '../shared/model/view.ts'
import { asksMe, type KnownPeople, snoozeOf } from './asked.ts'
import { type Urgency, urgencyAt } from './format.ts'
import { isAnswered } from './held.ts'

/** In which order a list is. */
export type Sort = 'due' | 'newest' | 'oldest' | 'decided' | 'amount' | 'risk'

/** The orders that a view offers; the first is its own. */
export const sortsOf: Readonly<Record<View, readonly Sort[]>> = {
  inbox: ['due', 'newest', 'oldest', 'amount', 'risk'],
  due_soon: ['due', 'newest', 'oldest', 'amount', 'risk'],
  waiting: ['due', 'newest', 'oldest', 'amount', 'risk'],
  snoozed: ['due', 'newest', 'oldest', 'amount', 'risk'],
  done: ['decided', 'newest', 'amount'],
  all: ['newest', 'oldest', 'amount', 'risk'],
}

/** What a list asks for when the address says this. An order that a view does not offer is its own instead. */
export const queryIn = (view: View, { search, sort }: { readonly search: string; readonly sort: string }) => ({
  search,
  sort: sortsOf[view].find((each) => each === sort) ?? sortsOf[view][0]!,
})

const dueSoonMs = 24 * 3_600_000

/** Who looks at a list. */
export type Reader = { readonly me: string | undefined; readonly people: KnownPeople; readonly now: number }

/** Whether a request is in a view of theirs, as far as the page can say; the host's lists have the last word. */
export function belongsIn(view: View, item: ApprovalItem, reader: Reader): boolean {
  const mine = () => asksMe(item, reader.me, reader.people)
  const snoozed = () => snoozeOf(item, reader.me, reader.now) !== null
  switch (view) {
    case 'inbox':
      return !isAnswered(item) && mine() && !snoozed()
    case 'due_soon':
      return belongsIn('inbox', item, reader) && item.due_at !== null && Date.parse(item.due_at) < reader.now + dueSoonMs
    case 'waiting':
      return item.status === 'pending' && (item.held !== null || !mine())
    case 'snoozed':
      return !isAnswered(item) && mine() && snoozed()
    case 'done':
      return item.status !== 'pending'
    case 'all':
      return true
  }
}

const risks = { high: 0, medium: 1, low: 2 } as const
/** One without an amount comes behind one of nothing. */
const noAmount = -1

/** Whether larger keys come first. Among equals the newest does then. */
const isDescending: Readonly<Record<Sort, boolean>> = {
  due: false,
  oldest: false,
  risk: true,
  newest: true,
  decided: true,
  amount: true,
}

/** What the host says that a list goes by, as a number to compare. */
export function toKey(sort: Sort, told: string | number | null): number {
  switch (sort) {
    case 'due':
      return told === null ? Number.POSITIVE_INFINITY : Date.parse(String(told))
    case 'amount':
      return told === null || !Number.isFinite(Number(told)) ? noAmount : Math.abs(Number(told))
    case 'risk':
      return -risks[told as keyof typeof risks]
    default:
      return told === null ? Number.NEGATIVE_INFINITY : Date.parse(String(told))
  }
}

/** The same of a request. */
export function keyOf(sort: Sort, item: ApprovalItem): number {
  switch (sort) {
    case 'due':
      return toKey(sort, item.due_at)
    case 'newest':
    case 'oldest':
      return toKey(sort, item.created_at)
    case 'decided':
      return toKey(sort, item.decided_at)
    case 'amount':
      return toKey(sort, item.amount)
    case 'risk':
      return toKey(sort, item.risk)
  }
}

/** Whether a row of this key comes behind a new one of that key. */
export const isBehind = (sort: Sort, key: number, fresh: number): boolean => (isDescending[sort] ? key <= fresh : key > fresh)

/** Where in a sorted list something goes: behind everything that is not after it. */
export function placeIn(length: number, isAfter: (at: number) => boolean): number {
  let low = 0
  let high = length
  while (low < high) {
    const middle = (low + high) >> 1
    if (isAfter(middle)) high = middle
    else low = middle + 1
  }
  return low
}

/** A heading, and the index of the first row under it. */
export type Heading = { readonly group: Urgency; readonly at: number }

const order: readonly Urgency[] = ['overdue', 'today', 'week', 'later', 'none']

/** The headings of a list by deadline, found by halving: a hundred thousand rows are not walked for five lines. */
export function headingsOf(length: number, dueAt: (at: number) => number, now: number): readonly Heading[] {
  const rank = (at: number) => order.indexOf(urgencyAt(dueAt(at), now))
  const headings: Heading[] = []
  for (let at = 0; at < length; ) {
    const here = rank(at)
    headings.push({ group: order[here]!, at })
    at = Math.max(
      at + 1,
      placeIn(length, (other) => other > at && rank(other) > here),
    )
  }
  return headings
}

/** What stands on a line: a heading, or the row of that index. */
export type Line = { readonly kind: 'group'; readonly group: Urgency } | { readonly kind: 'row'; readonly at: number }

/** Lines are rows with the headings between them. */
export function lineAt(index: number, headings: readonly Heading[]): Line {
  let above = 0
  for (const { group, at } of headings) {
    if (index === at + above) return { kind: 'group', group }
    if (index < at + above) break
    above++
  }
  return { kind: 'row', at: index - above }
}

/** The line of a row. */
export const lineOf = (row: number, headings: readonly Heading[]): number => row + headings.filter(({ at }) => at <= row).length
