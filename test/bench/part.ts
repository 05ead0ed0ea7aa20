import type { Figure } from './report.ts'

export type Options = {
  /** Readings of each figure. */
  readonly repeats: number
  /** 1, or less to see that it works. */
  readonly scale: number
  say(text: string): void
}

/** What is measured together, and can be asked for by its name. */
export type Part = {
  readonly name: string
  /** Behind "Measuring". */
  readonly title: string
  measure(options: Options): Promise<readonly Figure[]>
}
