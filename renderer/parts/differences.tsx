import { ArrowRight } from 'lucide-react'
import type { Difference } from '../../shared/model/approval.ts'
import { isSame, placeName } from '../difference.ts'
import { td } from '../strings-decide.ts'
import { visibleJson } from '../visible-text.ts'
import { Plain } from './text.tsx'

/** What differs, place by place: as it was, and as it is. Nothing is shortened: this is what is agreed to. */
export function DifferenceList({ differences }: { differences: readonly Difference[] }) {
  const taken = takenOut(differences)
  return (
    <dl className="grid gap-2">
      {taken > 0 && (
        <div className="difference">
          <dt className="text-muted">{td.changes.items}</dt>
          <dd className="font-medium">{td.changes.takenOut(taken)}</dd>
        </div>
      )}
      {shownOf(differences, taken > 0).map((each) => (
        <div key={each.pointer} className="difference">
          <dt className="text-muted wrap-anywhere">
            <Plain text={placeName(each.pointer)} oneLine />
          </dt>
          <dd className={`flex min-w-0 gap-x-2 gap-y-0.5 wrap-anywhere ${isShort(each) ? 'flex-wrap items-baseline' : 'flex-col'}`}>
            <del className={`min-w-0 text-muted decoration-edge ${each.before === undefined ? 'no-underline' : 'line-through'}`}>
              <span className="sr-only">{td.changes.before}: </span>
              <Value value={each.before} />
            </del>
            {isShort(each) && <ArrowRight size={12} className="shrink-0 self-center text-muted" aria-hidden />}
            <ins className="min-w-0 font-medium no-underline">
              <span className="sr-only">{td.changes.after}: </span>
              <Value value={each.after} />
            </ins>
          </dd>
        </div>
      ))}
    </dl>
  )
}

/** Items that are gone: what stood behind them has moved up, so that every one of those looks changed. */
const takenOut = (differences: readonly Difference[]) =>
  differences.filter(({ pointer, after }) => /^\/items\/\d+$/.test(pointer) && after === undefined).length

/** What the request and its data say alike is said once. */
function shownOf(differences: readonly Difference[], withoutItems: boolean): readonly Difference[] {
  const own = new Map(differences.map((each) => [each.pointer, each]))
  return differences.filter((each) => {
    if (withoutItems && each.pointer.startsWith('/items/')) return false
    const outer = each.pointer.startsWith('/data/') ? own.get(each.pointer.slice('/data'.length)) : undefined
    return !(outer && isSame([outer.before, outer.after], [each.before, each.after]))
  })
}

const shortText = 44
const isShort = ({ before, after }: Difference) => toText(before).length + toText(after).length <= shortText

const toText = (value: unknown): string =>
  typeof value === 'string' ? value : value === undefined ? td.changes.nothing : visibleJson(value)

function Value({ value }: { value: unknown }) {
  if (value === undefined || value === '') return <span className="italic">{td.changes.nothing}</span>
  const isNested = typeof value === 'object' && value !== null
  return (
    <span className={`whitespace-pre-wrap tabular-nums ${isNested ? 'font-mono text-meta' : ''}`}>
      <Plain text={toText(value)} />
    </span>
  )
}
