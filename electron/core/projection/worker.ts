import { parentPort, workerData } from 'node:worker_threads'
import type Database from 'better-sqlite3'
import { invariant } from '../../../shared/model/result.ts'
import type { Position } from '../journal/port.ts'
import { type Applier, createApplier } from './apply.ts'
import { createSegmentReader } from './follower.ts'
import type { FromWorker, ToWorker, WorkerInput } from './messages.ts'
import { openWriter, readMark } from './schema.ts'

/*
 * The projection's thread. It is told how far the journal is durable and walks there by itself, one batch a turn, so nothing queues
 * up in memory and a newer goal or the end reaches it between two batches.
 */

/** Errors of the moment: the file is whole, and trying again can help. */
const passing = /^(SQLITE_(FULL|IOERR|BUSY|CANTOPEN|READONLY)|ENOSPC|EIO|EMFILE|ENFILE|EACCES|EBUSY)/

const port = parentPort
invariant(port, 'the projection worker runs in a worker thread')
const { file, journalFolder } = workerData as WorkerInput
const post = (message: FromWorker): void => port.postMessage(message)
const codeOf = (error: unknown): string => String((error as { code?: unknown }).code ?? '')
const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error))

function start(db: Database.Database): void {
  const applier: Applier = createApplier(db)
  const reader = createSegmentReader(journalFolder)
  let mark = readMark(db)
  let goal: { seq: number; end: Position } = { seq: mark.seq, end: mark.position }
  let scheduled = false
  let closed = false

  function schedule(): void {
    if (scheduled || closed) return
    scheduled = true
    setImmediate(turn)
  }

  function turn(): void {
    scheduled = false
    if (closed) return
    try {
      const batch = reader.next(mark, goal.end)
      const runs = batch ? applier.apply(batch.records, batch.positions, batch.mark).runs : []
      if (batch) mark = batch.mark
      const idle = mark.position >= goal.end || batch === null
      post({ kind: 'applied', seq: mark.seq, runs, idle })
      if (!idle) schedule()
    } catch (error) {
      if (!passing.test(codeOf(error))) throw error
      post({ kind: 'stalled', message: messageOf(error) })
    }
  }

  port?.on('message', (message: ToWorker) => {
    if (message.kind === 'close') {
      closed = true
      reader.close()
      db.close()
      port.close()
      return
    }
    goal = { seq: message.seq, end: message.end }
    schedule()
  })
  post({ kind: 'ready', seq: mark.seq })
}

try {
  const db = openWriter(file)
  const found = db.pragma('quick_check(1)', { simple: true })
  if (found === 'ok') start(db)
  else {
    db.close()
    post({ kind: 'damaged', message: String(found) })
  }
} catch (error) {
  post({ kind: 'damaged', message: messageOf(error) })
}
