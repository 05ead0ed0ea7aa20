import { useEffect } from 'react'
import type { ApprovalItem } from '../../shared/model/approval.ts'
import type { TimelineEntry } from '../../shared/model/run.ts'
import { fullDate, when, withInstants } from '../format.ts'
import { useNow } from '../now.ts'
import { toHash } from '../route.ts'
import { inWords } from '../said.ts'
import { steppingMs } from '../stepping.ts'
import { useActions, useInbox } from '../store/context.ts'
import { t } from '../strings.ts'
import { visible } from '../visible-text.ts'
import { Plain } from './text.tsx'

/** What happened to the run so far, as the journal tells it. */
export function Timeline({ item }: { item: ApprovalItem }) {
  const entries = useInbox((state) => state.timelines[item.run_id])
  const actions = useActions()
  const now = useNow(20_000)
  useEffect(() => {
    const timer = setTimeout(() => void actions.loadTimeline(item.run_id), steppingMs)
    return () => clearTimeout(timer)
  }, [actions, item.run_id])
  if (!entries || entries.length === 0) return null
  return (
    <section aria-label={t.detail.timeline}>
      <div className="mb-2 flex items-baseline justify-between gap-4">
        <h3 className="head">{t.detail.timeline}</h3>
        <a className="text-meta text-accent underline underline-offset-2" href={toHash({ view: 'runs', id: item.run_id })}>
          {t.detail.toRun}
        </a>
      </div>
      <ol className="grid">
        {entries.map((entry, index) => (
          <li key={entry.seq} className="relative grid grid-cols-[16px_1fr_auto] items-baseline gap-x-2 pb-2">
            {index < entries.length - 1 && (
              <span className="absolute top-3 bottom-[-8px] left-[5px] w-px bg-line" aria-hidden="true" />
            )}
            <span className="relative mt-1.5 ml-0.5 size-[7px] self-start rounded-full bg-edge" aria-hidden="true" />
            <span className="wrap-anywhere">
              <Plain text={withInstants(inWords(entry.text, entry.said), now)} oneLine />
              {isActorNews(entry) && <span className="text-muted"> · {visible(entry.actor.name ?? entry.actor.id)}</span>}
            </span>
            <time dateTime={entry.at} title={fullDate(entry.at)} className="text-meta text-muted tabular-nums">
              {when(entry.at, now)}
            </time>
          </li>
        ))}
      </ol>
    </section>
  )
}

/** Who did it is said once: most sentences name them already. */
function isActorNews({ actor, text }: TimelineEntry): boolean {
  return actor.kind !== 'system' && !text.includes(actor.name ?? actor.id)
}
