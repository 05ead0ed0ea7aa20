import { approvalListHandlers } from './approval-lists.ts'
import { asideHandlers } from './asides.ts'
import type { Common } from './common.ts'
import type { Router, RouterDeps } from './deps.ts'
import { os, take } from './os.ts'
import { webhookHandlers } from './webhook.ts'

/** Its type is named: spelt out as it is inferred it is longer than a declaration may be. */
export function approvalHandlers(deps: RouterDeps, common: Common): Router['approvals'] {
  const { engine, projection } = deps
  const { approvalOf } = common

  return {
    ...webhookHandlers(deps, common),
    ...approvalListHandlers(deps, common),
    get: os.approvals.get.handler(({ input, context }) => approvalOf(input.approval_id, context.caller)),
    decide: os.approvals.decide.handler(async ({ input, context }) => {
      const { said, status, message, release_at } = take(await engine.decide(input, context.caller))
      return { message, approval_id: input.approval_id, decision: said, status, ...(release_at ? { release_at } : {}) }
    }),
    ...asideHandlers(deps, common),
    revise: os.approvals.revise.handler(async ({ input, context }) => {
      const { version, message } = take(await engine.approvals.revise(input, context.caller))
      return { message, approval_id: input.approval_id, status: 'pending' as const, version }
    }),
    withdraw: os.approvals.withdraw.handler(async ({ input, context }) => {
      take(await engine.approvals.withdraw(input.approval_id, input.reason ?? null, context.caller))
      return { message: 'The question was taken back.', approval_id: input.approval_id, status: 'cancelled' as const }
    }),
    reassign: os.approvals.reassign.handler(async ({ input, context }) => {
      const waits_for = take(await engine.approvals.reassign(input.approval_id, input.to, input.comment ?? null, context.caller))
      return {
        message: `It waits for ${waits_for.join(', ')} now.`,
        approval_id: input.approval_id,
        status: 'pending' as const,
        waits_for,
      }
    }),
    extend: os.approvals.extend.handler(async ({ input, context }) => {
      const due_at = take(await engine.approvals.extend(input.approval_id, input.hours, input.comment ?? null, context.caller))
      return { message: `It can be decided until ${due_at}.`, approval_id: input.approval_id, status: 'pending' as const, due_at }
    }),
    versions: os.approvals.versions.handler(async ({ input, context }) => {
      await approvalOf(input.approval_id, context.caller)
      return { approval_id: input.approval_id, versions: projection.versions(input.approval_id) }
    }),
  }
}
