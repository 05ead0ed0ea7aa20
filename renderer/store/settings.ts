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
  if (input.filters) next.filters = input.filters
  return next as SettingsView
}

/**
 * Reads and saves settings. A change shows at once: another one made before the host has answered builds on it, and takes nothing of it
 * back. What the host says counts once nothing is on its way.
 */
export function settingsActions({ client, store }: Deps) {
  let saving = 0
  /** Raised by each question and each change: an answer to what is not the latest may be older than what is shown. */
  let latest = 0

  const loadWho = async (): Promise<void> => {
    const own = ++latest
    try {
      const [session, settings] = await Promise.all([client.system.session({}), client.settings.get({})])
      const { person, scopes } = session
      const isNewest = saving === 0 && own === latest
      store.setState((now) => ({
        person,
        scopes,
        startFailure: null,
        settings: now.settings && !isNewest ? now.settings : settings,
      }))
    } catch (error) {
      const failure = toFailure(error)
      store.setState(failure.status === 401 ? { connection: { state: 'signed_out', reason: 'none' } } : { startFailure: failure })
    }
  }

  const saveSettings = async (input: SettingsInput): Promise<CallFailure | null> => {
    saving++
    const own = ++latest
    store.setState(({ settings }) => ({ settings: settings && withChange(settings, input) }))
    try {
      const settings = await client.settings.update(input)
      saving--
      if (saving === 0 && own === latest) store.setState({ settings })
      if (input.owner || (saving === 0 && own !== latest)) await loadWho()
      return null
    } catch (error) {
      // What was shown too early is taken back.
      if (--saving === 0) await loadWho()
      return toFailure(error)
    }
  }
  return { loadWho, saveSettings }
}
