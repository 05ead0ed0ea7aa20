import { useCallback, useEffect, useState } from 'react'
import type { Client } from '../client.ts'
import { type CallFailure, toFailure } from '../failure.ts'
import { useInbox, useInboxHandle } from './context.ts'

/** An answer of the host that is asked for again whenever the settings are others. `ask` is the same function each time. */
export function useWithSettings<T>(ask: (client: Client) => Promise<T>) {
  const { client } = useInboxHandle()
  const settings = useInbox((state) => state.settings)
  const [view, setView] = useState<T | null>(null)
  const [failure, setFailure] = useState<CallFailure | null>(null)
  const load = useCallback(async () => {
    try {
      setView(await ask(client))
      setFailure(null)
    } catch (error) {
      setFailure(toFailure(error))
    }
  }, [client, ask])
  // biome-ignore lint/correctness/useExhaustiveDependencies: other settings are another answer
  useEffect(() => {
    void load()
  }, [load, settings])
  return { view, setView, failure, load }
}
