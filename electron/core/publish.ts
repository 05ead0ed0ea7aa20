import type { Counts, Health } from '../../shared/contract/events.ts'
import type { Feed } from './feed.ts'
import type { Journal } from './journal/port.ts'
import type { SqliteProjection } from './projection/open.ts'

/** Joins projection and journal to the feed. The projection is asked for changed items only while somebody watches. */
export function publishChanges(deps: {
  readonly feed: Feed
  readonly projection: SqliteProjection
  readonly journal: Journal
  readonly health: () => Health
  readonly counts: () => Counts
}): void {
  const { feed, projection, journal, health, counts } = deps
  let undo = () => {}
  feed.onWatched((watched) => {
    undo()
    undo = watched
      ? projection.onChange((changes) => {
          const now = counts()
          for (const change of changes) feed.publish(change.kind === 'approval' ? { ...change, counts: now } : change)
          feed.publish({ kind: 'counts', counts: now })
        })
      : () => {}
  })
  let last = ''
  const tell = () => {
    const now = health()
    const key = now.status === 'ok' ? 'ok' : JSON.stringify(now)
    if (key !== last) feed.publish({ kind: 'health', health: now })
    last = key
  }
  projection.onProgress(tell)
  journal.onTakenBack(() => setImmediate(tell))
}
