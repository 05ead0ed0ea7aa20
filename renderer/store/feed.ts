import type { ChangeEvent } from '../../shared/contract/events.ts'
import type { Client } from '../client.ts'
import { type CallFailure, toFailure } from '../failure.ts'
import { t } from '../strings.ts'

/** Who listens to the stream of changes. */
export type FeedListener = {
  readonly onChange: (change: ChangeEvent) => void
  readonly onLost: (failure: CallFailure) => void
  /** Before a new attempt; the desktop asks for a fresh port here. */
  readonly beforeRetry: () => Promise<void>
}

const firstWaitMs = 500
const longestWaitMs = 15_000
/** The host greets at once. Who is not greeted asks again: the question itself may have got lost without a word. */
const greetingMs = 20_000

/** Follows the stream until it is aborted. A lost stream is tried again after a growing pause, or at once when the window is shown. */
export async function follow(client: Client, listener: FeedListener, signal: AbortSignal): Promise<void> {
  let waitMs = firstWaitMs
  while (!signal.aborted) {
    const unheard = new AbortController()
    const timer = setTimeout(() => unheard.abort(), greetingMs)
    try {
      for await (const change of await client.events.subscribe({}, { signal: AbortSignal.any([signal, unheard.signal]) })) {
        clearTimeout(timer)
        waitMs = firstWaitMs
        listener.onChange(change)
      }
      listener.onLost({ code: 'offline', status: 0, message: t.unreachable, data: {} })
    } catch (error) {
      if (signal.aborted) return
      const failure = toFailure(error)
      listener.onLost(failure)
      if (failure.status === 401) return
    } finally {
      clearTimeout(timer)
    }
    await pause(waitMs, signal)
    waitMs = Math.min(longestWaitMs, waitMs * 2)
    if (!signal.aborted) await listener.beforeRetry()
  }
}

function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      clearTimeout(timer)
      document.removeEventListener('visibilitychange', onShown)
      window.removeEventListener('online', done)
      signal.removeEventListener('abort', done)
      resolve()
    }
    const onShown = () => {
      if (document.visibilityState === 'visible') done()
    }
    const timer = setTimeout(done, milliseconds)
    document.addEventListener('visibilitychange', onShown)
    window.addEventListener('online', done)
    signal.addEventListener('abort', done)
  })
}
