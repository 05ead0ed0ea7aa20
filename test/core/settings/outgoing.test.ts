import { readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { SettingsInput } from '../../../shared/contract/settings.ts'
import { type Client, clientFor, newHome, openTestApp, type TestApp } from '../../support/app.ts'

const first = `# what happens afterwards
actions:
  # the bank's own endpoint
  expense:
    url: http://127.0.0.1:8080/payments # v2
    headers:
      Authorization: Bearer hush-1 # rotate in May
      X-Team: finance
    timeout_seconds: 10
  deployment:
    command: [node, deploy.mjs]
    cwd: /srv
hooks:
  # from the shop
  shop:
    scheme: github
    secret_env: [SHOP_NEW, SHOP_OLD]
    type: order
alerts:
  webhook: https://chat.example/services/T0/hush-2
`

let scene: TestApp
let window: Client
const file = () => join(scene.home, 'config.yaml')
const text = () => readFile(file(), 'utf8')

beforeEach(async () => {
  const home = newHome()
  await writeFile(join(home, 'config.yaml'), first)
  scene = await openTestApp({ home })
  window = clientFor(scene.app, scene.app.ownerCaller('desktop'))
})
afterEach(() => scene.remove())

const refusal = async (
  client: Client,
  input: SettingsInput,
): Promise<{ code: string; errors: readonly { pointer: string; message: string }[] }> => {
  const error = await client.settings.update(input).then(
    () => null,
    (thrown: { code: string; data?: { errors?: readonly { pointer: string; message: string }[] } }) => thrown,
  )
  return { code: error?.code ?? 'taken', errors: error?.data?.errors ?? [] }
}

/** The journal's files, as they are on disk. */
async function journal(): Promise<string> {
  const folder = join(scene.home, 'journal')
  const names = (await readdir(folder)).filter((name) => name.endsWith('.jsonl'))
  return (await Promise.all(names.map((name) => readFile(join(folder, name), 'utf8')))).join('')
}

describe('what is called by itself', () => {
  it('is shown with its lines and without what headers say', async () => {
    const shown = await scene.owner.settings.outgoing({})
    expect(shown).toEqual({
      actions: [
        {
          kind: 'call',
          type: 'expense',
          url: 'http://127.0.0.1:8080/payments',
          headers: ['Authorization', 'X-Team'],
          timeout_seconds: 10,
          line: 4,
        },
        { kind: 'command', type: 'deployment', command: ['node', 'deploy.mjs'], cwd: '/srv', timeout_seconds: null, line: 10 },
      ],
      may_set_commands: false,
      review_webhook: 'https://chat.example/services/T0/hush-2',
      file: file(),
    })
    expect((await window.settings.outgoing({})).may_set_commands).toBe(true)
    expect(JSON.stringify(shown)).not.toContain('hush-1')
    expect(JSON.stringify(await scene.owner.settings.get({}))).not.toContain('hush')
  })

  it('is for administrators alone', async () => {
    const reader = clientFor(scene.app, { ...scene.app.ownerCaller('http'), scopes: ['read', 'decide'] })
    await expect(reader.settings.outgoing({})).rejects.toMatchObject({ code: 'forbidden' })
    await expect(reader.settings.update({ actions: { expense: null } })).rejects.toMatchObject({ code: 'forbidden' })
  })

  it('is changed where it says something else, with every comment kept', async () => {
    await scene.owner.settings.update({
      actions: {
        expense: {
          url: 'http://127.0.0.1:8080/v3/payments',
          headers: { Authorization: true, 'X-Run': 'yes' },
          timeout_seconds: 20,
        },
        refund: { url: 'https://shop.example/refunds' },
        deployment: { command: ['node', 'deploy.mjs'], cwd: '/srv', timeout_seconds: 600 },
      },
    })
    expect(await text()).toContain(`# what happens afterwards
actions:
  # the bank's own endpoint
  expense:
    url: http://127.0.0.1:8080/v3/payments # v2
    headers:
      Authorization: Bearer hush-1 # rotate in May
      X-Run: yes
    timeout_seconds: 20
  deployment:
    command: [node, deploy.mjs]
    cwd: /srv
    timeout_seconds: 600
  refund:
    url: https://shop.example/refunds
hooks:
`)
    expect(scene.app.settings.config.actions.expense).toMatchObject({ headers: { Authorization: 'Bearer hush-1', 'X-Run': 'yes' } })
  })

  it('is taken out by its name, and what is not there is no change', async () => {
    await scene.owner.settings.update({ actions: { expense: null, deployment: null }, hooks: { shop: null } })
    expect(scene.app.settings.config).toMatchObject({ actions: {}, hooks: {} })
    expect(await text()).not.toMatch(/expense:|deployment:|shop:/)
    const before = await text()
    await scene.owner.settings.update({ actions: { expense: null }, hooks: { shop: null } })
    expect(await text()).toBe(before)
  })

  it('is held against the schema of the file, member by member', async () => {
    const before = await text()
    expect(
      await refusal(scene.owner, { actions: { Big: { url: 'ftp://x', headers: { 'bad name': 'x' }, timeout_seconds: 9999 } } }),
    ).toEqual({
      code: 'invalid-input',
      errors: [
        { pointer: '/actions/Big', message: expect.stringMatching(/^must be a request type/) },
        { pointer: '/actions/Big/url', message: 'must be an http or https address' },
        { pointer: '/actions/Big/headers/bad name', message: 'must be the name of a header, such as Authorization' },
        { pointer: '/actions/Big/timeout_seconds', message: expect.stringContaining('3600') },
      ],
    })
    expect(await text()).toBe(before)
  })

  it('sends no header that was kept to another host', async () => {
    const moved = { url: 'https://evil.example/payments', headers: { Authorization: true as const } }
    expect(await refusal(scene.owner, { actions: { expense: moved } })).toEqual({
      code: 'invalid-input',
      errors: [
        { pointer: '/actions/expense/headers/Authorization', message: 'must be written again: it would go to another host' },
      ],
    })
    expect((await refusal(scene.owner, { actions: { other: moved } })).errors[0]?.message).toBe(
      'must be written: there is none to keep',
    )
  })

  it('becomes a program only at this machine: no browser and no token can name one', async () => {
    const command = { command: ['sh', '-c', 'id'] }
    expect(await refusal(scene.owner, { actions: { expense: command } })).toMatchObject({ code: 'forbidden' })
    expect(await refusal(scene.owner, { actions: { deployment: { command: ['node', 'deploy.mjs'], cwd: '/tmp' } } })).toMatchObject(
      {
        code: 'forbidden',
      },
    )
    const browser = clientFor(scene.app, scene.app.ownerCaller('browser'))
    expect(await refusal(browser, { actions: { expense: command } })).toMatchObject({ code: 'forbidden' })
    await window.settings.update({ actions: { expense: { command: ['pay', '--now'] } } })
    expect(scene.app.settings.config.actions.expense).toEqual({ command: ['pay', '--now'] })
    expect(await text()).toContain('  expense:\n    command: [pay, --now]')
  })
})

describe('the journal of it', () => {
  it('names what changed and where it goes, and never a secret', async () => {
    await scene.owner.settings.update({
      actions: { expense: { url: 'http://127.0.0.1:8080/p?key=hush-3', headers: { Authorization: 'Bearer hush-4' } } },
      alerts: { webhook: 'https://chat.example/services/T0/hush-5' },
      undo: { seconds: 8 },
    })
    const lines = await journal()
    for (const path of ['actions.expense.url', 'actions.expense.headers.Authorization', 'alerts.webhook', 'undo.seconds']) {
      expect(lines).toContain(path)
    }
    expect(lines).toContain('"url":"http://127.0.0.1:8080"')
    expect(lines).toContain('"webhook":"https://chat.example"')
    expect(lines).not.toContain('hush')
  })

  it('has no secret of an edit by hand either', async () => {
    await writeFile(file(), first.replace('hush-2', 'hush-6'))
    await scene.app.settings.reload()
    const lines = await journal()
    expect(lines).toContain('alerts.webhook')
    expect(lines).not.toContain('hush')
  })
})

describe('limits, waiting times and the address', () => {
  it('are changed in the file, and what the file refuses is refused', async () => {
    const changed = await scene.owner.settings.update({
      undo: { seconds: 12 },
      deliveries: { timeout_seconds: 30 },
      limits: { burst: 50, body_bytes: 1_000_000 },
      http: { port: 7272, hosts: ['inbox.lan', 'inbox.lan:8443'] },
    })
    expect(changed).toMatchObject({
      undo: { seconds: 12 },
      deliveries: { timeout_seconds: 30 },
      limits: { requests_per_minute: 60_000, burst: 50, body_bytes: 1_000_000, pending: 200_000 },
      http: { port: 7272, hosts: ['inbox.lan', 'inbox.lan:8443'] },
    })
    await scene.owner.settings.update({ http: { hosts: ['inbox.lan:8443'] } })
    expect(scene.app.settings.config.http).toEqual({ port: 7272, hosts: ['inbox.lan:8443'] })
    await scene.owner.settings.update({ http: { hosts: [] } })
    expect(scene.app.settings.config.http.hosts).toEqual([])
    const wrong = { undo: { seconds: 61 }, http: { port: 70_000 }, limits: { burst: 0 } }
    expect((await refusal(scene.owner, wrong)).errors.map(({ pointer }) => pointer)).toEqual([
      '/http/port',
      '/limits/burst',
      '/undo/seconds',
    ])
    expect(scene.app.settings.config.undo.seconds).toBe(12)
  })

  it('shows of a hook where its secret is kept, its line, and when something last came', async () => {
    const { hooks } = await scene.owner.sources.list({})
    expect(hooks).toMatchObject([
      { name: 'shop', secret: { in: 'environment', names: ['SHOP_NEW', 'SHOP_OLD'] }, last_at: null, line: 15 },
    ])
  })
})
