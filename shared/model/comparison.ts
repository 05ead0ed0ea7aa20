import type { Asked, Difference } from './approval.ts'
import { differencesOf } from './difference.ts'
import { fieldsOf } from './usual-value.ts'

/** Without what is worded anew each time. */
const blank: Asked = {
  type: '',
  title: '',
  description: null,
  requester: null,
  approvers: [],
  amount: null,
  currency: null,
  priority: 'normal',
  consequence: '',
  data: null,
}

/** What is asked for, without its wording. */
export const matterOf = ({ amount, currency, beneficiary, items, data }: Asked): Asked => ({
  ...blank,
  amount,
  currency,
  data,
  ...(beneficiary === undefined ? {} : { beneficiary }),
  ...(items === undefined ? {} : { items }),
})

/** How the request differs from an earlier one. `routine` counts what differs every time, such as ids, and is not listed. */
export type Comparison = { readonly differences: readonly Difference[]; readonly more: number; readonly routine: number }

const mostDifferences = 12
const longestShown = 200

/** Compares with each of these. */
export function comparisons(asked: Asked, past: readonly Asked[]): readonly Comparison[] {
  const always = alwaysAnother([asked, ...past])
  return past.map((before) => {
    const all = differencesOf(matterOf(before), matterOf(asked))
    const told = all.filter(({ pointer }) => !always.has(pointer))
    const differences = told.slice(0, mostDifferences).map(shortened)
    return { differences, more: told.length - differences.length, routine: all.length - told.length }
  })
}

/** Fields that held another value in each of these requests, where there are enough of them to say so. */
function alwaysAnother(all: readonly Asked[]): ReadonlySet<string> {
  const fields = all.map((asked) => fieldsOf(asked.data))
  const [first] = fields
  if (first === undefined || fields.length < 4) return new Set()
  const differs = (pointer: string) => new Set(fields.map((each) => each.get(pointer) ?? fields)).size === fields.length
  return new Set([...first.keys()].filter((pointer) => fields.every((each) => each.has(pointer)) && differs(pointer)))
}

const shortened = (difference: Difference): Difference => ({
  pointer: difference.pointer,
  ...('before' in difference ? { before: short(difference.before) } : {}),
  ...('after' in difference ? { after: short(difference.after) } : {}),
})

/** A long value is cut: this is a hint, and the whole of it stands in the facts. */
function short(value: unknown): unknown {
  const text = typeof value === 'string' ? value : typeof value === 'object' && value !== null ? toJson(value) : ''
  return text.length > longestShown ? `${text.slice(0, longestShown)}…` : value
}

/** What is nested deeper than JSON can be written is longer than what is shown anyway. */
function toJson(value: object): string {
  try {
    return JSON.stringify(value)
  } catch {
    return '…'.repeat(longestShown + 1)
  }
}
