import { Download } from 'lucide-react'
import { useCallback, useEffect, useId, useRef, useState } from 'react'
import type { InsightView } from '../../shared/contract/insight.ts'
import type { Client } from '../client.ts'
import { type CallFailure, toFailure } from '../failure.ts'
import { asWords, count } from '../format.ts'
import { Notice } from '../parts/notice.tsx'
import { Bones, Page } from '../parts/page.tsx'
import { go, toHash, useRoute } from '../route.ts'
import { useActions, useInbox, useInboxHandle } from '../store/context.ts'
import { t } from '../strings.ts'
import { ti } from '../strings-insight.ts'
import { visible } from '../visible-text.ts'
import { Hours, Volume } from './insight-charts.tsx'
import { Figures, Model, People, Times } from './insight-figures.tsx'

const periods = [7, 30, 90, 365] as const
const usual = 30

/** How requests were decided in a period: volume, time, outcome. The address says which period and type. */
export function InsightScreen() {
  const route = useRoute()
  const days = periods.find((each) => String(each) === route.id) ?? usual
  const type = route.search
  const { view, failure, busy, load } = useInsight(days, type)
  return (
    <Page id="insight-title" title={ti.title} help={ti.help} wide actions={view && <Exports view={view} />}>
      <Filter days={days} type={type} types={view?.types ?? []} />
      {failure && view === null && (
        <Notice title={ti.failed} text={failure.message}>
          <button type="button" className="btn" onClick={() => void load()}>
            {t.retry}
          </button>
        </Notice>
      )}
      {view === null && !failure && <Bones rows={6} />}
      {view && (
        <div aria-busy={busy} className="grid gap-7">
          {isEmpty(view) ? <Empty days={days} type={type} /> : <Topics view={view} />}
        </div>
      )}
      <p role="status" className="sr-only">
        {busy ? ti.loading : ''}
      </p>
    </Page>
  )
}

const isEmpty = ({ came, approved, rejected, expired, cancelled }: InsightView) =>
  came + approved + rejected + expired + cancelled === 0

function Topics({ view }: { view: InsightView }) {
  return (
    <>
      <Figures view={view} />
      <Volume view={view} />
      <Times view={view} />
      <div className="grid grid-cols-[minmax(0,1fr)] items-start gap-7 lg:grid-cols-2">
        <Hours view={view} />
        <div className="grid gap-7">
          <People view={view} />
          <Model view={view} />
        </div>
      </div>
    </>
  )
}

/** The figures of a period; those before stay until the next ones are there. */
function useInsight(days: number, type: string) {
  const { client } = useInboxHandle()
  const online = useInbox((state) => state.connection.state === 'online')
  const [found, setFound] = useState<{ view: InsightView | null; failure: CallFailure | null }>({ view: null, failure: null })
  const [busy, setBusy] = useState(false)
  const load = useCallback(
    async (isCurrent: () => boolean = () => true, quiet = false) => {
      if (!quiet) setBusy(true)
      try {
        const { timeZone } = Intl.DateTimeFormat().resolvedOptions()
        const view = await client.insight.overview({ days, time_zone: timeZone, ...(type ? { type } : {}) })
        if (isCurrent()) setFound({ view, failure: null })
      } catch (error) {
        if (isCurrent()) setFound((before) => ({ view: before.view, failure: toFailure(error) }))
      }
      if (isCurrent()) setBusy(false)
    },
    [client, days, type],
  )
  // biome-ignore lint/correctness/useExhaustiveDependencies: a connection that is back asks again
  useEffect(() => {
    let current = true
    void load(() => current)
    return () => {
      current = false
    }
  }, [load, online])
  useChanges(load)
  return { ...found, busy, load }
}

/** New figures follow what happens, a few seconds behind it and no more often. */
function useChanges(load: (isCurrent: () => boolean, quiet: boolean) => Promise<void>) {
  const counts = useInbox((state) => state.counts)
  const first = useRef(counts)
  const latest = useRef(load)
  latest.current = load
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined)
  useEffect(() => {
    if (counts === first.current) return
    timer.current ??= setTimeout(() => {
      timer.current = undefined
      const asked = latest.current
      void asked(() => latest.current === asked, true)
    }, changesMs)
  }, [counts])
  useEffect(
    () => () => {
      clearTimeout(timer.current)
      timer.current = undefined
    },
    [],
  )
}

