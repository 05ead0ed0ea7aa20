/** A mistake that somebody could make: a text that stands once in a file of ours, and what stands there instead. */
export type Mutant = {
  readonly name: string
  readonly file: string
  readonly from: string
  readonly to: string
  /** The tests whose matter it is: one of them has to notice. */
  readonly tests: readonly string[]
}

export type Area = { readonly name: 'durability' | 'separation' | 'policy'; readonly mutants: readonly Mutant[] }

/** The source with the mistake in it; null where the text does not stand there exactly once, and the mutant has to be written anew. */
export function applyMutant(source: string, { from, to }: Pick<Mutant, 'from' | 'to'>): string | null {
  const at = source.indexOf(from)
  if (at < 0 || from === to || source.indexOf(from, at + 1) >= 0) return null
  return source.slice(0, at) + to + source.slice(at + from.length)
}
