import { Ban, Check, CircleSlash, Hourglass, MessageSquareQuote, TriangleAlert, X } from 'lucide-react'
import { memo } from 'react'
import type { ApprovalItem } from '../../shared/model/approval.ts'
import type { View } from '../../shared/model/view.ts'
import { snoozeOf, standpoint } from '../asked.ts'
import { ago, asWords, fullDate, money, urgency, when } from '../format.ts'
import { isAnswered } from '../held.ts'
import { levelViews } from '../levels.ts'
import { useNow } from '../now.ts'
import { DeadlineRing } from '../parts/deadline.tsx'
import { Chip } from '../parts/marks.tsx'
import { useReach } from '../parts/reach.tsx'
import { RiskMark } from '../parts/risk.tsx'
import { useNames } from '../parts/who.ts'
import { currentRoute, go, toHash, useListQuery } from '../route.ts'
import { summaryOf } from '../said.ts'
import { useActions, useInbox } from '../store/context.ts'
import { t } from '../strings.ts'
import { td } from '../strings-decide.ts'
import { tt } from '../strings-triage.ts'
import { ownTitle } from '../title.ts'
import { visible } from '../visible-text.ts'

/**
 * The line that says most: the model's sentence; without one, the sender's own words rather than the title said again, under the sign
 * that the sender's words have everywhere.
 */
function Gist({ item }: { item: ApprovalItem }) {
  if (item.summary.origin !== 'rules' || !item.description) return visible(summaryOf(item))
  return (
    <>
      <MessageSquareQuote size={12} className="mr-1 inline-block align-[-1.5px]" aria-hidden />
      <span className="sr-only">{t.list.senderWrites} </span>
      {visible(item.description)}
    </>
  )
}

const outcomeIcons = { approved: Check, rejected: X, expired: CircleSlash, cancelled: Ban } as const
const outcomeInks = { approved: 'text-accent', rejected: 'text-red', expired: 'text-amber', cancelled: 'text-muted' } as const

/** One request in the list: what and how much; who and how long still; in one line why, and how risky. The right edge is a column. */
export const Row = memo(function Row({ id, name, picked }: { id: string; name: View; picked: boolean }) {
  const item = useInbox((state) => state.items.get(id))
  const deciding = useInbox((state) => state.deciding[id])
  const seen = useInbox((state) => state.seen.has(id))
  const me = useInbox((state) => state.person?.email)
  const people = useInbox((state) => state.people)
  const query = useListQuery()
  const actions = useActions()
  const chosen = useInbox((state) => state.selection.ids.includes(id))
  if (!item) return null
  const standing = standpoint(item, me, people)
  const mine = standing.asked || standing.standsInFor.length > 0
  const unread = mine && !seen && !isAnswered(item)
  const over = name !== 'done' && name !== 'all' && (isAnswered(item) || deciding !== undefined)
  /** How it stands goes before who asks where there is room for one of them. */
  const tells = isAnswered(item) || deciding || standing.vote || item.sent_back || !mine
  const href = toHash({ ...query, view: name, id })
  return (
    <a
      id={`row-${id}`}
      href={href}
      aria-current={picked ? 'true' : undefined}
      onClick={(event) => {
        event.preventDefault()
        if (event.shiftKey) return actions.pickTo(name, id)
        if (event.metaKey || event.ctrlKey) return actions.pick(id)
        go({ ...query, view: name, id }, currentRoute().id === null ? 'push' : 'replace')
      }}
      onContextMenu={(event) => {
        // A long press on a touch screen.
        if (!window.matchMedia('(pointer: coarse)').matches) return
        event.preventDefault()
        actions.pick(id)
      }}
      className={`request-row ${tells ? 'row-tells' : ''} relative grid h-full grid-cols-[minmax(0,1fr)] content-center gap-y-px border-b border-line pr-4 pl-6 focus-visible:-outline-offset-2 ${picked || chosen ? 'bg-picked' : 'hover:bg-hover'}`}
    >
      {picked && <span className="absolute inset-y-0 left-0 w-[3px] bg-accent" aria-hidden="true" />}
      {unread && !chosen && (
        <span className="row-unread absolute top-[15px] left-2.5 size-2 rounded-full bg-accent" aria-hidden="true" />
      )}
      <span className={`flex items-baseline justify-between gap-3 ${over ? 'text-muted' : ''}`}>
        <span className={`truncate text-row ${unread ? 'font-semibold' : 'font-medium'}`}>
          {unread && <span className="sr-only">{t.list.unread} </span>}
          {visible(ownTitle(item))}
        </span>
        {item.amount !== null && (
          <span className={`shrink-0 text-row tabular-nums ${unread ? 'font-medium' : ''}`}>
            {money(item.amount, item.currency)}
          </span>
        )}
      </span>
      <span className="row-line flex items-center justify-between gap-3 text-meta text-muted">
        <span className="row-who truncate">{whoAsks(item)}</span>
        {item.status !== 'pending' ? (
          <Ago at={item.decided_at ?? item.created_at} />
        ) : (
          !deciding && item.held === null && <DeadlineRing item={item} />
        )}
      </span>
      <span className="row-line flex items-center justify-between gap-3 text-meta text-muted">
        <span className="row-gist min-w-0 truncate">
          {item.status !== 'pending' ? (
            <RowOutcome item={item} />
          ) : deciding ? (
            td.act.storing[deciding]
          ) : item.held ? (
            tt.undo.row(tt.undo.said[item.held.said])
          ) : standing.vote ? (
            t.list.answered[standing.vote.verdict]
          ) : item.sent_back ? (
            td.sentBack.row(visible(item.sent_back.question))
          ) : mine ? (
            <Gist item={item} />
          ) : (
            <WaitsForOthers asked={item.waits_for.length > 0 ? item.waits_for : item.approvers} />
          )}
        </span>
        <span className="flex shrink-0 items-center gap-2.5">
          {item.snoozes.length > 0 && <SnoozedChip item={item} />}
          {item.status === 'pending' && <StandingChip item={item} />}
          {item.status === 'pending' && <Progress item={item} />}
          {item.flags.length > 0 && (
            <span className="inline-flex items-center gap-1 text-red">
              <TriangleAlert size={12} aria-hidden /> {t.list.flagged}
            </span>
          )}
          <RiskMark risk={item.risk} />
        </span>
      </span>
      {name !== 'done' && name !== 'all' && <Group dueAt={item.due_at} />}
    </a>
  )
})

