import type { AlertEvent } from '../../../shared/contract/events.ts'
import type { Occasion } from '../../../shared/model/alert.ts'
import type { ApprovalItem } from '../../../shared/model/approval.ts'
import type { HostWords } from '../../../shared/words/host.ts'

/* What an alert says where nothing else words it: a desktop notification, a program. The page has its own, in its language. */

type Words = Pick<AlertEvent, 'title' | 'text'>

/** A time of day; with its day where that is not today. */
function timeText(at: number, now: number, { locale }: HostWords): string {
  const sameDay = new Date(at).toDateString() === new Date(now).toDateString()
  const day = sameDay ? {} : ({ weekday: 'short' } as const)
  return new Intl.DateTimeFormat(locale, { ...day, hour: '2-digit', minute: '2-digit' }).format(at)
}

/** Title, source and times only: it may be read on a locked screen. */
export function wordsOf(
  item: ApprovalItem,
  reason: Occasion['reason'],
  now: number,
  nextAt: number | null,
  words: HostWords,
): Words {
  const next = nextAt === null ? '' : ` ${words.alert.next(timeText(nextAt, now, words))}`
  return { title: item.title, text: `${sentenceOf(item, reason, now, words)}${next}` }
}

function sentenceOf(item: ApprovalItem, reason: Occasion['reason'], now: number, words: HostWords): string {
  const { alert } = words
  switch (reason) {
    case 'new':
      return alert.fresh(item.source_name)
    case 'renag':
      return leftText(item.due_at, now, words)
    case 'watched':
      return endedText(item, words)
    default:
      return alert[reason]
  }
}

function leftText(dueAt: string | null, now: number, words: HostWords): string {
  const due = Date.parse(dueAt ?? '')
  const minutes = Math.max(1, Math.round((due - now) / 60_000))
  return minutes > 90 ? words.alert.deadline(timeText(due, now, words)) : words.alert.left(minutes)
}

function endedText({ status, decision }: ApprovalItem, { alert }: HostWords): string {
  return alert.ended(status, decision?.actor.kind === 'person' ? (decision.actor.name ?? decision.actor.id) : null)
}

/** Several new ones that came at once. */
export const burstWords = (count: number, first: string, { alert }: HostWords): Words => ({
  title: alert.burst(count),
  text: alert.first(first, count - 1),
})

type Parts = AlertEvent['parts']

/** How many of each, in the order in which they are named first. */
export function partsOf(reasons: readonly Occasion['reason'][]): Parts {
  const counts = new Map<Occasion['reason'], number>()
  for (const reason of reasons) counts.set(reason, (counts.get(reason) ?? 0) + 1)
  return [...counts].map(([reason, count]) => ({ reason, count }))
}

/** What was held back, by why. */
export function digestWords(parts: Parts, reason: 'digest' | 'closed', { alert }: HostWords): Words {
  const counts = new Map<keyof typeof alert.parts, number>()
  for (const { reason, count } of parts) {
    // Both are about a deadline that comes near.
    const said = reason === 'half' ? 'renag' : reason
    counts.set(said, (counts.get(said) ?? 0) + count)
  }
  const text = [...counts].map(([said, count]) => alert.parts[said](count)).join(', ')
  const all = parts.reduce((sum, { count }) => sum + count, 0)
  return { title: reason === 'closed' ? alert.closed : alert.many(all), text: `${text}.` }
}
