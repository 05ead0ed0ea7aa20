import { setImmediate } from 'node:timers/promises'
import { MessageChannel } from 'node:worker_threads'
import fc from 'fast-check'
import { afterAll, afterEach, beforeAll, expect, test, vi } from 'vitest'
import { openTestApp, type TestApp } from '../support/app.ts'
import { vetoed } from '../support/electron-double/electron.ts'
import { openPage, type Page, settle, smallApp, startSmall } from './support.ts'

/**
 * Forty attempts of a renderer that somebody else controls: at getting a port, through the preload, over the port, and out of the window.
 * Behind the port is the real application. After each attempt nothing is decided or submitted, nobody has gained anything, and the page
 * is still answered.
 */

let scene: TestApp
let approval: string
const rejections: unknown[] = []
const noteRejection = (reason: unknown) => void rejections.push(reason)
beforeAll(async () => {
  process.on('unhandledRejection', noteRejection)
  scene = await openTestApp()
  const request = { type: 'refund', title: 'Refund order 1042', amount: 5, approver_email: 'bo@example.com' }
  const { task_id } = await scene.source.requests.submitRequest(request)
  approval = (await scene.owner.tasks.status({ task_id })).pending_approvals[0]!.id
})
afterEach(() => vi.unstubAllGlobals())
afterAll(async () => {
  process.off('unhandledRejection', noteRejection)
  await scene.remove()
})

type Desktop = Awaited<ReturnType<typeof startSmall>>
type Attack = {
  readonly desktop: Desktop
  readonly page: Page
  readonly contents: Desktop['world']['windows'][number]['webContents']
}
/** Throws, or returns what must not have come out of it: only undefined is nothing. */
type Attempt = (attack: Attack) => unknown

const ours = 'app://countersign/index.html'
/** The page's own window, as the preload saw it. */
const pageWindow = () => globalThis.window as unknown as EventTarget & { postMessage(data: unknown, origin: string): void }

/** Asks for a port from a frame; how many ports came of it. */
async function portsFor({ contents }: Attack, from: () => void): Promise<number | undefined> {
  let ports = 0
  contents.page.on('countersign:port', () => ports++)
  from()
  await settle()
  return ports === 0 ? undefined : ports
}

const topFrame =
  (url: string): Attempt =>
  (attack) =>
    portsFor(attack, () =>
      attack.contents.fromPage('countersign:connect', Object.assign(attack.contents.subframe(url), { parent: null })),
    )

const navigatedTo =
  (url: string): Attempt =>
  (attack) => {
    attack.contents.mainFrame.url = url
    return portsFor(attack, () => attack.contents.fromPage('countersign:connect')).finally(() => {
      attack.contents.mainFrame.url = ours
    })
  }

const call = (path: string, input: unknown, more: object = {}): string =>
  JSON.stringify({ i: `${Math.random()}`, p: { u: path, b: { json: input, ...more }, m: 'POST' } })

/** Posts messages on the port; what came back that is an answer to be glad of. */
async function post({ page }: Attack, messages: readonly unknown[]): Promise<unknown> {
  const won: unknown[] = []
  const listen = ({ data }: { data: unknown }) => {
    const { p } = JSON.parse(String(data)) as { p?: { s?: number; b?: unknown } }
    if (p?.s === undefined || p.s < 400) won.push(data)
  }
  page.port.addEventListener('message', listen as never)
  for (const message of messages) page.port.postMessage(message)
  await settle()
  await setImmediate()
  page.port.removeEventListener('message', listen as never)
  return won.length === 0 ? undefined : won
}

const posts =
  (messages: () => readonly unknown[]): Attempt =>
  (attack) =>
    post(attack, messages())

/** Calls by the page's own client; the code of its refusal has to be this one. */
const refused =
  (code: string, doIt: (attack: Attack) => Promise<unknown>): Attempt =>
  async (attack) => {
    const told = await doIt(attack).then(
      (output) => (output as { results?: { code: string | null }[] }).results?.[0]?.code ?? 'it was done',
      (error: { code?: string }) => error.code ?? String(error),
    )
    return told === code ? undefined : told
  }

const deep = (levels: number): string => `${'['.repeat(levels)}${']'.repeat(levels)}`
const version = 'a'.repeat(64)

