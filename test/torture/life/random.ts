/** A whole number from 0 up to `below`. */
export type Random = (below: number) => number

export const pick = <T>(random: Random, from: readonly T[]): T => from[random(from.length)]!
