import { locale } from './language.ts'

/** An amount in the reader's way of writing, never with fewer digits than were received. */
export function money(amount: number | string, currency: string | null): string {
  const text = String(amount)
  const decimals = Math.min(20, text.split('.')[1]?.length ?? 0)
  if (!/^-?\d+(\.\d+)?$/.test(text)) return currency ? `${text} ${currency}` : text
  const exact = text as Intl.StringNumericLiteral
  try {
    if (!currency) return new Intl.NumberFormat(locale, { minimumFractionDigits: decimals }).format(exact)
    const usual = new Intl.NumberFormat(locale, { style: 'currency', currency }).resolvedOptions().maximumFractionDigits ?? 2
    return new Intl.NumberFormat(locale, {
      style: 'currency',
      currency,
      maximumFractionDigits: Math.max(usual, decimals),
    }).format(exact)
  } catch {
    return currency ? `${text} ${currency}` : text
  }
}
