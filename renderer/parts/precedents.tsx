import { Info, TriangleAlert } from 'lucide-react'
import { useCallback, useEffect, useRef, useState } from 'react'
import type { PrecedentsView } from '../../shared/contract/insight.ts'
import type { ApprovalItem } from '../../shared/model/approval.ts'
import { count, fullDate, money, when } from '../format.ts'
import { useNow } from '../now.ts'
import { toHash } from '../route.ts'
import { inWords } from '../said.ts'
import { steppingMs } from '../stepping.ts'
import { useInbox, useInboxHandle } from '../store/context.ts'
import { t } from '../strings.ts'
import { ti } from '../strings-insight.ts'
import { visible } from '../visible-text.ts'
import { Quote } from './changes.tsx'
import { DifferenceList } from './differences.tsx'
import { Plain } from './text.tsx'

type Loaded = PrecedentsView | 'failed' | null

/** What differs from what was decided earlier. It comes after the request itself, and anew with another version or its end. */
export function Precedents({ item: { id, version, status } }: { item: ApprovalItem }) {
  const { client } = useInboxHandle()
  const online = useInbox((state) => state.connection.state === 'online')
  const [loaded, setLoaded] = useState<Loaded>(null)
  const load = useCallback(
    async (isCurrent: () => boolean = () => true) => {
      try {
        const found = await client.insight.precedents({ approval_id: id })
        if (isCurrent()) setLoaded(found)
      } catch {
        // What was fetched before is still true.
        if (isCurrent()) setLoaded((before) => before ?? 'failed')
      }
    },
    [client, id],
  )
  // biome-ignore lint/correctness/useExhaustiveDependencies: another version or its end asks again, and so does a connection that is back
  useEffect(() => {
    let current = true
    // Who only steps through the list asks for nothing.
    const timer = setTimeout(() => online && void load(() => current), steppingMs)
    return () => {
      current = false
      clearTimeout(timer)
    }
  }, [load, version.sha256, status, online])
  return (
    <section aria-label={ti.precedents.title} aria-busy={loaded === null}>
      <h3 className="head mb-1.5">{ti.precedents.title}</h3>
      {loaded === null && <Bone />}
      {loaded === 'failed' && (
        <p className="card flex flex-wrap items-center justify-between gap-2 px-4 py-2 text-muted">
          {ti.precedents.failed}
          <button type="button" className="btn" onClick={() => void load()}>
            {t.retry}
          </button>
        </p>
      )}
      {loaded !== null && loaded !== 'failed' && <Found found={loaded} />}
    </section>
  )
}

const Bone = () => (
  <div className="late card grid gap-2 px-4 py-3" aria-hidden="true">
    <div className="bone h-3.5 w-3/5" />
    <div className="bone h-2.5 w-1/3" />
  </div>
)

function Found({ found: { notes, precedents } }: { found: PrecedentsView }) {
  if (notes.length === 0 && precedents.length === 0) return <p className="card px-4 py-2 text-muted">{ti.precedents.none}</p>
  return (
    <div className="card divide-y divide-line overflow-hidden">
      {notes.length > 0 && (
        <ul className="grid gap-1 px-4 py-2.5">
          {notes.map((note) => (
            <NoteLine key={`${note.code}${note.pointer}`} note={note} />
          ))}
        </ul>
      )}
      <Earlier precedents={precedents} />
    </div>
  )
}

const firstShown = 3

/** The nearest few; the rest when it is wanted, where reading goes on at the first of them. */
function Earlier({ precedents }: Pick<PrecedentsView, 'precedents'>) {
  const list = useRef<HTMLOListElement>(null)
  const [all, setAll] = useState(false)
  const rest = all ? 0 : Math.max(0, precedents.length - firstShown)
  const showAll = () => {
    setAll(true)
    requestAnimationFrame(() => list.current?.children[firstShown]?.querySelector('a')?.focus())
  }
  return (
    <>
      <ol ref={list} aria-label={ti.precedents.earlier} className="divide-y divide-line">
        {precedents.slice(0, precedents.length - rest).map((each) => (
          <Precedent key={each.id} precedent={each} />
        ))}
      </ol>
      {rest > 0 && (
        <button type="button" className="btn btn-quiet m-1 text-muted" onClick={showAll}>
          {t.showMore(count(rest))}
        </button>
      )}
    </>
  )
}

function NoteLine({ note: { code, tone, message, values } }: { note: PrecedentsView['notes'][number] }) {
  const closely = tone === 'attention'
  const Icon = closely ? TriangleAlert : Info
  return (
    <li className="flex items-start gap-2">
      <Icon size={14} className={`mt-[3px] shrink-0 ${closely ? 'text-amber' : 'text-muted'}`} aria-hidden />
      <p className={`min-w-0 wrap-anywhere ${closely ? 'font-medium' : 'text-muted'}`}>
        {closely && <span className="sr-only">{ti.precedents.look} </span>}
        <Plain text={inWords(message, { code: `note.${code}`, values })} oneLine />
      </p>
    </li>
  )
}

function Precedent({ precedent }: { precedent: PrecedentsView['precedents'][number] }) {
  const now = useNow(20_000)
  const { id, title, amount, currency, decision, by, at, comment, requester, same_requester } = precedent
  const word = t.status[decision]
  return (
    <li className="grid gap-1 px-4 py-2.5">
      <p className="flex flex-wrap items-baseline justify-between gap-x-4">
        <a className="min-w-0 wrap-anywhere underline underline-offset-2" href={toHash({ view: 'inbox', id })}>
          <Plain text={title} oneLine />
        </a>
        {amount !== null && <span className="tabular-nums">{money(amount, currency)}</span>}
      </p>
      <p className="dots text-meta text-muted wrap-anywhere">
        <span className="text-ink">{by === null ? word : ti.precedents.by(word, visible(by))}</span>
        <time dateTime={at} title={fullDate(at)}>
          {when(at, now)}
        </time>
        {!same_requester && requester !== null && <span>{ti.precedents.other(visible(requester))}</span>}
      </p>
      {comment && <Quote text={comment} />}
      <Compared precedent={precedent} />
    </li>
  )
}

function Compared({ precedent: { differences, more, routine } }: { precedent: PrecedentsView['precedents'][number] }) {
  const n = differences.length + more
  if (n === 0) return <p className="text-meta text-muted">{ti.precedents.same}</p>
  return (
    <details className="group">
      <summary className="w-fit rounded-control text-meta text-muted hover:text-ink">
        {ti.precedents.differences(n, count(n))}
      </summary>
      <div className="grid gap-2 pt-2">
        <DifferenceList differences={differences} />
        {more > 0 && <p className="text-meta text-muted">{ti.precedents.more(more, count(more))}</p>}
        {routine > 0 && <p className="text-meta text-muted">{ti.precedents.routine(routine, count(routine))}</p>}
      </div>
    </details>
  )
}
