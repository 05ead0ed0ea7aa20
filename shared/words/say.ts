import type { Line, Said, Sentence } from '../model/said.ts'
import { english } from './english.ts'
import type { English } from './said.ts'

type ValuesOf<S> = S extends (...values: infer V) => string ? V : never

/** One of the sentences, filled in. */
export function say<A extends keyof English & string, N extends keyof English[A] & string>(
  area: A,
  name: N,
  ...values: ValuesOf<English[A][N]>
): Sentence {
  const sentence = english[area][name] as (...values: readonly unknown[]) => string
  const code = `${area}.${name}`
  const [given] = values as readonly Said['values'][]
  return { text: sentence(...values), said: given === undefined ? { code } : { code, values: given } }
}

/** A sentence that is a line by itself. */
export const toLine = ({ text, said }: Sentence): Line => ({ text, said: [said] })

/** Several sentences, one after the other. */
export const textOf = (sentences: readonly Sentence[]): string => sentences.map(({ text }) => text).join(' ')
