/*
 * The shape of a sender's data, before it is drawn: what is a table, what is a pair of before and after, which number is money, and
 * how much of it is open at first. Pure. Names are the sender's, `constructor` among them: only own members are looked at.
 */

export type Bag = Readonly<Record<string, unknown>>

export const isBag = (value: unknown): value is Bag => typeof value === 'object' && value !== null && !Array.isArray(value)
const isEmpty = (value: object): boolean => {
  if (Array.isArray(value)) return value.length === 0
  for (const _ in value) return false
  return true
}
export const isScalar = (value: unknown): boolean => value === null || typeof value !== 'object' || isEmpty(value)
const memberOf = (bag: Bag, name: string): unknown => (Object.hasOwn(bag, name) ? bag[name] : undefined)

export const firstRows = 40
const mostColumns = 12
const looked = 400

/** The columns of a list whose entries have the same few plain fields, or nearly so; null when it is no table. */
export function columnsOf(values: readonly unknown[]): readonly string[] | null {
  if (values.length < 2) return null
  const times = new Map<string, number>()
  for (const [index, value] of values.entries()) {
    if (!isBag(value)) return null
    if (index >= looked && values.length > 4 * looked && index % 7 !== 0 && index < values.length - looked) continue
    for (const name of Object.keys(value)) times.set(name, (times.get(name) ?? 0) + 1)
    if (times.size > mostColumns) return null
  }
  const columns = [...times.keys()]
  if (columns.length === 0) return null
  let filled = 0
  for (const value of values as readonly Bag[]) {
    let own = 0
    for (const name of Object.keys(value)) {
      if (!times.has(name) || !isCell(value[name])) return null
      own++
    }
    filled += own
  }
  return filled >= values.length * columns.length * 0.6 ? columns : null
}

const longestCell = 400
const isCell = (value: unknown) => isScalar(value) && (typeof value !== 'string' || value.length <= longestCell)

/** A number, or a decimal written as text: such a column is read down its digits. */
export const isNumeric = (value: unknown): boolean =>
  typeof value === 'number' || (typeof value === 'string' && /^-?\d{1,30}(?:\.\d{1,20})?$/.test(value))

const moneyName =
  /(?:^|_)(?:amount|total|subtotal|sum|price|cost|fee|fees|tax|vat|net|gross|balance|budget|refund|discount|salary|charge|limit_amount)$/
const words = (name: string) => name.replaceAll(/([a-z])([A-Z])/g, '$1_$2').toLowerCase()

let currencies: ReadonlySet<string> | null = null
const isCurrency = (value: unknown): value is string => {
  currencies ??= new Set(Intl.supportedValuesOf('currency'))
  return typeof value === 'string' && currencies.has(value)
}

/** The currency that stands beside an amount; null where there is none, or the number is none of money. */
export function currencyFor(bag: Bag, name: string): string | null {
  if (!isNumeric(memberOf(bag, name)) || !moneyName.test(words(name))) return null
  const beside = [`${name}_currency`, `${name}Currency`, 'currency', 'currency_code', 'currencyCode']
  return beside.map((each) => memberOf(bag, each)).find(isCurrency) ?? null
}

/** Nothing but an amount and its currency: one value. */
export function moneyOf(bag: Bag): { readonly amount: number | string; readonly currency: string } | null {
  const names = Object.keys(bag)
  const amount = names.find((name) => /^(?:amount|value)$/.test(name))
  const currency = names.find((name) => /^currency(?:_code|Code)?$/.test(name))
  if (names.length !== 2 || amount === undefined || currency === undefined) return null
  const [number, code] = [bag[amount], bag[currency]]
  return isNumeric(number) && isCurrency(code) ? { amount: number as number | string, currency: code } : null
}

const pairNames = [
  ['before', 'after'],
  ['old', 'new'],
  ['old_value', 'new_value'],
  ['previous', 'current'],
] as const

/** Under which names an object says how something was and how it will be. */
export const pairIn = (bag: Bag): readonly [before: string, after: string] | null =>
  pairNames.find(([before, after]) => Object.hasOwn(bag, before) && Object.hasOwn(bag, after)) ?? null

/** What an amount that is no plain decimal could be taken for. */
export type NumberDoubt =
  | { readonly kind: 'grouping' }
  | { readonly kind: 'two_ways'; readonly one: string; readonly other: string }

/** "1.240" is one and a bit in one country and over a thousand in another; "12,34,5" is nothing at all. */
export function numberDoubt(text: string, name: string): NumberDoubt | null {
  if (!moneyName.test(words(name)) || text.length > 40) return null
  const twoWays = /^-?(\d{1,3})[.,](\d{3})$/.exec(text)
  if (twoWays && !text.startsWith('0')) {
    const [, whole = '', rest = ''] = twoWays
    return { kind: 'two_ways', one: `${whole}.${rest.replace(/0+$/, '') || '0'}`, other: whole + rest }
  }
  if (!/^-?[\d.,'’ ]+$/.test(text) || !/[.,'’ ]/.test(text) || isNumeric(text)) return null
  const [head = '', ...groups] = text.replace('-', '').split(/[.,'’ ]/)
  const last = groups.at(-1) ?? ''
  const inner = /[.,]\d{1,2}$/.test(text) ? groups.slice(0, -1) : groups
  const usual = head.length > 0 && head.length <= 3 && inner.every((group) => group.length === 3) && last.length > 0
  return usual || (inner.length === 0 && head.length > 0) ? null : { kind: 'grouping' }
}

const openBudget = 360
const deepestOpen = 8

/** What is open at first: the outer before the inner, until there is enough to read. The rest is folded, and says how much it is. */
export function openAtFirst(root: unknown): ReadonlySet<object> {
  const open = new Set<object>()
  let left = openBudget
  let level: object[] = typeof root === 'object' && root !== null ? [root] : []
  for (let depth = 0; level.length > 0 && depth <= deepestOpen; depth++) {
    const next: object[] = []
    for (const value of level) {
      const cost = costOf(value)
      if (depth > 0 && cost > left) continue
      left -= cost
      open.add(value)
      const inner = Array.isArray(value) ? value.slice(0, firstRows) : Object.values(value).slice(0, firstRows)
      for (const each of inner) if (typeof each === 'object' && each !== null) next.push(each)
    }
    level = next
  }
  return open
}

function costOf(value: object): number {
  if (!Array.isArray(value)) return Math.min(firstRows, Object.keys(value).length)
  const columns = columnsOf(value)
  return Math.min(firstRows, value.length) * (columns ? columns.length : 1)
}
