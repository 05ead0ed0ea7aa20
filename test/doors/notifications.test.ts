import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest'
import type { App } from '../../electron/core/app.ts'
import type { Answerable } from '../../electron/desktop/answers.ts'
import { hostWords } from '../../shared/words/host.ts'
import { freshElectron, settle } from '../desktop/support.ts'
import { openTestApp, ownerEmail, type TestApp } from '../support/app.ts'

/**
 * What may be done from a notification, found in the notification itself. It carries the version that it told of, and the owner; each
 * button is pressed after one of the two is no longer right.
 */

let scene: TestApp
beforeAll(async () => {
  scene = await openTestApp()
})
afterEach(() => vi.unstubAllGlobals())
afterAll(() => scene.remove())

async function ask(): Promise<string> {
  const request = { type: 'refund', title: 'Refund order 1042', amount: 5, approver_email: ownerEmail }
  const { task_id } = await scene.source.requests.submitRequest(request)
  return (await scene.owner.tasks.status({ task_id })).pending_approvals[0]!.id
}

/** A notification as macOS shows it, with the real answers of the real application behind its buttons. */
async function notify(approvalId: string, app: Pick<App, 'router' | 'ownerCaller' | 'settings'> = scene.app) {
  const electron = await freshElectron()
  const { createNotifications } = await import('../../electron/desktop/notifications.ts')
  const { createAnswers } = await import('../../electron/desktop/answers.ts')
  const answers = createAnswers(app)
  const told: string[] = []
  const opened: (string | null)[] = []
  const notifications = createNotifications({
    platform: 'darwin',
    words: () => hostWords('en'),
    onOpen: (id) => opened.push(id),
    onAnswer: (request, verb) => void answers.answer(request, verb).then(({ stored, text }) => told.push(`${stored}: ${text}`)),
  })
  const answerable: Answerable | null = await createAnswers(scene.app).answerable(approvalId)
  notifications.show({ title: 'New', body: 'Refund', approvalId, answerable } as Parameters<typeof notifications.show>[0])
  const shown = electron.world.notifications.at(-1)!
  const press = async (actionIndex: number) => {
    shown.emit('action', { actionIndex })
    await vi.waitFor(() => expect(told.length).toBeGreaterThan(0))
  }
  return { shown, press, told, opened }
}

/** What the journal says of an approval's end, and what it is now. */
const statusOf = async (approval_id: string) => {
  const { status, held } = await scene.owner.approvals.get({ approval_id })
  return { status, held }
}
const untouched = { status: 'pending', held: null }

/** Each action by the text on its button. One that is new here has to be refused below as well. */
const actions = ['Approve', 'Reject']

test('every action of a notification has a case, and it listens to nothing else that could act', async () => {
  const { shown, opened } = await notify(await ask())
  expect(shown.actions.map(({ text }) => text)).toEqual(actions)
  expect(shown.eventNames().sort()).toEqual(['action', 'click', 'close', 'failed'])
  for (const event of ['click', 'close', 'failed']) shown.emit(event)
  expect(opened).toHaveLength(1)
})

describe.each(actions.map((text, index) => [text, index] as const))('%s', (text, index) => {
  test('answers where everything is right, so that the refusals below are refusals', async () => {
    const id = await ask()
    const { press, told } = await notify(id)
    await press(index)
    expect(told[0]).toMatch(/^true: /)
    expect((await statusOf(id)).held).not.toBe(null)
  })

  test('decides nothing once somebody else is asked', async () => {
    const id = await ask()
    const { press, told } = await notify(id)
    await scene.owner.approvals.reassign({ approval_id: id, to: ['bo@example.com'] })
    await press(index)
    expect(told[0]).toMatch(/^false: Nothing was decided\./)
    expect(await statusOf(id)).toEqual(untouched)
  })

  test('decides nothing about another version than the one that it told of', async () => {
    const id = await ask()
    const { press, told } = await notify(id)
    await scene.source.approvals.revise({ approval_id: id, amount: 4 })
    await press(index)
    expect(told[0]).toMatch(/^false: Nothing was decided\./)
    expect(await statusOf(id)).toEqual(untouched)
  })

  test('never approves for somebody who requested it, who may still reject it', async () => {
    const request = { type: 'refund', title: 'Mine', amount: 5, requester: ownerEmail, approver_email: ownerEmail }
    const { task_id } = await scene.source.requests.submitRequest(request)
    const { id } = (await scene.owner.tasks.status({ task_id })).pending_approvals[0]!
    const { press, told } = await notify(id)
    await press(index)
    if (text === 'Reject') return expect(told[0]).toMatch(/^true: Rejected\./)
    expect(told[0]).toMatch(/^false: Nothing was decided\./)
    expect(await statusOf(id)).toEqual(untouched)
  })

  test('decides nothing without an owner, or with a caller that may only read', async () => {
    const id = await ask()
    for (const scopes of [['read'], ['read', 'admin']] as const) {
      const ownerCaller: App['ownerCaller'] = (via) => ({ ...scene.app.ownerCaller(via), scopes: [...scopes], person: null })
      const { press, told } = await notify(id, { router: scene.app.router, settings: scene.app.settings, ownerCaller })
      await press(index)
      expect(told[0]).toMatch(/^false: Nothing was decided\./)
    }
    expect(await statusOf(id)).toEqual(untouched)
  })
})

test('a button that was never shown does nothing', async () => {
  const id = await ask()
  const { shown, told } = await notify(id)
  for (const actionIndex of [2, -1, 0.5, Number.NaN]) shown.emit('action', { actionIndex })
  await settle()
  expect([told, await statusOf(id)]).toEqual([[], untouched])
})
