import { failure } from '../../../shared/contract/errors.ts'
import type { Caller } from '../../../shared/model/actor.ts'
import type { ApprovalStatus } from '../../../shared/model/approval.ts'
import { type HoldReason, ruledOut } from '../../../shared/model/bulk.ts'
import { fail } from '../../../shared/model/result.ts'
import type { Common } from './common.ts'
import type { RouterDeps } from './deps.ts'
import { os, take } from './os.ts'

type BulkItem = { readonly approval_id: string; readonly version: string }
type BulkInput = {
  readonly decision: 'approve' | 'reject'
  readonly comment?: string | undefined
  readonly hold?: boolean | undefined
}
type BulkResult = {
  approval_id: string
  decision: 'approved' | 'rejected' | null
  status: ApprovalStatus | null
  release_at: string | null
  code: string | null
  message: string
}

const inWords = ({ code }: HoldReason): string => {
  switch (code) {
    case 'high_risk':
      return 'Its risk is high: it is decided on its own.'
    case 'flagged':
      return 'Something in it may mislead: it is decided on its own.'
    case 'needs_form':
      return 'It brings a form.'
    case 'has_options':
      return 'It has answers of its own.'
    case 'open_question':
      return 'It waits for an answer of the requester.'
    default:
      return 'It does not fit the others.'
  }
}

/** What people do with an open request besides answering it, and with several at once. */
export function asideHandlers({ engine, projection }: RouterDeps, { fresh }: Common) {
  const { approvals } = engine
  const { asides } = approvals

  /** One of several: what wants a look of its own is refused here, whatever the page has shown. */
  const decideOne = async ({ approval_id, version }: BulkItem, input: BulkInput, caller: Caller): Promise<BulkResult> => {
    const item = projection.approval(approval_id)
    const alone = item?.status === 'pending' ? ruledOut(item) : []
    const { decision, comment, hold } = input
    const answer = { approval_id, version, decision, ...(comment ? { comment } : {}), ...(hold ? { hold } : {}) }
    const said = alone.length > 0 ? fail(failure('not-in-bulk', alone.map(inWords).join(' '))) : await engine.decide(answer, caller)
    if (!said.ok) {
      const { code, message } = said.failure
      return { approval_id, decision: null, status: null, release_at: null, code, message }
    }
    const { status, message, release_at = null } = said.value
    return { approval_id, decision: decision === 'approve' ? 'approved' : 'rejected', status, release_at, code: null, message }
  }

  return {
    decideMany: os.approvals.decideMany.handler(async ({ input, context }) => {
      await fresh()
      // All in one turn: they share what makes them durable.
      const results = await Promise.all(input.items.map((item) => decideOne(item, input, context.caller)))
      const decided = results.filter(({ code }) => code === null).length
      const refused = results.length - decided
      const message = `${decided} of ${results.length} decided${refused > 0 ? `; ${refused} were refused` : ''}.`
      return { message, decided, refused, results }
    }),
    undo: os.approvals.undo.handler(async ({ input: { approval_id }, context }) => {
      take(await approvals.undo(approval_id, context.caller))
      return { message: 'The answer was taken back; it waits again.', approval_id }
    }),
    snooze: os.approvals.snooze.handler(async ({ input, context }) => {
      const { approval_id, until: wanted, on_change, past_deadline } = input
      const asked = {
        ...(wanted === undefined ? {} : { until: wanted }),
        ...(on_change === undefined ? {} : { on_change }),
        ...(past_deadline === undefined ? {} : { past_deadline }),
      }
      const until = take(await asides.snooze(approval_id, asked, context.caller))
      const latest = until ? `, and at ${until} at the latest` : ''
      const message = wanted ? `It is back at ${until}.` : `It is back when something happens to it${latest}.`
      return { message, approval_id, until }
    }),
    unsnooze: os.approvals.unsnooze.handler(async ({ input: { approval_id }, context }) => {
      take(await asides.unsnooze(approval_id, context.caller))
      return { message: 'It is back in the inbox.', approval_id }
    }),
    watch: os.approvals.watch.handler(async ({ input: { approval_id, watching }, context }) => {
      take(await asides.watch(approval_id, watching, context.caller))
      return { message: watching ? 'You are told what becomes of it.' : 'You are no longer told about it.', approval_id }
    }),
    comment: os.approvals.comment.handler(async ({ input: { approval_id, comment }, context }) => {
      take(await asides.comment(approval_id, comment, context.caller))
      return { message: 'The remark is recorded.', approval_id }
    }),
  }
}
