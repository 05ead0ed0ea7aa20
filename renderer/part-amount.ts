import type { ApprovalItem } from '../shared/model/approval.ts'
import { readNumber } from './edit-draft.ts'

/** A decimal written as text, as a whole number of its smallest part, so that no digit is lost in comparing. */
function compare(a: string, b: string): number {
  const places = Math.max(...[a, b].map((each) => each.split('.')[1]?.length ?? 0))
  const [left, right] = [a, b].map((each) => {
    const [whole = '0', part = ''] = each.split('.')
    return BigInt(whole + part.padEnd(places, '0'))
  }) as [bigint, bigint]
  return left < right ? -1 : left > right ? 1 : 0
}

type Part = { readonly value?: number | string; readonly problem?: 'needed' | 'too_large' }

/** A part of the amount, of the kind that was asked for: a number or a decimal written as text. */
export function readPart({ amount }: Pick<ApprovalItem, 'amount'>, typed: string): Part {
  const text = typed.trim()
  if (!/^\d{1,18}(\.\d{1,8})?$/.test(text) || /^[0.]+$/.test(text)) return { problem: 'needed' }
  if (amount !== null && /^\d+(\.\d+)?$/.test(String(amount)) && compare(text, String(amount)) > 0) return { problem: 'too_large' }
  if (typeof amount === 'string') return { value: text }
  const read = readNumber(text)
  return 'value' in read ? { value: read.value } : { problem: 'needed' }
}
