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
  return { ...settingsActions({ client: client as unknown as Client, store }), client, store, answers }
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

test('settings that were read before a change was stored do not take it back', async () => {
  const { client, store, answers } = slowHost()
  const old = Promise.withResolvers<SettingsView>()
  const late = { ...client, settings: { ...client.settings, get: () => old.promise } }
  const { loadWho, saveSettings } = settingsActions({ client: late as unknown as Client, store })
  const load = loadWho()
  const save = saveSettings({ alerts: { sound: true } })
  answers[0]!()
  await save
  old.resolve(first)
  await load
  expect(store.getState().settings?.alerts.sound).toBe(true)
})

test('of two questions for the settings the later one counts', async () => {
  const { client, store } = slowHost()
  const asked: PromiseWithResolvers<SettingsView>[] = []
  const get = () => {
    asked.push(Promise.withResolvers())
    return asked.at(-1)!.promise
  }
  const late = { ...client, settings: { ...client.settings, get } }
  const { loadWho } = settingsActions({ client: late as unknown as Client, store })
  const loads = [loadWho(), loadWho()]
  asked[1]!.resolve({ ...first, alerts: { ...alerts, sound: true } } as unknown as SettingsView)
  await settle()
  asked[0]!.resolve(first)
  await Promise.all(loads)
  expect(store.getState().settings?.alerts.sound).toBe(true)
})

test('two changes whose answers overtake each other both stay', async () => {
  const { client, store } = slowHost()
  const stored = { ...first, alerts: { ...alerts, sound: true, renag_minutes: 30 } } as unknown as SettingsView
  const asked: PromiseWithResolvers<SettingsView>[] = []
  const update = () => {
    asked.push(Promise.withResolvers())
    return asked.at(-1)!.promise
  }
  const late = { ...client, settings: { update, get: async () => stored } }
  const { saveSettings } = settingsActions({ client: late as unknown as Client, store })
  const saves = [saveSettings({ alerts: { sound: true } }), saveSettings({ alerts: { renag_minutes: 30 } })]
  asked[1]!.resolve(stored)
  await settle()
  asked[0]!.resolve({ ...first, alerts: { ...alerts, sound: true } } as unknown as SettingsView)
  await Promise.all(saves)
  expect(store.getState().settings?.alerts).toMatchObject({ sound: true, renag_minutes: 30 })
})

test('a list that was kept shows at once, so that the next change of it builds on it', async () => {
  const { saveSettings, store, answers } = slowHost()
  const save = saveSettings({ filters: [{ name: 'Large', view: 'inbox', search: 'amount:>1000' }] })
  expect(store.getState().settings?.filters).toMatchObject([{ name: 'Large' }])
  answers[0]!()
  await save
})