/** That this person has set it aside, and when it is back. */
function SnoozedChip({ item }: { item: ApprovalItem }) {
  const me = useInbox((state) => state.person?.email)
  const own = snoozeOf(item, me, Date.now())
  if (!own) return null
  return <Chip tone="plain">{own.until === null ? tt.snooze.chipChange : tt.snooze.chip(when(own.until, Date.now()))}</Chip>
}

/** That it cannot go on by itself; where it can, that others were asked. */
function StandingChip({ item }: { item: ApprovalItem }) {
  const reach = useReach(item)
  if (reach && !reach.enough) return <Chip tone="red">{td.reach.chip}</Chip>
  return item.escalation && <Chip>{td.escalation.chip}</Chip>
}

/** Requester, type and source; a program that asks in its own name is named once. */
function whoAsks({ requester, type, source_name }: ApprovalItem): string {
  const parts = [requester, asWords(type), source_name === requester ? null : source_name]
  return parts
    .filter((part): part is string => part !== null)
    .map(visible)
    .join(' · ')
}

function WaitsForOthers({ asked }: { asked: readonly string[] }) {
  const names = useNames()
  return (
    <>
      <Hourglass size={12} className="mr-1 inline-block align-[-1.5px]" aria-hidden />
      {t.detail.waitingFor(asked.map(names))}
    </>
  )
}

/** How far a chain is, or how many of several answers are there. */
function Progress({ item }: { item: ApprovalItem }) {
  const levels = levelViews(item)
  const current = levels.find(({ state }) => state === 'current')
  const votes = current && current.needed > 1 ? `${current.given}/${current.needed}` : null
  const level = levels.length > 1 && current ? `${visible(current.name)} ${current.index + 1}/${levels.length}` : null
  if (!votes && !level) return null
  const words = [
    level && td.chain.row(current?.index ?? 0, levels.length),
    votes && current && td.chain.rowVotes(current.given, current.needed),
  ]
  return (
    <span className="max-w-32 truncate tabular-nums" title={words.filter(Boolean).join(', ')}>
      <span aria-hidden="true">{level ?? votes}</span>
      <span className="sr-only">{words.filter(Boolean).join(', ')}</span>
    </span>
  )
}

function RowOutcome({ item }: { item: ApprovalItem }) {
  if (item.status === 'pending') return null
  const Icon = outcomeIcons[item.status]
  const rule = item.decision?.rule
  const who = rule
    ? td.ruling.row(t.status[item.status], visible(rule))
    : item.decision?.actor.kind === 'person'
      ? t.decide.by(item.status, visible(item.decision.actor.name ?? item.decision.actor.id))
      : t.status[item.status]
  const stuck = item.run.status === 'needs_review' || item.run.status === 'failed'
  return (
    <>
      <Icon size={13} className={`mr-1 inline-block align-[-2px] ${outcomeInks[item.status]}`} aria-hidden />
      {stuck && <span className="font-semibold text-amber">{t.run[item.run.status]} · </span>}
      {who}
    </>
  )
}

function Ago({ at }: { at: string }) {
  const now = useNow(20_000)
  return (
    <span className="shrink-0 tabular-nums" title={fullDate(at)}>
      {ago(at, now)}
    </span>
  )
}

/** The heading is drawn once for many rows; a screen reader hears it with each. */
function Group({ dueAt }: { dueAt: string | null }) {
  const now = useNow(20_000)
  return <span className="sr-only">{t.urgency[urgency(dueAt, now)]}</span>
}