const changesMs = 3000

function Filter({ days, type, types }: { days: number; type: string; types: readonly string[] }) {
  const id = useId()
  const shown = type === '' || types.includes(type) ? types : [type, ...types]
  return (
    <div className="flex flex-wrap items-end justify-between gap-x-4 gap-y-2 border-b border-line pb-3">
      <nav aria-label={ti.filter.period}>
        <ul className="flex flex-wrap gap-1">
          {periods.map((each) => (
            <li key={each}>
              <a
                className={`btn btn-quiet px-2.5 ${each === days ? 'bg-picked font-semibold' : 'text-muted'}`}
                href={toHash({ view: 'insight', id: String(each), search: type })}
                aria-current={each === days ? 'true' : undefined}
              >
                {each === 365 ? ti.filter.year : ti.filter.days(each)}
              </a>
            </li>
          ))}
        </ul>
      </nav>
      <div className="flex items-center gap-2">
        <label htmlFor={id} className="text-muted">
          {ti.filter.type}
        </label>
        <select
          id={id}
          className="field w-auto max-w-64"
          value={type}
          onChange={(event) => go({ view: 'insight', id: String(days), search: event.target.value }, 'replace')}
        >
          <option value="">{ti.filter.every}</option>
          {shown.map((each) => (
            <option key={each} value={each}>
              {visible(asWords(each))}
            </option>
          ))}
        </select>
      </div>
    </div>
  )
}

function Empty({ days, type }: { days: number; type: string }) {
  return (
    <div className="card grid justify-items-start gap-2 p-5">
      <h2 className="text-row font-semibold">{ti.empty.title}</h2>
      <p className="text-muted text-pretty">{ti.empty.text}</p>
      {days < 365 && (
        <a className="btn" href={toHash({ view: 'insight', id: '365', search: type })}>
          {ti.empty.longer}
        </a>
      )}
    </div>
  )
}

const formats = ['csv', 'json'] as const
type Format = (typeof formats)[number]

/** Downloads the decisions of the period. The file is put together here, of the pages that the same client fetches. */
function Exports({ view }: { view: InsightView }) {
  const { client } = useInboxHandle()
  const actions = useActions()
  const [working, setWorking] = useState<{ format: Format; rows: number } | null>(null)
  const start = async (format: Format) => {
    setWorking({ format, rows: 0 })
    try {
      const { parts, rows } = await fetchAll(client, format, view, (n) => setWorking({ format, rows: n }))
      save(parts, format, view)
      actions.toast('good', ti.export.done(rows, count(rows)))
    } catch (error) {
      actions.toast('bad', ti.export.failed(toFailure(error).message))
    }
    setWorking(null)
  }
  return formats.map((format) => (
    <button key={format} type="button" className="btn" disabled={working !== null} onClick={() => void start(format)}>
      <Download size={14} aria-hidden />
      {working?.format === format ? ti.export.working(count(working.rows)) : ti.export[format]}
    </button>
  ))
}

async function fetchAll(client: Client, format: Format, { from, to, type }: InsightView, onRows: (rows: number) => void) {
  const parts: string[] = []
  let rows = 0
  let cursor: string | null = null
  const period = { from: startOf(from, 0), to: startOf(to, 1), ...(type === null ? {} : { type }) }
  do {
    const page: Awaited<ReturnType<Client['insight']['export']>> = await client.insight.export({
      format,
      ...period,
      ...(cursor === null ? {} : { cursor }),
    })
    parts.push(page.text)
    rows += page.rows
    cursor = page.next_cursor
    onRows(rows)
  } while (cursor !== null)
  return { parts, rows }
}

/** Where a day begins here, some days later. */
function startOf(day: string, later: number): string {
  const at = new Date(`${day}T00:00:00`)
  at.setDate(at.getDate() + later)
  return at.toISOString()
}

const mediaType = { csv: 'text/csv;charset=utf-8', json: 'application/json' } as const

function save(parts: readonly string[], format: Format, { from, to }: InsightView): void {
  const url = URL.createObjectURL(new Blob([...parts], { type: mediaType[format] }))
  const link = document.createElement('a')
  link.href = url
  link.download = `${ti.export.file}-${from}-${to}.${format}`
  link.click()
  // The browser reads it after this turn.
  setTimeout(() => URL.revokeObjectURL(url), 60_000)
}
