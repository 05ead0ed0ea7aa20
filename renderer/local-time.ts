/** What a `datetime-local` field holds, from and to instants; and the ends of absences that people name. */

const two = (n: number) => String(n).padStart(2, '0')

/** An instant as the field's text, in the reader's own time. */
export function toLocal(at: string | null | undefined): string {
  if (!at) return ''
  const date = new Date(at)
  if (Number.isNaN(date.getTime())) return ''
  return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}T${two(date.getHours())}:${two(date.getMinutes())}`
}

/** The field's text as an instant; null where it is empty or none. */
export function fromLocal(text: string): string | null {
  const date = new Date(text)
  return text === '' || Number.isNaN(date.getTime()) ? null : date.toISOString()
}

const startOfWork = 8

/** The next midnight, the next Monday morning, and this time in a week. */
export function endsOfAbsence(now: number) {
  const midnight = new Date(now)
  midnight.setHours(24, 0, 0, 0)
  const monday = new Date(now)
  monday.setDate(monday.getDate() + ((8 - monday.getDay()) % 7 || 7))
  monday.setHours(startOfWork, 0, 0, 0)
  const week = new Date(now)
  week.setDate(week.getDate() + 7)
  return { today: midnight.toISOString(), monday: monday.toISOString(), week: week.toISOString() }
}

export const inHours = (now: number, hours: number): string => new Date(now + hours * 3_600_000).toISOString()

/** When work begins on the next day. */
export function tomorrowMorning(now: number): string {
  const morning = new Date(now)
  morning.setDate(morning.getDate() + 1)
  morning.setHours(startOfWork, 0, 0, 0)
  return morning.toISOString()
}
