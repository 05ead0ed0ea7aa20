import type { ApprovalItem } from '../shared/model/approval.ts'
import type { View } from '../shared/model/view.ts'
import { asksMe, type KnownPeople, snoozeOf } from './asked.ts'
import { type Urgency, urgency } from './format.ts'
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
const text = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0)
/** Instants in order; those without one last. */
const instants = (a: string | null, b: string | null) => (a === b ? 0 : a === null ? 1 : b === null ? -1 : text(a, b))
const amountOf = ({ amount }: ApprovalItem) => (amount === null ? Number.NEGATIVE_INFINITY : Number(amount))

/** The host's order, so that what is new can be put where it belongs. */
export function compareBy(sort: Sort): (a: ApprovalItem, b: ApprovalItem) => number {
  const arrival = (a: ApprovalItem, b: ApprovalItem) => text(a.created_at, b.created_at) || text(a.id, b.id)
  switch (sort) {
    case 'due':
      return (a, b) => instants(a.due_at, b.due_at) || arrival(a, b)
    case 'oldest':
      return arrival
    case 'newest':
      return (a, b) => arrival(b, a)
    case 'decided':
      return (a, b) => text(b.decided_at ?? '', a.decided_at ?? '') || arrival(b, a)
    case 'amount':
      return (a, b) => amountOf(b) - amountOf(a) || arrival(b, a)
    case 'risk':
      return (a, b) => risks[a.risk] - risks[b.risk] || arrival(b, a)
  }
}

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
export function headingsOf(length: number, dueAt: (at: number) => string | null, now: number): readonly Heading[] {
  const rank = (at: number) => order.indexOf(urgency(dueAt(at), now))
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
