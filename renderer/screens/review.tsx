import { CircleCheckBig, RotateCcw } from 'lucide-react'
import { useEffect, useState } from 'react'
import type { Delivery } from '../../shared/model/delivery.ts'
import type { RunItem } from '../../shared/model/run.ts'
import { type CallFailure, toFailure } from '../failure.ts'
import { ago, asWords, fullDate } from '../format.ts'
import { useNow } from '../now.ts'
import { Notice } from '../parts/notice.tsx'
import { DeliveryState } from '../parts/outcome.tsx'
import { Plain } from '../parts/text.tsx'
import { toHash } from '../route.ts'
import { useActions, useInbox, useInboxHandle } from '../store/context.ts'
import { t } from '../strings.ts'
import { visible } from '../visible-text.ts'

/** What could not go on by itself: stuck tasks with their error, and outcomes nobody took. */
export function ReviewScreen() {
  const { client } = useInboxHandle()
  const actions = useActions()
  const runs = useInbox((state) => state.runs)
  const counts = useInbox((state) => state.counts)
  const [dead, setDead] = useState<readonly Delivery[]>([])
  const [failure, setFailure] = useState<CallFailure | null>(null)
  const [phase, setPhase] = useState<'loading' | 'ready'>('loading')
  // biome-ignore lint/correctness/useExhaustiveDependencies: changed counts mean changed lists
  useEffect(() => {
    let current = true
    const load = async () => {
      const problem = await actions.loadRuns()
      const found = await client.tasks.deadDeliveries({ state: 'dead' }).catch((error) => toFailure(error))
      if (!current) return
      if ('items' in found) setDead(found.items as readonly Delivery[])
      setFailure(problem ?? ('items' in found ? null : found))
      setPhase('ready')
    }
    void load()
    return () => {
      current = false
    }
  }, [actions, client, counts.needs_review, counts.dead_deliveries])
  const stuck = [...runs.values()]
    .filter((run) => run.status === 'needs_review')
    .sort((a, b) => (a.created_at < b.created_at ? 1 : -1))
  const nothing = phase === 'ready' && !failure && stuck.length === 0 && dead.length === 0
  return (
    <section
      className="flex-1 overflow-y-auto bg-panel focus-visible:-outline-offset-2"
      aria-labelledby="review-title"
      // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls is scrolled with the keyboard too
      tabIndex={0}
    >
      <div className="mx-auto grid max-w-[808px] gap-5 px-4 py-5 lg:px-6">
        <header className="grid gap-1">
          <h1 id="review-title" className="text-title font-semibold">
            {t.review.title}
          </h1>
          <p className="text-muted">{t.review.help}</p>
        </header>
        {failure && <Notice title={t.list.failed} text={failure.message} />}
        {nothing && (
          <Notice
            icon={<CircleCheckBig size={32} strokeWidth={1.5} aria-hidden />}
            title={t.review.none}
            text={t.review.noneHelp}
          />
        )}
        {stuck.length > 0 && (
          <section aria-label={t.review.stuck}>
            <h2 className="head mb-1.5">{t.review.stuck}</h2>
            <ul className="card divide-y divide-line">
              {stuck.map((run) => (
                <StuckRun key={run.id} run={run} />
              ))}
            </ul>
          </section>
        )}
        {dead.length > 0 && (
          <section aria-label={t.review.dead}>
            <h2 className="head mb-1.5">{t.review.dead}</h2>
            <ul className="card divide-y divide-line">
              {dead.map((delivery) => (
                <li key={delivery.id}>
                  <DeliveryState delivery={delivery} />
                </li>
              ))}
            </ul>
          </section>
        )}
      </div>
    </section>
  )
}

function StuckRun({ run }: { run: RunItem }) {
  const actions = useActions()
  const now = useNow(20_000)
  const [busy, setBusy] = useState(false)
  const retry = async () => {
    setBusy(true)
    await actions.retry(run.id)
    await actions.loadRuns()
    setBusy(false)
  }
  return (
    <li className="grid gap-2 px-4 py-3">
      <div className="flex flex-wrap items-start justify-between gap-2">
        <div className="min-w-0 flex-1 basis-60">
          <h3 className="text-row font-semibold wrap-anywhere">
            <a href={toHash({ view: 'runs', id: run.id })} className="hover:underline hover:underline-offset-2">
              <Plain text={run.title} oneLine />
            </a>
          </h3>
          <p className="text-meta text-muted">
            {visible(asWords(run.type))} · {visible(run.source_name)} ·{' '}
            <time dateTime={run.created_at} title={fullDate(run.created_at)}>
              {ago(run.created_at, now)}
            </time>
          </p>
        </div>
        <button type="button" className="btn" disabled={busy} onClick={() => void retry()}>
          <RotateCcw size={14} aria-hidden /> {t.review.retry}
        </button>
      </div>
      {run.error && (
        <pre className="rounded-control bg-well px-2.5 py-1.5 font-mono text-meta whitespace-pre-wrap wrap-anywhere">
          <Plain text={run.error} />
        </pre>
      )}
    </li>
  )
}
