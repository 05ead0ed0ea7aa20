import type { JournalRecord } from '../../../shared/model/event.ts'
import type { TaskStatus } from '../../../shared/model/run.ts'
import type { Clock } from '../clock.ts'
import type { Journal } from '../journal/port.ts'
import type { LiveState } from './live.ts'

type Settle = (status: TaskStatus | null) => void

/** Those who wait for a run to end. They are answered from memory, once the end is on disk. */
export class Waiters {
  readonly #deps: { readonly clock: Clock; readonly live: LiveState; readonly journal: Pick<Journal, 'synced'> }
  readonly #byRun = new Map<string, Set<Settle>>()

  constructor(deps: { readonly clock: Clock; readonly live: LiveState; readonly journal: Pick<Journal, 'synced'> }) {
    this.#deps = deps
  }

  wait(runId: string, ms: number, signal?: AbortSignal): Promise<TaskStatus | null> {
    return new Promise((resolve) => {
      const waiters = this.#byRun.get(runId) ?? new Set()
      const settle: Settle = (status) => {
        waiters.delete(settle)
        if (waiters.size === 0) this.#byRun.delete(runId)
        undo()
        signal?.removeEventListener('abort', gone)
        resolve(status)
      }
      const gone = () => settle(null)
      const undo = this.#deps.clock.after(ms, gone)
      signal?.addEventListener('abort', gone, { once: true })
      waiters.add(settle)
      this.#byRun.set(runId, waiters)
      if (signal?.aborted) gone()
    })
  }

  /** Sees a record before it changes the live state: the run that it ends is still there. */
  apply(record: JournalRecord): void {
    if (record.type !== 'run_completed' && record.type !== 'run_failed' && record.type !== 'run_cancelled') return
    const waiters = this.#byRun.get(record.run_id)
    const run = this.#deps.live.runs.get(record.run_id)
    if (!waiters || !run) return
    const status: TaskStatus = {
      task_id: record.run_id,
      ...toEnd(record),
      created_at: run.created_at,
      completed_at: record.at,
      progress: { done: run.done, current: null, total: null },
      pending_approvals: [],
    }
    this.#deps.journal.synced(record.seq).then(
      () => {
        for (const settle of [...waiters]) settle(status)
      },
      // It was taken back: the run has not ended, and they go on waiting.
      () => {},
    )
  }
}

function toEnd(
  record: JournalRecord<'run_completed' | 'run_failed' | 'run_cancelled'>,
): Pick<TaskStatus, 'status' | 'result' | 'error'> {
  switch (record.type) {
    case 'run_completed':
      return { status: 'completed', result: record.content?.result ?? null, error: null }
    case 'run_failed':
      return { status: 'failed', result: null, error: record.content?.error ?? null }
    case 'run_cancelled':
      return { status: 'cancelled', result: null, error: record.content?.reason ?? null }
  }
}
