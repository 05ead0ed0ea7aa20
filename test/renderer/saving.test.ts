import { expect, test } from 'vitest'
import { createStore } from 'zustand/vanilla'
import type { Client } from '../../renderer/client.ts'
import { settingsActions } from '../../renderer/store/settings.ts'
import { type InboxState, initialState } from '../../renderer/store/state.ts'
import type { SettingsInput, SettingsView } from '../../shared/contract/settings.ts'

const alerts = { sound: false, renag_minutes: 15, digest_minutes: 60, quiet: null, rules: [] }
const first = { alerts, model: { enabled: true, host: 'http://127.0.0.1:11434', name: 'llama3.2' } } as unknown as SettingsView

/** A host that answers when it is told to, in the order in which it was asked. */
function slowHost() {
  let stored = first
  const answers: (() => void)[] = []
  const update = (input: SettingsInput) =>
    new Promise<SettingsView>((resolve, reject) => {
      answers.push(() => {
        if (input.model?.name === 'bad') return reject(new Error('refused'))
        stored = { ...stored, alerts: { ...stored.alerts, ...input.alerts } } as SettingsView
        resolve(stored)
      })
    })
  const get = async () => stored
  const client = { settings: { update, get }, system: { session: async () => ({ person: null, scopes: [] }) } }
  const state = { ...initialState({ seen: new Set(), singleKeys: true, advance: true, reasons: [] }), settings: first }
  const store = createStore<InboxState>(() => state)
  return { ...settingsActions({ client: client as unknown as Client, store }), store, answers }
}

const settle = () => new Promise((resolve) => setImmediate(resolve))

test('a change shows at once, and one that follows before the answer takes nothing of it back', async () => {
  const { saveSettings, store, answers } = slowHost()
  const shown = () => store.getState().settings?.alerts
  const saves = [saveSettings({ alerts: { sound: true } }), saveSettings({ alerts: { renag_minutes: 30 } })]
  expect(shown()).toMatchObject({ sound: true, renag_minutes: 30 })
  answers[0]!()
  await settle()
  expect(shown()).toMatchObject({ sound: true, renag_minutes: 30 })
  answers[1]!()
  expect(await Promise.all(saves)).toEqual([null, null])
  expect(shown()).toMatchObject({ sound: true, renag_minutes: 30 })
})

test('a change that is refused is taken back', async () => {
  const { saveSettings, store, answers } = slowHost()
  const save = saveSettings({ model: { name: 'bad' } })
  expect(store.getState().settings?.model.name).toBe('bad')
  answers[0]!()
  expect(await save).not.toBeNull()
  expect(store.getState().settings?.model.name).toBe('llama3.2')
})
