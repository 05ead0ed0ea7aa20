import type { ApprovalItem } from '../shared/model/approval.ts'
import { readNumber } from './edit-draft.ts'
import { type Language, language } from './language.ts'

/** A decimal written as text, as a whole number of its smallest part, so that no digit is lost in comparing. */
function compare(a: string, b: string): number {
  const places = Math.max(...[a, b].map((each) => each.split('.')[1]?.length ?? 0))
  const [left, right] = [a, b].map((each) => {
    const [whole = '0', part = ''] = each.split('.')
    return BigInt(whole + part.padEnd(places, '0'))
  }) as [bigint, bigint]
  return left < right ? -1 : left > right ? 1 : 0
}

type Part = { readonly value?: number | string; readonly problem?: 'needed' | 'unclear' | 'too_large' }

/**
 * A decimal as the reader writes it, with a point. In German that is a comma, and a point may stand where it can be nothing else;
 * "1.240" is a thousand to one reader and little more than one to another, so that nobody guesses. Null: it is not clear.
 */
function pointed(text: string, spoken: Language): string | null {
  if (/^[\d.,'’ ]*$/.test(text) === false || !/[.,'’ ]/.test(text)) return text
  if (spoken === 'de' && /^\d+,\d+$/.test(text)) return text.replace(',', '.')
  if (spoken === 'de' && /^\d+\.\d{3}$/.test(text)) return null
  return /^\d+\.\d+$/.test(text) ? text : null
}

/** A part of the amount, of the kind that was asked for: a number or a decimal written as text. */
export function readPart({ amount }: Pick<ApprovalItem, 'amount'>, typed: string, spoken: Language = language): Part {
  const text = pointed(typed.trim(), spoken)
  if (text === null) return { problem: 'unclear' }
  if (!/^\d{1,18}(\.\d{1,8})?$/.test(text) || /^[0.]+$/.test(text)) return { problem: 'needed' }
  if (amount !== null && /^\d+(\.\d+)?$/.test(String(amount)) && compare(text, String(amount)) > 0) return { problem: 'too_large' }
  if (typeof amount === 'string') return { value: text }
  const read = readNumber(text)
  return 'value' in read ? { value: read.value } : { problem: 'needed' }
}
