import type { NewEvent } from '../../../shared/model/event.ts'
import type { Outcome } from '../channels/port.ts'
import { engineActor } from './attempts.ts'
import { toCancelled } from './decide.ts'
import type { LiveRun, LiveState } from './live.ts'
import { toOutcome } from './outcome.ts'
import type { Answer } from './workflow.ts'

/** The record that ends a run. */
export type EndEvent = Extract<NewEvent, { readonly type: 'run_completed' | 'run_failed' | 'run_cancelled' }>

export type EndDeps = {
  readonly live: LiveState
  /** The event that puts an outcome into the outbox; null when its source wants none. */
  readonly queueOutcome: (sourceId: string, runId: string, outcome: Outcome) => NewEvent | null
}

/**
 * Everything that is committed with the end of a run: what it still asks is withdrawn, its parent gets the result, and the sender of
 * a run that stands for itself is told. What the parent and the sender get comes before the end: should only a part reach the disk, the
 * run ends once more, and nobody waits for what is gone.
 */
export function toEndEvents(end: EndEvent, runId: string, answer: Answer | null, deps: EndDeps): readonly NewEvent[] {
  const run = deps.live.runs.get(runId)
  if (!run) return [end]
  const withdrawn = toWithdrawn(run, end, deps.live)
  const { status, result, error } = endOf(end)
  const parent = run.ties?.parent ?? null
  if (parent) {
    const waits = deps.live.runs.get(parent.run_id)?.ties?.children.includes(runId)
    const ended: NewEvent = {
      type: 'child_ended',
      actor: engineActor,
      run_id: parent.run_id,
      data: { step: parent.step, child_id: runId, status },
      content: { result, error },
    }
    return [...withdrawn, ...(waits ? [ended] : []), end]
  }
  const told = deps.queueOutcome(run.source, runId, toOutcome(run, status, result, error, answer))
  return [...withdrawn, ...(told ? [told] : []), end]
}

function toWithdrawn(run: LiveRun, end: EndEvent, live: LiveState): readonly NewEvent[] {
  if (run.open.length === 0) return []
  const comment = end.type === 'run_cancelled' ? end.content.reason : 'The workflow ended without waiting for the answer.'
  return toWithdrawals(run, end.actor, comment, live)
}

/** The events that take back everything a run asks. */
export function toWithdrawals(
  run: LiveRun,
  actor: EndEvent['actor'],
  comment: string | null,
  live: LiveState,
): readonly NewEvent[] {
  const open = run.open.map((id) => live.approvals.get(id)).filter((approval) => approval !== undefined)
  return open.map((approval) => toCancelled(approval, actor, comment))
}

function endOf(end: EndEvent): { status: 'completed' | 'failed' | 'cancelled'; result: unknown; error: string | null } {
  switch (end.type) {
    case 'run_completed':
      return { status: 'completed', result: end.content.result, error: null }
    case 'run_failed':
      return { status: 'failed', result: null, error: end.content.error }
    case 'run_cancelled':
      return { status: 'cancelled', result: null, error: end.content.reason }
  }
}
