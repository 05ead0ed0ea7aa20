import { app, dialog, powerMonitor, session } from 'electron'
import { hostWords } from '../../shared/words/host.ts'
import type { Clock } from '../core/clock.ts'
import { createAnswers } from './answers.ts'
import type { Companion, CoreApp } from './core-app.ts'
import { guardSession } from './guards.ts'
import { installMenu } from './menu.ts'
import { createNotices } from './notices.ts'
import { createNotifications } from './notifications.ts'
import { servePorts } from './ports.ts'
import { openChannel } from './preload/channels.ts'
import { serveApp } from './protocol.ts'
import { collectFacts, weaknesses } from './security.ts'
import { createAttention, trayIsSeen } from './tray.ts'
import { watchChanges } from './watch.ts'
import { createInboxWindow, type InboxWindow } from './window.ts'

/** What the desktop is given by `main.ts`. */
export type DesktopDeps = {
  readonly createApp: () => Promise<CoreApp>
  /** Starts the HTTP intake for local systems beside the window. */
  readonly startCompanion: (app: CoreApp) => Promise<Companion | null>
  readonly clock: Clock
  readonly log: (message: string, details?: unknown) => void
  readonly webRoot: string
  readonly preload: string
  readonly stateFile: string
  readonly env: Readonly<Record<string, string | undefined>>
  readonly platform: NodeJS.Platform
}

/** The running desktop, as the entry steers it. */
export type Desktop = {
  /** Shows the inbox, at this request where there is one. Navigates and does nothing else. */
  open(approvalId: string | null): void
  stop(): Promise<void>
}

const crashesForgivenWithinMs = 60_000

/** Starts everything in order: the application, then what is safe to show, then the window. Throws with a message for people. */
export async function boot(deps: DesktopDeps): Promise<Desktop> {
  const core = await deps.createApp()
  await core.start()
  const companion = await deps.startCompanion(core).catch((error: unknown) => {
    deps.log('the HTTP intake could not be started', error)
    return null
  })
  const stopCore = async () => {
    await companion?.stop()
    await core.stop()
  }
  try {
    return await show(core, deps, stopCore)
  } catch (error) {
    await stopCore()
    throw error
  }
}

async function show(core: CoreApp, deps: DesktopDeps, stopCore: () => Promise<void>): Promise<Desktop> {
  guardSession(session.defaultSession)
  serveApp(session.defaultSession, deps.webRoot)

  let inbox: InboxWindow | null = null
  let connected = false
  let waiting: string | null = null
  let quitting = false
  const contents = () => (inbox && !inbox.window.isDestroyed() ? inbox.window.webContents : null)

  const ports = servePorts({
    app: core,
    contents,
    onConnected() {
      connected = true
      if (waiting) contents()?.send(openChannel, waiting)
      waiting = null
    },
    onRefused: (reason) => deps.log('refused', reason),
  })

  const makeWindow = async () => {
    const made = createInboxWindow({ preload: deps.preload, stateFile: deps.stateFile })
    inbox = made
    const facts = await collectFacts({
      window: made.window,
      session: session.defaultSession,
      webRoot: deps.webRoot,
      preload: deps.preload,
      app,
      env: deps.env,
      electronVersion: process.versions.electron ?? '',
    })
    const found = weaknesses(facts)
    if (found.length > 0) {
      made.window.destroy()
      const list = found.map(({ item, detail }) => `${item}: ${detail}`).join('\n')
      throw new Error(`The window was not opened, because it would not be safe:\n${list}`)
    }
    watchWindow(made)
    // Shown once there is something to see; a page that fails to load is shown too, so that nobody waits for nothing.
    made.window.once('ready-to-show', () => made.window.show())
    await made.load().catch((error: unknown) => deps.log('the page could not be loaded', error))
  }

  const open = (approvalId: string | null) => {
    const live = contents()
    if (approvalId && live && connected) live.send(openChannel, approvalId)
    else if (approvalId) waiting = approvalId
    if (live) inbox?.reveal()
    else makeWindow().catch((error: Error) => dialog.showErrorBox('Countersign', error.message))
  }

  const words = () => hostWords(core.settings.config.language)
  const answers = createAnswers(core)
  const notifications = createNotifications({
    platform: deps.platform,
    words,
    onOpen: open,
    onAnswer: (request, verb) =>
      void answers.answer(request, verb).then(({ stored, text }) => {
        if (!stored) open(request.approvalId)
        notifications.show({ title: request.title, body: text, approvalId: request.approvalId, silent: true })
      }),
  })
  const attention = createAttention(
    { onOpen: () => open(null), onQuit: () => app.quit() },
    {
      seen: trayIsSeen(deps.platform, deps.env),
      platform: deps.platform,
      words,
      window: () => (contents() ? (inbox?.window ?? null) : null),
    },
  )

  const watchWindow = (made: InboxWindow) => {
    const lost = () => {
      connected = false
      ports.closePort()
    }
    let crashes: number[] = []
    made.window.webContents.on('did-start-navigation', (details) => {
      if (details.isMainFrame && !details.isSameDocument) lost()
    })
    made.window.webContents.on('render-process-gone', (_event, { reason }) => {
      lost()
      deps.log('the page ended', reason)
      const now = deps.clock.now()
      crashes = [...crashes.filter((at) => now - at < crashesForgivenWithinMs), now]
      if (!quitting && crashes.length <= 3) made.load().catch((error: unknown) => deps.log('the page could not be loaded', error))
    })
    made.window.on('close', (event) => {
      const staysReachable = attention.tray || deps.platform === 'darwin'
      if (quitting || !staysReachable) return
      event.preventDefault()
      made.window.hide()
      if (made.state().hintShown) return
      made.rememberHint()
      notifications.show({
        title: words().notice.running,
        body: words().notice.runningText,
        approvalId: null,
      })
    })
    made.window.on('closed', () => {
      lost()
      inbox = null
    })
  }

  const notices = createNotices({
    answerable: answers.answerable,
    // Whoever looks at the inbox sees it there.
    show: (notice) => inbox?.window.isFocused() || notifications.show(notice),
  })
  const sayMenu = () =>
    installMenu(words(), { mac: deps.platform === 'darwin', packaged: app.isPackaged, onShow: () => open(null) })
  let spoken = words()
  const sayAnew = () => {
    if (words() === spoken) return
    spoken = words()
    sayMenu()
    attention.sayAnew()
  }
  const stopWatching = watchChanges(core, deps.clock, (change) => {
    if ('counts' in change) attention.setCount(change.counts.views?.inbox ?? change.counts.pending)
    // What was changed while the line was down is said with its hello.
    if (change.kind === 'settings' || change.kind === 'hello') sayAnew()
    if (change.kind === 'alert') void notices.take(change)
  })
  try {
    powerMonitor.on('resume', () => core.tick?.())
  } catch {
    // Missing on some systems; the application looks at the clock by itself, only later.
  }
  sayMenu()
  app.on('before-quit', () => {
    quitting = true
  })

  await makeWindow().catch((error: unknown) => {
    stopWatching()
    ports.stop()
    attention.destroy()
    throw error
  })
  return {
    open,
    async stop() {
      quitting = true
      stopWatching()
      notifications.close()
      ports.stop()
      attention.destroy()
      contents()?.close()
      await stopCore()
    },
  }
}
