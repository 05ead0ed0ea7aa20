import { Check, CircleSlash, Minus, X } from 'lucide-react'
import { useState } from 'react'
import { count } from '../format.ts'
import { td } from '../strings-decide.ts'
import { visible } from '../visible-text.ts'
import { Plain } from './text.tsx'

/** What became of one item of a batch, as its run tells it. */
type ItemResult = {
  readonly id: string
  readonly title: string
  readonly status: string
  readonly error?: unknown
  readonly reason?: unknown
}

const isResult = (value: unknown): value is ItemResult => {
  if (typeof value !== 'object' || value === null) return false
  return ['id', 'title', 'status'].every((name) => typeof (value as Record<string, unknown>)[name] === 'string')
}

/** The results of a batch's items; null where a run's result has none. */
export function itemResults(result: unknown): readonly ItemResult[] | null {
  if (typeof result !== 'object' || result === null || !('results' in result)) return null
  const { results } = result
  return Array.isArray(results) && results.length > 0 && results.every(isResult) ? results : null
}

/** A run's result without what is drawn for itself. */
export function withoutResults(result: unknown): unknown {
  const { results: _, ...rest } = result as Record<string, unknown>
  return rest
}

const icons: Readonly<Record<string, typeof Check>> = {
  processed: Check,
  completed: Check,
  approved: Check,
  failed: X,
  rejected: X,
  left_out: Minus,
}
const inks: Readonly<Record<string, string>> = {
  processed: 'text-accent',
  completed: 'text-accent',
  approved: 'text-accent',
  failed: 'text-amber',
  rejected: 'text-red',
}
const firstShown = 20

/** Item by item: what worked, what did not and why. What failed comes first. */
export function ItemResults({ results }: { results: readonly ItemResult[] }) {
  const [whole, setWhole] = useState(false)
  const sorted = [...results].sort((a, b) => Number(b.status === 'failed') - Number(a.status === 'failed'))
  const shown = whole ? sorted : sorted.slice(0, firstShown)
  return (
    <section aria-label={td.outcome.results}>
      <h3 className="head mb-1">{td.outcome.results}</h3>
      <ul className="divide-y divide-line rounded-control border border-line">
        {shown.map((each) => (
          <ResultEntry key={each.id} result={each} />
        ))}
      </ul>
      {shown.length < results.length && (
        <button type="button" className="btn mt-2" onClick={() => setWhole(true)}>
          {td.items.all(count(results.length))}
        </button>
      )}
    </section>
  )
}

function ResultEntry({ result }: { result: ItemResult }) {
  const Icon = icons[result.status] ?? CircleSlash
  const why = [result.error, result.reason].find((text) => typeof text === 'string' && text !== '')
  return (
    <li className="batch-item grid grid-cols-[16px_minmax(0,1fr)_auto] items-baseline gap-x-2.5 px-3 py-1.5">
      <Icon size={13} strokeWidth={2.4} className={`translate-y-[2px] ${inks[result.status] ?? 'text-muted'}`} aria-hidden />
      <span className="min-w-0 wrap-anywhere">
        <Plain text={result.title} oneLine />
        {typeof why === 'string' && (
          <span className="block text-meta text-muted">
            <Plain text={why} oneLine />
          </span>
        )}
      </span>
      <span className={`text-meta ${inks[result.status] ?? 'text-muted'}`}>
        {td.outcome.itemStatus[result.status] ?? visible(result.status)}
      </span>
    </li>
  )
}
