import { ArrowLeft } from 'lucide-react'
import { useEffect, useState } from 'react'
import { goesBy, identitiesIn, normalEmail, type Person } from '../../shared/model/actor.ts'
import type { ApprovalItem } from '../../shared/model/approval.ts'
import { endedStatuses } from '../../shared/model/run.ts'
import { ago, asWords, fullDate, money } from '../format.ts'
import { useCommands } from '../keys.ts'
import { isShared } from '../levels.ts'
import { useNow } from '../now.ts'
import { Chain } from '../parts/chain.tsx'
import { ChangedNotice, useUnseen } from '../parts/changed-notice.tsx'
import { Changes } from '../parts/changes.tsx'
import { DeadlineBar } from '../parts/deadline.tsx'
import { ErasedNote } from '../parts/erased.tsx'
import { hasWords, SenderFrame } from '../parts/evidence.tsx'
import { Flags } from '../parts/flags.tsx'
import { Items } from '../parts/items.tsx'
import { Chip, EscalationNote, Exchange } from '../parts/marks.tsx'
import { Notice } from '../parts/notice.tsx'
import { Outcome } from '../parts/outcome.tsx'
import { Precedents } from '../parts/precedents.tsx'
import { RawPayload } from '../parts/raw-payload.tsx'
import { ReachNote } from '../parts/reach.tsx'
import { RiskNote, RiskWords } from '../parts/risk.tsx'
import { SummaryCard } from '../parts/summary-card.tsx'
import { Plain } from '../parts/text.tsx'
import { Timeline } from '../parts/timeline.tsx'
import { useNames } from '../parts/who.ts'
import { go, toHash, useRoute } from '../route.ts'
import { riskReasonsOf } from '../said.ts'
import { steppingMs } from '../stepping.ts'
import { useActions, useInbox } from '../store/context.ts'
import { t } from '../strings.ts'
import { td } from '../strings-decide.ts'
import { ownTitle } from '../title.ts'
import { visible } from '../visible-text.ts'
import { useStandpoint } from './answering.ts'
import { DecisionBar } from './decision-bar.tsx'
import { EraseButton } from './erase.tsx'
import { ExtendButtons } from './extend.tsx'
import { HeldBar } from './held-bar.tsx'
import { SnoozeNote } from './snooze-note.tsx'

/** One request, whole. What a list left out is fetched; the sender's words are drawn by code alone. */
export function Detail({ id }: { id: string }) {
  const item = useInbox((state) => state.items.get(id))
  const failure = useInbox((state) => state.itemFailures[id])
  const online = useInbox((state) => state.connection.state === 'online')
  const actions = useActions()
  const known = item !== undefined
  // A connection that is back asks again.
  // biome-ignore lint/correctness/useExhaustiveDependencies: what is known by now does not ask again
  useEffect(() => {
    const timer = setTimeout(() => void actions.loadItem(id), known ? steppingMs : 0)
    return () => clearTimeout(timer)
  }, [actions, id, online])
  const missing = item?.data_omitted ? item.version.sha256 : null
  useEffect(() => {
    if (missing !== null && online) void actions.loadItem(id)
  }, [actions, id, missing, online])
  useEffect(() => {
    if (!known) return
    actions.look(id)
    const timer = setTimeout(() => actions.markSeen(id), steppingMs)
    return () => clearTimeout(timer)
  }, [actions, id, known])
  useEffect(() => {
    void actions.renewPeople()
  }, [actions])
  if (item) return <Request item={item} />
  if (!failure) return <Skeleton />
  const isGone = failure.code === 'not-found'
  return (
    <Notice title={isGone ? t.detail.missing : t.detail.failed} text={isGone ? t.detail.missingHelp : failure.message}>
      {!isGone && (
        <button type="button" className="btn" onClick={() => void actions.loadItem(id)}>
          {t.retry}
        </button>
      )}
      <a className="btn" href={toHash({ view: 'inbox' })}>
        {t.detail.toInbox}
      </a>
    </Notice>
  )
}

