import { afterEach, describe, expect, it, vi } from 'vitest'
import { externalAddress } from '../../electron/desktop/guards.ts'
import { contentSecurityPolicy } from '../../electron/desktop/protocol.ts'
import { type SecurityFacts, securePreferences, weaknesses } from '../../electron/desktop/security.ts'
import { vetoed } from '../support/electron-double/electron.ts'
import { settle, startSmall } from './support.ts'

afterEach(() => vi.unstubAllGlobals())

const sound: SecurityFacts = {
  preferences: { ...securePreferences, preload: '/preload.cjs' },
  preload: '/preload.cjs',
  switches: ['enable-sandbox'],
  sandboxWaived: false,
  listeners: { 'will-navigate': 1, 'will-redirect': 1, 'will-frame-navigate': 1, 'will-attach-webview': 1 },
  policy: contentSecurityPolicy,
  schemeServed: true,
  channels: ['countersign:connect'],
  electronVersion: '45.4.1',
  packaged: true,
  appPath: '/opt/x/app.asar',
}
const preference = (name: string, value: unknown): Partial<SecurityFacts> => ({
  preferences: { ...sound.preferences, [name]: value },
})

/** One change a line; each alone must keep the window shut. */
const drifts: Readonly<Record<string, Partial<SecurityFacts>>> = {
  'Node in the page': preference('nodeIntegration', true),
  'Node in workers': preference('nodeIntegrationInWorker', true),
  'Node in frames': preference('nodeIntegrationInSubFrames', true),
  'no context isolation': preference('contextIsolation', false),
  'no sandbox': preference('sandbox', false),
  'no web security': preference('webSecurity', false),
  'insecure content': preference('allowRunningInsecureContent', true),
  'experimental features': preference('experimentalFeatures', true),
  'blink features': preference('enableBlinkFeatures', 'CSSVariables'),
  webviews: preference('webviewTag', true),
  'navigation by drop': preference('navigateOnDragDrop', true),
  'another preload': preference('preload', '/tmp/evil.cjs'),
  'sandbox not enabled': { switches: [] },
  'sandbox turned off': { switches: ['enable-sandbox', 'no-sandbox'] },
  'web security turned off': { switches: ['enable-sandbox', 'disable-web-security'] },
  'remote debugging': { switches: ['enable-sandbox', 'remote-debugging-port'] },
  'no policy': { policy: null },
  'a weaker policy': { policy: contentSecurityPolicy.replace("script-src 'self'", "script-src 'self' 'unsafe-inline'") },
  'navigation not vetoed': { listeners: { ...sound.listeners, 'will-navigate': 0 } },
  'redirects not vetoed': { listeners: { ...sound.listeners, 'will-redirect': 0 } },
  'frames not vetoed': { listeners: { ...sound.listeners, 'will-frame-navigate': 0 } },
  'webviews not vetoed': { listeners: { ...sound.listeners, 'will-attach-webview': 0 } },
  'an old Electron': { electronVersion: '44.9.0' },
  'no version': { electronVersion: '' },
  'one more channel': { channels: ['countersign:connect', 'exec'] },
  'no channel': { channels: [] },
  'the scheme not served': { schemeServed: false },
  'not run from the archive': { appPath: '/opt/x/app' },
}

describe('the security check', () => {
  it('passes when everything is as it should be', () => {
    expect(weaknesses(sound)).toEqual([])
  })

  it('lets the sandbox go only where command line and environment both say so', async () => {
    expect(weaknesses({ ...sound, switches: ['no-sandbox'], sandboxWaived: true })).toEqual([])
    const noSandbox = (world: { switches: Set<string> }) => void world.switches.add('no-sandbox')
    const taken = await startSmall({ world: noSandbox })
    expect([[...taken.world.switches], taken.world.windows[0]!.shown]).toEqual([['enable-sandbox'], true])
    const waived = await startSmall({ world: noSandbox, env: { XDG_CURRENT_DESKTOP: 'KDE', COUNTERSIGN_ALLOW_NO_SANDBOX: '1' } })
    expect([[...waived.world.switches], waived.world.windows[0]!.shown]).toEqual([['no-sandbox'], true])
  })

  it.each(Object.keys(drifts))('fails with %s', (name) => {
    expect(weaknesses({ ...sound, ...drifts[name] })).toHaveLength(1)
  })

  it('keeps the window shut when what took effect is not what was asked for', async () => {
    const { world, calls } = await startSmall({
      world: (world) => Object.assign(world.tamperedPreferences, { nodeIntegration: true }),
    })
    expect([world.windows.map(({ shown, destroyed }) => [shown, destroyed]), world.exitCode, calls]).toEqual([
      [[false, true]],
      1,
      ['start', 'stop'],
    ])
    expect(world.errorBoxes[0]).toContain('webPreferences.nodeIntegration: is true, must be false')
  })
})

