import { ArrowLeft, CircleAlert, RotateCcw } from 'lucide-react'
import { useState } from 'react'
import type { RunItem, RunStep, TimelineEntry } from '../../shared/model/run.ts'
import { endedStatuses } from '../../shared/model/run.ts'
import { asWords, fullDate, span, when, withInstants } from '../format.ts'
import { useNow } from '../now.ts'
import { CopyButton } from '../parts/copy.tsx'
import { ErasedNote } from '../parts/erased.tsx'
import { Facts } from '../parts/facts.tsx'
import { Notice } from '../parts/notice.tsx'
import { DeliveryState } from '../parts/outcome.tsx'
import { Bones, Page, Part } from '../parts/page.tsx'
import { RunDiagram } from '../parts/run-diagram.tsx'
import { ProgressBar, RunStatusWord } from '../parts/run-status.tsx'
import { ShowAll, useShown } from '../parts/shown.tsx'
import { Plain } from '../parts/text.tsx'
import { toHash } from '../route.ts'
import { inWords } from '../said.ts'
import { useActions, useInbox } from '../store/context.ts'
import { useRun } from '../store/runs.ts'
import { t } from '../strings.ts'
import { tr } from '../strings-runs.ts'
import { visible } from '../visible-text.ts'
import { EraseButton } from './erase.tsx'
import { CancelDialog, SignalSheet } from './run-actions.tsx'

const Back = () => (
  <a href={toHash({ view: 'runs' })} className="word w-fit text-meta text-muted hover:text-ink">
    <ArrowLeft size={13} aria-hidden /> {tr.run.back}
  </a>
)

/** One run: where it is, what has to be done about it, its stages, and everything that was recorded. */
export function RunPage({ id }: { id: string }) {
  const { run, story, failure, load } = useRun(id)
  if (!run) {
    const isMissing = failure?.code === 'not-found'
    return (
      <Page id="run-title" title={failure ? (isMissing ? tr.run.missing : tr.run.failed) : tr.title} back={<Back />}>
        {!failure && <Bones />}
        {failure && <p className="text-muted">{isMissing ? tr.run.missingHelp : failure.message}</p>}
        {failure && !isMissing && (
          <button type="button" className="btn justify-self-start" onClick={() => void load()}>
            {t.retry}
          </button>
        )}
      </Page>
    )
  }
  return (
    <Page
      id="run-title"
      title={<Plain text={run.title} oneLine />}
      back={<Back />}
      actions={<Actions run={run} steps={story?.steps ?? []} />}
    >
      <Head run={run} />
      {run.erased && <ErasedNote erased={run.erased} />}
      <Trouble run={run} />
      <Part title={tr.run.stages}>
        {story ? (
          <div className="card px-4 py-4">
            <RunDiagram run={run} steps={story.steps} />
          </div>
        ) : failure ? (
          <Notice title={tr.run.failed} text={failure.message}>
            <button type="button" className="btn" onClick={() => void load()}>
              {t.retry}
            </button>
          </Notice>
        ) : (
          <Bones />
        )}
      </Part>
      {run.result !== null && run.result !== undefined && (
        <Part title={tr.run.result}>
          <Values value={run.result} />
        </Part>
      )}
      {run.deliveries.length > 0 && (
        <Part title={tr.run.deliveries}>
          <ul className="card divide-y divide-line">
            {run.deliveries.map((delivery) => (
              <li key={delivery.id}>
                <DeliveryState delivery={delivery} />
              </li>
            ))}
          </ul>
        </Part>
      )}
      {story && (
        <Part title={tr.run.timeline}>
          <Entries entries={story.entries} />
        </Part>
      )}
      {!run.erased && <Input value={run.input} />}
      {!run.erased && endedStatuses.includes(run.status) && <EraseButton runId={run.id} title={run.title} focusAfter="run-title" />}
    </Page>
  )
}

/** What the workflow was given: the sender's words, and for built-in ones how policy wants it asked. Long, and seldom read. */
function Input({ value }: { value: unknown }) {
  const [open, setOpen] = useState(false)
  return (
    <details className="grid gap-1.5" onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary className="head w-fit rounded-control hover:text-ink">{tr.run.input}</summary>
      {open && (
        <div className="mt-1.5">
          <Values value={value} />
        </div>
      )}
    </details>
  )
}

function Values({ value }: { value: unknown }) {
  const isScalar = value === null || typeof value !== 'object'
  return (
    <div className={`card overflow-hidden ${isScalar ? 'px-4 py-2' : ''}`}>
      <Facts value={value} />
    </div>
  )
}

