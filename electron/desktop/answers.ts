import { createRouterClient } from '@orpc/server'
import { hostWords } from '../../shared/words/host.ts'
import type { CoreApp } from './core-app.ts'

/** A request that can be answered without being opened, and the very version that the answer is about. */
export type Answerable = { readonly approvalId: string; readonly title: string; readonly version: string }

type Verb = 'approve' | 'reject'

/** Answers given from a notification. */
export interface Answers {
  /** Null for a high risk, a flag, or what asks for more than a yes or no; and where an answer could not be undone. */
  answerable(approvalId: string): Promise<Answerable | null>
  /** Says how it went, in a sentence; `stored` is false where it has to be looked at. */
  answer(request: Answerable, verb: Verb): Promise<{ readonly stored: boolean; readonly text: string }>
}

export function createAnswers(app: Pick<CoreApp, 'router' | 'ownerCaller' | 'settings'>): Answers {
  const client = () => createRouterClient(app.router, { context: () => ({ caller: app.ownerCaller('desktop') }) })
  return {
    async answerable(approvalId) {
      if (app.settings.config.undo.seconds === 0) return null
      try {
        const { status, held, risk, flags, options, form, items, title, version } = await client().approvals.get({
          approval_id: approvalId,
        })
        const isPlain = !options?.length && !form && !items?.length && flags.length === 0
        const waits = status === 'pending' && held === null
        return waits && isPlain && risk !== 'high' ? { approvalId, title, version: version.sha256 } : null
      } catch {
        // Without its buttons the notification says all the same.
        return null
      }
    },
    async answer({ approvalId, version }, verb) {
      const { notice } = hostWords(app.settings.config.language)
      try {
        const comment = verb === 'reject' ? { comment: notice.rejected } : {}
        await client().approvals.decide({ approval_id: approvalId, decision: verb, version, hold: true, ...comment })
        const { seconds } = app.settings.config.undo
        return { stored: true, text: notice.done(verb, seconds) }
      } catch (error) {
        return { stored: false, text: notice.refused(error instanceof Error ? error.message : '') }
      }
    },
  }
}
