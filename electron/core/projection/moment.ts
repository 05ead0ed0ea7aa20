/** What was counted a moment ago, for those who ask for it with every change that is sent out. */
export type Moment<T> = {
  get(key: string, now: number, count: () => T): T
  clear(): void
}

const mostKept = 100

/** Counted anew when it is older than this: it depends on the time, too. */
export function createMoment<T>(forMs: number): Moment<T> {
  const kept = new Map<string, { readonly at: number; readonly value: T }>()
  return {
    get(key, now, count) {
      const known = kept.get(key)
      if (known && Math.abs(now - known.at) <= forMs) return known.value
      if (kept.size >= mostKept) kept.clear()
      const value = count()
      kept.set(key, { at: now, value })
      return value
    },
    clear: () => kept.clear(),
  }
}
