/** Runs `work` for 0..count-1, `inFlight` at a time. */
export async function pool(count: number, inFlight: number, work: (n: number) => Promise<unknown>): Promise<void> {
  let next = 0
  await Promise.all(
    Array.from({ length: inFlight }, async () => {
      while (next < count) await work(next++)
    }),
  )
}
