import type { Snooze } from '../../../shared/model/approval.ts'
import type { JournalRecord } from '../../../shared/model/event.ts'
import type { Follower } from '../commit.ts'
import { Table, type UndoLog } from '../table.ts'

/** What happens to a request, and so brings it back to whoever set it aside until then. */
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

const none: readonly Snooze[] = []

/** Who has set which open request aside. Few do, so this is small. Follows the journal. */
export class Snoozes implements Follower {
  readonly #rows: Table<string, readonly Snooze[]>

  constructor(undo: UndoLog) {
    this.#rows = new Table(undo)
  }

  of(approvalId: string): readonly Snooze[] {
    return this.#rows.get(approvalId) ?? none
  }

  /** Whose a record is about to bring back, before it was applied. */
  broughtBackBy(record: JournalRecord): readonly string[] {
    if (!('approval_id' in record) || !happenings.has(record.type)) return []
    return this.of(record.approval_id).flatMap(({ person, on_change }) => (on_change ? [person] : []))
  }

  apply(record: JournalRecord): void {
    if (!('approval_id' in record)) return
    const id = record.approval_id
    const held = this.of(id)
    if (record.type === 'approval_snoozed') {
      const { person, until, on_change } = record.data
      this.#rows.set(id, [...held.filter((snooze) => snooze.person !== person), { person, until, on_change }])
    } else if (held === none) return
    else if (record.type === 'approval_decided') this.#rows.delete(id)
    else if (record.type === 'approval_unsnoozed') this.#keep(id, ({ person }) => person !== record.data.person)
    else if (happenings.has(record.type)) this.#keep(id, ({ on_change }) => !on_change)
  }

  #keep(id: string, stays: (snooze: Snooze) => boolean): void {
    const left = this.of(id).filter(stays)
    if (left.length > 0) this.#rows.set(id, left)
    else this.#rows.delete(id)
  }
}
