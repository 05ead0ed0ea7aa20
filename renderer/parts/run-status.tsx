import { Ban, Check, CircleAlert, CircleDashed, Hourglass, X } from 'lucide-react'
import type { Progress, RunStatus } from '../../shared/model/run.ts'
import { tr } from '../strings-runs.ts'

const looks = {
  running: { icon: CircleDashed, ink: 'text-accent' },
  waiting: { icon: Hourglass, ink: 'text-muted' },
  completed: { icon: Check, ink: 'text-accent' },
  failed: { icon: X, ink: 'text-red' },
  cancelled: { icon: Ban, ink: 'text-muted' },
  needs_review: { icon: CircleAlert, ink: 'text-amber font-semibold' },
} as const satisfies Record<RunStatus, unknown>

/** Where a run is: a glyph and a word. */
export function RunStatusWord({ status }: { status: RunStatus }) {
  const { icon: Icon, ink } = looks[status]
  return (
    <span className={`word ${ink}`}>
      <Icon size={14} aria-hidden /> {tr.status[status]}
    </span>
  )
}

/** How far a run says it is; nothing where it never said. */
export function ProgressBar({ progress, words = false }: { progress: Progress; words?: boolean }) {
  const { done, total } = progress
  if (total === null || total === 0) return null
  const share = Math.min(100, Math.max(0, (done / total) * 100))
  return (
    <span className="flex min-w-0 items-center gap-2 text-accent">
      <svg className="progress" viewBox="0 0 100 4" preserveAspectRatio="none" role="img" aria-label={tr.progress(done, total)}>
        <rect width="100" height="4" fill="currentColor" opacity="0.18" />
        <rect width={share} height="4" fill="currentColor" />
      </svg>
      <span className="shrink-0 text-meta text-muted tabular-nums" aria-hidden="true">
        {words ? tr.progress(done, total) : `${done}/${total}`}
      </span>
    </span>
  )
}
