import type { ReactNode } from 'react'
import type { ApprovalItem } from '../../shared/model/approval.ts'
import { fullDate, shortSpan, span, when } from '../format.ts'
import { useNow } from '../now.ts'
import { t } from '../strings.ts'
import { td } from '../strings-decide.ts'

type Timed = Pick<ApprovalItem, 'created_at' | 'due_at'>

const hour = 3_600_000

/** How much of the time has passed, between 0 and 1, and whether it presses. */
function pressure({ created_at, due_at }: Timed, now: number) {
  const from = Date.parse(created_at)
  const due = Date.parse(due_at ?? created_at)
  const used = due > from ? Math.min(1, Math.max(0, (now - from) / (due - from))) : 1
  const left = due - now
  const tone = left <= 0 ? 'red' : left < hour || used > 0.9 ? 'amber' : 'calm'
  return { used, left, tone } as const
}

const inks = { red: 'text-red', amber: 'text-amber', calm: 'text-muted' } as const

/** The row's deadline: a ring that empties, and the time left in words. */
export function DeadlineRing({ item }: { item: Timed }) {
  const now = useNow(20_000)
  if (item.due_at === null) return null
  const { used, left, tone } = pressure(item, now)
  return (
    <span
      className={`inline-flex items-center gap-1.5 whitespace-nowrap text-meta tabular-nums ${inks[tone]}`}
      title={fullDate(item.due_at)}
    >
      {left <= 0 ? t.overdue : shortSpan(left)}
      <svg width="14" height="14" viewBox="0 0 14 14" aria-hidden="true" className="-rotate-90">
        <circle cx="7" cy="7" r="5" fill="none" stroke="currentColor" strokeWidth="2.2" opacity="0.25" />
        <circle
          cx="7"
          cy="7"
          r="5"
          fill="none"
          stroke="currentColor"
          strokeWidth="2.2"
          pathLength="100"
          strokeDasharray={`${Math.round((1 - used) * 100)} 100`}
        />
      </svg>
    </span>
  )
}

/** The detail's deadline: a bar, the countdown, the instant, and what happens then. */
export function DeadlineBar({
  item,
  children,
}: {
  item: Timed & Pick<ApprovalItem, 'lapsed_at' | 'levels' | 'progress'>
  children?: ReactNode
}) {
  const now = useNow(1000)
  if (item.due_at === null) {
    return (
      <div className="px-4 py-3">
        <p className="font-semibold">{t.detail.noDeadline}</p>
        <p className="text-meta text-muted">{t.detail.noDeadlineThen}</p>
      </div>
    )
  }
  const { used, left, tone } = pressure(item, now)
  const soft = tone === 'red' ? 'bg-red-soft' : tone === 'amber' ? 'bg-amber-soft' : ''
  return (
    <div className={`px-4 py-3 ${soft}`}>
      <div className="flex flex-wrap items-baseline justify-between gap-x-4">
        <strong className={`font-semibold tabular-nums ${tone === 'calm' ? 'text-ink' : inks[tone]}`}>
          {left > 0 ? t.detail.due(span(left)) : t.detail.overdue(span(left))}
        </strong>
        <time dateTime={item.due_at} title={fullDate(item.due_at)} className="text-meta text-muted tabular-nums">
          {when(item.due_at, now)}
        </time>
      </div>
      <svg
        className={`my-2 block h-1 w-full ${tone === 'calm' ? 'text-accent' : inks[tone]}`}
        viewBox="0 0 100 4"
        preserveAspectRatio="none"
        aria-hidden="true"
      >
        <rect width="100" height="4" rx="1" fill="currentColor" opacity="0.18" />
        <rect width={Math.max(0.5, (1 - used) * 100)} height="4" fill="currentColor" />
      </svg>
      {item.lapsed_at && <p className="mb-0.5 font-medium">{td.lapsed(when(item.lapsed_at, now), when(item.due_at, now))}</p>}
      <p className="text-meta text-muted">{thenWords(item, left)}</p>
      {children}
    </div>
  )
}

/** What happens when the time is up: others are asked where that is arranged, otherwise it ends without an answer. */
function thenWords({ levels, progress }: Pick<ApprovalItem, 'levels' | 'progress'>, left: number): string {
  const level = levels[Math.min(progress.done, levels.length - 1)]
  if (level && level.escalate.length > 0) return td.escalates
  return left > 0 ? t.detail.dueThen : t.detail.expiresNow
}
