import { CSPProvider } from '@base-ui/react/csp-provider'
import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import type { ChangeEvent } from '../shared/contract/events.ts'
import { desktopClient, httpClient, signIn } from './link.ts'
import { queryIn } from './lists.ts'
import { notify } from './notify.ts'
import { go, isList, toRoute } from './route.ts'
import { App } from './screens/app.tsx'
import { detail } from './screens/later-screens.ts'
import { InboxContext } from './store/context.ts'
import { createInbox, type Inbox } from './store/inbox.ts'

declare global {
  interface Window {
    /** Set by the desktop's preload; its presence says which host this is. */
    readonly countersign?: unknown
  }
}

const tell = (change: ChangeEvent) => notify(change, inbox)

const openInbox = (): Inbox => {
  if (window.countersign === undefined) {
    return createInbox({ client: httpClient(location.origin), desktop: false, renew: async () => {}, onChange: tell })
  }
  return createInbox({ ...desktopClient(window), desktop: true, onChange: tell })
}

const keyInAddress = () => /^#(?:.*&)?key=([^&]+)/.exec(location.hash)?.[1]

/** A one-time link carries its key in the fragment, which no server log sees; it leaves the address before anything else. */
async function takeKey(): Promise<'none' | 'in' | 'used'> {
  const key = keyInAddress()
  if (!key) return 'none'
  history.replaceState(null, '', location.pathname)
  try {
    return (await signIn(location.origin, decodeURIComponent(key))) ? 'in' : 'used'
  } catch {
    return 'used'
  }
}

const inbox = openInbox()

/** The desktop's tray and notifications only navigate. */
window.addEventListener('message', (event) => {
  const isOurs = event.source === window && event.data?.type === 'countersign:open'
  if (isOurs && typeof event.data.approval_id === 'string') go({ view: 'inbox', id: event.data.approval_id })
})

// A link pasted over this page's address changes the fragment alone, which loads nothing.
window.addEventListener('hashchange', () => keyInAddress() && location.reload())

createRoot(document.getElementById('root')!).render(
  <StrictMode>
    <CSPProvider disableStyleElements>
      <InboxContext value={inbox}>
        <App arriving={keyInAddress() !== undefined} />
      </InboxContext>
    </CSPProvider>
  </StrictMode>,
)

// Who comes for one request has its screen on the way while the host says who they are.
if (toRoute(location.hash).id) void detail().catch(() => {})

async function begin(): Promise<void> {
  const key = await takeKey()
  const { view, ...asked } = toRoute(location.hash)
  // Its list is on the way while the host says who somebody is.
  if (isList(view)) void inbox.actions.load(view, queryIn(view, asked))
  await inbox.actions.loadWho()
  if (inbox.store.getState().connection.state !== 'signed_out') inbox.start()
  else inbox.actions.signedOut(key === 'used' ? 'used' : 'none')
}

void begin()
