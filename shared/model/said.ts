/** What may stand in a sentence. */
export type SaidValue = string | number | boolean | null | readonly string[]

/** Which sentence it is, as `area.name`, and what stands in it. */
export type Said = { readonly code: string; readonly values?: Readonly<Record<string, SaidValue>> | undefined }

/** A sentence with its English text. */
export type Sentence = { readonly text: string; readonly said: Said }

/** A line of one sentence or several, with its English text. */
export type Line = { readonly text: string; readonly said: readonly Said[] }
