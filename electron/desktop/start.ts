import { app, dialog } from 'electron'
import { appId } from './app-id.ts'
import { boot, type Desktop, type DesktopDeps } from './boot.ts'
import { approvalOfLink, linkOfArguments } from './deep-link.ts'
import { guardContents, openOutside } from './guards.ts'
import { deepLinkScheme } from './origin.ts'
import { registerScheme } from './protocol.ts'
import { sandboxWaived } from './security.ts'

/** Fixed, or Windows would forget its notifications at each start. */
const toastClsid = '{6B0E4B52-6E0F-4C53-9B47-3D4F0C1E8A27}'
const stopWithinMs = 10_000

/**
 * Everything that must happen before the app is ready, in one synchronous turn; then `boot`. A top-level await would wait for ever,
 * because `ready` comes only after this module has been evaluated.
 */
export function startDesktop(
  deps: DesktopDeps,
  options: { readonly args: readonly string[]; readonly userData: string | null },
): void {
  if (options.userData) app.setPath('userData', options.userData)
  // It also takes `--no-sandbox` back, which hangs where there can be no sandbox (containers); there it must be waived by name.
  if (!sandboxWaived(deps.env, app.commandLine)) app.enableSandbox()
  registerScheme()
  if (deps.platform === 'win32') {
    app.setAppUserModelId(appId)
    app.setToastActivatorCLSID(toastClsid)
  }
  if (!app.requestSingleInstanceLock()) {
    app.quit()
    return
  }
  if (app.isPackaged) app.setAsDefaultProtocolClient(deepLinkScheme)

  let desktop: Desktop | null = null
  let wanted: string | null = null
  const open = (link: string | null) => {
    const approvalId = link === null ? null : approvalOfLink(link)
    if (desktop) desktop.open(approvalId)
    else wanted = approvalId ?? wanted
  }
  const firstLink = linkOfArguments(options.args)
  if (firstLink) open(firstLink)

  app.on('second-instance', (_event, args) => open(linkOfArguments(args)))
  app.on('open-url', (event, link) => {
    event.preventDefault()
    open(link)
  })
  app.on('activate', () => desktop?.open(null))
  app.on('web-contents-created', (_event, contents) =>
    guardContents(contents, (address) => {
      openOutside(address).catch((error: unknown) => deps.log('a link could not be opened', error))
    }),
  )
  // Only reached where closing the window really closes it: no tray, and not macOS.
  app.on('window-all-closed', () => {
    if (deps.platform !== 'darwin') app.quit()
  })
  let booting: Promise<Desktop> | null = null
  stopBeforeQuit(deps, () => booting)

  app
    .whenReady()
    .then(() => {
      booting = boot(deps)
      return booting
    })
    .then((running) => {
      desktop = running
      if (wanted) running.open(wanted)
    })
    .catch((error: unknown) => {
      deps.log('the desktop could not be started', error)
      dialog.showErrorBox('Countersign could not start', error instanceof Error ? error.message : String(error))
      app.exit(1)
    })
}

/** Quitting waits until everything is stored and closed, and never for ever. */
function stopBeforeQuit(deps: DesktopDeps, booting: () => Promise<Desktop> | null): void {
  let stopping = false
  app.on('will-quit', (event) => {
    const running = booting()
    if (!running) return
    event.preventDefault()
    if (stopping) return
    stopping = true
    const giveUp = deps.clock.after(stopWithinMs, () => app.exit(1))
    const stopped = running.then((desktop) => desktop.stop())
    stopped.then(
      () => {
        giveUp()
        app.exit(0)
      },
      (error: unknown) => {
        giveUp()
        deps.log('stopping failed', error)
        app.exit(1)
      },
    )
  })
}
