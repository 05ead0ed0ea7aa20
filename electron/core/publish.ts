import type { Counts, Health } from '../../shared/contract/events.ts'
import type { Clock } from './clock.ts'
import type { Feed } from './feed.ts'
import type { Journal } from './journal/port.ts'
import type { SqliteProjection } from './projection/open.ts'
import type { Change } from './projection/port.ts'

const countAgainMs = 15_000

/** Joins projection and journal to the feed. The projection is asked for changed items only while somebody watches. */
export function publishChanges(deps: {
  readonly feed: Feed
  readonly projection: SqliteProjection
  readonly journal: Journal
  readonly health: () => Health
  readonly counts: () => Counts
  readonly clock: Clock
}): void {
  const { feed, projection, journal, health, counts, clock } = deps
  let undo = () => {}
  let rest = () => {}
  const publish = (changes: readonly Change[]) => {
    const now = counts()
    for (const change of changes) feed.publish(change.kind === 'approval' ? { ...change, counts: now } : change)
    feed.publish({ kind: 'counts', counts: now })
  }
  // Time alone makes something due soon, and brings back what was set aside.
  const afterWhile = () => {
    rest = clock.after(countAgainMs, () => {
      afterWhile()
      try {
        if (!projection.progress.rebuilding && projection.problem === null) publish([])
      } catch {
        // What cannot be read just now is read the next time.
      }
    })
  }
  feed.onWatched((watched) => {
    undo()
    rest()
    undo = watched ? projection.onChange(publish) : () => {}
    rest = () => {}
    if (watched) afterWhile()
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
