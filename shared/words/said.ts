import type { Said } from '../model/said.ts'
import type { english } from './english.ts'

/*
 * The sentences that the application itself says to people. Each has a code and values beside its English text: programs read the
 * text, and a screen in another language words it from code and values. Codes are journalled, so that a code never changes what it
 * means; a sentence that says something else gets a new one. What people wrote is a value and stays as it is.
 */

export type English = typeof english

/** The same sentences in another language, taking the same values. */
export type Sentences<T = English> = {
  readonly [A in keyof T]: {
    readonly [N in keyof T[A]]: T[A][N] extends (...values: infer V) => string ? (...values: V) => string : never
  }
}

/**
 * What the sentences are in the language of a catalogue; null where one of them is not in it, which is so with what an older or a
 * newer version wrote.
 */
export function worded(said: Said | readonly Said[], sentences: Sentences): string | null {
  const texts = [said].flat().map(({ code, values }) => wordedOne(code, values, sentences as unknown as Loose))
  return texts.includes(null) ? null : texts.join(' ')
}

type Loose = Readonly<Record<string, Readonly<Record<string, (values: Said['values']) => string>>>>

function wordedOne(code: string, values: Said['values'], sentences: Loose): string | null {
  const [area = '', name = ''] = code.split('.')
  if (!Object.hasOwn(sentences, area) || !Object.hasOwn(sentences[area]!, name)) return null
  const sentence = sentences[area]![name]!
  // What an older version wrote may have the code and not what stands in the sentence.
  if (values === undefined && sentence.length > 0) return null
  try {
    return sentence(values)
  } catch {
    return null
  }
}
