import type Database from 'better-sqlite3'
import type { JournalRecord } from '../../../shared/model/event.ts'
import { createInsightCounts } from '../insight/counts.ts'
import type { Position } from '../journal/port.ts'
import { bornApproval, continueApproval, decideApproval, summariseApproval } from './approval-row.ts'
import { createErasing, type ErasedRun } from './erasing.ts'
import { bornDelivery, bornRun, nextDelivery, nextRun, type RunRow } from './fold.ts'
import type { Records } from './records.ts'
import type { Mark } from './schema.ts'
import type { SearchIndex } from './search-index.ts'
import { createStores } from './stores.ts'

/** What one batch changed. An approval changes with its run, so runs are all that needs to be named. */
type Applied = { readonly runs: readonly string[] }

export interface Applier {
  /** Takes records in. Nothing of them is written yet. */
  fold(records: readonly JournalRecord[], positions: readonly Position[]): void
  /** How many rows are waiting to be written. */
  readonly waiting: number
  /** Writes what was taken in and how far it reaches, in one transaction. Throws with nothing of it written, and forgets it. */
  flush(mark: Mark): Applied
}

/** The journal's records as rows, through one connection. */
export function createApplier(db: Database.Database, search: SearchIndex, records: Records): Applier {
  const { runs, approvals, deliveries, tallies } = createStores(db)
  const insight = createInsightCounts(db)
  const erase = createErasing(db, tallies, records)
  const insertEvent = db.prepare('INSERT INTO events (run_seq, seq, position) VALUES (?, ?, ?)')
  const first = db.prepare<[], number>('SELECT seq FROM mark WHERE one = 1').pluck()
  const setMark = db.prepare('UPDATE mark SET seq = ?, position = ?, last_position = ?, last_hash = ? WHERE one = 1')

  /** The record's own thing: an approval or a delivery of this run. */
  function applyPart(record: JournalRecord, run: RunRow, position: Position): void {
    switch (record.type) {
      case 'approval_requested': {
        const { row, birth } = bornApproval(record, run, position)
        approvals.add(row, birth)
        reworded.add(row.seq)
        insight.came(row.type, row.came)
        return
      }
      case 'approval_decided': {
        const approval = approvals.get(record.approval_id)
        if (!approval) return
        if (approval.status === 'pending') insight.ended(approval, record)
        approvals.set(decideApproval(approval, record, position))
        reworded.add(approval.seq)
        return
      }
      case 'approval_voted':
      case 'approval_changed':
      case 'approval_sent_back':
      case 'approval_answered':
      case 'approval_escalated':
      case 'approval_reassigned':
      case 'approval_extended':
      case 'approval_lapsed':
      case 'approval_held':
      case 'approval_unheld':
      case 'approval_snoozed':
      case 'approval_unsnoozed':
      case 'approval_watched':
      case 'approval_commented': {
        const approval = approvals.get(record.approval_id)
        if (!approval) return
        approvals.set(continueApproval(approval, record, position))
        reworded.add(approval.seq)
        return
      }
      case 'summary_recorded': {
        const approval = approvals.get(record.approval_id)
        if (approval) approvals.set(summariseApproval(approval, record, position))
        return
      }
      case 'delivery_queued':
        deliveries.add(bornDelivery(record, run), undefined)
        return
      case 'delivery_attempted':
      case 'delivery_requeued': {
        const delivery = deliveries.get(record.data.delivery_id)
        if (delivery) deliveries.set(nextDelivery(delivery, record))
        return
      }
    }
  }

  let changed = new Set<string>()
  /** Approvals whose words may be others now. */
  let reworded = new Set<number>()
  let erased: ErasedRun[] = []
  let events: (readonly [run: number, seq: number, position: Position])[] = []

  function foldRecord(record: JournalRecord, position: Position): void {
    let run: RunRow | undefined
    if (record.type === 'run_started') {
      const born = bornRun(record, position)
      run = born.row
      runs.add(run, born.birth)
    } else if ('run_id' in record) {
      run = runs.get(record.run_id)
      if (run) {
        runs.set(nextRun(run, record))
        applyPart(record, run, position)
        if (record.type === 'run_erased') erased.push({ id: run.id, position })
      }
    }
    if (!run) return
    events.push([run.seq, record.seq, position])
    changed.add(run.id)
  }

  const writeAll = db.transaction((mark: Mark): void => {
    runs.flush()
    approvals.flush()
    deliveries.flush()
    for (const run of erased) for (const seq of erase(run)) reworded.add(seq)
    // What was kept of these rows is what is gone from them.
    if (erased.length > 0) for (const rows of [runs, approvals, deliveries]) rows.forget()
    tallies.flush()
    insight.flush()
    for (const event of events) insertEvent.run(...event)
    search.changed([...reworded], first.get() === 0)
    setMark.run(mark.seq, mark.position, mark.last_position, mark.last_hash)
  })

  return {
    fold(records, positions) {
      for (const [n, record] of records.entries()) foldRecord(record, positions[n]!)
    },
    get waiting() {
      return events.length
    },
    flush(mark) {
      const runIds = [...changed]
      try {
        writeAll.immediate(mark)
      } catch (error) {
        for (const part of [runs, approvals, deliveries, tallies, insight, search]) part.forget()
        throw error
      } finally {
        changed = new Set()
        reworded = new Set()
        erased = []
        events = []
      }
      return { runs: runIds }
    },
  }
}
