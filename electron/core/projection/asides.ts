import type { Snooze } from '../../../shared/model/approval.ts'
import { heldAfter, nextSnoozes, nextWatchers } from '../../../shared/model/aside.ts'
import type { JournalRecord } from '../../../shared/model/event.ts'
import type { LaterRecord } from './standing.ts'

/** What people did with an open approval besides answering it, as far as lists need to know. */
export type Asides = {
  /** Somebody's answer waits to be released. */
  readonly held: boolean
  readonly snoozes: readonly Snooze[]
  readonly watchers: readonly string[]
}

const none: Asides = { held: false, snoozes: [], watchers: [] }

/** What a record makes of them. Null: there are none. */
export function nextAsides(before: Asides | null, record: LaterRecord | JournalRecord<'approval_decided'>): Asides | null {
  const asides = before ?? none
  const held = heldAfter(record)
  const snoozes = nextSnoozes(asides.snoozes, record)
  const watchers = nextWatchers(asides.watchers, record)
  const next = { held: held === 'same' ? asides.held : held === 'new', snoozes, watchers }
  return next.held || snoozes.length > 0 || watchers.length > 0 ? next : null
}
