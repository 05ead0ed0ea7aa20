import type { ChangeEvent } from '../../shared/contract/events.ts'

/** What changes, for everybody who watches. A slow watcher gets the latest of each thing, never a growing backlog. */
export interface Feed {
  publish(event: ChangeEvent): void
  /** Ends when the signal aborts or the feed closes. A watcher that falls too far behind is cut off, and fetches anew. */
  subscribe(first: readonly ChangeEvent[], signal?: AbortSignal): AsyncGenerator<ChangeEvent, void, void>
  /** Told when the first watcher comes and when the last one has gone. Returns its undo. */
  onWatched(listener: (watched: boolean) => void): () => void
  close(): void
}

const backlogLimit = 5000

type Watcher = { readonly waiting: Map<string, ChangeEvent>; wake: () => void; over: boolean }

/** Events about the same thing replace each other: each carries it whole. */
function keyOf(event: ChangeEvent): string {
  switch (event.kind) {
    case 'approval':
      return `approval ${event.item.id}`
    case 'run':
      return `run ${event.item.id}`
    case 'deadline':
      return `deadline ${event.approval_id} ${event.stage}`
    case 'alert':
      return `alert ${event.to} ${event.reason} ${event.approval_ids[0]}`
    default:
      return event.kind
  }
}

export function createFeed(): Feed {
  const watchers = new Set<Watcher>()
  const listeners = new Set<(watched: boolean) => void>()
  const tell = (watched: boolean) => {
    for (const listener of listeners) listener(watched)
  }
  const put = (watcher: Watcher, event: ChangeEvent) => {
    if (watcher.over) return
    const key = keyOf(event)
    watcher.waiting.delete(key)
    watcher.waiting.set(key, event)
    // Cut off at once: whoever stopped reading may not come back for what waits here for a long time.
    if (watcher.waiting.size > backlogLimit) cutOff(watcher)
    else watcher.wake()
  }

  const cutOff = (watcher: Watcher) => {
    watcher.over = true
    watcher.waiting.clear()
    if (watchers.delete(watcher) && watchers.size === 0) tell(false)
    watcher.wake()
  }

  async function* subscribe(first: readonly ChangeEvent[], signal?: AbortSignal): AsyncGenerator<ChangeEvent, void, void> {
    const watcher: Watcher = { waiting: new Map(), wake: () => {}, over: false }
    const end = () => {
      watcher.over = true
      watcher.wake()
    }
    signal?.addEventListener('abort', end, { once: true })
    watchers.add(watcher)
    if (watchers.size === 1) tell(true)
    try {
      yield* first
      while (!watcher.over && !signal?.aborted) {
        const [next] = watcher.waiting
        if (next) {
          watcher.waiting.delete(next[0])
          yield next[1]
          continue
        }
        await new Promise<void>((resolve) => {
          watcher.wake = resolve
          if (watcher.over || watcher.waiting.size > 0) resolve()
        })
      }
    } finally {
      signal?.removeEventListener('abort', end)
      cutOff(watcher)
    }
  }

  return {
    publish(event) {
      for (const watcher of watchers) put(watcher, event)
    },
    subscribe,
    onWatched(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    close() {
      // Also one that does not read on: whoever looks things up for it would go on after the end.
      for (const watcher of [...watchers]) cutOff(watcher)
    },
  }
}
