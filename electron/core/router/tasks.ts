import { failure } from '../../../shared/contract/errors.ts'
import { toActor } from '../engine/decide.ts'
import { type Common, seesHeld } from './common.ts'
import type { RouterDeps } from './deps.ts'
import { anySignal, defined, os, paged, take, toError } from './os.ts'

const ofHolding: readonly string[] = ['approval_held', 'approval_unheld']

export function taskHandlers({ engine, projection, journal, resend }: RouterDeps, common: Common) {
  const { fresh, mayTouch, mayCancel, runOf, toTask } = common
  return {
    status: os.tasks.status.handler(async ({ input, context }) =>
      toTask(await runOf(input.task_id, context.caller), context.caller),
    ),
    wait: os.tasks.wait.handler(async ({ input, context, signal }) => {
      const live = engine.find(input.task_id)
      if (live && mayTouch(context.caller, live)) {
        const ended = await engine.wait(input.task_id, input.timeout_seconds * 1000, anySignal(signal, context.signal))
        if (ended) return ended
      } else {
        // It may have ended just now, with its end still on the way to the disk.
        await journal.synced(journal.head.seq).catch(() => {})
      }
      return toTask(await runOf(input.task_id, context.caller), context.caller)
    }),
    cancel: os.tasks.cancel.handler(async ({ input, context }) => {
      const run = await runOf(input.task_id, context.caller)
      if (!mayCancel(context.caller, run)) {
        throw toError(failure('forbidden', 'Only who asked, who is asked, or an administrator can cancel this task.'))
      }
      take(await engine.cancel(input.task_id, input.reason ?? null, context.caller))
      const cleans = engine.find(input.task_id)?.ties?.cancelling
      const message = cleans ? 'The task cleans up, and then it is cancelled.' : 'The task was cancelled.'
      return { message, task_id: input.task_id, status: cleans ? ('running' as const) : ('cancelled' as const) }
    }),
    retry: os.tasks.retry.handler(async ({ input, context }) => {
      await runOf(input.task_id, context.caller)
      take(await engine.retry(input.task_id, context.caller))
      return { message: 'The task goes on from where it failed.', task_id: input.task_id, status: 'running' as const }
    }),
    signal: os.tasks.signal.handler(async ({ input, context }) => {
      await runOf(input.task_id, context.caller)
      take(await engine.signal(input.task_id, input.name, input.payload, context.caller))
      return { message: 'The message is kept for the task.', task_id: input.task_id, name: input.name }
    }),
    list: os.tasks.list.handler(async ({ input }) => {
      await fresh()
      return paged(() => projection.runs(defined(input)))
    }),
    get: os.tasks.get.handler(({ input, context }) => runOf(input.task_id, context.caller)),
    timeline: os.tasks.timeline.handler(async ({ input, context }) => {
      await runOf(input.task_id, context.caller)
      const { steps, entries } = projection.timeline(input.task_id)
      const told = seesHeld(context.caller) ? entries : entries.filter(({ type }) => !ofHolding.includes(type))
      return { task_id: input.task_id, steps, entries: told }
    }),
    resend: os.tasks.resend.handler(async ({ input, context }) => {
      take(await resend(input.delivery_id, toActor(context.caller)))
      return { message: 'The delivery is tried again.', delivery_id: input.delivery_id }
    }),
    deadDeliveries: os.tasks.deadDeliveries.handler(async ({ input }) => {
      await fresh()
      return { items: projection.deliveries(input.state, input.limit) }
    }),
    pending: os.tasks.pending.handler(async ({ input, context }) => {
      const { pending_approvals } = toTask(await runOf(input.task_id, context.caller), context.caller)
      const pending = pending_approvals.map(({ step, id, title, waits_for }) => ({
        step_key: step,
        approval_id: id,
        title,
        waits_for,
      }))
      return { task_id: input.task_id, pending }
    }),
  }
}
