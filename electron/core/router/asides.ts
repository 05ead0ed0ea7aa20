import type { RouterDeps } from './deps.ts'
import { os, take } from './os.ts'

/** What people do with an open request besides answering it. */
export function asideHandlers({ engine }: RouterDeps) {
  const { approvals } = engine
  const { asides } = approvals
  return {
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
      const message = until ? `It is back at ${until}.` : 'It is back when something happens to it.'
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
