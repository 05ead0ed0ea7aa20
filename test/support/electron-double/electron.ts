import { EventEmitter } from 'node:events'
import { createRequire } from 'node:module'
import { MessageChannel, type MessagePort } from 'node:worker_threads'

/**
 * A small double of the `electron` module: what the desktop uses of it, behaving as documented, with a record of what was done and
 * switches for what a machine may lack. Message ports are real ones. Each test imports it anew together with the desktop.
 */

type Listener = (...args: never[]) => void

export const world = {
  singleInstance: true,
  packaged: false,
  trayWorks: true,
  notificationsWork: true,
  powerMonitorWorks: true,
  /** Merged into what a window reports as its effective preferences. */
  tamperedPreferences: {} as Record<string, unknown>,
  switches: new Set<string>(),
  notifications: [] as Notification[],
  trays: [] as Tray[],
  windows: [] as BrowserWindow[],
  badge: 0,
  errorBoxes: [] as string[],
  opened: [] as string[],
  dialogAnswer: 0,
  exitCode: null as number | null,
  quits: 0,
  menu: [] as readonly { label?: string; role?: string; submenu?: unknown }[],
}

/** Calls all listeners with an event that can be vetoed, and says whether it was. */
export function vetoed(target: EventEmitter, name: string, ...args: [] | [Record<string, unknown>, ...unknown[]]): boolean {
  let prevented = false
  const [details = {}, ...rest] = args
  target.emit(
    name,
    {
      ...details,
      preventDefault() {
        prevented = true
      },
    },
    ...rest,
  )
  return prevented
}

class App extends EventEmitter {
  readonly name = 'Countersign'
  readonly paths = new Map<string, string>()
  readonly commandLine = { hasSwitch: (name: string) => world.switches.has(name) }
  #ready = Promise.withResolvers<void>()
  get isPackaged() {
    return world.packaged
  }
  getAppPath = () => (world.packaged ? '/opt/Countersign/resources/app.asar' : process.cwd())
  getPath = (name: string) => this.paths.get(name) ?? `/nowhere/${name}`
  setPath = (name: string, path: string) => void this.paths.set(name, path)
  getVersion = () => '0.1.0'
  /** Takes `--no-sandbox` back, as the real one does. */
  enableSandbox = () => {
    world.switches.delete('no-sandbox')
    world.switches.add('enable-sandbox')
  }
  setAppUserModelId = () => {}
  setToastActivatorCLSID = () => {}
  setAsDefaultProtocolClient = () => true
  requestSingleInstanceLock = () => world.singleInstance
  setBadgeCount = (count: number) => {
    world.badge = count
    return true
  }
  whenReady = () => this.#ready.promise
  becomeReady = () => this.#ready.resolve()
  exit = (code: number) => {
    world.exitCode = code
  }
  /** Closes the windows first, without `window-all-closed`; a window that refuses ends it. */
  quit = () => {
    world.quits++
    this.emit('before-quit', { preventDefault() {} })
    for (const window of world.windows) {
      if (window.destroyed) continue
      if (vetoed(window, 'close')) return
      window.destroy()
    }
    if (!vetoed(this, 'will-quit')) this.exit(0)
  }
}

export const app = new App()

class Protocol {
  readonly handlers = new Map<string, (request: Request) => Promise<Response>>()
  privileged: unknown[] = []
  registerSchemesAsPrivileged = (schemes: unknown[]) => {
    this.privileged = schemes
  }
  handle = (scheme: string, handler: (request: Request) => Promise<Response>) => void this.handlers.set(scheme, handler)
  isProtocolHandled = (scheme: string) => this.handlers.has(scheme)
}

export const protocol = new Protocol()

class Session {
  readonly protocol = protocol
  permissionRequest: ((contents: unknown, permission: string, answer: (granted: boolean) => void) => void) | null = null
  permissionCheck: ((contents: unknown, permission: string) => boolean) | null = null
  devicePermission: ((details: unknown) => boolean) | null = null
  beforeRequest: ((details: { url: string }, answer: (decision: { cancel?: boolean }) => void) => void) | null = null
  setPermissionRequestHandler = (handler: Session['permissionRequest']) => {
    this.permissionRequest = handler
  }
  setPermissionCheckHandler = (handler: Session['permissionCheck']) => {
    this.permissionCheck = handler
  }
  setDevicePermissionHandler = (handler: Session['devicePermission']) => {
    this.devicePermission = handler
  }
  webRequest = {
    onBeforeRequest: (handler: Session['beforeRequest']) => {
      this.beforeRequest = handler
    },
  }
}

export const session = { defaultSession: new Session() }

/** The main process's end of a channel, over a real port. */
class MessagePortMain extends EventEmitter {
  readonly port: MessagePort
  constructor(port: MessagePort) {
    super()
    this.port = port
    port.on('close', () => this.emit('close'))
  }
  start() {
    this.port.on('message', (data) => this.emit('message', { data, ports: [] }))
  }
  postMessage(data: unknown) {
    this.port.postMessage(data)
  }
  close() {
    this.port.close()
  }
}

export class MessageChannelMain {
  readonly port1: MessagePortMain
  readonly port2: MessagePortMain
  constructor() {
    const { port1, port2 } = new MessageChannel()
    this.port1 = new MessagePortMain(port1)
    this.port2 = new MessagePortMain(port2)
  }
}

