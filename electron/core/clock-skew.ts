import type { Actor } from '../../shared/model/actor.ts'
import type { NewEvent } from '../../shared/model/event.ts'
import { type Clock, toInstant } from './clock.ts'
import type { Commit } from './commit.ts'
import type { Journal } from './journal/port.ts'

/** Clocks are put right by so much all the time. */
const unremarkableMs = 2000

const actor: Actor = { kind: 'system', id: 'journal', via: 'engine' }

/**
 * Commits, and records first where the clock has gone back since the last record: instants decrease there, and whoever reads them
 * learns why. `lastAt` is the last record's instant at the start, null in a new home.
 */
export function notingSkew(
  commit: Commit,
  { clock, journal, lastAt }: { readonly clock: Clock; readonly journal: Journal; readonly lastAt: string | null },
): Commit {
  let latest = lastAt === null ? Number.NEGATIVE_INFINITY : Date.parse(lastAt)
  let noted: { readonly seq: number; readonly latest: number } | null = null
  journal.onTakenBack((fromSeq) => {
    // It was not written after all, and is still to be said.
    if (noted !== null && noted.seq >= fromSeq) latest = Math.max(latest, noted.latest)
    noted = null
  })
  return (...events) => {
    const now = clock.now()
    if (latest - now > unremarkableMs) {
      const [record] = commit(toSkew(latest, now)).records
      noted = { seq: record!.seq, latest }
    }
    latest = now
    return commit(...events)
  }
}

const toSkew = (latest: number, now: number): NewEvent => ({
  type: 'clock_skew',
  actor,
  data: { last_at: toInstant(latest), back_ms: latest - now },
  content: null,
})
