import type { Clock } from '../clock.ts'

export type RateLimits = { readonly requests_per_minute: number; readonly burst: number }

type Bucket = { tokens: number; readAt: number }

/**
 * A token bucket a credential. On loopback every client has the same address, so the credential is what tells them apart; only known
 * credentials get a bucket, which bounds how many there are.
 */
export function createRateLimit(limits: () => RateLimits, clock: Clock): (credential: string) => number {
  const buckets = new Map<string, Bucket>()
  /** Takes one token; returns 0, or how many seconds to wait for the next. */
  return (credential) => {
    const { requests_per_minute, burst } = limits()
    const perMs = requests_per_minute / 60_000
    const now = clock.now()
    const bucket = buckets.get(credential)
    if (bucket === undefined) {
      buckets.set(credential, { tokens: burst - 1, readAt: now })
      return burst >= 1 ? 0 : 60
    }
    const elapsed = Math.max(0, now - bucket.readAt)
    bucket.tokens = Math.min(burst, bucket.tokens + elapsed * perMs)
    bucket.readAt = now
    if (bucket.tokens >= 1) {
      bucket.tokens -= 1
      return 0
    }
    return perMs > 0 ? Math.max(1, Math.ceil((1 - bucket.tokens) / perMs / 1000)) : 60
  }
}
