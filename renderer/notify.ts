import type { ChangeEvent } from '../shared/contract/events.ts'
import type { ApprovalItem } from '../shared/model/approval.ts'
import { asksMe } from './asked.ts'
import { money } from './format.ts'
import { go } from './route.ts'
import type { InboxState } from './store/state.ts'
import { t } from './strings.ts'
import { visible } from './visible-text.ts'

/** The browser's own notifications, for what happens while nobody looks. A hint only: the list says the same without them. */
export function notify(change: ChangeEvent, before: InboxState, now: InboxState): void {
  if (!('Notification' in window) || Notification.permission !== 'granted' || now.settings === null) return
  if (change.kind === 'approval' && now.settings.notifications.new_requests) {
    const item = change.item as ApprovalItem
    const isNew =
      before.items.get(item.id) === undefined && item.status === 'pending' && Date.now() - Date.parse(item.created_at) < 60_000
    if (!isNew || document.visibilityState === 'visible' || !asksMe(item, now.person?.email, now.people)) return
    const amount = item.amount === null ? '' : ` · ${money(item.amount, item.currency)}`
    show(item.id, visible(item.title), `${t.notify.asks(visible(item.requester ?? item.source_name))}${amount}`, 'new')
  }
  if (change.kind === 'deadline' && now.settings.notifications.deadlines) {
    show(change.approval_id, visible(change.title), t.notify[change.stage], change.stage)
  }
}

function show(id: string, title: string, body: string, stage: string): void {
  try {
    const notification = new Notification(title, { body, tag: `${id}:${stage}`, icon: './favicon.svg' })
    notification.onclick = () => {
      window.focus()
      go({ view: 'inbox', id })
      notification.close()
    }
  } catch {
    // Some browsers allow notifications from service workers alone.
  }
}
