import type { JournalRecord, NewEvent } from '../../shared/model/event.ts'
import type { Journal, Position } from './journal/port.ts'
import type { UndoLog } from './table.ts'

/** A part of the application that keeps state in memory by following the journal, at start and at each commit alike. */
export interface Follower {
  /** Of which records it needs the content at the start as well. Of all others that is null then: reading it takes the longest. */
  readonly readsContentOf?: readonly JournalRecord['type'][]
  apply(record: JournalRecord, position: Position): void
  /** The records from `fromSeq` on were taken back; tables are undone already. For what is not a table: timers, queues, passes. */
  takenBack?(fromSeq: number): void
}

type Committed = {
  readonly records: readonly JournalRecord[]
  /** Resolves when all of it is on disk; rejects with `JournalError`, after memory has been put back. Need not be awaited. */
  readonly durable: Promise<void>
}

/** The one way in which state changes: events get their place in the journal and reach every follower in the same synchronous turn. */
export type Commit = (...events: readonly NewEvent[]) => Committed

/** More than this is many commits of one event each, as far as a power cut is concerned. */
const mostTogether = 64

/** Joins the journal with its followers. What is not durable in the end is undone everywhere before anybody waiting is told. */
export function joinFollowers(journal: Journal, undo: UndoLog, followers: readonly Follower[]): Commit {
  journal.onSynced(({ seq }) => undo.settle(seq))
  journal.onTakenBack((fromSeq) => {
    undo.takeBack(fromSeq)
    for (const follower of followers) follower.takenBack?.(fromSeq)
  })
  return (...events) => {
    const records: JournalRecord[] = []
    let last = 0
    for (const [n, event] of events.entries()) {
      const { record, position } = journal.append(event, events.length > mostTogether ? 0 : events.length - 1 - n)
      undo.begin(record.seq)
      for (const follower of followers) follower.apply(record, position)
      records.push(record)
      last = record.seq
    }
    return { records, durable: journal.synced(last) }
  }
}
