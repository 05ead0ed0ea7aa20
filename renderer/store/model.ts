import { useCallback, useEffect, useRef, useState } from 'react'
import type { ModelView } from '../../shared/contract/settings.ts'
import { toFailure } from '../failure.ts'
import { useInbox, useInboxHandle } from './context.ts'

/** The local model as it is right now, and what can be done with it. */
export type ModelDesk = {
  readonly view: ModelView | null
  /** Why the last thing that was asked for did not work. */
  readonly problem: string | null
  readonly pull: (name: string) => Promise<void>
  readonly cancel: () => Promise<void>
  readonly load: () => Promise<void>
}

const fetchingMs = 500
const waitingMs = 2_500
const readyMs = 15_000

/** Looks as often as something can change: often while a model is fetched, seldom once it is ready. */
export function useModel(): ModelDesk {
  const { client } = useInboxHandle()
  const settings = useInbox((state) => state.settings?.model)
  const [view, setView] = useState<ModelView | null>(null)
  const [problem, setProblem] = useState<string | null>(null)
  /** Over as soon as a look succeeds; the other one stays until something else is asked for. */
  const [unreachable, setUnreachable] = useState<string | null>(null)
  const last = useRef(0)
  const load = useCallback(async () => {
    const turn = ++last.current
    try {
      const next = await client.model.status({})
      if (turn !== last.current) return
      setView(next)
      setUnreachable(null)
    } catch (error) {
      if (turn === last.current) setUnreachable(toFailure(error).message)
    }
  }, [client])
  // biome-ignore lint/correctness/useExhaustiveDependencies: other settings are another answer
  useEffect(() => {
    void load()
  }, [load, settings])
  const pace = view?.pull?.state === 'running' ? fetchingMs : view?.state === 'ready' ? readyMs : waitingMs
  useEffect(() => {
    const timer = setInterval(() => document.visibilityState === 'visible' && void load(), pace)
    return () => clearInterval(timer)
  }, [load, pace])
  const attempt = useCallback(
    async (work: () => Promise<unknown>) => {
      try {
        await work()
        setProblem(null)
      } catch (error) {
        setProblem(toFailure(error).message)
      }
      await load()
    },
    [load],
  )
  return {
    view,
    problem: problem ?? unreachable,
    load,
    pull: useCallback((name) => attempt(() => client.model.pull({ name })), [attempt, client]),
    cancel: useCallback(() => attempt(() => client.model.cancel({})), [attempt, client]),
  }
}
