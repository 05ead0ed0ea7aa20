import { failure } from '../../../shared/contract/errors.ts'
import { type Caller, goesBy, normalEmail } from '../../../shared/model/actor.ts'
import type { RunItem } from '../../../shared/model/run.ts'
import { fromBatch } from '../batch-submission.ts'
import type { RequestContext } from '../context.ts'
import { toActor } from '../engine/decide.ts'
import type { StartSpec } from '../engine/deps.ts'
import { fromDeployment, fromExpense, fromPlainExpense, fromRequest, type SubmissionDeps } from '../submissions.ts'
import type { Common } from './common.ts'
import type { RouterDeps } from './deps.ts'
import { notFound, os, take, toError } from './os.ts'

export function requestHandlers(deps: RouterDeps, common: Common) {
  const { engine, projection, people } = deps
  const of = os.requests

  /** What submissions are held against right now. */
  const against = (): SubmissionDeps => {
    const { owner, actions } = deps.settings.config
    return { policy: deps.policy, owner, acts: (type) => actions[type] !== undefined }
  }

  const sourceOf = ({ source }: Caller) => {
    if (!source) throw toError(failure('forbidden', 'Only a source can submit. Use a token with the scope submit.'))
    return source
  }

  const submit = async (spec: StartSpec, { caller, idempotency }: RequestContext): Promise<never> => {
    const started = take(await engine.submit(spec, sourceOf(caller), toActor(caller), idempotency))
    return started.answer as never
  }

  const expenseOf = async (id: string, caller: Caller): Promise<RunItem> => {
    const run = await common.runOf(id, caller)
    if (run.workflow !== 'expense') throw notFound('expense', id)
    return run
  }

  const approvalsOf = (run: RunItem) => projection.approvals({ run_id: run.id, sort: 'newest', limit: 100 }).items

  return {
    submitRequest: of.submitRequest.handler(async ({ input, context }) =>
      submit(take(fromRequest(input, against(), sourceOf(context.caller).name)), context),
    ),
    submitExpense: of.submitExpense.handler(async ({ input, context }) =>
      submit(fromExpense(input, against(), sourceOf(context.caller).name), context),
    ),
    requestDeployment: of.requestDeployment.handler(async ({ input, context }) =>
      submit(fromDeployment(input, against(), sourceOf(context.caller).name), context),
    ),
    submitBatch: of.submitBatch.handler(async ({ input, context }) =>
      submit(take(fromBatch(input, against(), sourceOf(context.caller).name)), context),
    ),
    startExpense: of.startExpense.handler(async ({ input, context }) =>
      submit(fromPlainExpense(input, against(), sourceOf(context.caller).name), context),
    ),

    expense: of.expense.handler(async ({ input, context }) => {
      const run = await expenseOf(input.workflow_id, context.caller)
      const pending = approvalsOf(run).filter(({ status }) => status === 'pending')
      return {
        workflow_id: run.id,
        status: run.status,
        output: run.result,
        error: run.error,
        pending_approvals: pending.map(({ id }) => id),
      }
    }),

    approveExpense: of.approveExpense.handler(async ({ input, context }) => {
      const run = await expenseOf(input.workflow_id, context.caller)
      // One that has ended answers for itself: who decided, and when.
      const found = approvalsOf(run)
      const approval = found.find(({ status }) => status === 'pending') ?? found[0]
      if (!approval) throw toError(failure('not-found', `The expense ${run.id} asks nobody yet.`))
      const { person } = context.caller
      const named = input.approver?.trim()
      const other = named && person && !goesBy(person, people.identities(named))
      const comment = input.notes ?? input.reason
      const said = take(
        await engine.decide(
          {
            approval_id: approval.id,
            decision: input.decision,
            ...(comment === undefined ? {} : { comment }),
            ...(other ? { on_behalf_of: normalEmail(named) } : {}),
          },
          context.caller,
        ),
      )
      return { workflow_id: run.id, approval_id: approval.id, decision: said.said, message: said.message }
    }),
  }
}
