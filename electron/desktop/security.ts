import { type BrowserWindow, ipcMain, type Session, type WebPreferences } from 'electron'
import { denyCheck, denyRequest, externalAddress } from './guards.ts'
import { isOurs, pageUrl, scheme } from './origin.ts'
import { connectChannel } from './preload/channels.ts'
import { answerFromFolder, contentSecurityPolicy } from './protocol.ts'

/** What every window is made with. */
export const securePreferences = {
  nodeIntegration: false,
  nodeIntegrationInWorker: false,
  nodeIntegrationInSubFrames: false,
  contextIsolation: true,
  sandbox: true,
  webSecurity: true,
  allowRunningInsecureContent: false,
  experimentalFeatures: false,
  enableBlinkFeatures: '',
  webviewTag: false,
  navigateOnDragDrop: false,
  // The spell checker would fetch dictionaries from the network.
  spellcheck: false,
} as const satisfies WebPreferences

/** One item of the security checklist that does not hold. */
export type Weakness = { readonly item: string; readonly detail: string }

/** What the check looks at, as values, so that the judgement is a pure function. */
export type SecurityFacts = {
  readonly preferences: Readonly<Record<string, unknown>>
  readonly preload: string
  readonly switches: readonly string[]
  readonly sandboxWaived: boolean
  readonly listeners: Readonly<Record<string, number>>
  readonly policy: string | null
  readonly schemeServed: boolean
  readonly channels: readonly string[]
  readonly electronVersion: string
  readonly packaged: boolean
  readonly appPath: string
}

/** For containers and tests: the sandbox is left out when the command line asks for it and the environment agrees. */
export function sandboxWaived(
  env: Readonly<Record<string, string | undefined>>,
  commandLine: { hasSwitch(name: string): boolean },
): boolean {
  return env.COUNTERSIGN_ALLOW_NO_SANDBOX === '1' && commandLine.hasSwitch('no-sandbox')
}

const oldestElectron = 45
const vetoes = ['will-navigate', 'will-redirect', 'will-frame-navigate', 'will-attach-webview']
const dangerousSwitches = [
  'disable-web-security',
  'allow-file-access-from-files',
  'remote-debugging-port',
  'allow-running-insecure-content',
]

/** Every item of the checklist that does not hold; empty when the window may be shown. */
export function weaknesses(facts: SecurityFacts): readonly Weakness[] {
  const found: Weakness[] = []
  const require = (holds: boolean, item: string, detail: string) => {
    if (!holds) found.push({ item, detail })
  }
  require(isOurs(pageUrl), 'secure content', 'the page is not served by the application')
  for (const [name, wanted] of Object.entries(securePreferences)) {
    const is = facts.preferences[name]
    const same = is === wanted || (wanted === '' && is === undefined)
    require(same, `webPreferences.${name}`, `is ${JSON.stringify(is)}, must be ${JSON.stringify(wanted)}`)
  }
  require(facts.preferences.preload === facts.preload, 'preload', 'another preload script is set')
  require(facts.switches.includes('enable-sandbox') ||
    facts.sandboxWaived, 'sandbox', 'the sandbox was not enabled for all processes')
  require(!facts.switches.includes('no-sandbox') || facts.sandboxWaived, 'sandbox', 'was turned off by --no-sandbox')
  for (const name of dangerousSwitches) {
    require(!facts.switches.includes(name) || (!facts.packaged && name === 'remote-debugging-port'), 'switches', `--${name} is set`)
  }
  let granted = denyCheck()
  denyRequest(null, 'media', (answer) => {
    granted ||= answer
  })
  require(!granted, 'permissions', 'a permission would be granted')
  require(facts.policy === contentSecurityPolicy, 'content security policy', `is ${JSON.stringify(facts.policy)}`)
  for (const name of vetoes) require((facts.listeners[name] ?? 0) > 0, 'navigation', `nobody vetoes ${name}`)
  const outside = [
    'file:///etc/passwd',
    'http://example.test/',
    'javascript:alert(1)',
    'https://a:b@example.test/',
    'smb://host/share',
  ]
  for (const address of outside) require(externalAddress(address) === null, 'openExternal', `${address} would be opened`)
  require(Number.parseInt(facts.electronVersion, 10) >= oldestElectron, 'version', `Electron ${facts.electronVersion} is too old`)
  require(facts.channels.join() === connectChannel, 'ipc', `channels are ${facts.channels.join(', ') || 'none'}`)
  require(facts.schemeServed, 'protocol', 'the application scheme is not served')
  require(!facts.packaged || facts.appPath.endsWith('.asar'), 'fuses', 'the packaged application does not run from its archive')
  return found
}

type FactsInput = {
  readonly window: BrowserWindow
  readonly session: Session
  readonly webRoot: string
  readonly preload: string
  readonly app: { readonly isPackaged: boolean; getAppPath(): string; readonly commandLine: { hasSwitch(name: string): boolean } }
  readonly env: Readonly<Record<string, string | undefined>>
  readonly electronVersion: string
}

/** Reads the facts back from the running window and session. */
export async function collectFacts(input: FactsInput): Promise<SecurityFacts> {
  const { window, session, app } = input
  // Exists in every Electron, is missing in its type file; it tells what really took effect, not what was asked for.
  const contents = window.webContents as typeof window.webContents & { getLastWebPreferences?(): WebPreferences | null }
  const page = await answerFromFolder(input.webRoot, { url: pageUrl, method: 'GET' })
  return {
    preferences: { ...securePreferences, preload: input.preload, ...contents.getLastWebPreferences?.() },
    preload: input.preload,
    switches: ['enable-sandbox', 'no-sandbox', ...dangerousSwitches].filter((name) => app.commandLine.hasSwitch(name)),
    sandboxWaived: sandboxWaived(input.env, app.commandLine),
    listeners: Object.fromEntries(vetoes.map((name) => [name, contents.listenerCount(name)])),
    policy: page.headers.get('content-security-policy'),
    schemeServed: session.protocol.isProtocolHandled(scheme),
    channels: ipcMain.eventNames().map(String),
    electronVersion: input.electronVersion,
    packaged: app.isPackaged,
    appPath: app.getAppPath(),
  }
}
