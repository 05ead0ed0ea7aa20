/** What the page remembers between visits. A browser that refuses storage costs nothing but the memory. */

import type { Language } from '../language.ts'

const seenKey = 'countersign.seen'
const keysKey = 'countersign.single-keys'
const languageKey = 'countersign.language'
const mostSeen = 5000

const read = (key: string): string | null => {
  try {
    return localStorage.getItem(key)
  } catch {
    return null
  }
}

const write = (key: string, value: string) => {
  try {
    localStorage.setItem(key, value)
  } catch {
    // Private windows and full disks: the choice holds until the page is closed.
  }
}

export const readSeen = (): ReadonlySet<string> => new Set((read(seenKey) ?? '').split(' ').filter(Boolean))
export const writeSeen = (seen: ReadonlySet<string>): void => write(seenKey, [...seen].slice(-mostSeen).join(' '))
export const readSingleKeys = (): boolean => read(keysKey) !== 'off'
export const writeSingleKeys = (on: boolean): void => write(keysKey, on ? 'on' : 'off')

/** The language that was chosen here; null follows the system. */
export const readLanguage = (): Language | null => {
  const kept = read(languageKey)
  return kept === 'en' || kept === 'de' ? kept : null
}
