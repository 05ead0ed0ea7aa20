import { TriangleAlert } from 'lucide-react'
import { toPath } from '../../shared/contract/pointer.ts'
import type { ApprovalItem } from '../../shared/model/approval.ts'
import { inWords } from '../said.ts'
import { t } from '../strings.ts'
import { Plain } from './text.tsx'

/** Where it stands, by the names that the facts have. */
const placeOf = (pointer: string): string => {
  const names = toPath(pointer)
  return (names[0] === 'data' && names.length > 1 ? names.slice(1) : names).join(' › ')
}

/** What in the content tries to fool a reader, before anything else is read. */
export function Flags({ item }: { item: ApprovalItem }) {
  if (item.flags.length === 0) return null
  return (
    <section aria-label={t.detail.flags} className="rounded-card bg-red-soft px-4 py-3">
      <h3 className="flex items-center gap-1.5 font-semibold text-red">
        <TriangleAlert size={15} aria-hidden /> {t.detail.flags}
      </h3>
      <ul className="mt-1 grid gap-1">
        {item.flags.map((flag) => (
          <li key={`${flag.code}${flag.pointer}`} className="flex flex-wrap items-baseline justify-between gap-x-4 wrap-anywhere">
            <span>
              <Plain text={inWords(flag.message, { code: `flag.${flag.code}`, values: flag.values })} oneLine />
            </span>
            {flag.pointer && (
              <code className="font-mono text-meta text-muted">
                <Plain text={placeOf(flag.pointer)} oneLine />
              </code>
            )}
          </li>
        ))}
      </ul>
    </section>
  )
}
