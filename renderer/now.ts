import { useSyncExternalStore } from 'react'

/** A clock that redraws who looks at it, each `everyMs`. All who look at the same pace share one timer. */
type Pace = { now: number; timer: ReturnType<typeof setInterval> | null; readonly listeners: Set<() => void> }

const paces = new Map<number, Pace>()

function paceOf(everyMs: number): Pace {
  const held = paces.get(everyMs)
  if (held) return held
  const pace: Pace = { now: Date.now(), timer: null, listeners: new Set() }
  paces.set(everyMs, pace)
  return pace
}

export function useNow(everyMs: 1000 | 20_000): number {
  const pace = paceOf(everyMs)
  const subscribe = (listener: () => void) => {
    pace.listeners.add(listener)
    pace.timer ??= setInterval(() => {
      pace.now = Date.now()
      for (const each of pace.listeners) each()
    }, everyMs)
    return () => {
      pace.listeners.delete(listener)
      if (pace.listeners.size > 0 || pace.timer === null) return
      clearInterval(pace.timer)
      pace.timer = null
    }
  }
  return useSyncExternalStore(subscribe, () => {
    if (pace.timer === null && Date.now() - pace.now >= everyMs) pace.now = Date.now()
    return pace.now
  })
}
