import type { Asked } from '../../../shared/model/approval.ts'
import type { Language } from '../../../shared/model/language.ts'
import { isNameInGerman } from './german-names.ts'

/* Ties a model's text to the request: what can be checked in it (numbers, names, hosts, paths, addresses, dates) must occur there. */

const mostUnsupported = 50
const months = [
  'january',
  'february',
  'march',
  'april',
  'may',
  'june',
  'july',
  'august',
  'september',
  'october',
  'november',
  'december',
]
const month = `(?:${months.join('|')}|jan|feb|mar|apr|jun|jul|aug|sept?|oct|nov|dec)`
const germanMonths = 'jan feb mär apr mai jun jul aug sep okt nov dez'.split(' ')
const germanMonth =
  '(?:januar|jänner|februar|feber|märz|april|mai|juni|juli|august|september|oktober|november|dezember|(?:jan|feb|mär|apr|jun|jul|aug|sept?|okt|nov|dez)(?=\\.))'

const token = new RegExp(
  [
    String.raw`(?<email>[\p{L}\p{N}._%+-]+@[\p{L}\p{N}.-]+\p{L})`,
    String.raw`(?<url>[a-z][a-z0-9+.-]*:\/\/[^\s"'<>”’)]+)`,
    String.raw`(?<path>(?:[A-Za-z]:\\|~?\.{0,2}\/)[\p{L}\p{N}_.~@-]+(?:[\\/][\p{L}\p{N}_.~@*-]+)*)`,
    String.raw`(?<iso>\d{4}-\d{2}-\d{2}(?:[T ]\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?:Z|[+-]\d{2}:?\d{2})?)?)`,
    String.raw`(?<german>(?<![\p{N}.,])\d{1,2}\. ?(?:${germanMonth}\.?|\d{1,2}\.) ?\d{4}(?![\p{L}\p{N}]|[.,]\d))`,
    String.raw`(?<dayFirst>\b\d{1,2}(?:st|nd|rd|th)? (?:of )?${month}\.?,? \d{4})`,
    String.raw`(?<monthFirst>\b${month}\.? \d{1,2}(?:st|nd|rd|th)?,? \d{4})`,
    String.raw`(?<host>(?:[\p{L}\p{N}-]+\.)+\p{L}[\p{L}\p{N}-]+(?::\d+)?)`,
    String.raw`(?<number>(?<![\p{L}\p{N}_.-])[-+]?\d[\d,.'’\u00a0\u202f]*(?:[kKmM](?![\p{L}\p{N}]))?(?![\p{L}\p{N}_]))`,
    String.raw`(?<code>(?=[\p{L}\p{N}_-]*\d)[\p{L}\p{N}_][\p{L}\p{N}_.:-]*)`,
    String.raw`(?<name>\p{Lu}[\p{L}\p{M}’']*)`,
  ].join('|'),
  'giu',
)

/** Words that a sentence about any request may hold without being a claim about it. */
const ordinary = new Set(['i', 'ai', 'low', 'medium', 'high', 'approving', 'approval', 'approve', 'rejecting', 'risk', 'impact'])

