import { TriangleAlert } from 'lucide-react'
import type { SourceView } from '../../shared/contract/settings.ts'
import { ago, count, fullDate } from '../format.ts'
import { useNow } from '../now.ts'
import { toHash } from '../route.ts'
import { tsr } from '../strings-sources.ts'
import { visible } from '../visible-text.ts'

type RowProps = { readonly source: SourceView; readonly onRevoke: () => void }

/** A program that asks: what came of it, and how its outcomes fare. */
export function ProgramRow({ source, onRevoke }: RowProps) {
  const { usage } = source
  return (
    <li className="grid gap-3 px-4 py-3.5">
      <Head source={source} onRevoke={onRevoke} />
      <dl className="grid grid-cols-3 gap-x-4 gap-y-2 md:grid-cols-[repeat(3,88px)_minmax(0,1fr)]">
        <Figure label={tsr.requests} value={count(usage.requests)} />
        <Figure label={tsr.today} value={count(usage.requests_today)} />
        <Figure label={tsr.waiting} value={count(usage.waiting)} />
        <div className="max-md:col-span-3">
          <dt className="text-meta text-muted">{tsr.outcomes}</dt>
          <dd className="wrap-anywhere">
            {source.callback_url ? <Outcomes source={source} /> : <span className="text-muted">{tsr.pulled}</span>}
          </dd>
        </div>
      </dl>
    </li>
  )
}

export function Figure({ label, value }: { label: string; value: string }) {
  return (
    <div>
      <dt className="text-meta text-muted">{label}</dt>
      <dd className="font-semibold tabular-nums">{value}</dd>
    </div>
  )
}

function Outcomes({ source }: { source: SourceView }) {
  const { delivered, pending, dead, last_error } = source.usage.deliveries
  const words = [
    delivered > 0 ? tsr.delivered(count(delivered)) : null,
    pending > 0 ? tsr.pending(count(pending)) : null,
    dead > 0 ? tsr.dead(count(dead)) : null,
  ].filter(Boolean)
  return (
    <>
      <span className="tabular-nums">{words.length > 0 ? words.join(', ') : tsr.noneYet}</span>
      <span className="block text-meta text-muted">{tsr.toAddress(visible(source.callback_url ?? ''))}</span>
      {last_error && (
        <span className="mt-1 flex items-start gap-1.5 text-amber">
          <TriangleAlert size={14} className="mt-[3px] shrink-0" aria-hidden />
          <span>
            {tsr.lastError(visible(last_error))}{' '}
            {dead > 0 && (
              <a className="underline underline-offset-2" href={toHash({ view: 'review' })}>
                {tsr.look}
              </a>
            )}
          </span>
        </span>
      )}
    </>
  )
}

/** A key or a signed-in browser: what it may do and when it was used. */
export function KeyRow({ source, onRevoke }: RowProps) {
  return (
    <li className="px-4 py-3">
      <Head source={source} onRevoke={onRevoke} />
    </li>
  )
}

function Head({ source, onRevoke }: RowProps) {
  const now = useNow(20_000)
  const isSession = source.kind === 'session'
  const name = isSession ? tsr.browser : visible(source.name)
  const note = source.current ? tsr.thisOne : source.sample ? tsr.sample : null
  return (
    <div className="flex items-start justify-between gap-3">
      <div className="min-w-0">
        <h3 className="font-semibold wrap-anywhere">
          {name} {note && <span className="font-normal text-muted">({note})</span>}
        </h3>
        <p className="dots text-meta text-muted">
          {!isSession && (
            <span className="first-letter:uppercase">
              {tsr.scopes(
                source.scopes.map((scope) => tsr.scope[scope] ?? scope),
                source.person_email ? visible(source.person_email) : null,
              )}
            </span>
          )}
          <span title={fullDate(source.created_at)}>{(isSession ? tsr.signedIn : tsr.made)(ago(source.created_at, now))}</span>
          <span title={source.last_used_at ? fullDate(source.last_used_at) : undefined}>{usedWords(source, now)}</span>
        </p>
      </div>
      <button
        type="button"
        className="btn btn-quiet btn-reject -my-1 shrink-0 text-muted"
        onClick={onRevoke}
        aria-label={isSession ? tsr.signOutNamed(note ?? name) : tsr.revokeNamed(name)}
      >
        {isSession ? tsr.signOut : tsr.revoke}
      </button>
    </div>
  )
}

/** What submits or decides leaves a record; of what only reads nothing is known from before the start. */
function usedWords(source: SourceView, now: number): string {
  if (source.last_used_at) return tsr.used(ago(source.last_used_at, now))
  return source.kind === 'source' ? tsr.never : tsr.notSince
}
