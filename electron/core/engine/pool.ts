/** So many different values are kept. */
const most = 1000

/** Hands out the very same value for the same key, so that many who have it in common hold it once; forgets when too many differ. */
export function createPool<T>(): (key: string, value: T) => T {
  const kept = new Map<string, T>()
  return (key, value) => {
    const known = kept.get(key)
    if (known !== undefined) return known
    if (kept.size >= most) kept.clear()
    kept.set(key, value)
    return value
  }
}
