import type { PostResult } from './post.ts'

const second = 1000
const minute = 60 * second
const hour = 60 * minute

/** How long before each attempt, as Standard Webhooks recommends: ten attempts over about 75 hours. */
const delays: readonly number[] = [
  0,
  5 * second,
  5 * minute,
  30 * minute,
  2 * hour,
  5 * hour,
  10 * hour,
  14 * hour,
  20 * hour,
  24 * hour,
]

const throttling: readonly number[] = [429, 502, 503, 504]
const longestRetryAfter = 24 * hour

/** What an attempt makes of a delivery. `next_at` is in milliseconds. */
export type Verdict = {
  readonly state: 'delivered' | 'retrying' | 'dead'
  readonly next_at: number | null
  readonly status: number | null
  readonly error: string | null
}

/** Judges an attempt: `tries` is how many there were with this one since the delivery was queued, `jitter` is from 0 to 1. */
export function nextVerdict(result: PostResult, tries: number, now: number, jitter: number): Verdict {
  if (result.kind === 'refused') return { state: 'dead', next_at: null, status: null, error: result.error }
  const status = result.kind === 'answered' ? result.status : null
  if (status !== null && status >= 200 && status < 300) return { state: 'delivered', next_at: null, status, error: null }
  const error = result.kind === 'answered' ? describeAnswer(result.status, result.text) : result.error
  const delay = delays[tries]
  if (status === 410 || delay === undefined) return { state: 'dead', next_at: null, status, error }
  const jittered = delay * (0.9 + 0.2 * jitter)
  const asked = result.kind === 'answered' && throttling.includes(result.status) ? retryAfterMs(result.retryAfter, now) : 0
  return { state: 'retrying', next_at: Math.round(now + Math.max(jittered, asked)), status, error }
}

/** `Retry-After` as milliseconds from now: seconds or a date; 0 where it says neither. */
function retryAfterMs(value: string | null, now: number): number {
  if (value === null) return 0
  const ms = /^\d+$/.test(value.trim()) ? Number(value) * second : Date.parse(value) - now
  return Number.isFinite(ms) ? Math.min(Math.max(0, ms), longestRetryAfter) : 0
}

function describeAnswer(status: number, text: string): string {
  const kind =
    status === 410
      ? 'The receiver wants nothing more (410).'
      : status >= 300 && status < 400
        ? `The receiver redirects (${status}); redirects are not followed.`
        : `The receiver answered ${status}.`
  const said = readable(text, 200)
  return said === '' ? kind : `${kind} It said: ${said}`
}

/** Foreign text on one line, without control characters, cut. */
export function readable(text: string, length: number): string {
  const line = text
    .replace(/\p{C}+/gu, ' ')
    .replace(/\s+/g, ' ')
    .trim()
  return line.length > length ? `${line.slice(0, length)}…` : line
}
