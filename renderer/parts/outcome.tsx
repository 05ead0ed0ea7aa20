import { Ban, Check, CircleSlash, RotateCcw, X } from 'lucide-react'
import type { ApprovalItem, DecisionRecord } from '../../shared/model/approval.ts'
import type { Delivery } from '../../shared/model/delivery.ts'
import { ago, fullDate, span, when } from '../format.ts'
import { useNow } from '../now.ts'
import { untold } from '../run-result.ts'
import { inWords } from '../said.ts'
import { useActions } from '../store/context.ts'
import { t } from '../strings.ts'
import { td } from '../strings-decide.ts'
import { visible } from '../visible-text.ts'
import { Quote } from './changes.tsx'
import { Facts } from './facts.tsx'
import { ItemResults, itemResults, withoutResults } from './item-results.tsx'
import { Plain } from './text.tsx'

const icons = { approved: Check, rejected: X, expired: CircleSlash, cancelled: Ban } as const
const inks = { approved: 'text-accent', rejected: 'text-red', expired: 'text-amber', cancelled: 'text-muted' } as const

const runInk = (status: string) => (status === 'failed' || status === 'needs_review' ? 'text-amber font-semibold' : '')

/** How it ended, by whom and why, and what happened then. */
export function Outcome({ item }: { item: ApprovalItem }) {
  if (item.status === 'pending') return null
  const Icon = icons[item.status]
  return (
    <section aria-label={t.detail.outcome} className="card divide-y divide-line">
      <div className="flex items-start gap-2.5 px-4 py-3">
        <Icon size={20} className={`mt-0.5 shrink-0 ${inks[item.status]}`} aria-hidden />
        <div className="min-w-0">
          {item.decision ? (
            <Decided item={item} record={item.decision} />
          ) : (
            <p className="text-row font-semibold">{t.status[item.status]}</p>
          )}
        </div>
      </div>
      <RunState item={item} />
      {item.deliveries.map((delivery) => (
        <DeliveryState key={delivery.id} delivery={delivery} />
      ))}
    </section>
  )
}

function Decided({ item, record }: { item: ApprovalItem; record: DecisionRecord }) {
  const now = useNow(20_000)
  const option = item.options?.find(({ id }) => id === record.option)
  const level = item.levels[record.level]
  return (
    <>
      <p className="text-row font-semibold wrap-anywhere">
        {headline(item, record)}
        {record.on_behalf_of && ` ${td.outcome.for(visible(record.on_behalf_of.name))}`}
      </p>
      <p className="dots text-meta text-muted">
        {level && item.levels.length > 1 && (
          <span>{td.outcome.level(visible(level.name), record.level + 1, item.levels.length)}</span>
        )}
        <time dateTime={record.at} title={fullDate(record.at)}>
          {when(record.at, now)} · {ago(record.at, now)}
        </time>
      </p>
      {record.option && <p className="mt-1">{td.outcome.option(visible(option?.label ?? record.option))}</p>}
      {record.comment && (
        <div className="mt-1.5">
          <Quote text={inWords(record.comment, record.comment_said)} />
        </div>
      )}
      {record.while_away && <p className="mt-1 text-muted">{td.outcome.away}</p>}
      {record.self_approved && <p className="mt-1 text-muted">{t.detail.selfApproved}</p>}
      {isFilled(record.answer) && (
        <div className="mt-2">
          <h3 className="head mb-1">{td.outcome.form}</h3>
          <div className="overflow-hidden rounded-control border border-line">
            <Facts value={record.answer} />
          </div>
        </div>
      )}
    </>
  )
}

const isFilled = (answer: unknown) =>
  answer !== null && answer !== undefined && (typeof answer !== 'object' || Object.keys(answer).length > 0)

/** Who ended it and how: a person, a rule of a policy, or the clock. */
function headline(item: ApprovalItem, record: DecisionRecord): string {
  if (record.decision === 'expired') return t.decide.expired
  if (record.rule) {
    const version = item.ruling && visible(item.ruling.policy_version.slice(0, 8))
    return td.ruling.decided(t.status[record.decision], visible(record.rule), version)
  }
  if (record.actor.kind === 'system') return record.decision === 'rejected' ? td.outcome.unanswered : t.status[record.decision]
  return t.decide.by(record.decision, visible(record.actor.name ?? record.actor.id))
}

function RunState({ item }: { item: ApprovalItem }) {
  const actions = useActions()
  const { status, result: told, error } = item.run
  const items = itemResults(told)
  const result = untold(items ? withoutResults(told) : told, item)
  return (
    <div className="grid gap-1.5 px-4 py-3">
      <div className="flex flex-wrap items-center justify-between gap-2">
        <p>
          <span className="text-muted">{t.detail.outcome}: </span>
          <span className={runInk(status)}>{t.run[status] ?? visible(status)}</span>
        </p>
        {status === 'needs_review' && (
          <button type="button" className="btn" onClick={() => void actions.retry(item.run_id)}>
            <RotateCcw size={14} aria-hidden /> {t.review.retry}
          </button>
        )}
      </div>
      {error && (
        <pre className="rounded-control bg-well px-2.5 py-1.5 font-mono text-meta whitespace-pre-wrap wrap-anywhere">
          <Plain text={error} />
        </pre>
      )}
      {items && <ItemResults results={items} />}
      {result !== null && result !== undefined && (
        <div className="overflow-hidden rounded-control border border-line">
          {typeof result === 'object' ? (
            <Facts value={result} />
          ) : (
            <div className="px-4 py-1.5">
              <Facts value={result} />
            </div>
          )}
        </div>
      )}
    </div>
  )
}

/** One outcome on its way to its sender; a dead one can be sent again. */
export function DeliveryState({ delivery }: { delivery: Delivery }) {
  const actions = useActions()
  const now = useNow(20_000)
  const facts = [
    visible(delivery.url),
    t.delivery.attempts(delivery.attempts),
    delivery.last_status === null ? '' : `HTTP ${delivery.last_status}`,
    delivery.next_at && delivery.state !== 'delivered' ? t.delivery.next(span(Date.parse(delivery.next_at) - now)) : '',
  ].filter(Boolean)
  return (
    <div className="flex flex-wrap items-center justify-between gap-2 px-4 py-3">
      <div className="min-w-0">
        <p className={delivery.state === 'dead' ? 'font-semibold text-amber' : ''}>{t.delivery[delivery.state]}</p>
        <p className="text-meta text-muted wrap-anywhere">{facts.join(' · ')}</p>
        {delivery.last_error && delivery.state !== 'delivered' && (
          <p className="font-mono text-meta text-muted wrap-anywhere">
            <Plain text={delivery.last_error} oneLine />
          </p>
        )}
      </div>
      {delivery.state === 'dead' && (
        <button type="button" className="btn" onClick={() => void actions.resend(delivery.id)}>
          <RotateCcw size={14} aria-hidden /> {t.delivery.resend}
        </button>
      )}
    </div>
  )
}
