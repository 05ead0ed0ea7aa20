import type { Language } from '../shared/model/language.ts'
import type { Sentences } from '../shared/words/said.ts'

export type { Language } from '../shared/model/language.ts'

/** Each as its own speakers call it. */
export const languageNames: Readonly<Record<Language, string>> = { en: 'English', de: 'Deutsch' }

/** What a catalogue in another language has to be: the same texts, taking the same arguments. */
export type Words<T> = T extends string
  ? string
  : T extends (...given: infer A) => string
    ? (...given: A) => string
    : T extends number | boolean
      ? T
      : Each<T>

type Each<T> = { readonly [K in keyof T]: Words<T[K]> }

/**
 * Which language the page speaks. It is chosen once, before the application's modules are evaluated, and stays for the
 * life of the page: so a text that is computed while a module loads is never in another language than the rest.
 */
export let language: Language = 'en'

/** What Intl is told: the language with the reader's region, where they have one for it. */
export let locale = ''

/** What the host says, in the page's language; null where that is the language the host speaks. */
export let sentences: Sentences | null = null

/** Why something was refused, by the failure's code; null where the host's own words are in the page's language. */
export let failures: Failures | null = null

type Failures = Readonly<Record<string, string>>

/** What the host says, in another language than its own. */
export type Hosts = { readonly sentences: Sentences; readonly failures: Failures }

let spoken: Readonly<Record<string, unknown>> = {}

const theirs = (): readonly string[] => globalThis.navigator?.languages ?? []
const isOf = (tag: string, wanted: Language) => tag.toLowerCase().split('-')[0] === wanted

/** The best of the reader's own languages that there is a catalogue for. */
export const systemLanguage = (tags: readonly string[] = theirs()): Language => {
  const known = ['en', 'de'] as const
  return tags.flatMap((tag) => known.filter((one) => isOf(tag, one)))[0] ?? 'en'
}

export const localeOf = (wanted: Language, tags: readonly string[] = theirs()): string =>
  tags.find((tag) => isOf(tag, wanted)) ?? wanted

/** Chooses; `catalogues` are the texts by the name under which the English ones ask for them, `hosts` what the host says. */
export function speak(wanted: Language, catalogues: Readonly<Record<string, unknown>>, hosts: Hosts | null = null): void {
  language = wanted
  locale = localeOf(wanted)
  spoken = catalogues
  sentences = hosts?.sentences ?? null
  failures = hosts?.failures ?? null
}

locale = localeOf('en')

/** The catalogue of that name in the chosen language. A new one gets its German in de/, and a line in de/catalogue.ts. */
export const inLanguage = <T>(name: string, english: T): Words<T> => (spoken[name] ?? english) as Words<T>

/** "Ana, Bo or Cem". */
export const anyOf = (names: readonly string[]): string => new Intl.ListFormat(locale, { type: 'disjunction' }).format(names)

/** "Ana, Bo and Cem". */
export const allOf = (names: readonly string[]): string => new Intl.ListFormat(locale, { type: 'conjunction' }).format(names)

/** A number as the reader writes it, with at least so many digits behind the point. */
export const number = (value: number, digits = 0): string =>
  new Intl.NumberFormat(locale, { minimumFractionDigits: digits }).format(value)

/** The form of a word that goes with the number. */
export const many = (n: number, one: string, more: string): string =>
  new Intl.PluralRules(locale).select(n) === 'one' ? one : more

/** An amount in the reader's way of writing, never with fewer digits than were received. */
export function money(amount: number | string, currency: string | null): string {
  const text = String(amount)
  const decimals = Math.min(20, text.split('.')[1]?.length ?? 0)
  if (!/^-?\d+(\.\d+)?$/.test(text)) return currency ? `${text} ${currency}` : text
  const exact = text as Intl.StringNumericLiteral
  try {
    if (!currency) return new Intl.NumberFormat(locale, { minimumFractionDigits: decimals }).format(exact)
    const usual = new Intl.NumberFormat(locale, { style: 'currency', currency }).resolvedOptions().maximumFractionDigits ?? 2
    return new Intl.NumberFormat(locale, {
      style: 'currency',
      currency,
      maximumFractionDigits: Math.max(usual, decimals),
    }).format(exact)
  } catch {
    return currency ? `${text} ${currency}` : text
  }
}
