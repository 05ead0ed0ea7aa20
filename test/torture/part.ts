/** What one part of the torture found. `cases` counts what was tried, `failures` what broke a promise. */
export type Row = {
  readonly part: string
  readonly what: string
  readonly cases: number
  readonly failures: number
  readonly seconds: number
  readonly seed: number
  readonly note?: string
  /** Of the first failures: what to give to `--case`, and what was wrong. */
  readonly found?: readonly { readonly id: string; readonly problem: string }[]
}

export type Options = {
  readonly seed: number
  readonly quick: boolean
  say(text: string): void
  /** Only this case, named as a failure names it. */
  readonly only?: string
}

export type Part = {
  readonly name: string
  run(options: Options): Promise<Row[]>
}

/** Small and repeatable: the same seed gives the same numbers from 0 up to `below`. */
export function random(seed: number): (below: number) => number {
  let state = seed >>> 0
  return (below) => {
    // mulberry32
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32) * below)
  }
}

const mostTold = 10

/** Counts cases and keeps the first failures. */
export class Tally {
  readonly #part: string
  readonly #what: string
  readonly #seed: number
  readonly #began = performance.now()
  cases = 0
  failures = 0
  note: string | undefined
  readonly #found: { id: string; problem: string }[] = []

  constructor(part: string, what: string, seed: number) {
    this.#part = part
    this.#what = what
    this.#seed = seed
  }

  /** One case, and what is wrong with it. */
  add(id: string, problems: readonly string[]): void {
    this.cases++
    if (problems.length === 0) return
    this.failures++
    if (this.#found.length < mostTold) this.#found.push({ id, problem: problems.slice(0, 3).join('; ') })
  }

  row(): Row {
    const seconds = Math.round((performance.now() - this.#began) / 10) / 100
    const { cases, failures, note } = this
    const row = { part: this.#part, what: this.#what, cases, failures, seconds, seed: this.#seed, found: this.#found }
    return note === undefined ? row : { ...row, note }
  }
}
