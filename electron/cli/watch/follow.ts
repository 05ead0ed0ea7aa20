import { setTimeout as pause } from 'node:timers/promises'
import type { ChangeEvent } from '../../../shared/contract/events.ts'
import { toCliError } from '../failures.ts'
import type { Client } from '../server.ts'

const retryMs = 1000
/** What goes away by itself; a server that restarted has other keys, for a moment. */
const passing: readonly string[] = ['unreachable', 'rate-limited', 'unauthorized', 'internal']

export type Connection = {
  /** Finds the server anew: after a restart it may have another address and other keys. */
  readonly connect: () => Promise<Client>
  /** Told once each time the server cannot be reached. */
  readonly onLost: () => void
  readonly signal: AbortSignal
}

/** Calls until there is an answer. What will not go away by itself is thrown. */
export async function persist<T>({ connect, onLost, signal }: Connection, call: (client: Client) => Promise<T>): Promise<T> {
  for (let attempt = 0; ; attempt++) {
    signal.throwIfAborted()
    try {
      return await call(await connect())
    } catch (error) {
      if (signal.aborted) throw signal.reason
      const failure = toCliError(error)
      if (!passing.includes(failure.code) || (failure.code === 'unauthorized' && attempt >= 5)) throw failure
      if (attempt === 0) onLost()
      await pause(retryMs, undefined, { signal })
    }
  }
}

/** Hands out changes as they come, until the signal. After a lost connection `hello` says that some may have been missed. */
export async function follow(connection: Connection, onChange: (change: ChangeEvent) => void): Promise<void> {
  const { signal } = connection
  while (!signal.aborted) {
    try {
      const changes = await persist(connection, (client) => client.events.subscribe({}, { signal }))
      for await (const change of changes) onChange(change as ChangeEvent)
      await pause(retryMs, undefined, { signal })
    } catch (error) {
      if (signal.aborted) return
      // The stream broke off in the middle: whatever it was, connecting anew says whether it has gone away.
      const { code } = toCliError(error)
      if (!passing.includes(code)) throw error
      await pause(retryMs, undefined, { signal }).catch(() => {})
    }
  }
}