function Head({ run }: { run: RunItem }) {
  const now = useNow(20_000)
  const lasted = span((run.completed_at ? Date.parse(run.completed_at) : now) - Date.parse(run.created_at))
  return (
    <div className="-mt-3 grid gap-3">
      <p className="dots text-muted">
        <span>
          <RunStatusWord status={run.status} />
        </span>
        <span>{visible(asWords(run.workflow))}</span>
        <span>{visible(run.source_name)}</span>
        <span>
          {tr.started}{' '}
          <time dateTime={run.created_at} title={fullDate(run.created_at)}>
            {when(run.created_at, now)}
          </time>
        </span>
        {run.completed_at && (
          <span>
            {tr.ended}{' '}
            <time dateTime={run.completed_at} title={fullDate(run.completed_at)}>
              {when(run.completed_at, now)}
            </time>
          </span>
        )}
        <span>{run.completed_at ? tr.took(lasted) : tr.since(lasted)}</span>
      </p>
      <ProgressBar progress={run.progress} words />
      {run.progress.total !== null && run.progress.current && run.completed_at === null && (
        <p className="-mt-2 text-muted wrap-anywhere">
          {tr.run.nowAt} <Plain text={run.progress.current} oneLine />
        </p>
      )}
    </div>
  )
}

/** What stopped it comes before everything else, with the way on. */
function Trouble({ run }: { run: RunItem }) {
  const actions = useActions()
  const scopes = useInbox((state) => state.scopes)
  const [busy, setBusy] = useState(false)
  if ((run.status !== 'needs_review' && run.status !== 'failed') || run.erased) return null
  const stuck = run.status === 'needs_review'
  const mayRetry = stuck && scopes.some((scope) => scope === 'decide' || scope === 'admin')
  const retry = async () => {
    setBusy(true)
    await actions.retry(run.id)
    setBusy(false)
  }
  return (
    <section
      aria-label={stuck ? tr.run.stuck : tr.run.broke}
      className={`grid gap-2 rounded-card px-4 py-3 ${stuck ? 'bg-amber-soft' : 'bg-red-soft'}`}
    >
      <h2 className={`word font-semibold ${stuck ? 'text-amber' : 'text-red'}`}>
        <CircleAlert size={15} aria-hidden /> {stuck ? tr.run.stuck : tr.run.broke}
      </h2>
      {run.error && (
        <pre className="font-mono text-meta whitespace-pre-wrap wrap-anywhere">
          <Plain text={run.error} />
        </pre>
      )}
      {mayRetry && (
        <div className="flex flex-wrap items-center gap-x-3 gap-y-1.5">
          <button type="button" className="btn" disabled={busy} onClick={() => void retry()}>
            <RotateCcw size={14} aria-hidden /> {tr.run.retry}
          </button>
          <span className="min-w-0 flex-1 basis-52">{tr.run.retryHelp}</span>
        </div>
      )}
    </section>
  )
}

/** The second wait for one signal is a stage of its own, named after it. */
const signalOf = (step: RunStep) => step.key.replace(/#\d+$/, '')

function Actions({ run, steps }: { run: RunItem; steps: readonly RunStep[] }) {
  const scopes = useInbox((state) => state.scopes)
  const [open, setOpen] = useState<'none' | 'cancel' | 'signal'>('none')
  const mayAct = scopes.some((scope) => scope === 'decide' || scope === 'admin') && !endedStatuses.includes(run.status)
  const awaited = steps.filter((step) => step.kind === 'signal' && step.state === 'waiting').map(signalOf)
  return (
    <>
      <CopyButton text={run.id} label={tr.run.copyId} />
      {mayAct && (
        <>
          <button type="button" className="btn" onClick={() => setOpen('signal')}>
            {tr.run.signal}
          </button>
          <button type="button" className="btn btn-reject" onClick={() => setOpen('cancel')}>
            {tr.run.cancel}
          </button>
        </>
      )}
      <SignalSheet runId={run.id} awaited={awaited} open={open === 'signal'} onClose={() => setOpen('none')} />
      <CancelDialog run={run} open={open === 'cancel'} onClose={() => setOpen('none')} />
    </>
  )
}

const mostEntries = 100

function Entries({ entries }: { entries: readonly TimelineEntry[] }) {
  const now = useNow(20_000)
  const { shown, hidden, showAll } = useShown(entries, mostEntries, 'last')
  if (entries.length === 0) return <p className="text-muted">{tr.run.noTimeline}</p>
  return (
    <ol className="grid gap-1.5">
      {hidden > 0 && (
        <li>
          <ShowAll hidden={hidden} onShow={showAll} />
        </li>
      )}
      {shown.map((entry) => (
        <li key={entry.seq} className="grid grid-cols-[minmax(0,1fr)_auto] items-baseline gap-x-4">
          <span className="wrap-anywhere">
            <Plain text={withInstants(inWords(entry.text, entry.said), now)} oneLine />
          </span>
          <time dateTime={entry.at} title={fullDate(entry.at)} className="text-meta text-muted tabular-nums">
            {when(entry.at, now)}
          </time>
        </li>
      ))}
    </ol>
  )
}
