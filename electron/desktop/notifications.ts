import { Notification } from 'electron'
import type { Notice } from './notices.ts'

/** More are not kept: the system's own list has them, and a click on an old one just opens the window. */
const kept = 64

/** Shows notices through the system. Where that is not possible nothing happens: tray and badge say the same. */
export function createNotifications(onOpen: (approvalId: string | null) => void): { show(notice: Notice): void; close(): void } {
  // Without a reference the object is collected, and its click never arrives.
  const shown = new Set<Notification>()

  return {
    show({ title, body, approvalId }) {
      try {
        if (!Notification.isSupported()) return
        const notification = new Notification({ title: title.slice(0, 100), body: body.slice(0, 200) })
        const forget = () => shown.delete(notification)
        notification.on('click', () => {
          forget()
          onOpen(approvalId)
        })
        notification.on('close', forget)
        notification.on('failed', forget)
        shown.add(notification)
        for (const oldest of shown) {
          if (shown.size <= kept) break
          shown.delete(oldest)
        }
        notification.show()
      } catch {
        // No notification service; everything else goes on.
      }
    },
    close() {
      for (const notification of shown) notification.close()
      shown.clear()
    },
  }
}
