import { BrowserWindow, nativeTheme, screen } from 'electron'
import { pageUrl } from './origin.ts'
import { securePreferences } from './security.ts'
import { readWindowState, visibleBounds, type WindowState, writeWindowState } from './window-state.ts'

/** The inbox's window. It is made hidden and shown only after the security check. */
export type InboxWindow = {
  readonly window: BrowserWindow
  load(): Promise<void>
  /** Brings it to the front, from wherever it is. */
  reveal(): void
  readonly state: () => WindowState
  rememberHint(): void
}

const background = () => (nativeTheme.shouldUseDarkColors ? '#171614' : '#faf9f7')

export function createInboxWindow(options: { readonly preload: string; readonly stateFile: string }): InboxWindow {
  let state = readWindowState(options.stateFile)
  const bounds = visibleBounds(
    state.bounds,
    screen.getAllDisplays().map((display) => display.workArea),
  )
  const window = new BrowserWindow({
    width: 1280,
    height: 840,
    ...bounds,
    minWidth: 380,
    minHeight: 480,
    show: false,
    title: 'Countersign',
    backgroundColor: background(),
    webPreferences: { ...securePreferences, preload: options.preload },
  })
  if (state.maximized) window.maximize()

  const remember = (change: Partial<WindowState> = {}) => {
    if (!window.isDestroyed()) state = { ...state, bounds: window.getNormalBounds(), maximized: window.isMaximized() }
    state = { ...state, ...change }
    writeWindowState(options.stateFile, state)
  }
  window.on('close', () => remember())
  const follow = () => window.setBackgroundColor(background())
  nativeTheme.on('updated', follow)
  window.on('closed', () => nativeTheme.removeListener('updated', follow))

  return {
    window,
    load: () => window.loadURL(pageUrl),
    reveal() {
      if (window.isDestroyed()) return
      if (window.isMinimized()) window.restore()
      window.show()
      window.focus()
    },
    state: () => state,
    rememberHint: () => remember({ hintShown: true }),
  }
}
