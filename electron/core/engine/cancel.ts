import type { Actor } from '../../../shared/model/actor.ts'
import type { NewEvent } from '../../../shared/model/event.ts'
import { type EndDeps, type EndEvent, toEndEvents, toWithdrawals } from './ends.ts'
import type { LiveRun } from './live.ts'

/**
 * Cancels a run with the runs that it waits for. One that has clean-ups stays until they are done; one whose clean-up failed for good
 * goes now.
 */
export function nextCancelling(run: LiveRun, actor: Actor, reason: string | null, deps: EndDeps): readonly NewEvent[] {
  const below = childrenOf(run, deps).flatMap((child) => nextCancelling(child, actor, reason, deps))
  if (run.ties?.cancelling && run.status !== 'needs_review') return below
  if (run.ties?.cleanups && !run.ties.cancelling) {
    const cancelling: NewEvent = { type: 'run_cancelling', actor, run_id: run.id, data: {}, content: { reason } }
    // It comes first: what is withdrawn after it is no answer any more that the workflow would go on with.
    return [cancelling, ...below, ...toWithdrawals(run, actor, reason, deps.live)]
  }
  const end: EndEvent = { type: 'run_cancelled', actor, run_id: run.id, data: {}, content: { reason } }
  return [...below, ...toEndEvents(end, run.id, null, deps)]
}

/** What a crash has kept a cancellation from reaching: children, and questions that are still open. */
export function toLeftovers(runId: string, actor: Actor, reason: string | null, deps: EndDeps): readonly NewEvent[] {
  const run = deps.live.runs.get(runId)
  if (!run) return []
  const below = childrenOf(run, deps).flatMap((child) => nextCancelling(child, actor, reason, deps))
  return [...below, ...toWithdrawals(run, actor, reason, deps.live)]
}

const childrenOf = (run: LiveRun, { live }: EndDeps): readonly LiveRun[] =>
  (run.ties?.children ?? []).map((id) => live.runs.get(id)).filter((child) => child !== undefined)
