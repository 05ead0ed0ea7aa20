import { ArrowUpRight, MessageCircleQuestion } from 'lucide-react'
import type { ApprovalItem } from '../../shared/model/approval.ts'
import type { TimelineEntry } from '../../shared/model/run.ts'
import { fullDate, when, withInstants } from '../format.ts'
import { useNow } from '../now.ts'
import { inWords } from '../said.ts'
import { useInbox } from '../store/context.ts'
import { td } from '../strings-decide.ts'
import { visible } from '../visible-text.ts'
import { Quote } from './changes.tsx'
import { Plain } from './text.tsx'
import { useNames } from './who.ts'

const tones = { amber: 'bg-amber-soft text-amber', red: 'bg-red-soft text-red', plain: 'bg-well text-muted' } as const

/** A quiet word beside a title. */
export function Chip({ children, tone = 'amber' }: { children: string; tone?: keyof typeof tones }) {
  return (
    <span className={`inline-flex items-center rounded-full px-2 text-meta font-medium whitespace-nowrap ${tones[tone]}`}>
      {children}
    </span>
  )
}

/** That others were asked: whom it was asked of before, why, and since when. */
export function EscalationNote({ item }: { item: ApprovalItem }) {
  const now = useNow(20_000)
  const names = useNames()
  const mark = item.escalation
  if (!mark) return null
  const from = mark.original_approvers.map(names)
  const to = mark.to.map(names)
  return (
    <section aria-label={td.escalation.title(mark.number)} className="rounded-card bg-amber-soft px-4 py-3">
      <div className="flex flex-wrap items-center justify-between gap-x-4">
        <h3 className="flex items-center gap-1.5 font-semibold text-amber">
          <ArrowUpRight size={15} aria-hidden /> {td.escalation.title(mark.number)}
        </h3>
        <time dateTime={mark.at} title={fullDate(mark.at)} className="text-meta text-muted tabular-nums">
          {when(mark.at, now)}
        </time>
      </div>
      <p className="mt-0.5 wrap-anywhere">
        {mark.reason === 'no_answer' ? td.escalation.besides(from, to) : td.escalation.instead(from, to)}
      </p>
      {mark.while_away && <p className="text-meta text-muted">{td.escalation.away}</p>}
    </section>
  )
}

const exchanges = ['approval_sent_back', 'approval_answered']

/** The question it was sent back with and, once there is one, the answer. */
export function Exchange({ item }: { item: ApprovalItem }) {
  const now = useNow(20_000)
  const timeline = useInbox((state) => state.timelines[item.run_id])
  const { sent_back } = item
  if (sent_back) {
    return (
      <section aria-label={td.sentBack.title} className="card px-4 py-3">
        <div className="flex flex-wrap items-center justify-between gap-x-4">
          <h3 className="flex items-center gap-1.5 font-semibold">
            <MessageCircleQuestion size={15} className="text-accent" aria-hidden /> {td.sentBack.title}
          </h3>
          <time dateTime={sent_back.at} title={fullDate(sent_back.at)} className="text-meta text-muted tabular-nums">
            {visible(sent_back.actor.name ?? sent_back.actor.id)}, {when(sent_back.at, now)}
          </time>
        </div>
        <div className="my-1.5">
          <Quote text={sent_back.question} />
        </div>
        <p className="text-meta text-muted">{td.sentBack.waits}</p>
      </section>
    )
  }
  const said = timeline?.filter(({ type, approval_id }) => exchanges.includes(type) && approval_id === item.id) ?? []
  if (said.length === 0) return null
  return (
    <section aria-label={td.sentBack.title2} className="card px-4 py-3">
      <h3 className="head mb-1.5">{td.sentBack.title2}</h3>
      <ul className="grid gap-1.5">
        {said.map((entry) => (
          <Said key={entry.seq} entry={entry} now={now} />
        ))}
      </ul>
    </section>
  )
}

function Said({ entry, now }: { entry: TimelineEntry; now: number }) {
  return (
    <li className="flex flex-wrap items-baseline justify-between gap-x-4">
      <span className="min-w-0 flex-1 basis-64 whitespace-pre-wrap wrap-anywhere">
        <Plain text={withInstants(inWords(entry.text, entry.said), now)} />
      </span>
      <time dateTime={entry.at} title={fullDate(entry.at)} className="text-meta text-muted tabular-nums">
        {when(entry.at, now)}
      </time>
    </li>
  )
}