const attempts: Readonly<Record<string, Attempt>> = {
  // At getting a port.
  'a frame inside our page asks for a port': (attack) =>
    portsFor(attack, () => attack.contents.fromPage('countersign:connect', attack.contents.subframe(ours))),
  'a frame that is gone asks for a port': (attack) => portsFor(attack, () => attack.contents.fromPage('countersign:connect', null)),
  'a page of the web asks for a port': topFrame('https://evil.example/'),
  'another host of our scheme asks for a port': topFrame('app://evil/index.html'),
  'a host that begins like ours asks for a port': topFrame('app://countersign.evil.example/index.html'),
  'a host behind our name as its user asks for a port': topFrame('app://countersign@evil/index.html'),
  'a file asks for a port': topFrame('file:///index.html'),
  'an empty page asks for a port': topFrame('about:blank'),
  'a page that is data asks for a port': topFrame('data:text/html,app://countersign/'),
  'our own window asks for a port once it shows another page': navigatedTo('https://evil.example/app://countersign/'),
  'another window that shows our page asks for a port': async ({ desktop }) => {
    const other = new desktop.electron.BrowserWindow({ webPreferences: {} })
    other.webContents.mainFrame.url = ours
    const ports: unknown[] = []
    other.webContents.page.on('countersign:port', (event) => ports.push(event))
    other.webContents.fromPage('countersign:connect')
    await settle()
    other.destroy()
    desktop.world.windows.splice(1)
    return ports[0]
  },
  'our page asks the main process on other channels': ({ contents, desktop }) => {
    const channels = ['countersign:exec', 'countersign:open', 'countersign:port', 'ELECTRON_BROWSER_REQUIRE', 'shell', '__proto__']
    const heard = channels.filter((channel) => contents.fromPage(channel))
    return heard[0] ?? (desktop.electron.ipcMain.eventNames().length === 1 ? undefined : desktop.electron.ipcMain.eventNames())
  },

  // Through the preload.
  'a frame’s message pretends to be the page’s': (attack) =>
    portsFor(attack, () => {
      const message = { data: { type: 'countersign:ready' }, source: { frame: true }, ports: [] }
      pageWindow().dispatchEvent(Object.assign(new Event('message'), message))
      pageWindow().dispatchEvent(Object.assign(new Event('message'), { ...message, source: null }))
    }),
  'messages to the preload are of every other kind': (attack) =>
    portsFor(attack, () => {
      const texts = ['countersign:connect', 'countersign:ready ', 'Countersign:ready', '__proto__', 'countersign:open']
      const values = [null, undefined, 1, 'countersign:ready', [], ['countersign:ready'], { type: ['countersign:ready'] }]
      const objects = [{ type: { toString: () => 'countersign:ready' } }, Object.create({ type: null })]
      for (const data of [...values, ...objects, ...texts.map((type) => ({ type }))]) pageWindow().postMessage(data, '*')
    }),
  'a thousand ports are asked for': async ({ contents, page, desktop }) => {
    const closed = new Promise((ended) => page.port.addEventListener('close', ended))
    for (let index = 0; index < 1000; index++) contents.fromPage('countersign:connect')
    await closed
    await settle()
    return desktop.watchers.size > 1 ? desktop.watchers.size : undefined
  },
  'the main process is made to open what is no request': ({ contents, page }) => {
    const ids = [
      '../x',
      'a/b',
      '<img src=x>',
      '',
      'x'.repeat(101),
      'a b',
      'a\u202eb',
      'javascript:1',
      'a?b',
      'a#b',
      null,
      {},
      ['a1'],
      7,
    ]
    for (const id of ids) contents.send('countersign:open', id)
    return page.opened[0]
  },
  'what the preload exposes is searched for a way to Electron': ({ desktop }) => {
    const { countersign } = desktop.electron.exposed as { countersign: Record<string, unknown> }
    const kinds = Object.values(countersign).map((value) => typeof value)
    return Object.keys(desktop.electron.exposed).length === 1 && kinds.every((kind) => kind === 'string') ? undefined : kinds
  },
  'what the preload exposes is replaced': (attack) => {
    Object.assign(pageWindow(), { countersign: { host: 'headless', ipcRenderer: {} } })
    return portsFor(attack, () => pageWindow().postMessage({ type: 'countersign:port' }, '*'))
  },

  // Over the port: what is no message of ours.
  'messages that are no text': posts(() => {
    const values = [null, undefined, 1, true, {}, [], new Uint8Array(8), new ArrayBuffer(8), new Map([[1, 2]]), new Date(), /x/, 1n]
    return Array.from({ length: 1000 }, (_, index) => values[index % values.length])
  }),
  'messages that are broken text': posts(() => {
    const texts = [
      '',
      '{',
      'null',
      '[]',
      '0',
      '"x"',
      '{"i":1}',
      '{"i":"1","p":{"u":"//"}}',
      '{"i":1,"t":3,"p":null}',
      '{"i":1,"t":4}',
    ]
    return Array.from({ length: 1000 }, (_, index) => texts[index % texts.length])
  }),
  'a thousand messages made up by chance': posts(() => {
    const message = fc.record({
      i: fc.jsonValue(),
      t: fc.jsonValue(),
      p: fc.oneof(fc.jsonValue(), fc.dictionary(fc.string(), fc.jsonValue())),
    })
    return fc.sample(
      fc.oneof(
        fc.string(),
        fc.json(),
        message.map((value) => JSON.stringify(value)),
      ),
      { numRuns: 1000, seed: 7 },
    )
  }),
  'a message larger than anything the contract takes': posts(() => ['x'.repeat(8 * 1024 * 1024 + 1)]),
  'a message nested deeper than a parser likes': posts(() => [
    `{"i":"1","p":{"u":"/approvals/decide","m":"POST","b":{"json":${deep(50_000)}}}}`,
  ]),
  'a message with another port in it': async ({ page }) => {
    const { port1, port2 } = new MessageChannel()
    const answer = new Promise((resolve) => port1.once('message', resolve))
    page.port.postMessage(call('/system/session', {}), [port2 as never])
    const first = await Promise.race([answer, settle().then(() => undefined)])
    port1.close()
    return first
  },

  // Over the port: what no procedure is for.
  'calls of what every object has': posts(() =>
    [
      '__proto__',
      'constructor',
      'constructor/prototype',
      'toString',
      'hasOwnProperty',
      '~orpc',
      'approvals/~orpc',
      'approvals/decide/~orpc/handler',
    ].map((path) => call(`/${path}`, {})),
  ),
  'calls that walk out of the router': posts(() =>
    [
      '/../system/link',
      '/approvals/../tokens/create/..',
      '//evil.example/x',
      '/%2e%2e/x',
      '/approvals%2fdecide',
      '/%00',
      'javascript:1',
      'file:///etc/passwd',
      '',
    ].map((path) => call(path, {})),
  ),
  'calls of procedures that do not exist': posts(() =>
    ['exec', 'shell/openExternal', 'journal/append', 'access/create', 'engine/decide', 'approvals', 'approvals/decide/x'].map(
      (path) => call(`/${path}`, { command: 'id' }),
    ),
  ),
  'an input that names a prototype': posts(() => [
    `{"i":"1","p":{"u":"/approvals/decide","m":"POST","b":{"json":{"__proto__":{"polluted":true},"constructor":{"prototype":{"polluted":true}}}}}}`,
  ]),
  'a description of types that walks to a prototype': posts(() =>
    [0, 1, 2, 3, 4, 5, 6, 7].flatMap((type) => [
      call('/approvals/decide', {}, { meta: [[type, '__proto__', 'polluted']] }),
      call('/approvals/decide', { a: {} }, { meta: [[type, 'a', 'constructor', 'prototype', 'polluted']] }),
      call('/approvals/decide', { a: 'x' }, { meta: [[type, 'a', 'b', 'c']], maps: [['__proto__', 'polluted']] }),
    ]),
  ),
  'a pattern that takes for ever, as a value of its own type': posts(() => [
    call(
      '/approvals/list',
      { search: ['(a+)+$', ''] },
      {
        meta: [
          [5, 'search'],
          [6, 'search'],
          [7, 'search'],
        ],
      },
    ),
  ]),

  // Over the port: as somebody else, or more than the owner may.
  'an input that says who calls': async (attack) => {
    const caller = {
      scopes: ['submit'],
      person: { email: 'bo@example.com', name: 'Bo' },
      source: { id: 'src_1', name: 'x' },
      credential: 'x',
      via: 'http',
    }
    return post(attack, [
      call('/system/session', { caller }),
      call('/approvals/decide', { approval_id: approval, decision: 'approve', caller, context: { caller } }),
    ])
  },
  'headers that say who calls': async ({ page }) => {
    const answered = new Promise<string>((resolve) => {
      page.port.addEventListener('message', (({ data }: { data: string }) => resolve(data)) as never, { once: true })
    })
    const headers = { authorization: 'Bearer cs_sX', cookie: 'countersign_session=x', 'x-forwarded-for': '10.0.0.1' }
    page.port.postMessage(JSON.stringify({ i: '9', p: { u: '/system/session', b: { json: {} }, m: 'POST', h: headers } }))
    const text = await answered
    return text.includes('"via":"desktop"') && text.includes('owner@example.com') ? undefined : text
  },
  'the page submits a request': refused('forbidden', ({ page }) => page.client.requests.submitRequest({ type: 'refund' })),
  'the page starts a workflow': refused('forbidden', ({ page }) => page.client.workflows.start({ name: 'refund', input: {} })),
  'the page approves what somebody else is asked': refused('not-approver', ({ page }) =>
    page.client.approvals.decide({ approval_id: approval, decision: 'approve' }),
  ),
  'the page approves it among several': refused('not-approver', ({ page }) =>
    page.client.approvals.decideMany({ decision: 'approve', items: [{ approval_id: approval, version }] }),
  ),
  'the page hands itself the decisions of others': refused('forbidden', ({ page }) =>
    page.client.people.delegate({
      from: 'bo@example.com',
      to: 'owner@example.com',
      ends_at: new Date(Date.now() + 86_400_000).toISOString(),
    } as never),
  ),
  'the page asks for a way into the inbox in a browser, where none is served': refused('not-found', ({ page }) =>
    page.client.system.link({}),
  ),

  // Out of the window.
  'the page leaves, opens windows, frames and webviews, and asks for permissions': async ({ contents, desktop }) => {
    const { defaultSession } = desktop.electron.session
    const granted: string[] = []
    const addresses = [
      'https://evil.example/',
      'file:///etc/passwd',
      'javascript:alert(1)',
      'app://evil/',
      'data:text/html,x',
      'blob:x',
      'http://127.0.0.1/',
    ]
    for (const url of addresses) {
      for (const event of ['will-navigate', 'will-redirect']) if (!vetoed(contents, event, { url })) granted.push(`${event} ${url}`)
      if (!vetoed(contents, 'will-frame-navigate', { url, isMainFrame: false })) granted.push(`frame ${url}`)
      if (contents.openHandler!({ url }).action !== 'deny') granted.push(`open ${url}`)
      let cancelled: boolean | undefined
      defaultSession.beforeRequest!({ url }, ({ cancel }) => (cancelled = cancel))
      if (cancelled !== true && !url.startsWith('data:')) granted.push(`request ${url}`)
    }
    if (!vetoed(contents, 'will-attach-webview')) granted.push('webview')
    for (const permission of ['media', 'clipboard-read', 'openExternal', 'fileSystem', 'hid', 'x']) {
      defaultSession.permissionRequest!(null, permission, (yes) => yes && granted.push(permission))
      if (defaultSession.permissionCheck!(null, permission)) granted.push(permission)
    }
    await settle()
    return granted[0]
  },
  'the page loads files that are not its own': async ({ desktop }) => {
    const handler = desktop.electron.protocol.handlers.get('app')!
    const paths = [
      '/../secret',
      '/%2e%2e/%2e%2e/etc/passwd',
      '/..\\..\\etc\\passwd',
      '//etc/passwd',
      '/index.html%00',
      '/.built',
      '/C:/x',
    ]
    const addresses = [...paths.map((path) => `app://countersign${path}`), 'app://evil/index.html', 'file:///etc/passwd']
    const statuses = await Promise.all(addresses.map(async (url) => (await handler({ url, method: 'GET' } as Request)).status))
    return statuses.find((status) => status < 400)
  },
}

