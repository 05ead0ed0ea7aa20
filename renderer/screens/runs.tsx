import { useEffect, useState } from 'react'
import type { RunItem, RunStatus } from '../../shared/model/run.ts'
import { ago, asWords, count, fullDate, span } from '../format.ts'
import { useCommands } from '../keys.ts'
import { useNow } from '../now.ts'
import { Notice } from '../parts/notice.tsx'
import { Bones, Page } from '../parts/page.tsx'
import { ProgressBar, RunStatusWord } from '../parts/run-status.tsx'
import { Plain } from '../parts/text.tsx'
import { go, toHash, useRoute } from '../route.ts'
import { useInboxHandle } from '../store/context.ts'
import { useRunList } from '../store/runs.ts'
import { t } from '../strings.ts'
import { tr } from '../strings-runs.ts'
import { visible } from '../visible-text.ts'
import { RunPage } from './run-detail.tsx'

/** Runs as a list, or one of them. */
export function RunsScreen() {
  const { id } = useRoute()
  return id ? <RunPage key={id} id={id} /> : <RunList />
}

const isStatus = (text: string): text is RunStatus => Object.hasOwn(tr.status, text)

/** The rows' links, for moving along them with keys. */
const moveFocus = (by: 1 | -1) => {
  const links = [...document.querySelectorAll<HTMLElement>('[data-run]')]
  const at = links.indexOf(document.activeElement as HTMLElement)
  const next = at < 0 ? (by > 0 ? 0 : links.length - 1) : at + by
  links[next]?.focus()
}

function RunList() {
  const route = useRoute()
  const query = { status: isStatus(route.status) ? route.status : '', workflow: route.search }
  const list = useRunList(query)
  useCommands({ next: () => moveFocus(1), previous: () => moveFocus(-1), arrivals: list.show })
  const filtered = query.status !== '' || query.workflow !== ''
  return (
    <Page id="runs-title" title={tr.title} help={tr.help} wide actions={<Filters {...query} />}>
      <div className="-mb-3 flex min-h-6 items-center justify-between gap-2 text-meta text-muted">
        <span className="tabular-nums">{list.total > 0 && tr.total(count(list.total))}</span>
        <span role="status">
          {list.arrivals > 0 && (
            <button
              type="button"
              className="flex items-center gap-1.5 rounded-control bg-picked px-2 py-0.5 font-semibold text-ink"
              onClick={list.show}
            >
              <span className="size-1.5 rounded-full bg-accent" aria-hidden="true" />
              {tr.arrivals(list.arrivals)}
              <span className="kbd font-normal" aria-hidden="true">
                n
              </span>
            </button>
          )}
        </span>
      </div>
      {list.rows.length === 0 && list.phase === 'loading' && <Bones rows={6} />}
      {list.rows.length === 0 && list.phase === 'ready' && (
        <Notice title={filtered ? tr.noMatch : tr.none} text={filtered ? tr.noMatchHelp : tr.noneHelp} />
      )}
      {list.rows.length > 0 && (
        <ul className="card divide-y divide-line" aria-label={tr.list}>
          {list.rows.map((run) => (
            <RunRow key={run.id} run={run} />
          ))}
        </ul>
      )}
      {list.failure && (
        <Notice title={tr.failed} text={list.failure.message}>
          <button type="button" className="btn" onClick={() => void list.again()}>
            {t.retry}
          </button>
        </Notice>
      )}
      {list.cursor !== null && list.rows.length > 0 && (
        <button
          type="button"
          className="btn justify-self-center"
          disabled={list.phase === 'more' || list.phase === 'loading'}
          onClick={() => void list.more()}
        >
          {tr.more}
        </button>
      )}
    </Page>
  )
}

function Filters({ status, workflow }: { status: string; workflow: string }) {
  const { client } = useInboxHandle()
  const [names, setNames] = useState<readonly string[]>([])
  useEffect(() => {
    const load = async () => setNames((await client.workflows.list({})).items.map((item) => item.name))
    // Without the names the list can still be read; the present one stays choosable.
    load().catch(() => {})
  }, [client])
  const known = [...new Set([...names, ...(workflow ? [workflow] : [])])]
  return (
    <>
      <select
        className="field w-auto"
        aria-label={tr.filter}
        value={status}
        onChange={(event) => go({ view: 'runs', status: event.target.value, search: workflow }, 'replace')}
      >
        <option value="">{tr.all}</option>
        {(['needs_review', 'running', 'waiting', 'completed', 'failed', 'cancelled'] as const).map((each) => (
          <option key={each} value={each}>
            {tr.status[each]}
          </option>
        ))}
      </select>
      <select
        className="field w-auto max-w-52"
        aria-label={tr.workflow}
        value={workflow}
        onChange={(event) => go({ view: 'runs', status, search: event.target.value }, 'replace')}
      >
        <option value="">{tr.allWorkflows}</option>
        {known.map((name) => (
          <option key={name} value={name}>
            {visible(asWords(name))}
          </option>
        ))}
      </select>
    </>
  )
}

function RunRow({ run }: { run: RunItem }) {
  const now = useNow(20_000)
  const ended = run.completed_at
  const lasted = ended ? span(Date.parse(ended) - Date.parse(run.created_at)) : ''
  return (
    <li>
      <a
        data-run
        href={toHash({ view: 'runs', id: run.id })}
        className="grid items-center gap-x-4 gap-y-1 px-4 py-2.5 hover:bg-hover focus-visible:-outline-offset-2 md:grid-cols-[minmax(0,1fr)_132px_112px_136px]"
      >
        <span className="min-w-0">
          <span className="block truncate text-row font-semibold">
            <Plain text={run.title} oneLine />
          </span>
          <span className="dots text-meta text-muted">
            <span>{visible(asWords(run.workflow))}</span>
            <span>{visible(run.source_name)}</span>
          </span>
          {run.error && run.status === 'needs_review' && (
            <span className="block truncate font-mono text-meta text-muted">
              <Plain text={run.error} oneLine />
            </span>
          )}
        </span>
        <span className="max-md:hidden">
          <ProgressBar progress={run.progress} />
        </span>
        <span className="flex items-center justify-between gap-4">
          <RunStatusWord status={run.status} />
          <span className="w-28 md:hidden">
            <ProgressBar progress={run.progress} />
          </span>
        </span>
        <span className="text-meta text-muted tabular-nums md:text-right">
          <time dateTime={run.created_at} title={fullDate(run.created_at)} className="md:block">
            {ago(run.created_at, now)}
          </time>
          {ended && (
            <>
              <span className="md:hidden"> · </span>
              <time dateTime={ended} title={`${fullDate(ended)}, ${tr.took(lasted)}`}>
                {tr.endedAgo(ago(ended, now))}
              </time>
            </>
          )}
        </span>
      </a>
    </li>
  )
}