class Frame {
  readonly contents: WebContents
  readonly parent: Frame | null
  url: string
  constructor(contents: WebContents, url: string, parent: Frame | null) {
    this.contents = contents
    this.url = url
    this.parent = parent
  }
  postMessage(channel: string, _message: unknown, ports: MessagePortMain[] = []) {
    this.contents.page.emit(channel, { ports: ports.map(({ port }) => port) })
  }
}

class WebContents extends EventEmitter {
  readonly mainFrame: Frame
  /** What reaches the preload of this page. */
  readonly page = new EventEmitter()
  readonly preferences: Record<string, unknown>
  openHandler: ((details: { url: string }) => { action: string }) | null = null
  constructor(preferences: Record<string, unknown>) {
    super()
    this.preferences = preferences
    this.mainFrame = new Frame(this, 'about:blank', null)
  }
  subframe = (url: string) => new Frame(this, url, this.mainFrame)
  getLastWebPreferences = () => ({ ...this.preferences, ...world.tamperedPreferences })
  setWindowOpenHandler = (handler: WebContents['openHandler']) => {
    this.openHandler = handler
  }
  send = (channel: string, ...args: unknown[]) => void this.page.emit(channel, {}, ...args)
  close = () => {}
  /** The page's side: sends to the main process from this frame. */
  fromPage = (channel: string, senderFrame: Frame | null = this.mainFrame) => ipcMain.emit(channel, { sender: this, senderFrame })
}

export class BrowserWindow extends EventEmitter {
  readonly webContents: WebContents
  readonly options: Record<string, unknown>
  shown = false
  focused = false
  destroyed = false
  constructor(options: Record<string, unknown>) {
    super()
    this.options = options
    this.webContents = new WebContents({ ...(options.webPreferences as Record<string, unknown>) })
    world.windows.push(this)
    app.emit('web-contents-created', {}, this.webContents)
  }
  async loadURL(url: string) {
    this.webContents.mainFrame.url = url
    queueMicrotask(() => this.emit('ready-to-show'))
  }
  show = () => {
    this.shown = true
  }
  hide = () => {
    this.shown = false
    this.focused = false
  }
  focus = () => {
    this.focused = true
  }
  isFocused = () => this.focused
  isMinimized = () => false
  isMaximized = () => false
  isDestroyed = () => this.destroyed
  maximize = () => {}
  getNormalBounds = () => ({ x: 10, y: 20, width: 900, height: 700 })
  setBackgroundColor = () => {}
  setOverlayIcon = () => {}
  destroy() {
    this.destroyed = true
    this.shown = false
    this.emit('closed')
  }
  /** The person clicks the close button. */
  close() {
    if (vetoed(this, 'close')) return
    this.destroy()
    if (world.windows.every((window) => window.destroyed)) app.emit('window-all-closed')
  }
}

export class Notification extends EventEmitter {
  static isSupported = () => true
  readonly title: string
  readonly body: string
  readonly silent: boolean
  readonly actions: readonly { readonly text: string }[]
  closed = false
  constructor({
    title,
    body,
    silent,
    actions,
  }: { title: string; body: string; silent: boolean; actions: readonly { text: string }[] }) {
    super()
    if (!world.notificationsWork) throw new Error('no notification service')
    this.title = title
    this.body = body
    this.silent = silent
    this.actions = actions
  }
  show = () => void world.notifications.push(this)
  close = () => {
    this.closed = true
    this.emit('close')
  }
}

type MenuItem = { label?: string; click?: () => void }

export class Tray extends EventEmitter {
  items: readonly MenuItem[] = []
  toolTip = ''
  constructor() {
    super()
    if (!world.trayWorks) throw new Error('no tray')
    world.trays.push(this)
  }
  setToolTip = (text: string) => {
    this.toolTip = text
  }
  setTitle = () => {}
  setContextMenu = (menu: { items: readonly MenuItem[] }) => {
    this.items = menu.items
  }
  destroy = () => {}
}

export const Menu = {
  buildFromTemplate: (items: readonly MenuItem[]) => ({ items }),
  setApplicationMenu: (menu: { items: typeof world.menu }) => {
    world.menu = menu.items
  },
}
export const nativeImage = { createFromDataURL: (url: string) => ({ url, setTemplateImage() {} }) }
export const nativeTheme = Object.assign(new EventEmitter(), { shouldUseDarkColors: false })
export const screen = { getAllDisplays: () => [{ workArea: { x: 0, y: 0, width: 1920, height: 1080 } }] }
export const shell = { openExternal: async (url: string) => void world.opened.push(url) }
export const dialog = {
  showErrorBox: (_title: string, content: string) => void world.errorBoxes.push(content),
  showMessageBox: async () => ({ response: world.dialogAnswer }),
}
class PowerMonitor extends EventEmitter {
  override on(name: string, listener: Listener): this {
    if (!world.powerMonitorWorks) throw new Error('no power monitor')
    return super.on(name, listener as never)
  }
}
export const powerMonitor = new PowerMonitor()
export const ipcMain = new EventEmitter()

/** The preload's side of whichever window was made last. */
export const ipcRenderer = {
  on: (channel: string, listener: (...args: never[]) => void) =>
    world.windows.at(-1)!.webContents.page.on(channel, listener as never),
  send: (channel: string) => world.windows.at(-1)!.webContents.fromPage(channel),
}
export const exposed: Record<string, unknown> = {}
export const contextBridge = {
  exposeInMainWorld: (name: string, value: unknown) => {
    exposed[name] = value
  },
}

// The desktop asks for Electron's version; a test process has none.
Object.defineProperty(process.versions, 'electron', {
  value: (createRequire(import.meta.url)('electron/package.json') as { version: string }).version,
  configurable: true,
})
