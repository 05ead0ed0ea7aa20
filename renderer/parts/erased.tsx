import { Eraser } from 'lucide-react'
import type { Erasure } from '../../shared/model/run.ts'
import { fullDate, when } from '../format.ts'
import { useNow } from '../now.ts'
import { te } from '../strings-erasure.ts'
import { visible } from '../visible-text.ts'

/** Stands where the request's words stood: who erased them, when and why. */
export function ErasedNote({ erased }: { erased: Erasure }) {
  const now = useNow(20_000)
  const { actor, at, reason, retention_days } = erased
  return (
    <section aria-label={te.label} className="card flex items-start gap-2.5 px-4 py-3">
      <Eraser size={20} className="mt-0.5 shrink-0 text-muted" aria-hidden />
      <div className="grid min-w-0 gap-0.5">
        <p className="text-row font-semibold wrap-anywhere">
          {retention_days === null ? te.done.by(visible(actor.name ?? actor.id)) : te.done.rule}
        </p>
        <p className="wrap-anywhere">{retention_days === null ? te.done.why(visible(reason)) : te.done.days(retention_days)}</p>
        <p className="text-meta text-muted">
          <time dateTime={at} title={fullDate(at)}>
            {when(at, now)}
          </time>
        </p>
      </div>
    </section>
  )
}
