import type { ApprovalItem } from './approval.ts'
import { fieldsOf, type ValueView, viewsOf } from './usual-value.ts'

/*
 * Many requests decided together: those that are alike. Each is judged against the others, never against itself, and what does not fit
 * is held out with the reason, to be decided on its own.
 */

/** What of an item it is judged by. */
export type BulkItem = Pick<
  ApprovalItem,
  'id' | 'type' | 'requester' | 'beneficiary' | 'amount' | 'currency' | 'data' | 'risk' | 'flags' | 'form' | 'options' | 'sent_back'
>

/** Why an item is held out. The first three are rules and cannot be set aside; the others are about the group. */
export type HoldReason =
  | { readonly code: 'high_risk' | 'flagged' | 'needs_form' | 'has_options' | 'open_question' }
  | { readonly code: 'other_type' | 'other_requester' | 'other_currency'; readonly value: string; readonly usual: string }
  | { readonly code: 'amount'; readonly times: number; readonly median: number }
  /** Nobody else in the group has this value, and the others have few. */
  | { readonly code: 'other_value'; readonly pointer: string; readonly value: string; readonly usual: string }

type HeldOut = { readonly id: string; readonly reasons: readonly HoldReason[] }

export type SortedOut = { readonly fits: readonly string[]; readonly held: readonly HeldOut[] }

/** Of a smaller group nobody can say what is usual in it. */
const fewestOthers = 3
/** An amount that is so many times the median of the others does not fit. */
const mostTimes = 3
/** So large a part of the others has to agree for one to differ. */
const mostOf = 0.8

/** Which of these can be decided together, and which are held out, and why. Deterministic; the order given is kept. */
export function sortOut(items: readonly BulkItem[]): SortedOut {
  const group = items.map(toTraits)
  const held: HeldOut[] = []
  const fits: string[] = []
  for (const [index, item] of items.entries()) {
    const reasons = [...ruledOut(item), ...misfits(group[index]!, index, group)]
    if (reasons.length === 0) fits.push(item.id)
    else held.push({ id: item.id, reasons })
  }
  return { fits, held }
}

/** What is never decided with others, whatever the group is like. */
export function ruledOut(item: Pick<BulkItem, 'risk' | 'flags' | 'form' | 'options' | 'sent_back'>): readonly HoldReason[] {
  const reasons: HoldReason[] = []
  if (item.risk === 'high') reasons.push({ code: 'high_risk' })
  if (item.flags.length > 0) reasons.push({ code: 'flagged' })
  if (item.form) reasons.push({ code: 'needs_form' })
  if (item.options && item.options.length > 0) reasons.push({ code: 'has_options' })
  if (item.sent_back) reasons.push({ code: 'open_question' })
  return reasons
}

type Traits = {
  readonly type: string
  readonly requester: string
  readonly currency: string | null
  readonly amount: number | null
  /** The strictest view of each plain value by its pointer. */
  readonly values: ReadonlyMap<string, ValueView>
}

function toTraits(item: BulkItem): Traits {
  const amount = item.amount === null ? Number.NaN : Number(item.amount)
  const values = new Map<string, ValueView>()
  for (const [pointer, value] of fieldsOf(item.data)) {
    const [view] = viewsOf(value)
    if (view) values.set(pointer, view)
  }
  if (item.beneficiary) values.set('/beneficiary', { kind: 'value', key: item.beneficiary.toLowerCase(), shown: item.beneficiary })
  return {
    type: item.type,
    requester: item.requester ?? '',
    currency: item.amount === null ? null : (item.currency ?? ''),
    amount: Number.isFinite(amount) ? amount : null,
    values,
  }
}

function misfits(own: Traits, index: number, group: readonly Traits[]): readonly HoldReason[] {
  const others = group.filter((_, at) => at !== index)
  if (others.length < fewestOthers) return []
  const reasons: HoldReason[] = []
  for (const [code, key] of [
    ['other_type', 'type'],
    ['other_requester', 'requester'],
    ['other_currency', 'currency'],
  ] as const) {
    const value = own[key]
    const usual = commonest(others.map((other) => other[key]).filter((each) => each !== null && each !== ''))
    if (value && usual && usual.value !== value && usual.times >= mostOf * others.length) {
      reasons.push({ code, value, usual: usual.value })
    }
  }
  const amount = outlier(own, others)
  if (amount) reasons.push(amount)
  return [...reasons, ...otherValues(own, others)]
}

/** Compared within one currency; a group of other currencies says nothing about an amount. */
function outlier(own: Traits, others: readonly Traits[]): HoldReason | null {
  const amounts = others.flatMap(({ amount, currency }) => (amount !== null && currency === own.currency ? [amount] : []))
  if (own.amount === null || amounts.length < fewestOthers) return null
  const median = medianOf(amounts)
  const times = median > 0 ? own.amount / median : 0
  // Where the others are as far apart themselves, it is one of them; a few odd ones do not excuse each other.
  const high = amounts.toSorted((a, b) => a - b)[Math.floor((amounts.length - 1) * mostOf)]!
  return times > mostTimes && own.amount > 1.5 * high ? { code: 'amount', times, median } : null
}

/** Fields of which the others have one of a few values, and this one another. */
function otherValues(own: Traits, others: readonly Traits[]): readonly HoldReason[] {
  const reasons: HoldReason[] = []
  for (const [pointer, view] of own.values) {
    const theirs = others.flatMap(({ values }) => values.get(pointer) ?? [])
    if (theirs.length < mostOf * others.length || theirs.some(({ key }) => key === view.key)) continue
    const usual = commonest(theirs.map(({ shown }) => shown))
    // Each its own, like names and texts: then another one is nothing special.
    if (usual && usual.times >= Math.max(2, theirs.length / 3)) {
      reasons.push({ code: 'other_value', pointer, value: view.shown, usual: usual.value })
    }
  }
  return reasons
}

function commonest<T extends string>(values: readonly (T | null)[]): { readonly value: T; readonly times: number } | null {
  const times = new Map<T, number>()
  for (const value of values) if (value !== null) times.set(value, (times.get(value) ?? 0) + 1)
  let best: { value: T; times: number } | null = null
  for (const [value, many] of times) if (best === null || many > best.times) best = { value, times: many }
  return best
}

function medianOf(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b)
  const middle = sorted.length >> 1
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2
}
