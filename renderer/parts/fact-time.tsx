import { fullDate, span, when } from '../format.ts'
import { locale } from '../language.ts'
import { useNow } from '../now.ts'
import { tf } from '../strings-facts.ts'

const dayFormat = new Intl.DateTimeFormat(locale, { weekday: 'short', day: 'numeric', month: 'short', year: 'numeric' })
const zoneFormat = new Intl.DateTimeFormat(locale, { timeZoneName: 'short' })
const exactFormat = new Intl.DateTimeFormat(locale, { timeStyle: 'medium' })

const zoneOf = (date: Date): string => zoneFormat.formatToParts(date).find(({ type }) => type === 'timeZoneName')?.value ?? ''

/** An instant on the reader's own clock, with its zone; as it was sent, on hover. Seconds and less are said where there are some. */
export function Instant({ text }: { text: string }) {
  const now = useNow(20_000)
  const date = new Date(text)
  const small = /:\d{2}:(\d{2})((?:\.\d+)?)/.exec(text)
  const isExact = small !== null && (Number(small[1]) > 0 || Number(small[2] || 0) > 0)
  return (
    <time dateTime={date.toISOString()} title={`${tf.written(text)}\n${fullDate(text)}`} className="tabular-nums">
      {when(text, now)} <span className="text-muted">{zoneOf(date)}</span>
      {isExact && (
        <span className="text-muted">
          {' '}
          · {exactFormat.format(date)}
          {Number(small[2] || 0) > 0 && small[2]}
        </span>
      )}
    </time>
  )
}

/** A day as the reader writes days; as it was sent, on hover. */
export function Day({ text, date }: { text: string; date: Date }) {
  return (
    <time dateTime={text} title={tf.written(text)} className="tabular-nums">
      {dayFormat.format(date)}
    </time>
  )
}

/** A length of time as it was sent, and in words. */
export function Duration({ text, ms }: { text: string; ms: number }) {
  return (
    <span className="tabular-nums">
      {text} <span className="text-muted">· {tf.durationOf(span(ms))}</span>
    </span>
  )
}
