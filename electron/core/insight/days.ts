/*
 * Days as a time zone has them. What is counted per hour (UTC) is put into them by the zone's offset, which changes once or twice a year.
 */

const minuteMs = 60_000
const hourMs = 60 * minuteMs
const dayMs = 24 * hourMs

/** Hours since 1970 over which a zone keeps one offset, which is in minutes; `to` is not part of it. */
export type Stretch = { readonly from: number; readonly to: number; readonly offset: number }

/** The offset of a time zone at instants. Throws RangeError where there is no such zone. */
function offsets(timeZone: string): (at: number) => number {
  const format = new Intl.DateTimeFormat('en', { timeZone, timeZoneName: 'longOffset' })
  return (at) => {
    const name = format.formatToParts(at).find((part) => part.type === 'timeZoneName')?.value ?? ''
    const [, sign, hours, minutes] = /GMT([+-])(\d\d):(\d\d)/.exec(name) ?? []
    return hours === undefined ? 0 : (sign === '-' ? -1 : 1) * (Number(hours) * 60 + Number(minutes))
  }
}

/** The last days up to now: the first and the last one, counted from 1970 as the zone has them, and the hours they consist of. */
export type Days = { readonly first: number; readonly last: number; readonly stretches: readonly Stretch[] }

export function lastDays(days: number, timeZone: string, now: number): Days {
  const offsetAt = offsets(timeZone)
  const last = Math.floor((now + offsetAt(now) * minuteMs) / dayMs)
  const first = last - days + 1
  // A zone is at most 14 hours from UTC: what is read beyond the first day is left out when it is put into days.
  const [from, to] = [first * 24 - 15, (Math.floor(now / dayMs) + 1) * 24]
  const stretches: Stretch[] = []
  for (let hour = from; hour < to; ) {
    const offset = offsetAt(hour * hourMs)
    const end = Math.min(to, hour + mostHours)
    const next = offsetAt((end - 1) * hourMs) === offset ? end : changeBetween(offsetAt, hour, end, offset)
    stretches.push({ from: hour, to: next, offset })
    hour = next
  }
  return { first, last, stretches }
}

/** Long enough for few questions, short enough for each to take a moment. */
const mostHours = 28 * 24

/** The first hour that has another offset. */
function changeBetween(offsetAt: (at: number) => number, from: number, to: number, offset: number): number {
  let [same, other] = [from, to - 1]
  while (other - same > 1) {
    const middle = Math.floor((same + other) / 2)
    if (offsetAt(middle * hourMs) === offset) same = middle
    else other = middle
  }
  return other
}

export const dayName = (day: number): string => new Date(day * dayMs).toISOString().slice(0, 10)

/** The day and the hour of the day in which an hour begins. */
export function placeOf(hour: number, offset: number): { readonly day: number; readonly hour: number } {
  const local = Math.floor((hour * 60 + offset) / 60)
  return { day: Math.floor(local / 24), hour: ((local % 24) + 24) % 24 }
}
