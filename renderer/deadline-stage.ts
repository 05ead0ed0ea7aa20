import { useCallback, useSyncExternalStore } from 'react'
import type { ApprovalItem } from '../shared/model/approval.ts'

/** How near a deadline is: less than half of the time is over, more, a quarter of an hour is left, or none. */
export type DeadlineStage = 'calm' | 'half' | 'soon' | 'over'

type Timed = Pick<ApprovalItem, 'created_at' | 'due_at'>

const soonMs = 15 * 60_000

/** When each stage begins, in order. */
function instantsOf({ created_at, due_at }: Timed): readonly (readonly [DeadlineStage, number])[] {
  if (due_at === null) return []
  const [from, due] = [Date.parse(created_at), Date.parse(due_at)]
  const half = from + (due - from) / 2
  return [
    ['half', half],
    ['soon', Math.max(half, due - soonMs)],
    ['over', due],
  ]
}

const deadlineStage = (item: Timed, now: number): DeadlineStage => instantsOf(item).findLast(([, at]) => at <= now)?.[0] ?? 'calm'

/** Whoever waits for a change, and when it comes: one timer for all, for the earliest. */
const waiting = new Map<() => void, number>()
let timer: ReturnType<typeof setTimeout> | null = null
let timerAt = Number.POSITIVE_INFINITY

function arm(): void {
  const next = Math.min(...waiting.values())
  if (next === timerAt && timer !== null) return
  if (timer !== null) clearTimeout(timer)
  timerAt = next
  // A timer cannot be longer than this; then it is only a look.
  timer = Number.isFinite(next) ? setTimeout(fire, Math.min(Math.max(0, next - Date.now()), 2 ** 31 - 1)) : null
}

function fire(): void {
  timer = null
  const now = Date.now()
  for (const [listener, at] of [...waiting]) if (at <= now) listener()
  arm()
}

/** The stage now; who looks at it is drawn again at the very instant at which it changes. */
export function useDeadlineStage({ created_at, due_at }: Timed): DeadlineStage {
  const subscribe = useCallback(
    (changed: () => void) => {
      const wait = () => {
        const next = instantsOf({ created_at, due_at }).find(([, at]) => at > Date.now())?.[1]
        if (next === undefined) waiting.delete(listener)
        else waiting.set(listener, next)
      }
      const listener = () => {
        wait()
        changed()
      }
      wait()
      arm()
      return () => {
        waiting.delete(listener)
        arm()
      }
    },
    [created_at, due_at],
  )
  return useSyncExternalStore(subscribe, () => deadlineStage({ created_at, due_at }, Date.now()))
}