/** Which of a batch's items are taken out, and whether all are shown. What is gone with a new version is not taken out of it. */
function useItems(item: ApprovalItem) {
  const [taken, setTaken] = useState<ReadonlySet<string>>(new Set())
  const [open, setOpen] = useState(false)
  const gone = item.status === 'pending' ? (item.items ?? []).filter(({ id }) => taken.has(id)) : []
  const left: ReadonlySet<string> = new Set(gone.map(({ id }) => id))
  const show = () => {
    setOpen(true)
    requestAnimationFrame(() => document.querySelector<HTMLElement>('#request-items .tick')?.focus())
  }
  return { left, setTaken, open, setOpen, show }
}

function Request({ item }: { item: ApprovalItem }) {
  const route = useRoute()
  const actions = useActions()
  const items = useItems(item)
  const unseen = useUnseen(item)
  useCommands(unseen ? { look_again: () => actions.lookAgain(item.id) } : {})
  return (
    <>
      <div className="flex border-b border-line px-2 py-1 md:hidden">
        <button type="button" className="btn btn-quiet px-2" onClick={() => go({ ...route, id: null })}>
          <ArrowLeft size={16} aria-hidden />
          {t.detail.back}
        </button>
      </div>
      <article
        aria-labelledby="request-title"
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls is scrolled with the keyboard too
        tabIndex={0}
        data-own-arrows
        className="min-h-0 flex-1 overflow-y-auto focus-visible:-outline-offset-2"
      >
        <div className="mx-auto grid max-w-[808px] grid-cols-[minmax(0,1fr)] gap-6 px-4 pt-6 pb-10 lg:px-6">
          <Head item={item} />
          {item.erased && <ErasedNote erased={item.erased} />}
          <ChangedNotice item={item} />
          {item.status === 'pending' && <ReachNote item={item} />}
          {item.status === 'pending' && <SnoozeNote item={item} />}
          {item.status === 'pending' && <EscalationNote item={item} />}
          {item.status === 'pending' && <Exchange item={item} />}
          {item.status === 'pending' ? <Standing item={item} /> : <Outcome item={item} />}
          <Flags item={item} />
          {!item.erased && <SummaryCard item={item} />}
          <Items
            item={item}
            left={items.left}
            onLeft={item.status === 'pending' && item.partial ? items.setTaken : null}
            open={items.open}
            onOpen={items.setOpen}
          />
          {hasWords(item) && !item.erased && <SenderFrame item={item} />}
          {!item.erased && <Precedents item={item} />}
          <Changes item={item} />
          <Chain item={item} />
          {item.status !== 'pending' && <EscalationNote item={item} />}
          {item.status !== 'pending' && <Exchange item={item} />}
          <Timeline item={item} />
          {!item.erased && <RawPayload item={item} />}
          {hasEnded(item) && !item.erased && <EraseButton runId={item.run_id} title={ownTitle(item)} focusAfter="request-title" />}
        </div>
      </article>
      {item.held && <HeldBar item={item} held={item.held} />}
      {item.status === 'pending' && !item.held && <DecisionBar item={item} left={items.left} onItems={items.show} />}
    </>
  )
}

/** An answer alone does not end a run: what it decided may be under way. */
const hasEnded = ({ run }: ApprovalItem): boolean => endedStatuses.some((status) => status === run.status)

/** How long still, and how risky: the two things to know before reading on. */
function Standing({ item }: { item: ApprovalItem }) {
  return (
    <div className="@container">
      <div className="card grid divide-line overflow-hidden @xl:grid-cols-2 @xl:divide-x @max-xl:divide-y">
        <DeadlineBar item={item}>
          <ExtendButtons item={item} />
        </DeadlineBar>
        <RiskNote item={item} />
      </div>
    </div>
  )
}

