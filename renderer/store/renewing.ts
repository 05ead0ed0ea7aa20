/** Loads of what has a key, one at a time for each. */
export type Renewing = {
  /** Loads it; where that is under way already, once more behind it, so that no answer from before stays. */
  readonly load: (key: string) => Promise<void>
  readonly isLoading: (key: string) => boolean
}

/** `fetch` never rejects. Once more is asked `pauseMs` after the answer: what changes ten times a second is not fetched as often. */
export function renewing(fetch: (key: string) => Promise<void>, pauseMs = 0): Renewing {
  /** What is under way, and whether it was asked for since. */
  const asked = new Map<string, boolean>()
  return {
    async load(key) {
      const isUnderWay = asked.has(key)
      asked.set(key, true)
      if (isUnderWay) return
      while (asked.get(key)) {
        asked.set(key, false)
        await fetch(key)
        if (pauseMs > 0 && asked.get(key)) await new Promise((resolve) => setTimeout(resolve, pauseMs))
      }
      asked.delete(key)
    },
    isLoading: (key) => asked.has(key),
  }
}
