import { AlarmClock, CircleAlert } from 'lucide-react'
import type { ReactNode } from 'react'
import type { ApprovalItem } from '../../shared/model/approval.ts'
import { type DeadlineStage, useDeadlineStage } from '../deadline-stage.ts'
import { fullDate, shortSpan, span, when } from '../format.ts'
import { useNow } from '../now.ts'
import { t } from '../strings.ts'
import { tal } from '../strings-alerts.ts'
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

/**
 * The row's deadline: the time left in words, and a glyph for each stage: a ring that empties, a disc once half is over, an alarm
 * clock for the last quarter of an hour, an exclamation mark once it has passed.
 */
export function DeadlineRing({ item }: { item: Timed }) {
  const stage = useDeadlineStage(item)
  const paced = useNow(20_000)
  if (item.due_at === null) return null
  // A stage begins at its second; the words in between may lag a little.
  const { used, left, tone } = pressure(item, Math.max(paced, stage === 'over' ? Date.parse(item.due_at) : 0))
  return (
    <span
      className={`inline-flex items-center gap-1.5 whitespace-nowrap text-meta tabular-nums ${stage === 'soon' ? 'font-semibold' : ''} ${inks[stage === 'soon' ? 'amber' : tone]}`}
      title={fullDate(item.due_at)}
      data-stage={stage}
    >
      {stage === 'over' ? t.overdue : shortSpan(left)}
      {stage !== 'calm' && stage !== 'over' && <span className="sr-only">, {tal.stage[stage]}</span>}
      <StageGlyph stage={stage} used={used} />
    </span>
  )
}

function StageGlyph({ stage, used }: { stage: DeadlineStage; used: number }) {
  if (stage === 'over') return <CircleAlert size={14} className="shrink-0" aria-hidden />
  if (stage === 'soon') return <AlarmClock size={14} className="shrink-0" aria-hidden />
  if (stage === 'half') return <Disc used={used} />
  return <Ring used={used} />
}

const Ring = ({ used }: { used: number }) => (
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
)

/** A pie that gets smaller: filled, so that it is told from the ring at a glance. */
const Disc = ({ used }: { used: number }) => (
  <svg width="14" height="14" viewBox="0 0 14 14" aria-hidden="true" className="-rotate-90">
    <circle cx="7" cy="7" r="6.3" fill="none" stroke="currentColor" strokeWidth="1.2" />
    <circle
      cx="7"
      cy="7"
      r="2.6"
      fill="none"
      stroke="currentColor"
      strokeWidth="5.2"
      pathLength="100"
      strokeDasharray={`${Math.round((1 - used) * 100)} 100`}
    />
  </svg>
)

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
