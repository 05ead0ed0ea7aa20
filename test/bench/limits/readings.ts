import { median } from '../report.ts'

/** The same thing measured again and again. */
export async function readings(repeats: number, read: () => number | Promise<number>): Promise<number[]> {
  const values: number[] = []
  for (let n = 0; n < repeats; n++) values.push(await read())
  return values
}

const slices = 60
const sliceMs = 5

/** Microseconds of one call: the middle of many short slices, so that what else the machine does for a moment is left out. */
export function microseconds(work: (n: number) => unknown): number {
  // The first calls compile the code.
  for (let n = 0; n < 200; n++) work(n)
  let n = 0
  const costs = Array.from({ length: slices }, () => {
    const startedAt = performance.now()
    const first = n
    let now = startedAt
    while (now - startedAt < sliceMs) {
      for (let k = 0; k < 20; k++) work(n++)
      now = performance.now()
    }
    return ((now - startedAt) * 1000) / (n - first)
  })
  return median(costs)
}
