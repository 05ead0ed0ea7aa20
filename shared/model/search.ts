import { type SearchField, type SearchPart, type SearchState, searchFields, searchStates } from './search-parts.ts'
import { wordsOf } from './search-words.ts'

/*
 * What people type into the search box, read once: the server searches by it, and the page shows what was understood. Nothing is dropped
 * without a word: what cannot be used comes back as a problem, and the rest is searched.
 */

/** What cannot be used, where it stands, and why. */
export type SearchProblem = { readonly start: number; readonly end: number; readonly message: string }

export type Search = { readonly parts: readonly SearchPart[]; readonly problems: readonly SearchProblem[] }

const mostParts = 20
const longestText = 500

/** One piece between spaces: maybe a minus, maybe an operator, and a text that may stand in quotation marks. */
const piece = /(-?)(?:([\p{L}_]+):(?!\/\/))?(?:["“”]([^"“”]*)(["“”]|$)|([^\s"“”]*))/uy

type Piece = { start: number; end: number; negated: boolean; operator: string | null; text: string; quoted: boolean; open: boolean }

/** Any text parses. */
export function parseSearch(typed: string): Search {
  const parts: SearchPart[] = []
  const problems: SearchProblem[] = []
  if (typed.length > longestText) {
    problems.push({ start: longestText, end: typed.length, message: `Only the first ${longestText} characters are searched.` })
  }
  for (const found of piecesOf(typed.slice(0, longestText))) {
    const { start, end } = found
    if (found.open) problems.push({ start, end, message: 'The quotation mark is not closed.' })
    const part = parts.length < mostParts ? partOf(found) : `Only ${mostParts} conditions are used at a time.`
    if (typeof part === 'string') problems.push({ start, end, message: part })
    else parts.push({ start, end, negated: found.negated, ...part })
  }
  return { parts, problems }
}

function piecesOf(typed: string): readonly Piece[] {
  const pieces: Piece[] = []
  for (let start = 0; start < typed.length; ) {
    if (/\s/u.test(typed[start]!)) {
      start++
      continue
    }
    piece.lastIndex = start
    const [whole, minus, operator, quoted, close, bare] = piece.exec(typed)!
    // Nothing but a character that no piece begins with is a piece of its own, so that this always moves on.
    const end = start + Math.max(1, whole.length)
    const text = quoted ?? bare ?? ''
    const isQuoted = quoted !== undefined
    pieces.push({
      start,
      end,
      negated: minus === '-',
      operator: operator?.toLowerCase() ?? null,
      text,
      quoted: isQuoted,
      open: isQuoted && close === '',
    })
    start = end
  }
  return pieces
}

type Meaning = SearchPart extends infer P ? (P extends SearchPart ? Omit<P, 'start' | 'end' | 'negated'> : never) : never

/** What a piece means, or why it means nothing. */
function partOf({ operator, text, quoted }: Piece): Meaning | string {
  if (operator === null) return wordsIn('any', text, quoted)
  if (isField(operator)) return wordsIn(operator, text, quoted)
  if (text.trim() === '') return `Nothing stands behind ${operator}:`
  switch (operator) {
    case 'over':
    case 'under':
      return amountIn(operator, text)
    case 'risk':
      return riskIn(text)
    case 'is':
      return stateIn(text)
    case 'before':
    case 'after':
      return timeIn(operator, text)
    default:
      return `${operator}: is not known. Known are ${operators}. Put it into quotation marks to look for it as it stands.`
  }
}

const operators = [...searchFields, 'over', 'under', 'risk', 'is', 'before', 'after'].map((name) => `${name}:`).join(', ')

const isField = (operator: string): operator is Exclude<SearchField, 'any'> =>
  (searchFields as readonly string[]).includes(operator)

function wordsIn(field: SearchField, text: string, whole: boolean): Meaning | string {
  const words = wordsOf(text)
  if (words.length > 0) return { kind: 'words', field, words, whole }
  if (field !== 'any') return `Nothing to look for stands behind ${field}:`
  return text.trim() === ''
    ? 'There is nothing to look for in it.'
    : `There is nothing to look for in “${text}”: no letter and no digit.`
}

const factors: Readonly<Record<string, number>> = { '': 1, k: 1e3, m: 1e6, b: 1e9 }

function amountIn(than: 'over' | 'under', text: string): Meaning | string {
  const [, digits = '', factor = ''] =
    /^(\d{1,15}(?:\.\d{1,6})?)([kmb]?)$/.exec(text.trim().replaceAll(/[,_']/g, '').toLowerCase()) ?? []
  const amount = Number(digits) * factors[factor]!
  if (digits === '') return `“${text}” is not an amount. Write ${than}:500, ${than}:1.5k or ${than}:2m.`
  if (amount >= 1e15) return `“${text}” is more than can be compared.`
  // Money has no finer parts, and so it is written as it is read.
  return { kind: 'amount', than, amount: Number(amount.toFixed(6)) }
}

function riskIn(text: string): Meaning | string {
  const risk = text.toLowerCase()
  if (risk === 'low' || risk === 'medium' || risk === 'high') return { kind: 'risk', risk }
  return `“${text}” is not a risk. It is low, medium or high.`
}

function stateIn(text: string): Meaning | string {
  const state = text.toLowerCase().replaceAll('-', '_')
  if ((searchStates as readonly string[]).includes(state)) return { kind: 'is', state: state as SearchState }
  return `is:${text} is not known. Known are ${searchStates.join(', ')}.`
}

function timeIn(side: 'before' | 'after', text: string): Meaning | string {
  const days = /^(\d{1,4})d$/i.exec(text)?.[1]
  if (days !== undefined) return { kind: 'time', side, when: { days_ago: Number(days) } }
  if (text.toLowerCase() === 'today') return { kind: 'time', side, when: 'today' }
  if (isDay(text)) return { kind: 'time', side, when: { day: text } }
  return `“${text}” is not a day. Write ${side}:2026-01-31, ${side}:today or ${side}:7d.`
}

function isDay(text: string): boolean {
  if (!/^[12]\d{3}-\d\d-\d\d$/.test(text)) return false
  const at = new Date(`${text}T00:00:00.000Z`)
  return !Number.isNaN(at.getTime()) && at.toISOString().startsWith(text)
}

/** The same search as text. Reading it gives the same parts. */
export const searchText = ({ parts }: Pick<Search, 'parts'>): string =>
  parts.map((part) => `${part.negated ? '-' : ''}${partText(part)}`).join(' ')

function partText(part: SearchPart): string {
  switch (part.kind) {
    case 'words': {
      const text = part.words.join(' ')
      const shown = part.whole ? `"${text}"` : part.words.join('.')
      return part.field === 'any' ? shown : `${part.field}:${shown}`
    }
    case 'amount':
      return `${part.than}:${part.amount.toFixed(6).replace(/\.?0+$/, '')}`
    case 'risk':
      return `risk:${part.risk}`
    case 'is':
      return `is:${part.state}`
    case 'time':
      return `${part.side}:${part.when === 'today' ? 'today' : 'day' in part.when ? part.when.day : `${part.when.days_ago}d`}`
  }
}

/** The instant that a time part compares with, in milliseconds. Days begin at midnight of the place where this runs. */
export function instantOf({ when }: Extract<SearchPart, { kind: 'time' }>, now: number): number {
  if (when === 'today') return new Date(now).setHours(0, 0, 0, 0)
  if ('days_ago' in when) return now - when.days_ago * 86_400_000
  const [year, month, day] = when.day.split('-').map(Number) as [number, number, number]
  return new Date(year, month - 1, day).getTime()
}
