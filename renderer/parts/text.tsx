import { Fragment } from 'react'
import { t } from '../strings.ts'
import { isRightToLeft, type TextPlace, visiblePieces } from '../visible-text.ts'

type PlainProps = {
  readonly text: string
  readonly oneLine?: boolean
  /** Where it stands, when that is not a text or a line of its own. */
  readonly place?: TextPlace
}

/** Text from a sender. What would not be seen, or passes for something else, is drawn with its code point; nothing is read as markup. */
export function Plain({ text, oneLine = false, place = oneLine ? 'line' : 'text' }: PlainProps) {
  const pieces = visiblePieces(text, place)
  let at = 0
  const drawn = pieces.map((piece) => {
    at += piece.kind === 'text' ? piece.text.length : 1
    if (piece.kind === 'text') return <Fragment key={at}>{piece.text}</Fragment>
    return (
      <Fragment key={at}>
        {piece.kind === 'odd' && piece.text}
        <span className="glyph">{piece.label}</span>
      </Fragment>
    )
  })
  return isRightToLeft(text) ? <bdi>{drawn}</bdi> : drawn
}

/** A sentence in which the words that do not occur in the request are marked. */
export function CheckedText({ text, unsupported }: { text: string; unsupported: readonly string[] }) {
  const words = unsupported.filter((word) => word.length > 0)
  if (words.length === 0) return <Plain text={text} />
  const pattern = new RegExp(`(${words.map((word) => word.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')).join('|')})`, 'gi')
  let at = 0
  return text.split(pattern).map((part, index) => {
    at += part.length
    const key = `${at}:${index}`
    if (index % 2 === 0) {
      return (
        <Fragment key={key}>
          <Plain text={part} place="part" />
        </Fragment>
      )
    }
    return (
      <mark key={key} title={t.detail.notInRequest}>
        <Plain text={part} place="part" />
      </mark>
    )
  })
}
