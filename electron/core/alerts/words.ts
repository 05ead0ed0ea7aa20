import type { AlertEvent } from '../../../shared/contract/events.ts'
import type { Occasion } from '../../../shared/model/alert.ts'
import type { ApprovalItem } from '../../../shared/model/approval.ts'

/* What an alert says where nothing else words it: a desktop notification, a program. The page has its own, in its language. */

const endings = { approved: 'Approved', rejected: 'Rejected', expired: 'Expired', cancelled: 'Cancelled' } as const

const clockTime = new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit' })
const dayAndTime = new Intl.DateTimeFormat('en-GB', { weekday: 'short', hour: '2-digit', minute: '2-digit' })

/** A time of day; with its day where that is not today. */
function timeText(at: number, now: number): string {
  const sameDay = new Date(at).toDateString() === new Date(now).toDateString()
  return (sameDay ? clockTime : dayAndTime).format(at)
}

/** Title, source and times only: it may be read on a locked screen. */
export function wordsOf(
  item: ApprovalItem,
  reason: Occasion['reason'],
  now: number,
  nextAt: number | null,
): Pick<AlertEvent, 'title' | 'text'> {
  const next = nextAt === null ? '' : ` Next alert: ${timeText(nextAt, now)}.`
  return { title: item.title, text: `${sentenceOf(item, reason, now)}${next}` }
}

function sentenceOf(item: ApprovalItem, reason: Occasion['reason'], now: number): string {
  switch (reason) {
    case 'new':
      return `New, from ${item.source_name}.`
    case 'back':
      return 'It is back, as you wanted.'
    case 'half':
      return 'Half of its time is over.'
    case 'renag':
      return leftText(item.due_at, now)
    case 'reminder':
      return 'A reminder: it still waits for you.'
    case 'expired':
      return 'Its time is over. It was not approved.'
    case 'watched':
      return endedText(item)
  }
}

function leftText(dueAt: string | null, now: number): string {
  const due = Date.parse(dueAt ?? '')
  const minutes = Math.max(1, Math.round((due - now) / 60_000))
  if (minutes > 90) return `Its deadline is at ${timeText(due, now)}.`
  return minutes === 1 ? '1 minute is left.' : `${minutes} minutes are left.`
}

function endedText({ status, decision }: ApprovalItem): string {
  const how = status === 'pending' ? 'Ended' : endings[status]
  const by = decision?.actor.kind === 'person' ? (decision.actor.name ?? decision.actor.id) : null
  return by === null ? `${how}.` : `${how} by ${by}.`
}

/** Several new ones that came at once. */
export const burstWords = (count: number, first: string): Pick<AlertEvent, 'title' | 'text'> => ({
  title: `${count} new requests`,
  text: `${first} and ${count - 1} more.`,
})

const gatheredWords: Readonly<Record<Occasion['reason'], string>> = {
  new: 'new',
  back: 'back',
  half: 'near the deadline',
  renag: 'near the deadline',
  reminder: 'reminded of',
  expired: 'expired',
  watched: 'watched and decided',
}

type Parts = AlertEvent['parts']

/** How many of each, in the order in which they are named first. */
export function partsOf(reasons: readonly Occasion['reason'][]): Parts {
  const counts = new Map<Occasion['reason'], number>()
  for (const reason of reasons) counts.set(reason, (counts.get(reason) ?? 0) + 1)
  return [...counts].map(([reason, count]) => ({ reason, count }))
}

/** What was held back, by why. */
export function digestWords(parts: Parts, reason: 'digest' | 'closed'): Pick<AlertEvent, 'title' | 'text'> {
  const counts = new Map<string, number>()
  for (const { reason, count } of parts) counts.set(gatheredWords[reason], (counts.get(gatheredWords[reason]) ?? 0) + count)
  const text = [...counts].map(([words, count]) => `${count} ${words}`).join(', ')
  const all = parts.reduce((sum, { count }) => sum + count, 0)
  return { title: reason === 'closed' ? 'While this was closed' : `${all} requests`, text: `${text}.` }
}
