import { ArrowRight, Check, CornerDownRight, Hourglass, Minus, MoveRight, RotateCw, X } from 'lucide-react'
import { useState } from 'react'
import type { RunItem, RunStep } from '../../shared/model/run.ts'
import { fullDate, span, when, withInstants } from '../format.ts'
import { useNow } from '../now.ts'
import { toHash } from '../route.ts'
import { inWords } from '../said.ts'
import { tr } from '../strings-runs.ts'
import { visible, visibleJson } from '../visible-text.ts'
import { ShowAll, useShown } from './shown.tsx'
import { Plain } from './text.tsx'

const looks = {
  done: { icon: Check, disc: 'bg-accent border-accent text-on-accent', ink: 'text-muted' },
  running: { icon: MoveRight, disc: 'bg-panel border-accent text-accent', ink: 'text-accent font-semibold' },
  waiting: { icon: Hourglass, disc: 'bg-panel border-accent text-accent', ink: 'text-accent font-semibold' },
  retrying: { icon: RotateCw, disc: 'bg-amber-soft border-amber text-amber', ink: 'text-amber font-semibold' },
  failed: { icon: X, disc: 'bg-red-soft border-red text-red', ink: 'text-red font-semibold' },
  skipped: { icon: Minus, disc: 'bg-panel border-edge border-dashed text-muted', ink: 'text-muted' },
} as const satisfies Record<RunStep['state'], unknown>

/** A batch has a stage for each of its items. What matters now is at the end. */
const mostStages = 100

const isOver = (step: RunStep) => step.state === 'done' || step.state === 'skipped' || step.state === 'failed'

/** A run as people can read it: its stages on a line, from who asked to how it ended. */
export function RunDiagram({ run, steps }: { run: RunItem; steps: readonly RunStep[] }) {
  const now = useNow(20_000)
  const { shown, hidden, showAll } = useShown(steps, mostStages, 'last')
  return (
    <ol className="grid" aria-label={tr.run.stages}>
      <li className="relative grid grid-cols-[24px_minmax(0,1fr)] gap-x-3 pb-5">
        <span className="stage-line" aria-hidden="true" />
        <Cap filled />
        <p className="flex flex-wrap items-baseline justify-between gap-x-4 pt-0.5">
          <span className="font-medium">{tr.stage.asked(visible(run.source_name))}</span>
          <time dateTime={run.created_at} title={fullDate(run.created_at)} className="text-meta text-muted tabular-nums">
            {when(run.created_at, now)}
          </time>
        </p>
      </li>
      {hidden > 0 && (
        <li className="relative grid grid-cols-[24px_minmax(0,1fr)] gap-x-3 pb-5">
          <span className="stage-line stage-line-open" aria-hidden="true" />
          <span />
          <ShowAll hidden={hidden} onShow={showAll} />
        </li>
      )}
      {shown.map((step) => (
        <Stage key={`${step.kind}:${step.key}:${step.started_at}`} step={step} now={now} />
      ))}
      <li className="grid grid-cols-[24px_minmax(0,1fr)] gap-x-3">
        <Cap filled={run.completed_at !== null} />
        <p className="flex flex-wrap items-baseline justify-between gap-x-4 pt-0.5">
          <span className={run.completed_at === null ? 'text-muted' : 'font-medium'}>{tr.stage.end[run.status]}</span>
          {run.completed_at && (
            <time dateTime={run.completed_at} title={fullDate(run.completed_at)} className="text-meta text-muted tabular-nums">
              {when(run.completed_at, now)}
            </time>
          )}
        </p>
      </li>
    </ol>
  )
}

/** Where the line begins and where it ends. */
const Cap = ({ filled }: { filled: boolean }) => (
  <span className="grid size-6 place-items-center" aria-hidden="true">
    <span className={`size-2.5 rounded-full border-2 ${filled ? 'border-edge bg-edge' : 'border-edge bg-panel'}`} />
  </span>
)

