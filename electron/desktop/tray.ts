import { app, type BrowserWindow, Menu, nativeImage, Tray } from 'electron'
import type { HostWords } from '../../shared/words/host.ts'
import { badgeIcon, trayIcon, trayTemplateIcon } from './tray-icon.ts'

export type TrayActions = { readonly onOpen: () => void; readonly onQuit: () => void }

/** How many requests wait, wherever the system can show it. `tray` is false where there is none: then closing the window quits. */
export type Attention = {
  readonly tray: boolean
  setCount(pending: number): void
  /** Says the same in the language that is spoken now. */
  sayAnew(): void
  destroy(): void
}

/** Whether a tray icon would be seen. GNOME shows none unless an extension (as Ubuntu brings it) is there; Electron does not say. */
export function trayIsSeen(platform: NodeJS.Platform, env: Readonly<Record<string, string | undefined>>): boolean {
  if (platform !== 'linux') return true
  const desktops = (env.XDG_CURRENT_DESKTOP ?? '').toLowerCase().split(':')
  return desktops.some(Boolean) && (!desktops.includes('gnome') || desktops.includes('ubuntu'))
}

export function createAttention(
  actions: TrayActions,
  options: {
    readonly seen: boolean
    readonly platform: NodeJS.Platform
    readonly words: () => HostWords
    readonly window: () => BrowserWindow | null
  },
): Attention {
  const tray = options.seen ? makeTray(options.platform) : null
  let last = -1

  const show = (pending: number) => {
    const words = options.words().tray
    const label = words.waiting(pending)
    quietly(() => app.setBadgeCount(pending))
    if (options.platform === 'win32') quietly(() => setOverlay(options.window(), pending, label))
    if (!tray) return
    quietly(() => {
      tray.setToolTip(`Countersign: ${label}`)
      if (options.platform === 'darwin') tray.setTitle(pending === 0 ? '' : String(pending))
      // On Linux a menu changes only when it is set anew.
      tray.setContextMenu(
        Menu.buildFromTemplate([
          { label, enabled: false },
          { type: 'separator' },
          { label: words.open, click: actions.onOpen },
          { label: words.quit, click: actions.onQuit },
        ]),
      )
    })
  }
  const setCount = (pending: number) => {
    if (pending === last) return
    last = pending
    show(pending)
  }
  tray?.on('click', actions.onOpen)
  setCount(0)
  return { tray: tray !== null, setCount, sayAnew: () => show(last), destroy: () => quietly(() => tray?.destroy()) }
}

function makeTray(platform: NodeJS.Platform): Tray | null {
  try {
    const image = nativeImage.createFromDataURL(platform === 'darwin' ? trayTemplateIcon : trayIcon)
    if (platform === 'darwin') image.setTemplateImage(true)
    return new Tray(image)
  } catch {
    return null
  }
}

function setOverlay(window: BrowserWindow | null, pending: number, description: string): void {
  window?.setOverlayIcon(pending === 0 ? null : nativeImage.createFromDataURL(badgeIcon), description)
}

/** Counts are a courtesy: a desktop without badge or tray must not stop anything. */
function quietly(show: () => void): void {
  try {
    show()
  } catch {
    // Not supported here.
  }
}
