/** The same thing measured again and again. */
export async function readings(repeats: number, read: () => number | Promise<number>): Promise<number[]> {
  const values: number[] = []
  for (let n = 0; n < repeats; n++) values.push(await read())
  return values
}

const mostMs = 300

/** Processor time of this thread since then, in microseconds: what else the machine does is not in it. */
export function threadTime(since?: NodeJS.CpuUsage): NodeJS.CpuUsage & { readonly total: number } {
  const usage = process.threadCpuUsage(since)
  return { ...usage, total: usage.user + usage.system }
}

/** Microseconds of processor time of one call, over as many as fit a third of a second. */
export function microseconds(work: (n: number) => unknown): number {
  // The first calls compile the code.
  for (let n = 0; n < 1000; n++) work(n)
  const startedAt = performance.now()
  const before = threadTime()
  let count = 0
  while (performance.now() - startedAt < mostMs) for (let n = 0; n < 50; n++) work(count++)
  return threadTime(before).total / count
}
