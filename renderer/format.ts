import { locale } from './language.ts'
import { t } from './strings.ts'

export { money } from './language.ts'

const relative = new Intl.RelativeTimeFormat(locale, { numeric: 'auto' })
const absolute = new Intl.DateTimeFormat(locale, { dateStyle: 'full', timeStyle: 'long' })
const short = new Intl.DateTimeFormat(locale, { dateStyle: 'medium', timeStyle: 'short' })
const clock = new Intl.DateTimeFormat(locale, { timeStyle: 'short' })
const dayOfYear = new Intl.DateTimeFormat(locale, { day: 'numeric', month: 'short' })
const dayOfOtherYear = new Intl.DateTimeFormat(locale, { day: 'numeric', month: 'short', year: 'numeric' })
const whole = new Intl.NumberFormat(locale, { maximumFractionDigits: 0 })
const tenth = new Intl.NumberFormat(locale, { minimumFractionDigits: 1, maximumFractionDigits: 1 })

const second = 1000
const minute = 60 * second
const hour = 60 * minute
const day = 24 * hour

/** With one digit behind the point. */
export const tenths = (value: number): string => tenth.format(value)
export const count = (value: number): string => whole.format(value)
export const fullDate = (at: string): string => absolute.format(new Date(at))
export const shortDate = (at: string): string => short.format(new Date(at))

/** An instant as people say it: "today, 13:53", "24 Nov, 07:30", with the year where it is another one. */
export function when(at: string, now: number): string {
  const date = new Date(at)
  if (Number.isNaN(date.getTime())) return at
  const days = Math.round((startOfDay(date.getTime()) - startOfDay(now)) / day)
  const isNear = Math.abs(days) <= 1
  const sameYear = date.getFullYear() === new Date(now).getFullYear()
  const name = isNear ? relative.format(days, 'day') : (sameYear ? dayOfYear : dayOfOtherYear).format(date)
  return `${name}, ${clock.format(date)}`
}

const startOfDay = (ms: number) => new Date(ms).setHours(0, 0, 0, 0)

const instant = /\b\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(?::\d{2}(?:\.\d{1,9})?)?(?:Z|[+-]\d{2}:?\d{2})(?![\w:])/g

/** "Retries at today" is no sentence, while "retries today" is. */
const atNearDay = new RegExp(`\\bat (${[-1, 0, 1].map((days) => relative.format(days, 'day')).join('|')}, )`, 'g')

/** A sentence of the application's own in which instants are written as the reader says them. */
export const withInstants = (text: string, now: number): string =>
  text.replace(instant, (found) => when(found, now)).replace(atNearDay, '$1')

/** Whether a text is one instant and nothing else. */
export const isInstant = (text: string): boolean =>
  text.replace(instant, '') === '' && text !== '' && !Number.isNaN(Date.parse(text))

/** A type's or a field's name as words: "wire_transfer" reads "wire transfer". */
export const asWords = (name: string): string => name.replace(/[_-]+/g, ' ').trim() || name

export function ago(at: string, now: number): string {
  const past = now - Date.parse(at)
  if (past < 45 * second) return t.time.now
  if (past < hour) return relative.format(-Math.max(1, Math.round(past / minute)), 'minute')
  if (past < day) return relative.format(-Math.floor(past / hour), 'hour')
  return relative.format(-Math.round(past / day), 'day')
}

/** A span of time in at most two units: "3 h 20 min". Seconds only below two minutes. */
export function span(milliseconds: number): string {
  const left = Math.abs(milliseconds)
  if (left < minute) return t.time.seconds(count(Math.max(0, Math.floor(left / second))))
  if (left < 2 * minute) return twoUnits(1, t.time.minutes, Math.floor((left - minute) / second), t.time.seconds)
  if (left < hour) return t.time.minutes(count(Math.floor(left / minute)))
  if (left < day) return twoUnits(Math.floor(left / hour), t.time.hours, Math.floor((left % hour) / minute), t.time.minutes)
  return twoUnits(Math.floor(left / day), t.time.days, Math.floor((left % day) / hour), t.time.hours)
}

type Unit = (n: string) => string

const twoUnits = (large: number, largeUnit: Unit, small: number, smallUnit: Unit) =>
  small > 0 ? `${largeUnit(count(large))} ${smallUnit(count(small))}` : largeUnit(count(large))

/** The same in one unit, for a narrow place: "3 h". */
export function shortSpan(milliseconds: number): string {
  const left = Math.abs(milliseconds)
  if (left < hour) return t.time.minutes(count(Math.max(1, Math.round(left / minute))))
  if (left < 48 * hour) return t.time.hours(count(Math.round(left / hour)))
  return t.time.days(count(Math.round(left / day)))
}

export function bytes(size: number): string {
  if (size < 1024) return t.size.bytes(count(size))
  if (size < 1024 * 1024) return t.size.kb((size < 10_240 ? tenth : whole).format(size / 1024))
  return t.size.mb(tenth.format(size / 1024 / 1024))
}

/** How urgent a deadline is, as the list groups it. */
export type Urgency = 'overdue' | 'today' | 'week' | 'later' | 'none'

export const urgency = (dueAt: string | null, now: number): Urgency =>
  urgencyAt(dueAt === null ? Number.POSITIVE_INFINITY : Date.parse(dueAt), now)

/** The same of an instant in ms; without a deadline it is never. */
export function urgencyAt(due: number, now: number): Urgency {
  if (due === Number.POSITIVE_INFINITY) return 'none'
  if (due <= now) return 'overdue'
  const midnight = new Date(now).setHours(24, 0, 0, 0)
  if (due < midnight) return 'today'
  return due < midnight + 6 * day ? 'week' : 'later'
}
