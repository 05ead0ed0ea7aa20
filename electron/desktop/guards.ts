import { dialog, type Session, shell, type WebContents } from 'electron'
import { isOurs } from './origin.ts'

/** Every permission is refused: the page needs none. Electron grants all of them by default. */
export const denyRequest = (_contents: unknown, _permission: string, answer: (granted: boolean) => void): void => answer(false)
export const denyCheck = (): boolean => false

export function guardSession(session: Session): void {
  session.setPermissionRequestHandler(denyRequest)
  session.setPermissionCheckHandler(denyCheck)
  session.setDevicePermissionHandler(denyCheck)
  // A page of ours asks nothing of the network; what asks anyway gets nothing.
  session.webRequest.onBeforeRequest((details, answer) =>
    answer({ cancel: !isOurs(details.url) && !details.url.startsWith('devtools:') && !details.url.startsWith('data:') }),
  )
}

/** A window may show our page and nothing else: no navigation away, no frames, no further windows, no webviews. */
export function guardContents(contents: WebContents, onOutside: (address: string) => void): void {
  const stay = (event: { preventDefault(): void; url: string }) => {
    if (!isOurs(event.url)) event.preventDefault()
  }
  contents.on('will-navigate', stay)
  contents.on('will-redirect', stay)
  contents.on('will-frame-navigate', (event) => {
    // Our page has no frames: a frame that wants to go anywhere was put there by somebody else.
    if (!event.isMainFrame || !isOurs(event.url)) event.preventDefault()
  })
  contents.on('will-attach-webview', (event) => event.preventDefault())
  contents.setWindowOpenHandler(({ url }) => {
    onOutside(url)
    return { action: 'deny' }
  })
}

/** The address as it may be handed to the system, or null: https and mailto, parsed, without credentials in it. */
export function externalAddress(address: string): URL | null {
  if (!URL.canParse(address)) return null
  const url = new URL(address)
  if (url.protocol === 'mailto:') return url
  return url.protocol === 'https:' && url.username === '' && url.password === '' && url.hostname !== '' ? url : null
}

/** Opens a link outside after the person saw where it really leads. Resolves with whether it was opened. */
export async function openOutside(address: string): Promise<boolean> {
  const url = externalAddress(address)
  if (!url) return false
  const target = url.protocol === 'mailto:' ? url.pathname : url.hostname
  const { response } = await dialog.showMessageBox({
    type: 'question',
    buttons: ['Cancel', 'Open'],
    defaultId: 0,
    cancelId: 0,
    noLink: true,
    message: `Open ${target}?`,
    detail: url.href.slice(0, 500),
  })
  if (response !== 1) return false
  await shell.openExternal(url.href)
  return true
}
