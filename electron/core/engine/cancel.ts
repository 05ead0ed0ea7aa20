import type { Actor } from '../../../shared/model/actor.ts'
import type { NewEvent } from '../../../shared/model/event.ts'
import { type EndDeps, type EndEvent, toEndEvents, toWithdrawals } from './ends.ts'
import type { LiveRun } from './live.ts'

/** What cancelling a run does to it and to the runs that it waits for. */
export type Cancelling = {
  readonly events: readonly NewEvent[]
  /** They are over. */
  readonly ended: readonly string[]
  /** They have clean-up steps to run first. */
  readonly cleaning: readonly string[]
}

/** Cancels a run with its children. One that has clean-ups stays until they are done; one whose clean-up failed for good goes now. */
export function nextCancelling(run: LiveRun, actor: Actor, reason: string | null, deps: EndDeps): Cancelling {
  const children = (run.ties?.children ?? [])
    .map((id) => deps.live.runs.get(id))
    .filter((child) => child !== undefined)
    .map((child) => nextCancelling(child, actor, reason, deps))
  const below = {
    events: children.flatMap(({ events }) => events),
    ended: children.flatMap(({ ended }) => ended),
    cleaning: children.flatMap(({ cleaning }) => cleaning),
  }
  if (run.ties?.cancelling && run.status !== 'needs_review') return below
  if (run.ties?.cleanups && !run.ties.cancelling) {
    const cancelling: NewEvent = { type: 'run_cancelling', actor, run_id: run.id, data: {}, content: { reason } }
    // It comes first: what is withdrawn after it is no answer any more that the workflow would go on with.
    const events = [cancelling, ...below.events, ...toWithdrawals(run, actor, reason, deps.live)]
    return { events, ended: below.ended, cleaning: [run.id, ...below.cleaning] }
  }
  const end: EndEvent = { type: 'run_cancelled', actor, run_id: run.id, data: {}, content: { reason } }
  const events = [...below.events, ...toEndEvents(end, run.id, null, deps)]
  return { events, ended: [run.id, ...below.ended], cleaning: below.cleaning }
}
