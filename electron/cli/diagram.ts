import type { RunItem, RunStep, TimelineEntry } from '../../shared/model/run.ts'
import { moment, plain, short } from './output.ts'

/** A run as a diagram in text: its steps from top to bottom, each with what became of it. */

const marks: Readonly<Record<RunStep['state'], string>> = {
  done: '✓',
  running: '▶',
  waiting: '●',
  retrying: '↻',
  failed: '✗',
  skipped: '○',
}

/** What the end of a run looks like, as the last mark of its line. */
const endMarks: Readonly<Record<RunItem['status'], string>> = {
  running: '▶',
  waiting: '●',
  completed: '✓',
  failed: '✗',
  cancelled: '○',
  needs_review: '✗',
}

export type RunView = { readonly run: RunItem; readonly steps: readonly RunStep[]; readonly entries: readonly TimelineEntry[] }

export function runText({ run, steps, entries }: RunView, now = Date.now()): string {
  const { progress } = run
  const stage = progress.current === null ? '' : `, at ${progress.current}`
  const far = progress.total === null ? `${progress.done} done${stage}` : `${progress.done} of ${progress.total}${stage}`
  const facts: readonly (readonly [string, string | null])[] = [
    ['Status', run.status.replace('_', ' ')],
    ['Workflow', run.workflow === run.type ? run.workflow : `${run.workflow} (${run.type})`],
    ['Source', run.source_name],
    ['Started', moment(run.created_at, now)],
    ['Ended', run.completed_at && moment(run.completed_at, now)],
    ['Progress', far],
    ['Task', run.id],
  ]
  return [
    plain(run.title),
    ...facts.flatMap(([name, value]) => (value === null ? [] : [`  ${name.padEnd(12)} ${plain(value)}`])),
    '',
    ...diagram(run, steps, now),
    ...(entries.length === 0 ? [] : ['', 'What happened', ...entries.map((entry) => entryLine(entry, now))]),
  ].join('\n')
}

function diagram(run: RunItem, steps: readonly RunStep[], now: number): readonly string[] {
  const width = Math.max(0, ...steps.map(({ key }) => short(key, 40).length))
  const end = { completed: 'ended', failed: 'failed', cancelled: 'cancelled', needs_review: 'waits for a person to retry it' }
  const last = end[run.status as keyof typeof end]
  const result = run.result === null || run.result === undefined ? '' : `: ${short(JSON.stringify(run.result), 100)}`
  const error = run.error === null ? '' : `: ${short(run.error, 200)}`
  return [
    '┌ asked',
    ...steps.flatMap((step, index) => [connector(steps, index), ...stepLines(step, width, now)]),
    '│',
    last === undefined ? '┆' : `└ ${endMarks[run.status]} ${last}${error || result}`,
  ]
}

/** Side by side where a step began before the one above it had ended. */
function connector(steps: readonly RunStep[], index: number): string {
  const above = steps[index - 1]
  const beside = above !== undefined && (above.ended_at === null || above.ended_at > steps[index]!.started_at)
  return beside ? '║' : '│'
}

function stepLines(step: RunStep, width: number, now: number): readonly string[] {
  const head = `${marks[step.state]} ${short(step.key, 40).padEnd(width)}  ${step.kind.padEnd(8)}  ${step.state}`
  const about = [step.text, attemptsOf(step), timesOf(step, now)].filter((part) => part !== '').join(' · ')
  const links = [step.approval_id, step.child_id].filter((id) => id !== null).join(' ')
  return [
    links === '' ? head : `${head}  ${links}`,
    ...(about === '' ? [] : [`│   ${plain(about)}`]),
    ...(step.result === undefined ? [] : [`│   = ${short(JSON.stringify(step.result), 100)}`]),
    ...(step.error === null ? [] : [`│   ! ${short(step.error, 200)}`]),
  ]
}

/** Where its text does not say so already. */
const attemptsOf = ({ attempts, text }: RunStep): string =>
  attempts > 1 && !text.includes(String(attempts)) ? `${attempts} attempts` : ''

function timesOf({ state, started_at, ended_at, due_at }: RunStep, now: number): string {
  const began = moment(started_at, now)
  if (ended_at !== null) return `${began}, took ${lasting(Date.parse(ended_at) - Date.parse(started_at))}`
  if (due_at === null) return `since ${began}`
  return `since ${began}, ${state === 'retrying' ? 'next try' : 'due'} ${moment(due_at, now)}`
}

function lasting(ms: number): string {
  if (ms < 1000) return `${Math.max(0, Math.round(ms))} ms`
  if (ms < 120_000) return `${(ms / 1000).toFixed(ms < 10_000 ? 1 : 0)} s`
  return ms < 2 * 3_600_000 ? `${Math.round(ms / 60_000)} min` : `${Math.round(ms / 3_600_000)} h`
}

function entryLine({ at, actor, text }: TimelineEntry, now: number): string {
  return plain(`  ${moment(at, now).replace(/ \([^)]*\)$/, '')}  ${text} (${actor.name ?? actor.id}, ${actor.via})`)
}
