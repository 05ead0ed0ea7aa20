import type { Caller } from '../../../shared/model/actor.ts'
import type { ApprovalItem } from '../../../shared/model/approval.ts'
import { endedStatuses, type RunItem, type TaskStatus } from '../../../shared/model/run.ts'
import type { RouterDeps } from './deps.ts'
import { notFound } from './os.ts'

/** An answer that can still be taken back is known to people who decide, and to nobody who waits for it. */
export const seesHeld = ({ scopes }: Caller): boolean => scopes.includes('decide') || scopes.includes('admin')

export const shownTo = (caller: Caller, item: ApprovalItem): ApprovalItem =>
  item.held === null || seesHeld(caller) ? item : { ...item, held: null }

/** What several topics ask about runs and approvals, with who may see them. */
export type Common = ReturnType<typeof createCommon>

export function createCommon({ engine, projection, journal }: RouterDeps) {
  /** Everything that was journalled when the question came can be seen in the answer. */
  const fresh = () => projection.caughtUp(journal.durable.seq)

  /** A source sees and touches its own runs only; for it, others do not exist. */
  const mayTouch = (caller: Caller, run: { readonly source: string }): boolean =>
    caller.scopes.some((scope) => scope !== 'submit') || caller.source?.id === run.source

  /** Whoever asked takes it back; whoever is asked, and whoever administers, can end it too. */
  const mayCancel = ({ scopes, person, source }: Caller, run: RunItem): boolean =>
    scopes.includes('admin') || source?.id === run.source || (person !== null && engine.asks(run.id, person.email))

  const runOf = async (id: string, caller: Caller): Promise<RunItem> => {
    await fresh()
    const run = projection.run(id)
    if (!run || !mayTouch(caller, run)) throw notFound('task', id)
    return run
  }

  const toTask = (run: RunItem, caller: Caller): TaskStatus => ({
    task_id: run.id,
    status: run.status,
    result: run.result,
    error: run.error,
    created_at: run.created_at,
    completed_at: run.completed_at,
    progress: run.progress,
    pending_approvals: endedStatuses.includes(run.status)
      ? []
      : projection
          .approvals({ status: ['pending'], run_id: run.id, sort: 'oldest', limit: 100 })
          .items.map((item) => shownTo(caller, item)),
  })

  const approvalOf = async (id: string, caller: Caller): Promise<ApprovalItem> => {
    await fresh()
    const item = projection.approval(id)
    if (!item) throw notFound('approval', id)
    return shownTo(caller, item)
  }

  return { fresh, mayTouch, mayCancel, runOf, toTask, approvalOf }
}
