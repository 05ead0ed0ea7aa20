import { ChevronRight } from 'lucide-react'
import { type Dispatch, memo, type SetStateAction, useCallback, useState } from 'react'
import type { ApprovalItem, BatchItem } from '../../shared/model/approval.ts'
import { asWords, count, money } from '../format.ts'
import { td } from '../strings-decide.ts'
import { visible } from '../visible-text.ts'
import { Facts } from './facts.tsx'
import { Plain } from './text.tsx'

const firstTitles = 3
const step = 300

type Props = {
  readonly item: ApprovalItem
  /** Ids of those that would be approved. */
  readonly left: ReadonlySet<string>
  /** Null where nothing can be taken out. */
  readonly onLeft: Dispatch<SetStateAction<ReadonlySet<string>>> | null
  readonly open: boolean
  readonly onOpen: (open: boolean) => void
}

/** What a batch consists of: the first three titles, and all of them on demand, each with its own data. */
export function Items({ item, left, onLeft, open, onOpen }: Props) {
  const [most, setMost] = useState(step)
  const onKept = useCallback((id: string, keep: boolean) => onLeft?.((before) => withId(before, id, !keep)), [onLeft])
  const items = item.items ?? []
  if (items.length === 0) return null
  const shown = items.slice(0, open ? most : firstTitles)
  const title = items.length === 1 ? td.items.one : td.items.title(count(items.length))
  const kept = items.filter(({ id }) => !left.has(id)).length
  const set = (all: boolean) => onLeft?.(all ? new Set() : new Set(items.map(({ id }) => id)))
  return (
    <section aria-label={title}>
      <div className="mb-1.5 flex flex-wrap items-baseline justify-between gap-x-4">
        <h3 className="head tabular-nums">{title}</h3>
        {onLeft && left.size > 0 && (
          <p className="text-meta text-muted tabular-nums" role="status">
            {td.items.kept(count(kept), count(items.length))}
          </p>
        )}
      </div>
      <div className="card overflow-hidden">
        {onLeft && open && (
          <div className="flex flex-wrap items-center justify-between gap-2 border-b border-line bg-well px-4 py-2">
            <p className="text-muted">{td.items.leaveOut}</p>
            <div className="flex gap-1">
              <button type="button" className="btn btn-quiet min-h-7 px-2 py-0.5" onClick={() => set(true)}>
                {td.items.everything}
              </button>
              <button type="button" className="btn btn-quiet min-h-7 px-2 py-0.5" onClick={() => set(false)}>
                {td.items.nothing}
              </button>
            </div>
          </div>
        )}
        <ol id="request-items" className="divide-y divide-line">
          {shown.map((each, index) => (
            <ItemEntry
              key={each.id}
              each={each}
              number={index + 1}
              kept={!left.has(each.id)}
              onKept={onLeft && onKept}
              whole={open}
            />
          ))}
        </ol>
        {items.length > firstTitles && (
          <div className="flex items-center justify-between gap-2 border-t border-line px-4 py-1.5">
            {open && shown.length < items.length ? (
              <button type="button" className="btn btn-quiet -ml-3" onClick={() => setMost(most + step)}>
                {td.items.next(count(Math.min(step, items.length - shown.length)))}
              </button>
            ) : (
              <span className="text-muted tabular-nums">{open ? '' : td.items.more(count(items.length - firstTitles))}</span>
            )}
            <button type="button" className="btn btn-quiet -mr-3" aria-expanded={open} onClick={() => onOpen(!open)}>
              {open ? td.items.fewer : td.items.all(count(items.length))}
            </button>
          </div>
        )}
      </div>
    </section>
  )
}

function withId(ids: ReadonlySet<string>, id: string, inside: boolean): ReadonlySet<string> {
  const next = new Set(ids)
  if (inside) next.add(id)
  else next.delete(id)
  return next
}

type EntryProps = {
  readonly each: BatchItem
  readonly number: number
  readonly kept: boolean
  readonly onKept: ((id: string, keep: boolean) => void) | null
  readonly whole: boolean
}

const ItemEntry = memo(function ItemEntry({ each, number, kept, onKept, whole }: EntryProps) {
  const [open, setOpen] = useState(false)
  const ink = kept ? '' : 'text-muted line-through decoration-edge'
  return (
    <li className="batch-item">
      <div className="flex items-baseline gap-3 px-4 py-2">
        {onKept ? (
          <input
            type="checkbox"
            className="tick"
            checked={kept}
            aria-label={td.items.keep(visible(each.title))}
            onChange={(event) => onKept(each.id, event.target.checked)}
          />
        ) : (
          <span className="w-5 shrink-0 text-right text-meta text-muted tabular-nums">{number}</span>
        )}
        <span className="min-w-0 flex-1">
          <span className={`wrap-anywhere ${ink}`}>
            <Plain text={each.title} oneLine />
          </span>{' '}
          <span className="text-meta text-muted">{visible(asWords(each.type))}</span>
        </span>
        {each.amount !== null && <span className={`shrink-0 tabular-nums ${ink}`}>{money(each.amount, each.currency)}</span>}
        {whole && hasData(each.data) && (
          <button
            type="button"
            className="btn btn-quiet -my-1 -mr-2 min-h-7 px-1.5 py-0.5 text-muted"
            aria-expanded={open}
            aria-label={td.items.data(visible(each.title))}
            onClick={() => setOpen(!open)}
          >
            <ChevronRight size={15} className={`transition-transform duration-120 ${open ? 'rotate-90' : ''}`} aria-hidden />
          </button>
        )}
      </div>
      {whole && open && (
        <div className="mx-4 mb-3 ml-12 overflow-hidden rounded-control border border-line">
          <Facts value={each.data} />
        </div>
      )}
    </li>
  )
})

const hasData = (data: unknown) => typeof data === 'object' && data !== null && Object.keys(data).length > 0
