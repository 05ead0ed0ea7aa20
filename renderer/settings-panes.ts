import { tal } from './strings-alerts.ts'
import { ts } from './strings-settings.ts'

/** Settings are on several panes; each has an address of its own. */
export const panes = ['general', 'alerts', 'requests', 'model', 'machine'] as const
export type Pane = (typeof panes)[number]

export const isPane = (text: string | null): text is Pane => panes.some((pane) => pane === text)

/** What can be looked for, by its heading, and the pane that it is on. */
export const sections: readonly { readonly pane: Pane; readonly title: string }[] = [
  { pane: 'general', title: ts.you },
  { pane: 'general', title: ts.look },
  { pane: 'general', title: ts.hostLanguage.title },
  { pane: 'general', title: ts.keyboard },
  { pane: 'alerts', title: tal.title },
  { pane: 'requests', title: ts.undo.title },
  { pane: 'requests', title: ts.after.title },
  { pane: 'requests', title: ts.told.title },
  { pane: 'requests', title: ts.limits.title },
  { pane: 'model', title: ts.model },
  { pane: 'machine', title: ts.doctor },
  { pane: 'machine', title: ts.net.title },
  { pane: 'machine', title: ts.about },
]
