import { parentPort, workerData } from 'node:worker_threads'
import type Database from 'better-sqlite3'
import { invariant } from '../../../shared/model/result.ts'
import type { Position } from '../journal/port.ts'
import { type Applier, createApplier } from './apply.ts'
import { purgeDatabase } from './erasing.ts'
import { createSegmentReader } from './follower.ts'
import type { FromWorker, ToWorker, WorkerInput } from './messages.ts'
import { openRecords } from './records.ts'
import { openReader, openWriter, readMark } from './schema.ts'
import { createSearchIndex } from './search-index.ts'

/*
 * The projection's thread. It is told how far the journal is durable and walks there by itself, one batch a turn, so nothing queues
 * up in memory and a newer goal or the end reaches it between two batches.
 */

/**
 * Far behind, rows are written only now and then, in their last state: most of what a long journal says about them was superseded.
 * Near the end every batch is written at once, because somebody waits to read it.
 */
const bulkEvents = 100_000

/**
 * Words that are missing in the search index are looked after when nothing has come for so long, and in a stream that never rests after
 * so long all the same. A search finds what has no words yet by reading it, so nobody misses them; their work takes the processor from
 * what comes in.
 */
const restMs = 300
const mostRestMs = 5000
/** After an error of the moment. */
const retryMs = 1000

/** Errors of the moment: the file is whole, and trying again can help. */
const passing = /^(SQLITE_(FULL|IOERR|BUSY|CANTOPEN|READONLY)|ENOSPC|EIO|EMFILE|ENFILE|EACCES|EBUSY)/

const port = parentPort
invariant(port, 'the projection worker runs in a worker thread')
const { file, journalFolder } = workerData as WorkerInput
const post = (message: FromWorker): void => port.postMessage(message)
const codeOf = (error: unknown): string => String((error as { code?: unknown }).code ?? '')
const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error))

function start(db: Database.Database): void {
  /** Runs that are erased here and perhaps not yet in the journal's files. */
  const erased = new Set<string>()
  const records = openRecords(journalFolder, erased)
  const search = createSearchIndex(db, records)
  const applier: Applier = createApplier(db, search, records)
  const reader = createSegmentReader(journalFolder)
  /** What is written, and what is read ahead of it. */
  let mark = readMark(db)
  let read = mark
  let goal: { seq: number; end: Position } = { seq: mark.seq, end: mark.position }
  let scheduled = false
  let closed = false
  let filling: NodeJS.Timeout | null = null
  /** When the first batch came that has not been looked after yet. */
  let owedSince: number | null = null

  function schedule(): void {
    if (scheduled || closed) return
    scheduled = true
    setImmediate(turn)
  }

  function turn(): void {
    scheduled = false
    if (closed) return
    try {
      const batch = reader.next(read, goal.end)
      if (batch) {
        for (const record of batch.records) if (record.type === 'run_erased') erased.add(record.run_id)
        applier.fold(batch.records, batch.positions)
        read = batch.mark
      }
      const idle = read.position >= goal.end || batch === null
      const behind = goal.seq - read.seq
      if (idle || behind < bulkEvents / 10 || applier.waiting >= bulkEvents) {
        const { runs } = applier.waiting > 0 || read.seq > mark.seq ? applier.flush(read) : { runs: [] }
        mark = read
        post({ kind: 'applied', seq: mark.seq, runs, idle })
      }
      if (!idle) schedule()
      else fillAtRest()
    } catch (error) {
      read = mark
      if (!passing.test(codeOf(error))) throw error
      post({ kind: 'stalled', message: messageOf(error) })
    }
  }

  function purge(runs: readonly string[]): void {
    // The files they have open may be those from before.
    reader.close()
    records.close()
    try {
      search.anew(runs)
      purgeDatabase(db)
      for (const run of runs) erased.delete(run)
      post({ kind: 'purged', problem: null })
    } catch (error) {
      if (!passing.test(codeOf(error))) throw error
      post({ kind: 'purged', problem: messageOf(error) })
    }
  }

  /** Each batch puts it off, up to a point. */
  function fillAtRest(): void {
    owedSince ??= performance.now()
    if (filling && performance.now() - owedSince < mostRestMs) {
      clearTimeout(filling)
      filling = null
    }
    fillSoon(restMs)
  }

  /** Words that are missing are indexed a little at a time: what comes in between is applied at once. */
  function fillSoon(ms: number): void {
    if (closed) return
    filling ??= setTimeout(() => {
      filling = null
      if (scheduled) return fillSoon(restMs)
      try {
        if (search.fill()) fillSoon(0)
        else owedSince = null
      } catch (error) {
        if (!passing.test(codeOf(error))) throw error
        fillSoon(retryMs)
      }
    }, ms)
  }

  port?.on('message', (message: ToWorker) => {
    if (message.kind === 'close') {
      closed = true
      if (filling) clearTimeout(filling)
      reader.close()
      records.close()
      db.close()
      port.close()
      return
    }
    if (message.kind === 'purge') return purge(message.runs)
    goal = { seq: message.seq, end: message.end }
    schedule()
  })
  post({ kind: 'ready', seq: mark.seq })
  if (mark.seq > 0) fillSoon(restMs)
}

/** Over a connection of its own, which takes what it read along: the whole file, once. */
function checkFile(): unknown {
  const db = openReader(file)
  try {
    return db.pragma('quick_check(1)', { simple: true })
  } finally {
    db.close()
  }
}

try {
  const db = openWriter(file)
  const found = checkFile()
  if (found === 'ok') start(db)
  else {
    db.close()
    post({ kind: 'damaged', message: String(found) })
  }
} catch (error) {
  post({ kind: 'damaged', message: messageOf(error) })
}
