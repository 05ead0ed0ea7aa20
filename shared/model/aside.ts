import type { Snooze } from './approval.ts'
import type { JournalRecord } from './event.ts'

/* What people do with an open request besides answering it, and what each record makes of that. Decided here, for everybody who keeps it. */

/** What happens to a request: it brings it back to whoever set it aside until then. */
const happenings: ReadonlySet<JournalRecord['type']> = new Set([
  'approval_voted',
  'approval_changed',
  'approval_escalated',
  'approval_reassigned',
  'approval_extended',
  'approval_lapsed',
  'approval_sent_back',
  'approval_answered',
  'approval_commented',
])

const none: readonly never[] = []

/** Who has set it aside. The same list where nothing changes. */
export function nextSnoozes(before: readonly Snooze[], record: JournalRecord): readonly Snooze[] {
  switch (record.type) {
    case 'approval_snoozed': {
      const { person } = record.data
      return [...before.filter((snooze) => snooze.person !== person), record.data]
    }
    case 'approval_unsnoozed':
      return kept(before, ({ person }) => person !== record.data.person)
    case 'approval_decided':
      return none
    default:
      return happenings.has(record.type) ? kept(before, (snooze) => !endsWith(snooze, record)) : before
  }
}

/** Whose a record brings back because something has happened. */
export const broughtBackBy = (before: readonly Snooze[], record: JournalRecord): readonly string[] =>
  happenings.has(record.type) ? before.flatMap((snooze) => (endsWith(snooze, record) ? [snooze.person] : [])) : none

/** Nobody sleeps past a deadline without having said so: one that has come nearer brings it back. */
function endsWith({ until, on_change, past_deadline }: Snooze, record: JournalRecord): boolean {
  if (on_change) return true
  const due = 'standing' in record.data ? record.data.standing.due_at : null
  return until !== null && due !== null && !past_deadline && Date.parse(until) >= Date.parse(due)
}

/** Who watches it, also once it has ended. */
export function nextWatchers(before: readonly string[], record: JournalRecord): readonly string[] {
  if (record.type !== 'approval_watched') return before
  const { person, watching } = record.data
  const others = before.filter((email) => email !== person)
  return watching ? [...others, person] : others
}

/** What becomes of an answer that is held: words alone leave it where it is, whatever else happens carries it out or voids it. */
export function heldAfter(record: JournalRecord): 'new' | 'same' | 'none' {
  switch (record.type) {
    case 'approval_held':
      return 'new'
    case 'approval_snoozed':
    case 'approval_unsnoozed':
    case 'approval_watched':
    case 'approval_commented':
    case 'approval_answered':
      return 'same'
    default:
      return 'none'
  }
}

function kept(before: readonly Snooze[], stays: (snooze: Snooze) => boolean): readonly Snooze[] {
  const left = before.filter(stays)
  return left.length === before.length ? before : left
}
