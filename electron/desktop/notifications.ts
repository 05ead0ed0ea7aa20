import { Notification } from 'electron'
import type { HostWords } from '../../shared/words/host.ts'
import type { Answerable } from './answers.ts'
import type { Notice } from './notices.ts'

/** More are not kept: the system's own list has them, and a click on an old one just opens the window. */
const kept = 64

/** The buttons of a notification, in their order. */
const verbs = ['approve', 'reject'] as const

export type NotificationsDeps = {
  readonly platform: NodeJS.Platform
  readonly words: () => HostWords
  readonly onOpen: (approvalId: string | null) => void
  readonly onAnswer: (request: Answerable, verb: (typeof verbs)[number]) => void
}

/** Shows notices through the system. Where that is not possible nothing happens: tray and badge say the same. */
export function createNotifications({ platform, words, onOpen, onAnswer }: NotificationsDeps): {
  show(notice: Notice): void
  close(): void
} {
  // Without a reference the object is collected, and its click never arrives.
  const shown = new Map<Notification, string | null>()
  // Elsewhere the system shows no buttons.
  const hasButtons = platform === 'darwin' || platform === 'win32'

  const show = ({ title, body, approvalId, silent = false, answerable = null, replaces = [] }: Notice) => {
    if (!Notification.isSupported()) return
    for (const [earlier, id] of shown) if (id !== null && replaces.includes(id)) earlier.close()
    const labels = words().notice.verbs
    const actions = answerable && hasButtons ? verbs.map((verb) => ({ type: 'button' as const, text: labels[verb] })) : []
    const notification = new Notification({ title: title.slice(0, 100), body: body.slice(0, 200), silent, actions })
    const forget = () => shown.delete(notification)
    notification.on('click', () => {
      forget()
      onOpen(approvalId)
    })
    notification.on('action', ({ actionIndex }) => {
      forget()
      const verb = verbs[actionIndex]
      if (answerable && verb) onAnswer(answerable, verb)
    })
    notification.on('close', forget)
    notification.on('failed', forget)
    shown.set(notification, approvalId)
    for (const oldest of shown.keys()) {
      if (shown.size <= kept) break
      shown.delete(oldest)
    }
    notification.show()
  }

  return {
    show(notice) {
      try {
        show(notice)
      } catch {
        // No notification service; everything else goes on.
      }
    },
    close() {
      for (const notification of shown.keys()) notification.close()
      shown.clear()
    },
  }
}
