import type { ChangeEvent } from '../../shared/contract/events.ts'
import type { Clock } from '../core/clock.ts'

/** A notification as it will be shown. Title and source only: it may be read on a locked screen. */
export type Notice = { readonly title: string; readonly body: string; readonly approvalId: string | null }

export type NoticesDeps = {
  readonly clock: Clock
  readonly wanted: () => { readonly new_requests: boolean; readonly deadlines: boolean }
  readonly show: (notice: Notice) => void
}

/** What arrives within this time after a notice is told in one more, not in one each. */
const burstMs = 4_000

const deadlineText = {
  half: 'Half of its time is over.',
  fifteen_minutes: '15 minutes are left.',
  reminder: 'A reminder: it still waits for you.',
  expired: 'Its time is over. It was not approved.',
} as const

/** Decides which changes a person is told about: a request that newly waits, and deadlines that near or have passed. */
export function createNotices({ clock, wanted, show }: NoticesDeps): { take(change: ChangeEvent): void; stop(): void } {
  const startedAt = clock.now()
  /** Waiting requests that were told already; an item comes again with each of its changes. */
  const told = new Set<string>()
  let held: { readonly title: string; readonly approvalId: string }[] = []
  let quietUntil = 0
  let cancelTimer: (() => void) | null = null

  const release = () => {
    cancelTimer = null
    const [first] = held
    const count = held.length
    held = []
    if (!first) return
    quietUntil = clock.now() + burstMs
    if (count === 1) show({ title: 'A new request waits', body: first.title, approvalId: first.approvalId })
    else show({ title: `${count} new requests wait`, body: `${first.title} and ${count - 1} more`, approvalId: null })
  }

  const arrived = (title: string, approvalId: string) => {
    held.push({ title, approvalId })
    if (clock.now() >= quietUntil) release()
    else cancelTimer ??= clock.after(quietUntil - clock.now(), release)
  }

  return {
    take(change) {
      if (change.kind === 'approval') {
        const { item } = change
        if (item.status !== 'pending') {
          told.delete(item.id)
          held = held.filter((notice) => notice.approvalId !== item.id)
        } else if (Date.parse(item.created_at) >= startedAt && !told.has(item.id)) {
          told.add(item.id)
          if (wanted().new_requests) arrived(`${item.title} · ${item.source_name}`, item.id)
        }
      }
      if (change.kind === 'deadline' && wanted().deadlines) {
        show({ title: change.title, body: deadlineText[change.stage], approvalId: change.approval_id })
      }
    },
    stop() {
      cancelTimer?.()
      cancelTimer = null
    },
  }
}
