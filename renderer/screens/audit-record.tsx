import { ChevronRight, TriangleAlert } from 'lucide-react'
import { useState } from 'react'
import type { AuditEntry } from '../../shared/contract/audit.ts'
import { sentenceOf, whereOf } from '../audit-sentence.ts'
import type { Client } from '../client.ts'
import { toFailure } from '../failure.ts'
import { count, fullDate, when } from '../format.ts'
import { CopyButton } from '../parts/copy.tsx'
import { Plain } from '../parts/text.tsx'
import { toHash } from '../route.ts'
import { useInboxHandle } from '../store/context.ts'
import { t } from '../strings.ts'
import { tau } from '../strings-audit.ts'
import { visible } from '../visible-text.ts'

type Raw = Awaited<ReturnType<Client['audit']['get']>>

/** A record as a sentence, which opens to the record as it is written. */
export function AuditRow({ entry, now }: { entry: AuditEntry; now: number }) {
  const [open, setOpen] = useState(false)
  const id = `audit-${entry.seq}`
  const where = whereOf(entry)
  return (
    <li>
      <button
        type="button"
        aria-expanded={open}
        aria-controls={id}
        onClick={() => setOpen(!open)}
        className="grid w-full grid-cols-[16px_minmax(0,1fr)_auto] items-baseline gap-x-2 px-4 py-2 text-left hover:bg-hover focus-visible:-outline-offset-2 md:grid-cols-[16px_minmax(0,1fr)_132px_64px]"
      >
        <ChevronRight
          size={14}
          className={`mt-[3px] self-start text-muted transition-transform duration-120 ${open ? 'rotate-90' : ''}`}
          aria-hidden
        />
        <span className="min-w-0 wrap-anywhere">
          {entry.damaged ? <Damaged /> : sentenceOf(entry)}
          {where && !entry.damaged && <span className="text-muted"> · {where}</span>}
          {entry.erased && <span className="ml-1.5 rounded-control bg-well px-1.5 text-meta text-muted">{tau.erased}</span>}
        </span>
        <time dateTime={entry.at} title={fullDate(entry.at)} className="text-right text-meta text-muted tabular-nums">
          {when(entry.at, now)}
        </time>
        <span className="text-right text-meta text-muted tabular-nums max-md:hidden" aria-hidden="true">
          {count(entry.seq)}
        </span>
      </button>
      {open && (
        <div id={id} className="border-t border-line bg-well px-4 py-3">
          <Record entry={entry} />
        </div>
      )}
    </li>
  )
}

const Damaged = () => (
  <span className="inline-flex items-baseline gap-1.5 font-semibold text-red">
    <TriangleAlert size={13} className="self-center" aria-hidden /> {tau.damaged}
  </span>
)

/** The line and what binds it. It is fetched when it is opened: it can be large. */
function Record({ entry }: { entry: AuditEntry }) {
  const { client } = useInboxHandle()
  const [raw, setRaw] = useState<Raw | null>(null)
  const [problem, setProblem] = useState<string | null>(null)
  const [asked, setAsked] = useState(false)
  if (!asked && !entry.damaged) {
    setAsked(true)
    client.audit.get({ seq: entry.seq }).then(setRaw, (error: unknown) => setProblem(toFailure(error).message))
  }
  if (entry.damaged) return <p className="text-red">{tau.damagedHelp}</p>
  if (problem) return <p className="text-red">{t.failed(visible(problem))}</p>
  if (raw === null) return <div className="bone late h-24" aria-hidden="true" />
  return (
    <div className="grid min-w-0 gap-3">
      {entry.erased && <p>{tau.erasedHelp}</p>}
      <dl className="grid grid-cols-[minmax(72px,auto)_minmax(0,1fr)] gap-x-4 gap-y-1 text-meta">
        <Line label={tau.number} value={count(raw.seq)} />
        <Line label={tau.hash} value={raw.hash} code />
        <Line label={tau.prev} value={raw.prev} code />
        <Line label={tau.place} value={tau.at(raw.segment, count(raw.offset), count(raw.bytes))} />
      </dl>
      {/* biome-ignore lint/a11y/useSemanticElements: a group of fields is another thing */}
      <pre
        role="group"
        aria-label={tau.raw}
        className="max-h-[420px] overflow-auto rounded-control border border-line bg-panel px-3 py-2.5 font-mono text-meta whitespace-pre-wrap wrap-anywhere"
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls is scrolled with the keyboard too
        tabIndex={0}
      >
        <Plain text={pretty(raw.line)} place="code" />
      </pre>
      <div className="flex flex-wrap gap-2">
        <CopyButton text={raw.line} label={tau.copyLine} />
        {entry.approval_id && (
          <a className="btn" href={toHash({ view: 'inbox', id: entry.approval_id })}>
            {tau.approval}
          </a>
        )}
        {entry.run_id && (
          <a className="btn" href={toHash({ view: 'runs', id: entry.run_id })}>
            {tau.run}
          </a>
        )}
      </div>
    </div>
  )
}

function Line({ label, value, code = false }: { label: string; value: string; code?: boolean }) {
  return (
    <>
      <dt className="text-muted">{label}</dt>
      <dd className={code ? 'font-mono wrap-anywhere' : 'tabular-nums'}>{value}</dd>
    </>
  )
}

const longestShown = 200_000

function pretty(line: string): string {
  try {
    const text = JSON.stringify(JSON.parse(line), null, 2)
    return text.length > longestShown ? `${text.slice(0, longestShown)}…` : text
  } catch {
    return line
  }
}
