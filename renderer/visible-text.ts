import { oddParts } from './look-alike.ts'

/**
 * A piece of text as it may be drawn: readable as it is; something that would not be seen, by its code point or number; or letters
 * that pass for others, with their code points behind them.
 */
export type TextPiece =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'hidden'; readonly label: string }
  | { readonly kind: 'odd'; readonly text: string; readonly label: string }

/**
 * How a text stands: on one line, as text with lines of its own, as code whose spaces mean something. A `part` is cut out of a longer
 * text, so that nothing is said about its edges.
 */
export type TextPlace = 'line' | 'text' | 'code' | 'part'

/**
 * What an eye cannot see or what moves other characters: controls, format and bidirectional marks, odd spaces, fillers, private
 * use, halves of surrogate pairs, and whatever else Unicode lets a font leave out (but what joins and selects emoji). Line breaks
 * and tabs are treated by the place.
 */
const unseen = String.raw`(?![ \t\n]|(?<=\p{Extended_Pictographic})\ufe0f|\ufe0f\u20e3|(?<=[\p{Extended_Pictographic}\p{Emoji_Modifier}\ufe0f])\u200d(?=\p{Extended_Pictographic}))(?:[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Z}\p{Default_Ignorable_Code_Point}]|\u2800)`
const hidden = new RegExp(unseen, 'gu')

/** Marks above and below a letter that no language stacks so high. */
const most = 4
const stacked = String.raw`(?:(?!${unseen})\p{M}){${most + 1},}`

const patterns: Readonly<Record<TextPlace, RegExp>> = {
  line: new RegExp(String.raw`(?:${unseen})+|[\t\n]+|^ +| +$| {2,}|${stacked}`, 'gu'),
  text: new RegExp(String.raw`(?:${unseen})+|(?:[ \t]*\n){5,}|^[ \t\n]+|[ \t\n]+$|[ \t]{8,}|${stacked}`, 'gu'),
  code: new RegExp(String.raw`(?:${unseen})+|[ \t]+$| {41,}|${stacked}`, 'gu'),
  part: new RegExp(String.raw`(?:${unseen})+|(?:[ \t]*\n){5,}|[ \t]{8,}|${stacked}`, 'gu'),
}

const startsHidden = new RegExp(`^${unseen}`, 'u')
const plain = /^[\x21-\x7e]+(?: [\x21-\x7e]+)*$/
const ascii = /^\p{ASCII}*$/u
const mostCodes = 8

const codeOf = (character: string) => `U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}`
const codePoint = (character: string) => `⟨${codeOf(character)}⟩`
const times = (sign: string, number: number) => (number <= mostCodes ? sign.repeat(number) : `⟨${sign}×${number}⟩`)

/** Splits text so that nothing in it is invisible, and nothing passes for something else. */
export function visiblePieces(text: string, place: TextPlace = 'text'): readonly TextPiece[] {
  if (text === '') return []
  if (plain.test(text)) return withOddParts(text)
  const pieces: TextPiece[] = []
  let from = 0
  const upTo = (at: number) => {
    if (at > from) pieces.push(...withOddParts(text.slice(from, at)))
  }
  for (const match of text.matchAll(patterns[place])) {
    const [found] = match
    const kept = isMarks(found) ? [...found].slice(0, most).join('').length : 0
    upTo(match.index + kept)
    pieces.push(...toHidden(found.slice(kept), place))
    from = match.index + found.length
  }
  upTo(text.length)
  return pieces
}

const isMarks = (found: string) => /^\p{M}/u.test(found) && !startsHidden.test(found)

function toHidden(found: string, place: TextPlace): readonly TextPiece[] {
  if (/^[ \t\n]+$/.test(found)) return toSpaces(found, place)
  const characters = [...found]
  if (isMarks(found)) return [{ kind: 'hidden', label: `⟨◌×${characters.length}⟩` }]
  if (characters.length <= mostCodes) return characters.map((each) => ({ kind: 'hidden', label: codePoint(each) }))
  const kinds = [...new Set(characters)]
  const named = kinds.slice(0, mostCodes).map(codeOf).join(' ')
  return [{ kind: 'hidden', label: `⟨${named}${kinds.length > mostCodes ? ' …' : ''} ×${characters.length}⟩` }]
}

/** Spaces by their number; where lines are kept, the line breaks themselves stay. */
function toSpaces(found: string, place: TextPlace): readonly TextPiece[] {
  if (place === 'line' && /[\t\n]/.test(found)) {
    if (found.length > mostCodes) return [{ kind: 'hidden', label: `⟨${codeOf(found)}×${found.length}⟩` }]
    return [...found].map((each) => ({ kind: 'hidden', label: codePoint(each) }))
  }
  const lines = found.split('\n').length - 1
  const pieces: TextPiece[] = []
  if (lines > 0) pieces.push({ kind: 'hidden', label: times('⏎', lines) }, { kind: 'text', text: '\n' })
  const rest = found.slice(found.lastIndexOf('\n') + 1)
  const tabs = rest.split('\t').length - 1
  if (rest.length > tabs) pieces.push({ kind: 'hidden', label: times('␣', rest.length - tabs) })
  if (tabs > 0) pieces.push({ kind: 'hidden', label: times('⇥', tabs) })
  return pieces
}

function withOddParts(text: string): readonly TextPiece[] {
  return oddParts(text).map(({ text: part, odd }) =>
    odd
      ? { kind: 'odd', text: part, label: `⟨${[...part].slice(0, mostCodes).map(codeOf).join(' ')}⟩` }
      : { kind: 'text', text: part },
  )
}

const rightToLeft = /[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc\u{10800}-\u{10fff}\u{1e800}-\u{1efff}]/u

/** Whether some of it is written from the right: then it stands apart, so that it cannot reorder what is around it. */
export const isRightToLeft = (text: string): boolean => !ascii.test(text) && rightToLeft.test(text)

/** The same as one string, for titles, labels and names. */
export const visible = (text: string): string => {
  const shown = visiblePieces(text, 'line')
    .map((piece) => (piece.kind === 'text' ? piece.text : piece.kind === 'odd' ? piece.text + piece.label : piece.label))
    .join('')
  return isRightToLeft(shown) ? `\u2068${shown}\u2069` : shown
}

const marks = new RegExp(stacked, 'gu')
const escaped = (found: string): string =>
  found
    .split('')
    .map((unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`)
    .join('')

/** JSON whose invisible characters are written as escapes: still the same value, and nothing in it is hidden. */
export const visibleJson = (value: unknown): string =>
  (JSON.stringify(value, null, 2) ?? 'null').replace(hidden, escaped).replace(marks, escaped)
