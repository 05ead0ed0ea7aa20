import type { ApprovalItem, Change } from '../../shared/model/approval.ts'
import { fullDate, when } from '../format.ts'
import { useNow } from '../now.ts'
import { td } from '../strings-decide.ts'
import { visible } from '../visible-text.ts'
import { DifferenceList } from './differences.tsx'
import { Plain } from './text.tsx'

/** Each version that replaced another, the latest first: who made it, and what it changed. */
export function Changes({ item }: { item: ApprovalItem }) {
  const changes = item.changes.filter(({ differences }) => differences.length > 0)
  if (changes.length === 0) return null
  return (
    <section aria-label={td.changes.title}>
      <h3 className="head mb-1.5">{td.changes.title}</h3>
      <ol className="card divide-y divide-line">
        {changes.toReversed().map((change) => (
          <ChangeEntry key={change.version.number} change={change} />
        ))}
      </ol>
    </section>
  )
}

function ChangeEntry({ change }: { change: Change }) {
  const now = useNow(20_000)
  return (
    <li className="grid gap-2 px-4 py-3">
      <p className="flex flex-wrap items-baseline justify-between gap-x-4">
        <span>
          <span className="font-medium">{td.changes.version(change.version.number)}</span>{' '}
          <span className="text-muted wrap-anywhere">
            {td.changes.by[change.by]} {visible(change.actor.name ?? change.actor.id)}
          </span>
        </span>
        <time dateTime={change.at} title={fullDate(change.at)} className="text-meta text-muted tabular-nums">
          {when(change.at, now)}
        </time>
      </p>
      <DifferenceList differences={change.differences} />
      {change.comment && <Quote text={change.comment} />}
    </li>
  )
}

/** Somebody's words. */
export function Quote({ text }: { text: string }) {
  return (
    <blockquote className="border-l-2 border-line pl-2.5 whitespace-pre-wrap wrap-anywhere">
      <Plain text={text} />
    </blockquote>
  )
}
