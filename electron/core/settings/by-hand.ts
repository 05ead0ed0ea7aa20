import type { Actor } from '../../../shared/model/actor.ts'
import type { Config } from './port.ts'

/** Who changed `config.yaml` in an editor: the file does not say more. */
export const byHand: Actor = { kind: 'system', id: 'config.yaml', name: 'Edited by hand', via: 'engine' }

/** Sections in which people write keys and passwords: of these the journal has the paths alone. */
const secret = new Set(['actions', 'hooks'])

/** The sections that an edit changed, as they are now. */
export function changesByHand(paths: readonly string[], after: Config): Record<string, unknown> {
  const sections = new Set(paths.map((path) => /^[^.[]+/.exec(path)?.[0] ?? ''))
  const safe = { ...after, alerts: withoutSecret(after.alerts) }
  return Object.fromEntries(Object.entries(safe).filter(([name]) => sections.has(name) && !secret.has(name)))
}

/** Of an address that may hold a key, the journal has the host. */
export const withoutSecret = <T extends { readonly webhook?: string | null | undefined }>(alerts: T): T =>
  alerts.webhook ? { ...alerts, webhook: originOf(alerts.webhook) } : alerts

export const originOf = (url: string): string | null => (URL.canParse(url) ? new URL(url).origin : null)
