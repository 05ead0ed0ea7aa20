import { isProcedure } from '@orpc/server'
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest'
import type { App } from '../../electron/core/app.ts'
import type { CoreApp } from '../../electron/desktop/core-app.ts'
import type { Scope } from '../../shared/model/actor.ts'
import { openPage, type Page, smallApp, startSmall } from '../desktop/support.ts'
import { clientFor, openTestApp, sourceCaller, type TestApp } from '../support/app.ts'
import { type Door, doors, type Ids, opensFor } from './cases.ts'

/** Every procedure of the real router, found in the router itself. */
function proceduresOf(tree: object, path: readonly string[] = []): string[] {
  return Object.entries(tree).flatMap(([name, value]) =>
    isProcedure(value) ? [[...path, name].join('.')] : proceduresOf(value as object, [...path, name]),
  )
}

/** An approval of somebody else, and one of each of the things that only their people may touch. */
async function fill({ app, owner, source }: TestApp): Promise<Ids> {
  const strangers = 'bo@example.com'
  const ask = async (title: string) => {
    const { task_id } = await source.requests.submitRequest({ type: 'refund', title, amount: 5, approver_email: strangers })
    const [item] = (await owner.tasks.status({ task_id })).pending_approvals
    return { run: task_id, approval: item!.id, version: item!.version.sha256 }
  }
  const person = { email: strangers, name: 'Bo' }
  const bo = clientFor(app, { scopes: ['read', 'decide'], person, source: null, credential: 'tok_bo', via: 'http' })
  const { run, approval, version } = await ask('Refund order 1042')
  const held = (await ask('Refund order 1043')).approval
  await owner.settings.update({ undo: { seconds: 60 } })
  await bo.approvals.decide({ approval_id: held, decision: 'approve', hold: true })
  const expense = await source.requests.startExpense({ employee: 'cy@example.com', amount: 5000, approver_email: strangers })
  const ends_at = new Date(Date.now() + 30 * 86_400_000).toISOString()
  const { id } = await bo.people.delegate({ from: strangers, to: 'cy@example.com', ends_at })
  return { run, approval, version, held, expense: expense.workflow_id, delegation: id }
}

/** The real router behind a desktop whose start and stop are the test's own. */
const behindDesktop = (app: App) => ({
  ...smallApp(),
  app: {
    router: app.router,
    settings: app.settings,
    ownerCaller: app.ownerCaller,
    start: async () => {},
    stop: async () => {},
  } as never,
})

let scene: TestApp
let ids: Ids
const nobodysHomes: TestApp[] = []
beforeAll(async () => {
  scene = await openTestApp()
  ids = await fill(scene)
})
afterEach(() => vi.unstubAllGlobals())
afterAll(async () => {
  await scene.remove()
  for (const home of nobodysHomes) await home.remove()
})

/** Calls a procedure by its name over the page's port; answers with the code it was refused with, or null. */
async function call({ client }: Page, name: string, input: unknown): Promise<string | null> {
  type Calls = { readonly [name: string]: Calls } & ((input: unknown) => Promise<unknown>)
  const procedure = name.split('.').reduce((tree, key) => tree[key]!, client as unknown as Calls)
  try {
    const output = await procedure(input)
    await (output as { return?: () => Promise<unknown> } | null)?.return?.()
    return (output as { results?: { code: string | null }[] } | null)?.results?.[0]?.code ?? null
  } catch (error) {
    return (error as { code?: string }).code ?? String(error)
  }
}

async function verdicts(page: Page, scopes: readonly Scope[]) {
  const wrong: string[] = []
  for (const [name, door] of Object.entries(doors)) {
    const code = await call(page, name, { nonsense: 1 })
    if ((code !== 'forbidden') !== opensFor(door, scopes)) wrong.push(`${name}: ${code}`)
  }
  return wrong
}

test('every procedure of the router has a case, and the router has no other', () => {
  expect(proceduresOf(scene.app.router as object).sort()).toEqual(Object.keys(doors).sort())
})

describe('the message port', () => {
  test('is the only thing the main process listens to, and only our own page gets one', async () => {
    const { electron, world, logged } = await startSmall({ small: behindDesktop(scene.app) })
    expect(electron.ipcMain.eventNames()).toEqual(['countersign:connect'])
    expect([...electron.protocol.handlers.keys()]).toEqual(['app'])
    const { webContents } = world.windows[0]!
    const ports: unknown[] = []
    webContents.page.on('countersign:port', (event) => ports.push(event))
    webContents.fromPage('countersign:connect', webContents.subframe('app://countersign/index.html'))
    webContents.fromPage('countersign:connect', null)
    webContents.mainFrame.url = 'https://evil.example/'
    webContents.fromPage('countersign:connect')
    expect([ports.length, logged.length]).toEqual([0, 3])
  })

  test('opens what the owner may do, and refuses to submit: whoever submits does not decide', async () => {
    await startSmall({ small: behindDesktop(scene.app) })
    expect(await verdicts(await openPage(), ['read', 'decide', 'admin'])).toEqual([])
  })

  test('refuses every decision while there is no owner whose it could be', async () => {
    const nobodys = await openTestApp({ owner: undefined as never })
    nobodysHomes.push(nobodys)
    expect(nobodys.app.ownerCaller('desktop').person).toBe(null)
    await startSmall({ small: behindDesktop(nobodys.app) })
    expect(await verdicts(await openPage(), ['read', 'admin'])).toEqual([])
  })

  test('decides nothing that somebody else is asked', async () => {
    await startSmall({ small: behindDesktop(scene.app) })
    const page = await openPage()
    const before = await scene.owner.audit.list({})
    const told: Record<string, string | null> = {}
    const expected: Record<string, string> = {}
    for (const [name, { stranger }] of Object.entries(doors)) {
      const wrong = stranger as Exclude<Door['stranger'], string>
      // What administers may do is the owner's too.
      if (typeof wrong !== 'object' || wrong.adminMay) continue
      expected[name] = wrong.code
      told[name] = await call(page, name, wrong.input(ids))
    }
    expect(told).toEqual(expected)
    expect(Object.keys(told)).toHaveLength(5)
    expect(await scene.owner.audit.list({})).toEqual(before)
  })
})

test('a credential that submits is nobody’s in the window: its scope opens nothing that the owner’s does', async () => {
  const small = behindDesktop(scene.app)
  const app = { ...(small.app as CoreApp), ownerCaller: () => sourceCaller }
  await startSmall({ small: { ...small, app: app as never } })
  expect(await verdicts(await openPage(), ['submit'])).toEqual([])
})
