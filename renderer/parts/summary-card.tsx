import { Cpu, Ruler } from 'lucide-react'
import type { ApprovalItem } from '../../shared/model/approval.ts'
import { bytes, withInstants } from '../format.ts'
import { useNow } from '../now.ts'
import { impactOf, inWords, summaryOf } from '../said.ts'
import { t } from '../strings.ts'
import { CheckedText, Plain } from './text.tsx'

/** What is said about the request, by whom it is said, and how far it was checked. Advice, never authority. */
export function SummaryCard({ item }: { item: ApprovalItem }) {
  const { summary } = item
  const byModel = summary.origin === 'model'
  const Icon = byModel ? Cpu : Ruler
  return (
    <section aria-label={t.detail.summary} className="card px-4 py-3">
      <div className="mb-1 flex flex-wrap items-center justify-between gap-x-3">
        <h3 className="head">{t.detail.summary}</h3>
        <p className="flex items-center gap-1 text-meta text-muted">
          <Icon size={13} aria-hidden />
          {byModel ? t.detail.byModel(summary.model) : t.detail.byRules}
        </p>
      </div>
      <p className="text-row wrap-anywhere">
        <CheckedText text={summaryOf(item)} unsupported={summary.unsupported} />
      </p>
      {summary.impact && (
        <p className="mt-1 wrap-anywhere">
          <span className="text-muted">{t.detail.impact}: </span>
          <CheckedText text={impactOf(item)} unsupported={summary.unsupported} />
        </p>
      )}
      <State item={item} />
    </section>
  )
}

function State({ item }: { item: ApprovalItem }) {
  const { summary } = item
  const now = useNow(20_000)
  const reason = summary.reason === null ? null : inWords(summary.reason, summary.said?.reason)
  const notes: string[] = []
  if (summary.state === 'waiting') notes.push(item.status === 'pending' ? t.detail.modelWaiting : t.detail.modelTooLate)
  if (summary.state === 'failed') notes.push(t.detail.modelFailed(reason ?? t.detail.gaveUp))
  if (summary.state === 'ready' && reason) notes.push(t.detail.remark(reason))
  if (summary.state === 'off') notes.push(t.detail.modelOff)
  if (summary.origin === 'model' && summary.covered_bytes < summary.total_bytes) {
    notes.push(t.detail.covered(bytes(summary.covered_bytes), bytes(summary.total_bytes)))
  }
  if (summary.unsupported.length > 0) notes.push(`${t.detail.unsupported(summary.unsupported.length)}.`)
  else if (summary.origin === 'model') notes.push(t.detail.checked)
  if (notes.length === 0) return null
  return (
    <p className={`mt-2 text-meta wrap-anywhere ${summary.unsupported.length > 0 ? 'text-amber' : 'text-muted'}`}>
      <Plain text={withInstants(notes.join(' '), now)} oneLine />
    </p>
  )
}
