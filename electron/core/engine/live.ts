import type { JournalRecord } from '../../../shared/model/event.ts'
import { endedStatuses, nextStatus, type RunStatus } from '../../../shared/model/run.ts'
import type { Follower } from '../commit.ts'
import type { Position } from '../journal/port.ts'
import { Table, type UndoLog } from '../table.ts'
import { type ApprovalEvent, nextOpen, type OpenApproval, toOpen } from './open-approval.ts'
import { createPool } from './pool.ts'
import { nextTies, type Ties, tiesFrom } from './ties.ts'

/** A run that has not ended: what decides about it, and where the rest is in the journal. */
export type LiveRun = {
  readonly id: string
  readonly workflow: string
  readonly workflow_version: number
  readonly type: string
  readonly source: string
  readonly source_name: string
  readonly status: RunStatus
  readonly created_at: string
  /** Those of its records that a pass goes by, in order: its memory while it is parked. */
  readonly positions: readonly Position[]
  /** Open approvals of this run. */
  readonly open: readonly string[]
  /** Instants at which it wants to be woken, by what for. */
  readonly due: readonly Due[]
  /** Names of the messages it waits for. */
  readonly awaits: readonly string[]
  /** Messages that came before it waited for them. */
  readonly kept: number
  readonly done: number
  readonly current: string | null
  /** Null for a run that stands alone, which most do. */
  readonly ties: Ties | null
  readonly last_seq: number
}

type Due = { readonly kind: 'timer' | 'signal' | 'retry'; readonly key: string; readonly at: number }

/** A request that came with an idempotency key. */
export type Remembered = { readonly sha256: string; readonly run_id: string; readonly at: number; readonly position: Position }

/** How long an idempotency key is remembered. */
export const rememberMs = 7 * 86_400_000

export const idempotencyKey = (source: string, key: string): string => `${source}\n${key}`

/**
 * One empty list for all: there are many runs, and most of their lists are empty. What is added to a list of a run is added by `concat`:
 * it takes the room that is needed, where a spread keeps room for seventeen.
 */
const none: readonly never[] = []

/** What decides, in memory: live runs, open approvals and recent idempotency keys. Follows the journal. */
export class LiveState implements Follower {
  readonly runs: Table<string, LiveRun>
  readonly approvals: Table<string, OpenApproval>
  readonly keys: Table<string, Remembered>
  readonly #now: () => number
  /** What runs and questions have in common: most come from the same few sources, and are put to the same few people. */
  readonly #sharedText = createPool<string>()
  readonly #sharedList = createPool<readonly string[]>()

  constructor(undo: UndoLog, now: () => number) {
    this.runs = new Table(undo)
    this.approvals = new Table(undo)
    this.keys = new Table(undo)
    this.#now = now
  }

  apply(record: JournalRecord, position: Position): void {
    if (!('run_id' in record)) return
    if (record.type === 'run_started') this.#started(record, position)
    const run = this.runs.get(record.run_id)
    if (!run) return
    if ('approval_id' in record) this.#applyApproval(record, run, position)
    const status = nextStatus(run.status, record)
    if (endedStatuses.includes(status)) {
      for (const id of run.open) this.approvals.delete(id)
      this.runs.delete(run.id)
    } else if (!beside.has(record.type)) this.runs.set(run.id, nextRun(run, record, status, position))
  }

  /** Forgets keys that are too old to be asked for again. */
  forgetOldKeys(): void {
    const oldest = this.#now() - rememberMs
    for (const [key, kept] of [...this.keys.entries()]) if (kept.at < oldest) this.keys.delete(key)
  }

  #started(record: JournalRecord<'run_started'>, position: Position): void {
    const { workflow, workflow_version, type, source, idempotency } = record.data
    this.runs.set(record.run_id, {
      id: record.run_id,
      workflow: this.#text(workflow),
      workflow_version,
      type: this.#text(type),
      source: this.#text(source),
      source_name: this.#text(record.actor.name ?? source),
      status: 'running',
      created_at: record.at,
      positions: none,
      open: none,
      due: none,
      awaits: none,
      kept: 0,
      done: 0,
      current: null,
      ties: tiesFrom(record.data),
      last_seq: record.seq,
    })
    const at = Date.parse(record.at)
    if (!idempotency || at < this.#now() - rememberMs) return
    this.keys.set(idempotencyKey(source, idempotency.key), { sha256: idempotency.sha256, run_id: record.run_id, at, position })
  }

