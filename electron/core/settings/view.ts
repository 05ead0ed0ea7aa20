import type { SettingsView } from '../../../shared/contract/settings.ts'
import { suggestedOwner } from './owner.ts'
import type { Settings } from './port.ts'

/** What of the settings people see who may read here: not what is called by itself, whose addresses may hold a secret. */
export function viewSettings(
  { config, problems }: Pick<Settings, 'config' | 'problems'>,
  place: Pick<SettingsView, 'home' | 'version' | 'url'>,
): SettingsView {
  const { owner, language, model, notifications, undo, deliveries, limits, http, filters } = config
  const { webhook: _, ...alerts } = config.alerts
  const suggested_owner = suggestedOwner()
  return {
    owner,
    language,
    suggested_owner,
    model,
    notifications,
    alerts,
    undo,
    deliveries,
    limits,
    http,
    filters,
    problems,
    ...place,
  }
}
