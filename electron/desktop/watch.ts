import { createRouterClient } from '@orpc/server'
import type { ChangeEvent } from '../../shared/contract/events.ts'
import type { Clock } from '../core/clock.ts'
import type { CoreApp } from './core-app.ts'

const againAfterMs = 2_000

/** Follows the application's changes for as long as the desktop runs, over the same procedure the page uses. Returns its end. */
export function watchChanges(
  app: Pick<CoreApp, 'router' | 'ownerCaller'>,
  clock: Clock,
  onChange: (change: ChangeEvent) => void,
): () => void {
  const ended = new AbortController()
  let cancelTimer = () => {}

  const follow = async () => {
    const client = createRouterClient(app.router, { context: () => ({ caller: app.ownerCaller('desktop') }) })
    for await (const change of await client.events.subscribe({}, { signal: ended.signal })) {
      if (ended.signal.aborted) return
      onChange(change)
    }
  }
  const run = (): void => {
    const again = () => {
      if (!ended.signal.aborted) cancelTimer = clock.after(againAfterMs, run)
    }
    follow().then(again, again)
  }
  run()
  return () => {
    ended.abort()
    cancelTimer()
  }
}
