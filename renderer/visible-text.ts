/** A piece of text as it may be drawn: readable as it is, or a character that would not be seen, by its code point. */
export type TextPiece = { readonly kind: 'text'; readonly text: string } | { readonly kind: 'hidden'; readonly label: string }

/**
 * What an eye cannot see or what moves other characters: controls, format and bidirectional marks, odd spaces, fillers, private
 * use, halves of surrogate pairs, and whatever else Unicode lets a font leave out (but the selector that emoji carry). Line breaks
 * and tabs are treated by the caller.
 */
const hidden = /(?![ \t\n]|\ufe0f)[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Z}\p{Default_Ignorable_Code_Point}]|\u2800/gu

const codePoint = (character: string) => `⟨U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}⟩`

/** Splits text so that nothing in it is invisible. With `oneLine`, line breaks and tabs are shown as code points too. */
export function visiblePieces(text: string, oneLine = false): readonly TextPiece[] {
  const pieces: TextPiece[] = []
  const pattern = oneLine ? new RegExp(`[\\t\\n]|${hidden.source}`, 'gu') : hidden
  let from = 0
  for (const match of text.matchAll(pattern)) {
    if (match.index > from) pieces.push({ kind: 'text', text: text.slice(from, match.index) })
    pieces.push({ kind: 'hidden', label: codePoint(match[0]) })
    from = match.index + match[0].length
  }
  if (from < text.length) pieces.push({ kind: 'text', text: text.slice(from) })
  return pieces
}

/** The same as one string, for titles, labels and names. */
export const visible = (text: string): string =>
  visiblePieces(text, true)
    .map((piece) => (piece.kind === 'text' ? piece.text : piece.label))
    .join('')

/** JSON whose invisible characters are written as escapes: still the same value, and nothing in it is hidden. */
export const visibleJson = (value: unknown): string =>
  (JSON.stringify(value, null, 2) ?? 'null').replace(hidden, (found) =>
    found
      .split('')
      .map((unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`)
      .join(''),
  )
