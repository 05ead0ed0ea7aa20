/** Runs branches side by side; all of them end before the first failure is thrown. */
export async function settleAll(branches: readonly (() => Promise<unknown>)[]): Promise<unknown[]> {
  const settled = await Promise.allSettled(branches.map(async (branch) => branch()))
  const failed = settled.find((one) => one.status === 'rejected')
  if (failed) throw failed.reason
  return settled.map((one) => (one as PromiseFulfilledResult<unknown>).value)
}