function Stage({ step, now }: { step: RunStep; now: number }) {
  const { icon: Icon, disc, ink } = looks[step.state]
  const said = words(step)
  return (
    <li className="relative grid grid-cols-[24px_minmax(0,1fr)] gap-x-3 pb-5">
      <span className={`stage-line ${isOver(step) ? '' : 'stage-line-open'}`} aria-hidden="true" />
      <span className={`relative grid size-6 place-items-center rounded-full border ${disc}`} aria-hidden="true">
        <Icon size={13} strokeWidth={2.4} />
      </span>
      <div className="grid min-w-0 gap-1 pt-0.5">
        <p className="flex flex-wrap items-baseline justify-between gap-x-4">
          <span className="min-w-0 wrap-anywhere">
            <span className="font-medium">
              <Plain text={step.key} oneLine />
            </span>{' '}
            <span className="text-meta text-muted">{tr.stage.kind[step.kind]}</span>
          </span>
          <time
            dateTime={step.ended_at ?? step.started_at}
            title={fullDate(step.ended_at ?? step.started_at)}
            className="text-meta text-muted tabular-nums"
          >
            {when(step.ended_at ?? step.started_at, now)}
          </time>
        </p>
        <p className="dots">
          <span className={ink}>{said.state}</span>
          {said.text && (
            <span className="wrap-anywhere">
              <Plain text={withInstants(said.text, now)} oneLine />
            </span>
          )}
          {factsOf(step, now).map((fact) => (
            <span key={fact} className="text-muted tabular-nums">
              {fact}
            </span>
          ))}
        </p>
        {step.error && (
          <pre className="rounded-control bg-well px-2.5 py-1.5 font-mono text-meta whitespace-pre-wrap wrap-anywhere">
            <Plain text={step.error} />
          </pre>
        )}
        <Links step={step} />
        {step.result !== undefined && step.result !== null && <StoredResult value={step.result} />}
      </div>
    </li>
  )
}

/** The state in a word, and what is said besides: "Waiting for Bo" and "Failed twice" say both at once. */
function words({ state, ...step }: RunStep): { readonly state: string; readonly text: string } {
  const text = inWords(step.text, step.said)
  const waitsFor = state === 'waiting' ? /^Waits (for .*)$/s.exec(text)?.[1] : undefined
  const word = tr.stage.state[state]
  if (waitsFor) return { state: `${word} ${waitsFor}`, text: '' }
  return text.startsWith(word) ? { state: text, text: '' } : { state: word, text }
}

/** The sentence may count the attempts already. */
const isCounted = ({ said = [], attempts }: RunStep) =>
  attempts < 2 || said.some(({ code }) => code === 'stage.done' || code === 'stage.failed')

/** How often, how long, and what comes when. */
function factsOf(step: RunStep, now: number): readonly string[] {
  const lasted = step.ended_at ? Date.parse(step.ended_at) - Date.parse(step.started_at) : 0
  const left = step.due_at ? Date.parse(step.due_at) - now : null
  const soon = left === null || isOver(step) ? null : step.state === 'retrying' ? nextTry(left) : dueIn(step, left)
  return [
    isCounted(step) ? null : tr.stage.attempts(step.attempts),
    lasted >= 1000 ? tr.stage.took(span(lasted)) : null,
    soon,
  ].filter((fact) => fact !== null)
}

const nextTry = (left: number) => (left > 0 ? tr.stage.nextTry(span(left)) : tr.stage.nextTryNow)

function dueIn(step: RunStep, left: number): string {
  if (left <= 0) return tr.stage.dueNow
  return step.kind === 'sleep' ? tr.stage.wakes(span(left)) : tr.stage.due(span(left))
}

function StoredResult({ value }: { value: unknown }) {
  const [open, setOpen] = useState(false)
  return (
    <details onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary className="w-fit rounded-control text-muted hover:text-ink">{tr.stage.result}</summary>
      {open && (
        <pre className="mt-1 max-h-80 overflow-auto rounded-control bg-well px-2.5 py-1.5 font-mono text-meta whitespace-pre-wrap wrap-anywhere">
          {visibleJson(value)}
        </pre>
      )}
    </details>
  )
}

function Links({ step }: { step: RunStep }) {
  if (!step.approval_id && !step.child_id) return null
  return (
    <p className="flex flex-wrap gap-x-4">
      {step.approval_id && (
        <a className="word text-accent underline underline-offset-2" href={toHash({ view: 'inbox', id: step.approval_id })}>
          <ArrowRight size={14} aria-hidden /> {tr.stage.open}
        </a>
      )}
      {step.child_id && (
        <a className="word text-accent underline underline-offset-2" href={toHash({ view: 'runs', id: step.child_id })}>
          <CornerDownRight size={14} aria-hidden /> {tr.stage.child}
        </a>
      )}
    </p>
  )
}