/** What of `text` can be checked and does not occur in the request, each once, in order. `language` is what it was asked for in. */
export function unsupportedWords(text: string, asked: Asked, language: Language = 'en'): string[] {
  const source = readSource(asked)
  const found = new Set<string>()
  for (const match of text.matchAll(token)) {
    const groups = match.groups!
    const whole = match[0].replace(/[.,:;!?'’]+$/u, '')
    if (whole === '') continue
    if (groups.name !== undefined) {
      if (language === 'en' || isNameInGerman(text, match.index, whole)) checkName(text, match.index, whole, source, found)
    } else if (!isSupported(groups, whole, source)) found.add(whole)
    if (found.size >= mostUnsupported) break
  }
  return [...found]
}

type Source = { readonly text: string; readonly words: ReadonlySet<string>; readonly numbers: ReadonlySet<number> }

function readSource(asked: Asked): Source {
  const numbers = new Set<number>()
  // One member a line: the numbers of an array must not run together.
  const json = JSON.stringify(asked, null, 1).replaceAll(/\\[nrt]/g, ' ')
  const text = json.normalize('NFKC').toLowerCase()
  for (const [number] of text.matchAll(/[-+]?\d[\d,.'’\u00a0\u202f]*/g)) {
    const values = readings(number)
    for (const value of values) numbers.add(value)
    if (values.length === 0) for (const piece of number.match(/\d+/g) ?? []) numbers.add(Number(piece))
  }
  return { text, words: new Set(text.match(/[\p{L}\p{M}]+/gu) ?? []), numbers }
}

function isSupported(groups: Record<string, string | undefined>, whole: string, source: Source): boolean {
  const lower = whole.normalize('NFKC').toLowerCase()
  if (groups.number !== undefined) {
    return readings(whole).some((value) => source.numbers.has(value) || source.numbers.has(-value)) || isVersionIn(lower, source)
  }
  if (groups.german !== undefined) return occurs(lower, source.text) || source.text.includes(germanDate(lower))
  const written = groups.dayFirst ?? groups.monthFirst
  if (written !== undefined)
    return source.text.includes(lower) || (isoDate(lower) !== null && source.text.includes(isoDate(lower)!))
  return occurs(lower, source.text)
}

/** Occurs as a whole: what stands before and behind it does not go on with it. */
function occurs(part: string, text: string): boolean {
  for (let at = text.indexOf(part); at >= 0; at = text.indexOf(part, at + 1)) {
    const before = text[at - 1] ?? ' '
    const behind = text[at + part.length] ?? ' '
    if (!/[\p{L}\p{N}]/u.test(before) && !/[\p{L}\p{N}]/u.test(behind)) return true
    if (/\d{4}-\d{2}-\d{2}$/.test(part) && behind === 't') return true
  }
  return false
}

const isVersionIn = (part: string, source: Source): boolean => /^\d+(?:\.\d+){2,}$/.test(part) && occurs(part, source.text)

function checkName(text: string, at: number, word: string, source: Source, found: Set<string>): void {
  if (!/^\p{Lu}/u.test(word) || /(?:^|[.!?…]["'”’)]?\s+|\n\s*[-*•]?\s*)["'“‘(]?$/u.test(text.slice(0, at))) return
  const lower = word
    .normalize('NFKC')
    .toLowerCase()
    .replace(/['’]s?$/u, '')
  const parts = lower.split(/['’]/u).filter((part) => part !== '')
  if (ordinary.has(lower) || parts.every((part) => source.words.has(part))) return
  found.add(word)
}

/** The values a written number may have: 1,240.00 and 1.240,00 are both 1240; 1.2k is 1200. */
function readings(written: string): number[] {
  const scale = /k$/i.test(written) ? 1_000 : /m$/i.test(written) ? 1_000_000 : 1
  const digits = written
    .replace(/[kKmM]$/, '')
    .replace(/['’\s\u00a0\u202f]/g, '')
    .replace(/[.,]+$/, '')
  const values = new Set<number>()
  const add = (text: string) => {
    if (/^[-+]?\d+(?:\.\d+)?$/.test(text)) values.add(Math.round(Number(text) * scale * 1e8) / 1e8)
  }
  if (/^[-+]?\d{1,3}(?:,\d{3})+(?:\.\d+)?$/.test(digits) || !digits.includes(',')) add(digits.replaceAll(',', ''))
  if (/^[-+]?\d{1,3}(?:\.\d{3})+(?:,\d+)?$/.test(digits) || !digits.includes('.')) add(digits.replaceAll('.', '').replace(',', '.'))
  return [...values]
}

function isoDate(written: string): string | null {
  const name = new RegExp(month, 'i').exec(written)?.[0]
  const numbers = written.match(/\d+/g)
  const index = name === undefined ? -1 : months.findIndex((full) => full.startsWith(name.slice(0, 3)))
  if (index < 0 || numbers?.length !== 2) return null
  return `${numbers[1]}-${String(index + 1).padStart(2, '0')}-${numbers[0]!.padStart(2, '0')}`
}

/** "12. März 2026" and "12.3.2026" as they stand in data. */
function germanDate(written: string): string {
  const [day, ...others] = written.match(/\d+/g) ?? []
  const name = /\p{L}{3}/u.exec(written)?.[0].replace('jän', 'jan')
  const month = name === undefined ? others[0]! : String(germanMonths.indexOf(name) + 1)
  return `${others.at(-1)}-${month.padStart(2, '0')}-${day!.padStart(2, '0')}`
}
