import { afterEach, describe, expect, it, vi } from 'vitest'
import { approvalItem } from '../support/item.ts'
import { alertOf, counts, openPage, settle, smallApp, startSmall, waiting } from './support.ts'

afterEach(() => vi.unstubAllGlobals())

describe('the page', () => {
  it('calls a real procedure over a real message port, as the owner at the desktop', async () => {
    await startSmall()
    const { client } = await openPage()
    expect(await client.system.session({})).toEqual({
      person: { email: 'owner@example.test', name: 'Owner' },
      scopes: ['read', 'decide', 'admin'],
      via: 'desktop',
    })
  })

  it('gets changes as they happen, and ends the stream when it goes away', async () => {
    const desktop = await startSmall()
    const { client, port } = await openPage()
    const changes = await client.events.subscribe({})
    const first = changes.next()
    await settle()
    desktop.publish({ kind: 'counts', counts: counts(7) })
    expect(await first).toEqual({ done: false, value: { kind: 'counts', counts: counts(7) } })
    expect(desktop.watchers.size).toBe(2)
    port.close()
    await settle()
    expect(desktop.watchers.size).toBe(1)
  })

  it('is told what the catalogue says when a procedure refuses its input', async () => {
    await startSmall()
    const { client } = await openPage()
    await expect(client.approvals.decide({ approval_id: '', decision: 'approve' })).rejects.toMatchObject({ code: 'BAD_REQUEST' })
  })

  it('sees nothing of Electron but the name of its host', async () => {
    const { electron } = await startSmall()
    await openPage()
    expect(electron.exposed).toEqual({ countersign: { host: 'desktop' } })
  })

  it('survives a thousand broken messages on its port and answers the next good one', async () => {
    const desktop = await startSmall()
    const { client, port } = await openPage()
    const broken = [
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
    const others: unknown[] = [
      null,
      1,
      undefined,
      {},
      [],
      new Uint8Array(8),
      { i: 1, p: { u: '/x', b: 1 } },
      new Map([[1, 2]]),
      true,
    ]
    const paths = ['/__proto__/x', '/constructor/prototype', '/system/session/../..', '/%00', '/approvals/decide', 'javascript:1']
    for (let index = 0; index < 100; index++) {
      for (const message of [...broken, ...others]) port.postMessage(message)
      for (const path of paths)
        port.postMessage(JSON.stringify({ i: `${index}`, p: { u: path, b: { json: { a: index } }, m: 'POST' } }))
    }
    await settle()
    expect((await client.system.session({})).via).toBe('desktop')
    expect(desktop.calls).toEqual(['start'])
    expect(desktop.world.exitCode).toBe(null)
  })

  it('gets a fresh port when it loads anew, and the old one ends', async () => {
    const desktop = await startSmall()
    const first = await openPage()
    const closed = new Promise((ended) => first.port.addEventListener('close', ended))
    desktop.world.windows[0]!.webContents.emit('did-start-navigation', { isMainFrame: true, isSameDocument: false })
    await closed
    vi.resetModules()
    desktop.electron.ipcMain.emit('countersign:connect', {
      sender: desktop.world.windows[0]!.webContents,
      senderFrame: desktop.world.windows[0]!.webContents.mainFrame,
    })
    expect(desktop.logged).toEqual([])
  })
})

describe('hostile frames', () => {
  it('get no port, whoever they are', async () => {
    const { electron, world, logged } = await startSmall()
    const { webContents } = world.windows[0]!
    const arrived: unknown[] = []
    webContents.page.on('countersign:port', (event) => arrived.push(event))
    const frames = [
      null,
      webContents.subframe('app://countersign/index.html'),
      ...[
        'https://evil.test/',
        'app://evil/',
        'app://countersign.evil.test/',
        'app://countersign@evil/',
        'file:///etc/passwd',
        'about:blank',
      ].map((url) => Object.assign(webContents.subframe(url), { parent: null })),
    ]
    for (const frame of frames) webContents.fromPage('countersign:connect', frame)
    webContents.mainFrame.url = 'https://evil.test/'
    webContents.fromPage('countersign:connect')
    webContents.mainFrame.url = 'app://countersign/index.html'
    const other = new electron.BrowserWindow({ webPreferences: {} })
    other.webContents.mainFrame.url = 'app://countersign/index.html'
    other.webContents.fromPage('countersign:connect')
    expect([arrived.length, logged.length]).toEqual([0, 10])
    webContents.fromPage('countersign:connect')
    expect(arrived).toHaveLength(1)
  })
})

describe('what a person sees of the desktop', () => {
  it('shows the window when there is something to see', async () => {
    const { world } = await startSmall()
    expect(world.windows.map((window) => [window.shown, window.webContents.mainFrame.url])).toEqual([
      [true, 'app://countersign/index.html'],
    ])
  })

  it('counts what waits in badge and tray', async () => {
    const desktop = await startSmall()
    desktop.publish({ kind: 'counts', counts: counts(3) })
    await settle()
    expect([desktop.world.badge, desktop.world.trays[0]!.toolTip, desktop.world.trays[0]!.items[0]!.label]).toEqual([
      3,
      'Countersign: 3 requests wait',
      '3 requests wait',
    ])
  })

  it('counts what waits for the owner, not what waits for others', async () => {
    const desktop = await startSmall()
    const views = { inbox: 1, due_soon: 0, waiting: 2, snoozed: 0, done: 0, all: 3 }
    desktop.publish({ kind: 'counts', counts: { ...counts(3), views } })
    await settle()
    expect([desktop.world.badge, desktop.world.trays[0]!.toolTip]).toEqual([1, 'Countersign: 1 request waits'])
  })

  it('shows what the core says is to be told, without its contents, and a click only navigates', async () => {
    const desktop = await startSmall()
    const page = await openPage()
    desktop.items.set('a1', approvalItem('a1'))
    desktop.publish(waiting('a1', new Date(desktop.clock.now()).toISOString()))
    desktop.publish(alertOf('a1'))
    desktop.publish(alertOf('a2', { sound: true, reason: 'half', text: 'Half of its time is over.' }))
    await settle()
    expect(desktop.world.notifications.map(({ title, body, silent }) => [title, body, silent])).toEqual([
      ['Refund a1', 'New, from Shop.', true],
      ['Refund a2', 'Half of its time is over.', false],
    ])
    desktop.world.notifications[0]!.emit('click')
    expect([page.opened, desktop.calls]).toEqual([['a1'], ['start']])
  })

  it('puts a burst in the place of those told one by one, and a click on it opens the list', async () => {
    const desktop = await startSmall()
    const page = await openPage()
    for (const id of ['a1', 'a2']) desktop.publish(alertOf(id))
    await settle()
    desktop.publish(
      alertOf('a1', { approval_ids: ['a1', 'a2', 'a3'], count: 3, title: '3 new requests', text: 'Refund a1 and 2 more.' }),
    )
    await settle()
    expect(desktop.world.notifications.map(({ title, closed }) => [title, closed])).toEqual([
      ['Refund a1', true],
      ['Refund a2', true],
      ['3 new requests', false],
    ])
    desktop.world.windows[0]!.close()
    desktop.world.notifications.at(-1)!.emit('click')
    expect([page.opened, desktop.world.windows[0]!.focused]).toEqual([[], true])
  })

  it('shows nothing to whoever looks at the inbox', async () => {
    const desktop = await startSmall()
    desktop.world.windows[0]!.focus()
    desktop.publish(alertOf('a1'))
    await settle()
    expect(desktop.world.notifications).toEqual([])
  })

  it('hides to the tray when closed, says so the first time, and comes back', async () => {
    const { world, electron } = await startSmall()
    const window = world.windows[0]!
    window.close()
    expect([window.shown, window.destroyed, world.quits, world.notifications.map(({ title }) => title)]).toEqual([
      false,
      false,
      0,
      ['Countersign keeps running'],
    ])
    electron.app.emit('second-instance', {}, ['countersign'])
    expect([window.shown, window.focused]).toEqual([true, true])
    window.close()
    expect(world.notifications).toHaveLength(1)
  })

  it('quits on close where there is no tray, after everything is stored', async () => {
    for (const lacking of [
      { world: (world: { trayWorks: boolean }) => void Object.assign(world, { trayWorks: false }) },
      { env: { XDG_CURRENT_DESKTOP: 'GNOME' } },
      { env: {} },
    ]) {
      const desktop = await startSmall(lacking)
      desktop.world.windows[0]!.close()
      await settle()
      expect([desktop.calls, desktop.world.exitCode]).toEqual([['start', 'stop'], 0])
    }
  })

  it('works without tray, notifications and power monitor', async () => {
    const desktop = await startSmall({
      world: (world) => void Object.assign(world, { trayWorks: false, notificationsWork: false, powerMonitorWorks: false }),
    })
    desktop.publish(alertOf('a1'))
    await settle()
    const { client } = await openPage()
    expect([(await client.system.session({})).via, desktop.world.errorBoxes, desktop.world.windows[0]!.shown]).toEqual([
      'desktop',
      [],
      true,
    ])
  })

  it('looks at the clock when the machine wakes', async () => {
    const desktop = await startSmall()
    desktop.electron.powerMonitor.emit('resume')
    desktop.electron.powerMonitor.emit('resume')
    expect(desktop.calls).toEqual(['start', 'tick', 'tick'])
  })

  it('loads the page again after it crashed, but not for ever', async () => {
    const { world } = await startSmall()
    const window = world.windows[0]!
    const load = vi.spyOn(window, 'loadURL')
    for (let index = 0; index < 10; index++) window.webContents.emit('render-process-gone', {}, { reason: 'crashed' })
    expect(load).toHaveBeenCalledTimes(3)
  })
})

describe('deep links', () => {
  it('open a request and do nothing else, running or not', async () => {
    const desktop = await startSmall({ args: ['--flag', 'countersign://approvals/first', '--another'] })
    const page = await openPage()
    expect(page.opened).toEqual(['first'])
    desktop.electron.app.emit('second-instance', {}, ['x', '--y', 'countersign://approvals/second?decision=approve'])
    expect(page.opened).toEqual(['first', 'second'])
    desktop.electron.app.emit('open-url', { preventDefault() {} }, 'countersign://approvals/third')
    expect([page.opened, desktop.calls]).toEqual([['first', 'second', 'third'], ['start']])
  })

  it('are ignored when they are anything else', async () => {
    const desktop = await startSmall()
    const page = await openPage()
    const hostile = [
      'countersign://approvals/',
      'countersign://approvals/a/approve',
      'countersign://decide/a1',
      'countersign:approvals/a1',
      'countersign://approvals/..',
      'countersign://approvals/%2e%2e',
      'countersign://approvals/a b',
      `countersign://approvals/${'a'.repeat(101)}`,
      'countersign://',
      'COUNTERSIGN:',
      'countersign://approvals/a#<script>',
      'countersign://approvals/a;b',
      'https://evil.test/approvals/a1',
      'countersign://evil/approvals/a1',
    ]
    for (const link of hostile) desktop.electron.app.emit('open-url', { preventDefault() {} }, link)
    for (const link of hostile) desktop.electron.app.emit('second-instance', {}, [link])
    expect([...new Set(page.opened)]).toEqual(['a'])
    expect(desktop.calls).toEqual(['start'])
  })
})

describe('starting and stopping', () => {
  it('leaves it to the instance that is there already', async () => {
    const desktop = await startSmall({ world: (world) => Object.assign(world, { singleInstance: false }) })
    expect([desktop.world.quits, desktop.world.windows.length, desktop.calls]).toEqual([1, 0, []])
  })

  it('says what went wrong and ends when the application cannot start', async () => {
    const small = smallApp()
    small.app.start = async () => {
      throw new Error('the home folder is in use by process 42')
    }
    const { world } = await startSmall({ small })
    expect([world.errorBoxes, world.exitCode, world.windows.length]).toEqual([['the home folder is in use by process 42'], 1, 0])
  })

  it('stops the application before it ends, once, however often it is asked', async () => {
    const desktop = await startSmall()
    desktop.electron.app.quit()
    desktop.electron.app.quit()
    await settle()
    expect([desktop.calls, desktop.world.exitCode]).toEqual([['start', 'stop'], 0])
  })
})
