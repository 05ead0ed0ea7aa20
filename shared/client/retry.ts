import { ORPCError } from '@orpc/contract'
import { CountersignError } from './failures.ts'

const firstPauseMs = 200
const longestPauseMs = 5000

type Limits = { readonly timeoutMs: number; readonly signal: AbortSignal | undefined }

/**
 * Tries until there is an answer, or until the time is up: then the last failure is thrown. Only what goes away by itself is tried
 * again: a server that restarts, or that has too much to do.
 */
export async function persist<T>(call: (signal: AbortSignal | undefined) => Promise<T>, { timeoutMs, signal }: Limits): Promise<T> {
  const until = performance.now() + timeoutMs
  for (let attempt = 0; ; attempt++) {
    signal?.throwIfAborted()
    try {
      return await call(signal)
    } catch (error) {
      if (signal?.aborted) throw signal.reason
      const failure = toFailure(error)
      const left = until - performance.now()
      if (!passes(failure) || left <= 0) throw failure
      // Many programs wait for the same server: they do not come back all at once.
      const wait = Math.min(firstPauseMs * 2 ** attempt, longestPauseMs) * (0.75 + Math.random() / 2)
      await pause(Math.min(wait, left), signal)
    }
  }
}

/** What an API call threw, as the client's own error. */
export function toFailure(error: unknown): CountersignError {
  if (error instanceof CountersignError) return error
  if (error instanceof ORPCError) {
    return new CountersignError(error.code, error.status, withEntries(error.message, error.data), error.data, error)
  }
  const said = error instanceof Error ? (error.cause instanceof Error ? error.cause.message : error.message) : String(error)
  return new CountersignError('unreachable', 0, `Countersign did not answer: ${said}`, undefined, error)
}

/** An answer that is none of ours, such as a proxy's, is a server on its way up too. */
const passes = ({ code, status }: CountersignError): boolean =>
  code === 'unreachable' || code === 'rate-limited' || status === 502 || status === 503 || status === 504

function withEntries(message: string, data: unknown): string {
  const entries = (data as { errors?: readonly { pointer: string; message: string }[] } | undefined)?.errors ?? []
  return entries.length < 2 ? message : `${message} ${entries.map((one) => `${one.pointer || '/'}: ${one.message}`).join('; ')}`
}

export function pause(ms: number, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve, reject) => {
    const abort = () => {
      clearTimeout(timer)
      reject(signal?.reason)
    }
    const timer = setTimeout(() => {
      signal?.removeEventListener('abort', abort)
      resolve()
    }, ms)
    signal?.addEventListener('abort', abort, { once: true })
  })
}
