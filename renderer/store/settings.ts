import type { SettingsInput, SettingsView } from '../../shared/contract/settings.ts'
import { type CallFailure, toFailure } from '../failure.ts'
import type { Deps } from './inbox.ts'

/** Topics of which a part can be changed; what the rest of a change does is shown once the host says so. */
const topics = ['model', 'notifications', 'undo', 'deliveries', 'limits', 'http'] as const

/** The settings as they will be once a change is stored. */
function withChange(settings: SettingsView, input: SettingsInput): SettingsView {
  const next: Record<string, unknown> = { ...settings }
  for (const topic of topics) if (input[topic]) next[topic] = { ...settings[topic], ...input[topic] }
  if (input.alerts) {
    // Who is told about reviews is no part of what everybody sees.
    const { webhook: _, ...alerts } = input.alerts
    next.alerts = { ...settings.alerts, ...alerts }
  }
  return next as SettingsView
}

/**
 * Reads and saves settings. A change shows at once: another one made before the host has answered builds on it, and takes nothing of it
 * back. What the host says counts once nothing is on its way.
 */
export function settingsActions({ client, store }: Deps) {
  let saving = 0

  const loadWho = async (): Promise<void> => {
    try {
      const [session, settings] = await Promise.all([client.system.session({}), client.settings.get({})])
      const { person, scopes } = session
      store.setState({ person, scopes, startFailure: null, ...(saving === 0 ? { settings } : {}) })
    } catch (error) {
      const failure = toFailure(error)
      store.setState(failure.status === 401 ? { connection: { state: 'signed_out', reason: 'none' } } : { startFailure: failure })
    }
  }

  const saveSettings = async (input: SettingsInput): Promise<CallFailure | null> => {
    saving++
    store.setState(({ settings }) => ({ settings: settings && withChange(settings, input) }))
    try {
      const settings = await client.settings.update(input)
      if (--saving === 0) store.setState({ settings })
      if (input.owner) await loadWho()
      return null
    } catch (error) {
      // What was shown too early is taken back.
      if (--saving === 0) await loadWho()
      return toFailure(error)
    }
  }
  return { loadWho, saveSettings }
}
