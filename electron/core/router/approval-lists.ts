import { failure } from '../../../shared/contract/errors.ts'
import type { Caller } from '../../../shared/model/actor.ts'
import type { View } from '../../../shared/model/view.ts'
import { type Common, shownTo } from './common.ts'
import type { RouterDeps } from './deps.ts'
import { defined, os, paged, toError } from './os.ts'
import { inboxOf } from './whose.ts'

type Filter = { readonly approver_email?: string | undefined; readonly for?: string | undefined; readonly view?: View | undefined }

export function approvalListHandlers({ projection, people }: RouterDeps, { fresh }: Common) {
  /** What the projection is asked: with everybody whose questions are meant. */
  function asked<T extends Filter>({ approver_email, for: person, ...query }: T, caller: Caller) {
    const email = person ?? caller.person?.email
    const approver_emails = approver_email === undefined ? undefined : inboxOf(people, approver_email)
    const who = email === undefined ? undefined : { person: people.canonical(email), asks: inboxOf(people, email) }
    if (!who && query.view !== undefined && query.view !== 'all' && query.view !== 'done') throw noPerson
    return defined({ ...query, approver_emails, who })
  }

  return {
    pending: os.approvals.pending.handler(async ({ input, context }) => {
      await fresh()
      const { approver_email, limit, cursor } = input
      const page = paged(() =>
        projection.approvals({ status: ['pending'], sort: 'due', ...asked({ approver_email, limit, cursor }, context.caller) }),
      )
      return {
        pending_approvals: page.items.map((item) => shownTo(context.caller, item)),
        count: page.total,
        approver_email: approver_email ?? null,
        next_cursor: page.next_cursor,
      }
    }),
    list: os.approvals.list.handler(async ({ input, context }) => {
      await fresh()
      const query = asked(input, context.caller)
      const page = paged(() => projection.approvals(query))
      return { ...page, items: page.items.map((item) => shownTo(context.caller, item)) }
    }),
    ids: os.approvals.ids.handler(async ({ input, context }) => {
      await fresh()
      const query = asked(input, context.caller)
      return paged(() => projection.approvalIds(query))
    }),
    byIds: os.approvals.byIds.handler(async ({ input, context }) => {
      await fresh()
      return { items: projection.approvalsById(input.ids).map((item) => shownTo(context.caller, item)) }
    }),
    facets: os.approvals.facets.handler(async ({ input, context }) => {
      await fresh()
      return projection.facets(asked(input, context.caller))
    }),
  }
}

const noPerson = toError(
  failure('invalid-input', 'This credential is nobody’s in particular: say whose view it is.', {
    errors: [{ pointer: '/for', message: 'is needed: the e-mail address of whose view it is' }],
  }),
)
