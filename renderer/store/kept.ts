/** What the page remembers between visits. A browser that refuses storage costs nothing but the memory. */

import type { Language } from '../language.ts'

const seenKey = 'countersign.seen'
const keysKey = 'countersign.single-keys'
const reasonsKey = 'countersign.reasons'
const advanceKey = 'countersign.advance'
const languageKey = 'countersign.language'
const languageChosenKey = 'countersign.language-chosen'
const themeKey = 'countersign.theme'
const densityKey = 'countersign.density'
const recentKey = 'countersign.recent-commands'
const mostSeen = 5000

const read = (key: string): string | null => {
  try {
    return localStorage.getItem(key)
  } catch {
    return null
  }
}

const write = (key: string, value: string | null) => {
  try {
    if (value === null) localStorage.removeItem(key)
    else localStorage.setItem(key, value)
  } catch {
    // Private windows and full disks: the choice holds until the page is closed.
  }
}

export const readSeen = (): ReadonlySet<string> => new Set((read(seenKey) ?? '').split(' ').filter(Boolean))
export const writeSeen = (seen: ReadonlySet<string>): void => write(seenKey, [...seen].slice(-mostSeen).join(' '))
export const readSingleKeys = (): boolean => read(keysKey) !== 'off'
export const writeSingleKeys = (on: boolean): void => write(keysKey, on ? 'on' : 'off')
/** One a line. */
export const readReasons = (): readonly string[] => (read(reasonsKey) ?? '').split('\n').filter(Boolean)
export const writeReasons = (reasons: readonly string[]): void =>
  write(reasonsKey, reasons.map((each) => each.replaceAll('\n', ' ')).join('\n'))
/** Commands that were chosen lately, the latest first. */
export const readRecent = (): readonly string[] => (read(recentKey) ?? '').split('\n').filter(Boolean)
export const writeRecent = (recent: readonly string[]): void => write(recentKey, recent.join('\n'))
export const readAdvance = (): boolean => read(advanceKey) !== 'off'
export const writeAdvance = (on: boolean): void => write(advanceKey, on ? 'on' : 'off')

/** The language that was chosen here; null follows the system. */
export const readLanguage = (): Language | null => {
  const kept = read(languageKey)
  return kept === 'en' || kept === 'de' ? kept : null
}
export const writeLanguage = (language: Language | null): void => {
  write(languageKey, language)
  write(languageChosenKey, 'yes')
}
/** Whether this page was loaded because the language was chosen a moment ago. Asked once. */
export const takeLanguageChosen = (): boolean => {
  const chosen = read(languageChosenKey) !== null
  if (chosen) write(languageChosenKey, null)
  return chosen
}

/** Light or dark; null follows the system. */
export type Theme = 'light' | 'dark'
export const readTheme = (): Theme | null => {
  const kept = read(themeKey)
  return kept === 'light' || kept === 'dark' ? kept : null
}
export const writeTheme = (theme: Theme | null): void => write(themeKey, theme)

/** How much room a request takes in a list. */
export type Density = 'comfortable' | 'compact'
export const readDensity = (): Density => (read(densityKey) === 'compact' ? 'compact' : 'comfortable')
export const writeDensity = (density: Density): void => write(densityKey, density)
