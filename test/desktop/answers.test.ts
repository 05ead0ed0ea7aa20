import { afterEach, describe, expect, it, vi } from 'vitest'
import type { ApprovalItem } from '../../shared/model/approval.ts'
import { approvalItem } from '../support/item.ts'
import { alertOf, openPage, settle, smallApp, startSmall } from './support.ts'

afterEach(() => vi.unstubAllGlobals())

const version = (number: number) => ({ number, sha256: String(number).repeat(64) })

/** A desktop on a Mac that has just told of one request. */
async function told(change: Partial<ApprovalItem> = {}, undoSeconds = 5, platform: NodeJS.Platform = 'darwin') {
  const small = smallApp()
  small.app.settings.config.undo.seconds = undoSeconds
  small.items.set('a1', approvalItem('a1', { title: 'Refund a1', version: version(1), ...change }))
  const desktop = await startSmall({ small, platform })
  const page = await openPage()
  desktop.publish(alertOf('a1'))
  await settle()
  const shown = () => desktop.world.notifications
  const press = async (actionIndex: number) => {
    shown()[0]!.emit('action', { actionIndex })
    await settle()
  }
  return { desktop, page, shown, press, buttons: shown()[0]!.actions.map(({ text }) => text) }
}

describe('a notification', () => {
  it('answers a low risk, so that it can still be undone, and says so', async () => {
    const { desktop, page, shown, press, buttons } = await told()
    expect(buttons).toEqual(['Approve', 'Reject'])
    await press(0)
    expect(desktop.calls).toEqual(['start', 'approve a1, held'])
    expect(shown().at(-1)?.body).toBe('Approved. Open it within 5 seconds to undo that.')
    shown().at(-1)!.emit('click')
    expect(page.opened).toEqual(['a1'])
  })

  it('rejects a medium risk the same way', async () => {
    const { desktop, press } = await told({ risk: 'medium' })
    await press(1)
    expect(desktop.calls).toEqual(['start', 'reject a1, held'])
  })

  it('answers only the version that it told of, and opens the request where that is another by now', async () => {
    const { desktop, page, shown, press } = await told()
    desktop.items.set('a1', approvalItem('a1', { version: version(2) }))
    await press(0)
    expect([desktop.calls, page.opened]).toEqual([['start'], ['a1']])
    expect(shown().at(-1)?.body).toBe('Nothing was decided. The request changed.')
  })

  it.each<[string, Partial<ApprovalItem>]>([
    ['a high risk', { risk: 'high' }],
    ['a flag', { flags: [{ code: 'hidden', message: 'hidden characters', pointer: '/title' }] }],
    ['a choice', { options: [{ id: 'later', label: 'Later', outcome: 'rejected' }] }],
    ['a form', { form: { type: 'object' } }],
    ['an answer on its way', { held: { said: 'approved' } as ApprovalItem['held'] }],
  ])('has no buttons for %s', async (_what, change) => {
    expect((await told(change)).buttons).toEqual([])
  })

  it('has none where an answer could not be undone, or the system shows no buttons', async () => {
    expect((await told({}, 0)).buttons).toEqual([])
    expect((await told({}, 5, 'linux')).buttons).toEqual([])
  })
})
