/*
 * Times to decide are counted in classes: each is about a tenth longer than the one before it. So a median is known to a few percent
 * without keeping every time.
 */

const classesPerDoubling = 8
const shortestMs = 1000

/** The class of a length of time. Everything up to a second is the first. */
export const timeClass = (ms: number): number => (ms <= shortestMs ? 0 : Math.ceil(Math.log2(ms / shortestMs) * classesPerDoubling))

/** The longest time of a class. */
const longestOf = (timeClass: number): number => shortestMs * 2 ** (timeClass / classesPerDoubling)

/** How many times there are of one class. */
export type TimeCount = { readonly class: number; readonly n: number }

/**
 * The time within which this share of them was decided, in milliseconds; null where there are none. Inside a class its times are
 * taken to be spread evenly. A class can be told of several times, as by day.
 */
export function timeWithin(counts: readonly TimeCount[], share: number): number | null {
  const total = counts.reduce((sum, { n }) => sum + n, 0)
  if (total === 0) return null
  const wanted = Math.max(share, 0) * total
  const byClass = new Map<number, number>()
  for (const each of counts) byClass.set(each.class, (byClass.get(each.class) ?? 0) + each.n)
  let before = 0
  for (const [time, n] of [...byClass].sort(([a], [b]) => a - b)) {
    if (n > 0 && before + n >= wanted) {
      const from = time === 0 ? 0 : longestOf(time - 1)
      return Math.round(from + ((longestOf(time) - from) * (wanted - before)) / n)
    }
    before += n
  }
  return Math.round(longestOf(Math.max(...counts.map((each) => each.class))))
}
