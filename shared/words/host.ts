import type { Occasion } from '../model/alert.ts'
import type { Language } from '../model/language.ts'
import { english } from './host-english.ts'
import { german } from './host-german.ts'

/*
 * What the host itself says to people: in notifications, at its icon and in its menus. No page is between them and the reader, so that
 * the host has to know the language. Labels that the system would write itself are here too, because it writes them in English.
 */

type Reason = Occasion['reason']
type Verb = 'approve' | 'reject'

export type HostWords = {
  /** For Intl. */
  readonly locale: string
  readonly alert: {
    readonly fresh: (source: string) => string
    readonly back: string
    readonly half: string
    readonly deadline: (at: string) => string
    readonly left: (minutes: number) => string
    readonly reminder: string
    readonly expired: string
    readonly ended: (how: 'approved' | 'rejected' | 'expired' | 'cancelled' | 'pending', by: string | null) => string
    readonly next: (at: string) => string
    readonly burst: (count: number) => string
    readonly first: (title: string, more: number) => string
    readonly many: (count: number) => string
    readonly closed: string
    /** How many of a kind, inside a list. */
    readonly parts: Readonly<Record<Exclude<Reason, 'half'>, (count: number) => string>>
  }
  readonly notice: {
    readonly verbs: Readonly<Record<Verb, string>>
    readonly done: (verb: Verb, seconds: number) => string
    readonly refused: (why: string) => string
    /** Stands in the record where somebody rejected without words. */
    readonly rejected: string
    readonly running: string
    readonly runningText: string
  }
  readonly tray: { readonly waiting: (count: number) => string; readonly open: string; readonly quit: string }
  readonly menu: Readonly<Record<MenuLabel, string>> & {
    readonly about: (name: string) => string
    readonly hide: (name: string) => string
  }
}

type MenuLabel =
  | ('file' | 'show' | 'close' | 'exit' | 'edit' | 'undo' | 'redo' | 'cut' | 'copy' | 'paste' | 'delete' | 'selectAll')
  | ('view' | 'reload' | 'resetZoom' | 'zoomIn' | 'zoomOut' | 'fullScreen' | 'devTools' | 'window' | 'minimize' | 'zoom' | 'front')
  | ('help' | 'services' | 'hideOthers' | 'showAll')

const words: Readonly<Record<Language, HostWords>> = { en: english, de: german }

export const hostWords = (language: Language): HostWords => words[language]