function Head({ item }: { item: ApprovalItem }) {
  const now = useNow(20_000)
  return (
    <header className="grid gap-1">
      <div className="flex flex-wrap items-baseline justify-between gap-x-6 gap-y-1">
        <h2
          id="request-title"
          tabIndex={-1}
          className="min-w-0 flex-1 basis-64 text-title font-semibold text-pretty wrap-anywhere outline-none"
        >
          <Plain text={ownTitle(item)} oneLine />
        </h2>
        {item.amount !== null && (
          <p className="max-w-full text-amount font-semibold tracking-tight wrap-anywhere tabular-nums">
            {money(item.amount, item.currency)}
          </p>
        )}
      </div>
      <p className="dots text-muted wrap-anywhere">
        {item.requester && <span className="text-ink">{visible(item.requester)}</span>}
        <span>{visible(asWords(item.type))}</span>
        {item.source_name !== item.requester && <span>{visible(item.source_name)}</span>}
        <time dateTime={item.created_at} title={fullDate(item.created_at)}>
          {t.detail.asked} {ago(item.created_at, now)}
        </time>
        {(item.priority === 'high' || item.priority === 'urgent') && (
          <span className="font-medium text-ink">{t.detail.priority[item.priority]}</span>
        )}
        {item.escalation && (
          <span>
            <Chip>{td.escalation.chip}</Chip>
          </span>
        )}
        {item.status !== 'pending' && (
          <span title={riskReasonsOf(item).map(visible).join('\n')}>
            <RiskWords risk={item.risk} />
          </span>
        )}
      </p>
      <Approvers item={item} />
    </header>
  )
}

/** Whose answer it is, why it is asked, and whether it is one's own. */
function Approvers({ item }: { item: ApprovalItem }) {
  const standing = useStandpoint(item)
  const names = useNames()
  if (item.status !== 'pending') {
    return (
      item.approvers.length > 0 &&
      !isShared(item) && <p className="text-meta text-muted wrap-anywhere">{t.detail.wasAsked(item.approvers.map(names))}</p>
    )
  }
  const waitsFor = (item.waits_for.length > 0 ? item.waits_for : item.approvers).map(names)
  const others = !standing.asked && standing.standsInFor.length === 0
  return (
    <>
      {others && !standing.vote && <p className="font-medium wrap-anywhere">{t.detail.waitingFor(waitsFor)}</p>}
      {!others && waitsFor.length > 1 && <p className="text-meta text-muted wrap-anywhere">{t.detail.waitingFor(waitsFor)}</p>}
      {standing.own && <OwnRequest item={item} />}
      {item.ruling && (
        <p className="text-meta text-muted wrap-anywhere">
          {item.ruling.rule === null
            ? td.ruling.none
            : td.ruling.asks(visible(item.ruling.rule), visible(item.ruling.policy_version.slice(0, 8)))}
        </p>
      )}
    </>
  )
}

/** A request that counts as one's own: said before it is answered, with why, and what the policy makes of it. */
function OwnRequest({ item }: { item: ApprovalItem }) {
  const rule = useInbox((state) => state.selfApproval)
  const me = useInbox((state) => state.person)
  const isOwner = useInbox(({ person, settings }) => person !== null && person.email === settings?.owner?.email)
  const allowed = rule === 'sole_operator' && isOwner
  const words = rule === null ? td.standing.ownUnknown : allowed ? td.standing.ownAllowed : td.standing.ownRefused
  return (
    <p className="wrap-anywhere">
      <span className="font-medium">{me && td.standing.own[ownBy(item, me)]}</span> <span className="text-muted">{words}</span>
    </p>
  )
}

/** Why it counts as one's own: one asked for it, changed it, or gains by it. */
function ownBy(item: ApprovalItem, me: Person): 'asked' | 'changed' | 'gains' {
  if (item.requester !== null && goesBy(me, identitiesIn(item.requester))) return 'asked'
  return item.changes.some(({ actor }) => actor.id === normalEmail(me.email)) ? 'changed' : 'gains'
}

function Skeleton() {
  return (
    <div className="late mx-auto grid w-full max-w-[808px] gap-5 px-6 pt-6" aria-hidden="true">
      <div className="bone h-7 w-3/5" />
      <div className="bone h-16" />
      <div className="bone h-24" />
      <div className="bone h-48" />
    </div>
  )
}