test('there are forty attempts', () => {
  expect(Object.keys(attempts)).toHaveLength(40)
})

test('an attempt that came through would be seen', async () => {
  const desktop = await startSmall({
    small: { ...smallApp(), app: { ...scene.app, start: async () => {}, stop: async () => {} } as never },
  })
  const page = await openPage()
  const attack = { desktop, page, contents: desktop.world.windows[0]!.webContents }
  expect(await post(attack, [call('/system/session', {})])).toHaveLength(1)
  expect(await refused('forbidden', () => page.client.system.session({}))(attack)).toBe('it was done')
  expect(await portsFor(attack, () => attack.contents.fromPage('countersign:connect'))).toBe(1)
})

const journalled = async () => (await scene.owner.audit.list({})).items.length

test.each(Object.entries(attempts))('contained: %s', async (_what, attempt) => {
  const before = await journalled()
  const app = { router: scene.app.router, settings: scene.app.settings, ownerCaller: scene.app.ownerCaller }
  const desktop = await startSmall({
    small: { ...smallApp(), app: { ...app, start: async () => {}, stop: async () => {} } as never },
  })
  const page = await openPage()
  const { webContents: contents } = desktop.world.windows[0]!
  expect(await attempt({ desktop, page, contents })).toBe(undefined)
  await settle()

  const { world, electron } = desktop
  expect([world.exitCode, world.quits, world.errorBoxes, world.opened, world.windows.length]).toEqual([null, 0, [], [], 1])
  expect(electron.exposed).toEqual({ countersign: { host: 'desktop' } })
  expect([({} as { polluted?: unknown }).polluted, rejections]).toEqual([undefined, []])
  expect(await journalled()).toBe(before)
  expect((await scene.owner.approvals.get({ approval_id: approval })).status).toBe('pending')
  // The page that is ours is answered as before.
  vi.resetModules()
  const again = new Promise<MessagePort>((arrived) => contents.page.once('countersign:port', ({ ports }) => arrived(ports[0])))
  contents.fromPage('countersign:connect')
  const port = await again
  const answered = new Promise<string>((resolve) => (port as unknown as NodeJS.EventEmitter).once('message', resolve))
  port.postMessage(call('/system/session', {}))
  expect(await answered).toContain('"via":"desktop"')
  port.close()
})
