import type { AlertEvent } from '../../shared/contract/events.ts'
import type { Answerable } from './answers.ts'

/** A notification as it will be shown. Title and source only: it may be read on a locked screen. */
export type Notice = {
  readonly title: string
  readonly body: string
  readonly approvalId: string | null
  readonly silent?: boolean
  /** Can be answered from the notification itself. */
  readonly answerable?: Answerable | null
  /** Shown earlier, and now part of this one. */
  readonly replaces?: readonly string[]
}

export type NoticesDeps = {
  readonly show: (notice: Notice) => void
  /** What an answer from the notification would be about; null where it has to be looked at first. */
  readonly answerable: (approvalId: string) => Promise<Answerable | null>
}

/** About these a plain yes or no may be enough. */
const asking: ReadonlySet<AlertEvent['reason']> = new Set(['new', 'back', 'half', 'renag', 'reminder'])

/** Puts what the core says is to be told into the system's notifications. What, when and to whom is decided there. */
export function createNotices({ show, answerable }: NoticesDeps): { take(alert: AlertEvent): Promise<void> } {
  return {
    async take({ approval_ids, count, reason, title, text, sound }) {
      const silent = !sound
      const [first] = approval_ids
      if (count !== 1 || first === undefined) {
        show({ title, body: text, approvalId: null, silent, replaces: approval_ids })
        return
      }
      const answers = asking.has(reason) ? await answerable(first) : null
      show({ title, body: text, approvalId: first, silent, answerable: answers, replaces: [first] })
    },
  }
}
