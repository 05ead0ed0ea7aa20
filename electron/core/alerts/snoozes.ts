import type { Snooze } from '../../../shared/model/approval.ts'
import { broughtBackBy, nextSnoozes } from '../../../shared/model/aside.ts'
import type { JournalRecord } from '../../../shared/model/event.ts'
import type { Follower } from '../commit.ts'
import { Table, type UndoLog } from '../table.ts'

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
    return 'approval_id' in record ? broughtBackBy(this.of(record.approval_id), record) : []
  }

  apply(record: JournalRecord): void {
    if (!('approval_id' in record)) return
    const before = this.of(record.approval_id)
    const next = nextSnoozes(before, record)
    if (next === before) return
    if (next.length > 0) this.#rows.set(record.approval_id, next)
    else this.#rows.delete(record.approval_id)
  }
}
