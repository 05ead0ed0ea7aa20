import type Database from 'better-sqlite3'
import type { JournalRecord } from '../../../shared/model/event.ts'
import type { Position } from '../journal/port.ts'
import {
  bornApproval,
  bornDelivery,
  bornRun,
  decideApproval,
  nextDelivery,
  nextRun,
  type RunRow,
  summariseApproval,
} from './fold.ts'
import type { Mark } from './schema.ts'
import { createStores } from './stores.ts'

/** What one batch changed. An approval changes with its run, so runs are all that needs to be named. */
type Applied = { readonly runs: readonly string[] }

export interface Applier {
  /** Writes the records and how far they reach, in one transaction. Throws with nothing of it written. */
  apply(records: readonly JournalRecord[], positions: readonly Position[], mark: Mark): Applied
}

/** The journal's records as rows, through one connection. */
export function createApplier(db: Database.Database): Applier {
  const { runs, approvals, deliveries, tallies } = createStores(db)
  const insertEvent = db.prepare('INSERT INTO events (run_seq, seq, position) VALUES (?, ?, ?)')
  const setMark = db.prepare('UPDATE mark SET seq = ?, position = ?, last_position = ?, last_hash = ? WHERE one = 1')

  /** The record's own thing: an approval or a delivery of this run. */
  function applyPart(record: JournalRecord, run: RunRow): void {
    switch (record.type) {
      case 'approval_requested': {
        const { row, birth } = bornApproval(record, run)
        approvals.add(row, birth)
        return
      }
      case 'approval_decided': {
        const approval = approvals.get(record.approval_id)
        if (approval) approvals.set(decideApproval(approval, record))
        return
      }
      case 'summary_recorded': {
        const approval = approvals.get(record.approval_id)
        if (approval) approvals.set(summariseApproval(approval, record))
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

  function applyRecord(record: JournalRecord, position: Position): string | null {
    let run: RunRow | undefined
    if (record.type === 'run_started') {
      const born = bornRun(record)
      run = born.row
      runs.add(run, born.birth)
    } else if ('run_id' in record) {
      run = runs.get(record.run_id)
      if (run) {
        runs.set(nextRun(run, record))
        applyPart(record, run)
      }
    }
    if (run) insertEvent.run(run.seq, record.seq, position)
    return run?.id ?? null
  }

  const applyAll = db.transaction((records: readonly JournalRecord[], positions: readonly Position[], mark: Mark): Applied => {
    const changed = new Set<string>()
    for (const [n, record] of records.entries()) {
      const runId = applyRecord(record, positions[n]!)
      if (runId !== null) changed.add(runId)
    }
    runs.flush()
    approvals.flush()
    deliveries.flush()
    tallies.flush()
    setMark.run(mark.seq, mark.position, mark.last_position, mark.last_hash)
    return { runs: [...changed] }
  })

  return {
    apply(records, positions, mark) {
      try {
        return applyAll.immediate(records, positions, mark)
      } catch (error) {
        for (const part of [runs, approvals, deliveries, tallies]) part.forget()
        throw error
      }
    },
  }
}
