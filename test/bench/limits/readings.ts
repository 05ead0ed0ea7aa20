/** The same thing measured again and again. */
export async function readings(repeats: number, read: () => number | Promise<number>): Promise<number[]> {
  const values: number[] = []
  for (let n = 0; n < repeats; n++) values.push(await read())
  return values
}

const mostMs = 300

/** Microseconds of one call, over as many as fit a third of a second. */
export function microseconds(work: (n: number) => unknown): number {
  // The first calls compile the code.
  for (let n = 0; n < 200; n++) work(n)
  const startedAt = performance.now()
  let count = 0
  let now = startedAt
  while (now - startedAt < mostMs) {
    for (let n = 0; n < 50; n++) work(count++)
    now = performance.now()
  }
  return ((now - startedAt) * 1000) / count
}
