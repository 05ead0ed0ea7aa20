import { useCallback, useEffect, useRef, useState } from 'react'
import type { Client } from '../client.ts'
import { type CallFailure, toFailure } from '../failure.ts'
import { useInbox, useInboxHandle } from './context.ts'

/** An answer of the host that is asked for again whenever the settings are others. `ask` is the same function each time. */
export function useWithSettings<T>(ask: (client: Client) => Promise<T>) {
  const { client } = useInboxHandle()
  const settings = useInbox((state) => state.settings)
  const [view, setView] = useState<T | null>(null)
  const [failure, setFailure] = useState<CallFailure | null>(null)
  const latest = useRef(0)
  /** Shows what a change was answered with: no earlier question has a say in it. */
  const show = useCallback((next: T) => {
    latest.current++
    setView(next)
  }, [])
  const load = useCallback(async () => {
    const own = ++latest.current
    try {
      const next = await ask(client)
      if (own !== latest.current) return
      setView(next)
      setFailure(null)
    } catch (error) {
      if (own === latest.current) setFailure(toFailure(error))
    }
  }, [client, ask])
  // biome-ignore lint/correctness/useExhaustiveDependencies: other settings are another answer
  useEffect(() => {
    void load()
  }, [load, settings])
  return { view, setView: show, failure, load }
}
