import { useCallback, useEffect, useRef, useState } from 'react'
import type { HookView, SourceView } from '../../shared/contract/settings.ts'
import { type CallFailure, toFailure } from '../failure.ts'
import { useInbox, useInboxHandle } from './context.ts'

export type SourcesView = {
  readonly items: readonly SourceView[]
  readonly hooks: readonly HookView[]
  readonly config_problems: readonly { readonly pointer: string; readonly message: string }[]
}

type Held = { readonly view: SourcesView | null; readonly failure: CallFailure | null; readonly load: () => Promise<void> }

/** What changes elsewhere shows after so long at the latest. */
const everyMs = 5_000
const gatherMs = 150

/** Sources with their use. They are asked for again when something arrives, and every few seconds while this is on the screen. */
export function useSources(): Held {
  const { client } = useInboxHandle()
  const runs = useInbox((state) => state.runs)
  const counts = useInbox((state) => state.counts)
  const [view, setView] = useState<SourcesView | null>(null)
  const [failure, setFailure] = useState<CallFailure | null>(null)
  const last = useRef(0)
  const load = useCallback(async () => {
    const turn = ++last.current
    try {
      const next = await client.sources.list({})
      // What was asked for later is newer.
      if (turn !== last.current) return
      setView(next)
      setFailure(null)
    } catch (error) {
      if (turn === last.current) setFailure(toFailure(error))
    }
  }, [client])
  // biome-ignore lint/correctness/useExhaustiveDependencies: runs and counts are what changes when something arrives
  useEffect(() => {
    const first = setTimeout(() => void load(), last.current === 0 ? 0 : gatherMs)
    const timer = setInterval(() => document.visibilityState === 'visible' && void load(), everyMs)
    return () => {
      clearTimeout(first)
      clearInterval(timer)
    }
  }, [load, runs, counts])
  return { view, failure, load }
}
