import { normalEmail } from '../../../shared/model/actor.ts'
import type { Version } from '../../../shared/model/approval.ts'
import type { JournalRecord } from '../../../shared/model/event.ts'
import { endedStatuses, nextStatus, type RunStatus } from '../../../shared/model/run.ts'
import type { Follower } from '../commit.ts'
import type { Position } from '../journal/port.ts'
import { Table, type UndoLog } from '../table.ts'

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
  /** Its records, in order: its memory while it is parked. */
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
  readonly last_seq: number
}

type Due = { readonly kind: 'timer' | 'signal' | 'retry'; readonly key: string; readonly at: number }

/** An approval that waits. Times are milliseconds since the epoch. */
export type OpenApproval = {
  readonly id: string
  readonly run_id: string
  readonly step: string
  readonly source: string
  readonly version: Version
  readonly created_at: number
  readonly due_at: number | null
  readonly approvers: readonly string[]
  readonly requesters: readonly string[]
  readonly position: Position
}

/** A request that came with an idempotency key. */
export type Remembered = { readonly sha256: string; readonly run_id: string; readonly at: number; readonly position: Position }

/** How long an idempotency key is remembered. */
export const rememberMs = 7 * 86_400_000

export const idempotencyKey = (source: string, key: string): string => `${source}\n${key}`

/** One empty list for all: there are many runs, and most of their lists are empty. */
const none: readonly never[] = []

/** What decides, in memory: live runs, open approvals and recent idempotency keys. Follows the journal. */
export class LiveState implements Follower {
  readonly runs: Table<string, LiveRun>
  readonly approvals: Table<string, OpenApproval>
  readonly keys: Table<string, Remembered>
  readonly #now: () => number

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
    if (record.type === 'approval_requested') this.#asked(record, position)
    if (record.type === 'approval_decided') this.approvals.delete(record.approval_id)
    const status = nextStatus(run.status, record)
    if (endedStatuses.includes(status)) {
      for (const id of run.open) this.approvals.delete(id)
      this.runs.delete(run.id)
    } else if (concernsRun(record.type)) this.runs.set(run.id, nextRun(run, record, status, position))
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
      workflow,
      workflow_version,
      type,
      source,
      source_name: record.actor.name ?? source,
      status: 'running',
      created_at: record.at,
      positions: none,
      open: none,
      due: none,
      awaits: none,
      kept: 0,
      done: 0,
      current: null,
      last_seq: record.seq,
    })
    const at = Date.parse(record.at)
    if (!idempotency || at < this.#now() - rememberMs) return
    this.keys.set(idempotencyKey(source, idempotency.key), { sha256: idempotency.sha256, run_id: record.run_id, at, position })
  }

  #asked(record: JournalRecord<'approval_requested'>, position: Position): void {
    const { data } = record
    this.approvals.set(record.approval_id, {
      id: record.approval_id,
      run_id: record.run_id,
      step: data.step,
      source: data.source,
      version: data.version,
      created_at: Date.parse(record.at),
      due_at: data.due_at === null ? null : Date.parse(data.due_at),
      approvers: data.approvers.map(normalEmail),
      requesters: data.requesters.length === 0 ? none : data.requesters,
      position,
    })
  }
}

/** Deliveries and summaries are about a run, and change nothing of how it goes on. */
function concernsRun(type: JournalRecord['type']): boolean {
  return !type.startsWith('delivery_') && type !== 'summary_recorded'
}

function nextRun(run: LiveRun, record: JournalRecord, status: RunStatus, position: Position): LiveRun {
  // A pass has nothing to learn from having been parked.
  const positions = record.type === 'run_parked' ? run.positions : [...run.positions, position]
  const next = { ...run, status, positions, last_seq: record.seq }
  switch (record.type) {
    case 'step_completed':
      return { ...next, done: run.done + 1, due: without(run.due, 'retry', record.data.step) }
    case 'step_failed': {
      const due = without(run.due, 'retry', record.data.step)
      const { retry_at, step } = record.data
      return { ...next, due: retry_at === null ? due : [...due, { kind: 'retry', key: step, at: Date.parse(retry_at) }] }
    }
    case 'approval_requested':
      return { ...next, current: record.data.step, open: [...run.open, record.approval_id] }
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
      return { ...next, current: record.data.step }
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
