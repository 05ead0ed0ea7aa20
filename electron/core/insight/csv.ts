/*
 * Rows as CSV (RFC 4180). A spreadsheet reads a cell that begins with one of these as a formula: an apostrophe before it keeps it a text.
 * The wide forms are taken for the narrow ones by some.
 */
const formula = /^[=+\-@\t\r\n＝＋－＠]/

/** A figure of our own or of a request: digits alone can do nothing. */
const plainNumber = /^-?\d+(\.\d+)?$/

export type Cell = string | number | boolean | null

/** Excel reads a file as UTF-8 when it begins so. */
export const byteOrderMark = '\ufeff'

function toCell(value: Cell): string {
  if (value === null) return ''
  const text = String(value)
  const safe = formula.test(text) && !plainNumber.test(text) ? `'${text}` : text
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe
}

export const toCsvLine = (cells: readonly Cell[]): string => `${cells.map(toCell).join(',')}\r\n`