  #applyApproval(record: JournalRecord<ApprovalEvent>, run: LiveRun, position: Position): void {
    if (record.type === 'approval_requested') {
      // A rule decides it: it is never open to people or to the clock.
      if (record.data.automatic) return
      const open = toOpen(record, run, position)
      const approvers = this.#list(open.approvers)
      this.approvals.set(open.id, { ...open, approvers, requesters: this.#list(open.requesters) })
    } else if (record.type === 'approval_decided') this.approvals.delete(record.approval_id)
    else {
      const open = this.approvals.get(record.approval_id)
      if (open) this.approvals.set(open.id, nextOpen(open, record, position))
    }
  }

  #text(text: string): string {
    return this.#sharedText(text, text)
  }

  #list(list: readonly string[]): readonly string[] {
    return list.length === 0 ? none : this.#sharedList(list.join('\n'), list)
  }
}

/** These are about a run, and change nothing of how it goes on. */
const beside: ReadonlySet<JournalRecord['type']> = new Set([
  'delivery_queued',
  'delivery_attempted',
  'delivery_requeued',
  'summary_recorded',
  'approval_reminded',
  'approval_held',
  'approval_unheld',
  'approval_snoozed',
  'approval_unsnoozed',
  'approval_watched',
  'approval_commented',
])

/** A pass has nothing to learn from having been parked, nor from what happens to a question between being put and its end. */
function tellsPass(type: JournalRecord['type']): boolean {
  switch (type) {
    case 'run_parked':
    case 'run_resumed':
    case 'approval_voted':
    case 'approval_escalated':
    case 'approval_reassigned':
    case 'approval_extended':
    case 'approval_lapsed':
    case 'approval_sent_back':
    case 'approval_answered':
      return false
    default:
      return true
  }
}

function nextRun(run: LiveRun, record: JournalRecord, status: RunStatus, position: Position): LiveRun {
  const positions = tellsPass(record.type) ? run.positions.concat([position]) : run.positions
  const next = { ...run, status, positions, ties: nextTies(run.ties, record), last_seq: record.seq }
  switch (record.type) {
    case 'step_completed':
      return { ...next, done: run.done + 1, due: without(run.due, 'retry', record.data.step) }
    case 'step_failed': {
      const due = without(run.due, 'retry', record.data.step)
      const { retry_at, step } = record.data
      return { ...next, due: retry_at === null ? due : [...due, { kind: 'retry', key: step, at: Date.parse(retry_at) }] }
    }
    case 'approval_requested':
      return { ...next, current: record.data.step, open: run.open.concat([record.approval_id]) }
    case 'approval_decided': {
      // What was withdrawn was not done.
      const done = run.done + (record.data.decision === 'cancelled' ? 0 : 1)
      return {
        ...next,
        current: null,
        done,
        open: run.open.length === 1 ? none : run.open.filter((id) => id !== record.approval_id),
      }
    }
    case 'timer_set':
      return {
        ...next,
        current: record.data.step,
        due: [...run.due, { kind: 'timer', key: record.data.step, at: Date.parse(record.data.due_at) }],
      }
    case 'timer_fired':
      return { ...next, current: null, done: run.done + 1, due: without(run.due, 'timer', record.data.step) }
    case 'signal_awaited': {
      const { step, signal, due_at } = record.data
      return {
        ...next,
        current: step,
        awaits: [...run.awaits, signal],
        due: due_at === null ? run.due : [...run.due, { kind: 'signal', key: step, at: Date.parse(due_at) }],
      }
    }
    case 'run_parked':
    case 'child_started':
      return { ...next, current: record.data.step }
    case 'run_resumed':
      return { ...next, current: record.data.step ?? run.current }
    case 'child_ended':
      return { ...next, current: null, done: run.done + 1 }
    case 'signal_received': {
      const { signal, awaited } = record.data
      if (!awaited) return { ...next, kept: run.kept + 1 }
      return { ...next, current: null, done: run.done + 1, awaits: withoutOne(run.awaits, signal) }
    }
    case 'signal_lapsed': {
      const { step, signal } = record.data
      return { ...next, current: null, awaits: withoutOne(run.awaits, signal), due: without(run.due, 'signal', step) }
    }
    default:
      return next
  }
}

const without = (due: readonly Due[], kind: Due['kind'], key: string): readonly Due[] =>
  due.length === 0 ? due : due.filter((entry) => entry.kind !== kind || entry.key !== key)

function withoutOne(names: readonly string[], name: string): readonly string[] {
  const at = names.indexOf(name)
  return at < 0 ? names : names.toSpliced(at, 1)
}
