import { useCallback, useEffect, useState } from 'react'
import type { OutgoingView } from '../../shared/contract/outgoing.ts'
import { type CallFailure, toFailure } from '../failure.ts'
import { useInbox, useInboxHandle } from './context.ts'

type Held = { readonly view: OutgoingView | null; readonly failure: CallFailure | null; readonly load: () => Promise<void> }

/** What is called by itself. It is asked for again whenever the settings are others. */
export function useOutgoing(): Held {
  const { client } = useInboxHandle()
  const settings = useInbox((state) => state.settings)
  const [view, setView] = useState<OutgoingView | null>(null)
  const [failure, setFailure] = useState<CallFailure | null>(null)
  const load = useCallback(async () => {
    try {
      setView(await client.settings.outgoing({}))
      setFailure(null)
    } catch (error) {
      setFailure(toFailure(error))
    }
  }, [client])
  // biome-ignore lint/correctness/useExhaustiveDependencies: other settings are another answer
  useEffect(() => {
    void load()
  }, [load, settings])
  return { view, failure, load }
}
