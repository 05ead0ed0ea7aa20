import { Fragment } from 'react'
import { t } from '../strings.ts'
import { visiblePieces } from '../visible-text.ts'

/** Text from a sender. Characters that would not be seen are drawn as their code points; nothing is read as markup. */
export function Plain({ text, oneLine = false }: { text: string; oneLine?: boolean }) {
  const pieces = visiblePieces(text, oneLine)
  let at = 0
  return pieces.map((piece) => {
    at += piece.kind === 'text' ? piece.text.length : 1
    if (piece.kind === 'text') return <Fragment key={at}>{piece.text}</Fragment>
    return (
      <span key={at} className="glyph">
        {piece.label}
      </span>
    )
  })
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
          <Plain text={part} />
        </Fragment>
      )
    }
    return (
      <mark key={key} title={t.detail.notInRequest}>
        <Plain text={part} />
      </mark>
    )
  })
}
