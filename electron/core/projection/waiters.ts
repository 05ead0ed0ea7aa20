/** Those who wait until a record has been applied. */
export type Waiters = {
  /** Whether anybody waits. */
  readonly waiting: boolean
  wait(seq: number): Promise<void>
  /** Everything up to `seq` is there. */
  resolve(seq: number): void
  /** It will not be there. */
  reject(error: Error): void
}

export function createWaiters(): Waiters {
  let waiting: { readonly seq: number; readonly resolve: () => void; readonly reject: (error: Error) => void }[] = []
  return {
    get waiting() {
      return waiting.length > 0
    },
    wait: (seq) =>
      new Promise((resolve, reject) => {
        waiting.push({ seq, resolve, reject })
      }),
    resolve(seq) {
      if (waiting.length === 0) return
      const done = waiting.filter((waiter) => waiter.seq <= seq)
      waiting = waiting.filter((waiter) => waiter.seq > seq)
      for (const waiter of done) waiter.resolve()
    },
    reject(error) {
      const all = waiting
      waiting = []
      for (const waiter of all) waiter.reject(error)
    },
  }
}
