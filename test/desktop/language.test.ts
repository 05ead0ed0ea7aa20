import { afterEach, describe, expect, it, vi } from 'vitest'
import { hostWords } from '../../shared/words/host.ts'
import { approvalItem } from '../support/item.ts'
import { alertOf, counts, settle, smallApp, startSmall } from './support.ts'

afterEach(() => vi.unstubAllGlobals())

type Entry = { readonly label?: string; readonly type?: string; readonly submenu?: readonly Entry[] }

const items = (list: readonly Entry[]): readonly Entry[] => list.flatMap((item) => [item, ...items(item.submenu ?? [])])
const labelsOf = (menu: readonly unknown[]) => items(menu as readonly Entry[]).flatMap(({ label }) => label ?? [])

describe('the desktop', () => {
  it('speaks the language of the host at its icon, in its menus and with its buttons, from the moment it is chosen', async () => {
    const small = smallApp()
    small.items.set('a1', approvalItem('a1', { risk: 'low', version: { number: 1, sha256: '1'.repeat(64) } }))
    const desktop = await startSmall({ small, platform: 'darwin' })
    desktop.publish({ kind: 'counts', counts: counts(1) })
    await settle()
    expect(labelsOf(desktop.world.menu)).toContain('Select All')
    small.app.settings.config.language = 'de'
    desktop.publish({ kind: 'settings' })
    desktop.publish(alertOf('a1'))
    await settle()
    const tray = desktop.world.trays[0]!
    expect(tray.toolTip).toBe('Countersign: 1 Anfrage wartet')
    expect(tray.items.map(({ label }) => label)).toEqual(['1 Anfrage wartet', undefined, 'Eingang öffnen', 'Countersign beenden'])
    expect(desktop.world.notifications[0]!.actions.map(({ text }) => text)).toEqual(['Freigeben', 'Ablehnen'])
    const { about, hide, ...labels } = hostWords('en').menu
    const english = [...Object.values(labels), about('Countersign'), hide('Countersign'), hostWords('en').tray.quit]
    expect(labelsOf(desktop.world.menu).filter((label) => english.includes(label))).toEqual([])
    desktop.world.notifications[0]!.emit('action', { actionIndex: 0 })
    await settle()
    expect(desktop.world.notifications.at(-1)?.body).toBe(
      'Freigegeben. Öffnen Sie die Anfrage binnen 5 Sekunden, um das zurückzunehmen.',
    )
  })

  it('labels every role of its menu, which would be English by itself', async () => {
    for (const platform of ['darwin', 'linux'] as const) {
      const { world } = await startSmall({ platform })
      expect(items(world.menu as readonly Entry[]).filter(({ type, label }) => type !== 'separator' && !label)).toEqual([])
    }
  })
})