describe('the page', () => {
  it('gets no permission of any kind', async () => {
    const { electron } = await startSmall()
    const { defaultSession } = electron.session
    const answers: boolean[] = []
    for (const permission of [
      'media',
      'geolocation',
      'notifications',
      'clipboard-read',
      'openExternal',
      'fullscreen',
      'unknown',
      'new-in-46',
    ]) {
      defaultSession.permissionRequest!(null, permission, (granted) => answers.push(granted))
      answers.push(defaultSession.permissionCheck!(null, permission))
    }
    answers.push(defaultSession.devicePermission!({}))
    expect(answers).toEqual(Array(17).fill(false))
  })

  it('asks nothing of the network', async () => {
    const { electron } = await startSmall()
    const cancelled = (url: string) => {
      let decision: boolean | undefined
      electron.session.defaultSession.beforeRequest!({ url }, ({ cancel }) => {
        decision = cancel
      })
      return decision
    }
    expect(
      ['https://evil.test/', 'http://127.0.0.1:80/', 'ws://x.test/', 'file:///etc/passwd', 'app://evil/x'].map(cancelled),
    ).toEqual(Array(5).fill(true))
    expect(['app://countersign/index.html', 'data:image/png;base64,AA'].map(cancelled)).toEqual([false, false])
  })

  it('goes nowhere, by link, redirect, frame, webview or new window', async () => {
    const { world } = await startSmall()
    const { webContents } = world.windows[0]!
    const away = [
      'https://evil.test/',
      'app://evil/',
      'app://countersign@evil/',
      'file:///etc/passwd',
      'javascript:alert(1)',
      'data:text/html,x',
      '',
    ]
    for (const url of away) {
      expect(vetoed(webContents, 'will-navigate', { url })).toBe(true)
      expect(vetoed(webContents, 'will-redirect', { url })).toBe(true)
      expect(vetoed(webContents, 'will-frame-navigate', { url, isMainFrame: true })).toBe(true)
      expect(webContents.openHandler!({ url })).toEqual({ action: 'deny' })
    }
    expect(vetoed(webContents, 'will-frame-navigate', { url: 'app://countersign/index.html', isMainFrame: false })).toBe(true)
    expect(vetoed(webContents, 'will-attach-webview')).toBe(true)
    expect(vetoed(webContents, 'will-navigate', { url: 'app://countersign/index.html' })).toBe(false)
  })

  it('opens outside only what is https or mail, and only after a person said so', async () => {
    const { world } = await startSmall()
    const open = world.windows[0]!.webContents.openHandler!
    for (const url of [
      'https://docs.test/a',
      'http://docs.test/',
      'file:///etc/passwd',
      'https://user:pw@docs.test/',
      'ms-msdt:/x',
    ])
      open({ url })
    await settle()
    expect(world.opened).toEqual([])
    world.dialogAnswer = 1
    for (const url of [
      'https://docs.test/a',
      'http://docs.test/',
      'file:///etc/passwd',
      'mailto:a@b.test',
      'vbscript:x',
      'https://u@docs.test/',
    ])
      open({ url })
    await settle()
    expect(world.opened).toEqual(['https://docs.test/a', 'mailto:a@b.test'])
    expect(externalAddress('HTTPS://Docs.Test/')?.hostname).toBe('docs.test')
  })

  it('is guarded in every window there will ever be', async () => {
    const { electron } = await startSmall()
    const { webContents } = new electron.BrowserWindow({ webPreferences: {} })
    expect(vetoed(webContents, 'will-navigate', { url: 'https://evil.test/' })).toBe(true)
    expect(webContents.openHandler!({ url: 'https://evil.test/' })).toEqual({ action: 'deny' })
  })
})
