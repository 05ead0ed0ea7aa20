import type { Condition } from './server.ts'

/** A reading with when it was taken, and what was there then. */
export type Sample = {
  readonly minutes: number
  readonly condition: Condition
  readonly waiting: number
  readonly asked: number
  readonly decided: number
  readonly requests: number
  readonly journalBytes: number
  readonly killed: {
    readonly kills: number
    readonly journalBytes: number
    readonly startMs: number
    readonly slowestStartMs: number
  }
}

const median = (values: readonly number[]): number => values.toSorted((a, b) => a - b)[values.length >> 1] ?? Number.NaN

export type Steadiness = {
  readonly first: readonly Sample[]
  readonly last: readonly Sample[]
  of(value: (sample: Sample) => number): { readonly first: number; readonly last: number; readonly growth: number }
}

/** Compares the time after warming up with the time before the end, each so many minutes long. */
export function compare(samples: readonly Sample[], warmUp: number, length: number): Steadiness {
  const end = samples.at(-1)?.minutes ?? 0
  const first = samples.filter(({ minutes }) => minutes >= warmUp && minutes < warmUp + length)
  const last = samples.filter(({ minutes }) => minutes > end - length)
  return {
    first,
    last,
    of(value) {
      const [a, b] = [median(first.map(value)), median(last.map(value))]
      return { first: a, last: b, growth: b / a - 1 }
    },
  }
}
