import type { AlertEvent, ChangeEvent } from '../shared/contract/events.ts'
import type { ApprovalItem } from '../shared/model/approval.ts'
import { count, money, when } from './format.ts'
import { currentRoute, go } from './route.ts'
import { playTonesOnce } from './sound.ts'
import type { Inbox } from './store/inbox.ts'
import { tal } from './strings-alerts.ts'
import { visible } from './visible-text.ts'

/** What is shown by the browser and still about one request: a burst takes its place. */
const shown = new Map<string, Notification>()
const mostShown = 64

/**
 * Tells what the core says is to be told: as a notification of the browser while nobody looks and it may, else as a message in the
 * page. A hint only: the list says the same without it.
 */
export function notify(change: ChangeEvent, inbox: Inbox): void {
  if (change.kind !== 'alert') return
  // On the desktop the system's notification is heard, where one is shown.
  if (change.sound && (!inbox.desktop || document.hasFocus())) void playTonesOnce()
  const id = change.count === 1 ? (change.approval_ids[0] ?? null) : null
  const isKnown = id === null || inbox.store.getState().items.get(id) !== undefined
  // A new one may be told before it is in the list.
  if (isKnown || change.reason !== 'new') tell(change, id, inbox)
  else void inbox.actions.loadItem(id).then(() => tell(change, id, inbox))
}

function tell(change: AlertEvent, id: string | null, inbox: Inbox): void {
  const { title, body } = wordsOf(change, id === null ? undefined : inbox.store.getState().items.get(id))
  const isSeen = document.visibilityState === 'visible'
  if (!isSeen && 'Notification' in window && Notification.permission === 'granted') show(change, id, title, body)
  else if (!isSeen || !isOnScreen(change, id)) inbox.actions.toast('told', `${title}: ${body}`, id ?? 'inbox')
}

/** New ones announce themselves over the list already; of what is being read everything is said there. */
function isOnScreen({ reason }: AlertEvent, id: string | null): boolean {
  const route = currentRoute()
  return (reason === 'new' && route.view === 'inbox') || (id !== null && route.id === id)
}

function wordsOf(alert: AlertEvent, item: ApprovalItem | undefined): { readonly title: string; readonly body: string } {
  const now = Date.now()
  const next = alert.next_at === null ? '' : `. ${tal.told.next(when(alert.next_at, now))}`
  if (alert.count !== 1) {
    const { told } = tal
    const { reason } = alert
    const title =
      reason === 'new' ? told.burst(count(alert.count)) : reason === 'closed' ? told.closed : told.digest(count(alert.count))
    return { title, body: `${partsText(alert.parts)}${next}` }
  }
  return { title: visible(alert.title), body: `${sentenceOf(alert, item)}${next}` }
}

/** What it is made of, each kind once: half of the time and shortly before its end are both near the deadline. */
function partsText(parts: AlertEvent['parts']): string {
  const counts = new Map<keyof typeof tal.told.parts, number>()
  for (const { reason, count: n } of parts) {
    const kind = reason === 'half' ? 'renag' : reason
    counts.set(kind, (counts.get(kind) ?? 0) + n)
  }
  const words = [...counts].map(([kind, n]) => tal.told.parts[kind](n, count(n)))
  return words.length > 0 ? words.join(', ') : tal.told.digestText
}

function sentenceOf({ reason, at, due_at, outcome, by }: AlertEvent, item: ApprovalItem | undefined): string {
  const { told } = tal
  switch (reason) {
    case 'new': {
      const amount = item && item.amount !== null ? ` · ${money(item.amount, item.currency)}` : ''
      return item ? `${told.asks(visible(item.requester ?? item.source_name))}${amount}` : told.burst(count(1))
    }
    case 'renag': {
      const minutes = Math.max(1, Math.round((Date.parse(due_at ?? '') - Date.parse(at)) / 60_000))
      return minutes > 90 ? told.dueAt(when(due_at ?? '', Date.now())) : told.left(minutes, count(minutes))
    }
    case 'watched':
      return outcome === null || outcome === 'pending' ? told.digestText : told.ended(outcome, by && visible(by))
    case 'digest':
    case 'closed':
      return told.digestText
    default:
      return told[reason]
  }
}

function show(alert: AlertEvent, id: string | null, title: string, body: string): void {
  try {
    for (const each of id === null ? alert.approval_ids : []) close(each)
    const tag = `${alert.approval_ids[0]}:${alert.reason}${id === null ? ':many' : ''}`
    const notification = new Notification(title, { body, tag, icon: './favicon.svg', silent: true })
    if (id !== null) keep(id, notification)
    notification.onclick = () => {
      window.focus()
      go(id === null ? { view: 'inbox' } : { view: 'inbox', id })
      notification.close()
    }
  } catch {
    // Some browsers allow notifications from service workers alone.
  }
}

function keep(id: string, notification: Notification): void {
  shown.delete(id)
  shown.set(id, notification)
  for (const oldest of shown.keys()) {
    if (shown.size <= mostShown) break
    shown.delete(oldest)
  }
}

function close(id: string): void {
  shown.get(id)?.close()
  shown.delete(id)
}
