import { closeSync, openSync, readSync } from 'node:fs'
import type { JournalRecord } from '../../../shared/model/event.ts'
import { offsetOf, type Position, segmentOf, toPosition } from '../journal/port.ts'
import { segmentPath } from '../journal/segments.ts'
import { markErased, where } from './records.ts'
import type { Mark } from './schema.ts'

/** Whole records that follow each other in the journal, and where the last of them ends. */
type Batch = {
  readonly records: readonly JournalRecord[]
  /** Where each of them begins. */
  readonly positions: readonly Position[]
  readonly mark: Mark
}

export interface SegmentReader {
  /** The records behind `mark`, as many as fit a batch, never beyond `end`; null when there are none. */
  next(mark: Mark, end: Position): Batch | null
  close(): void
}

const batchBytes = 4 * 1024 * 1024
const newline = 0x0a
const comma = 0x2c

/** Reads the journal's own files from any position on: catching up, rebuilding and following live are the same walk. */
export function createSegmentReader(journalFolder: string): SegmentReader {
  let buffer = Buffer.allocUnsafe(batchBytes)
  let open: { segment: number; fd: number } | null = null

  function descriptor(segment: number): number {
    if (open?.segment === segment) return open.fd
    close()
    open = { segment, fd: openSync(segmentPath(journalFolder, segment), 'r') }
    return open.fd
  }

  function close(): void {
    if (open) closeSync(open.fd)
    open = null
  }

  /** Fills the buffer from `position`; stops at `limit`, at the end of the file or when it is full. */
  function fill(position: Position, limit: number): number {
    const fd = descriptor(segmentOf(position))
    const wanted = Math.min(buffer.length, limit)
    let length = 0
    while (length < wanted) {
      const bytes = readSync(fd, buffer, length, wanted - length, offsetOf(position) + length)
      if (bytes === 0) break
      length += bytes
    }
    return length
  }

  function next(mark: Mark, end: Position): Batch | null {
    let position = mark.position === 0 ? toPosition(1, 0) : mark.position
    while (position < end) {
      const limit = segmentOf(position) === segmentOf(end) ? end - position : Number.POSITIVE_INFINITY
      const length = fill(position, limit)
      if (length === 0 && limit === Number.POSITIVE_INFINITY) {
        position = toPosition(segmentOf(position) + 1, 0)
        continue
      }
      const whole = buffer.lastIndexOf(newline, length - 1) + 1
      if (length > 0 && whole > 0) return decode(buffer, whole, position, mark.seq)
      if (length < buffer.length) throw new Error(`The journal ends in the middle of a record at ${where(position + length)}`)
      buffer = Buffer.allocUnsafe(buffer.length * 2)
    }
    return null
  }

  return { next, close }
}

type Line = JournalRecord & { readonly hash: string }

/**
 * The records of whole lines. The writer has checked the chain, so they are only parsed here, all at once: no raw newline occurs
 * inside a record.
 */
function decode(buffer: Buffer, length: number, position: Position, afterSeq: number): Batch {
  const positions: Position[] = []
  for (let start = 0; start < length; ) {
    positions.push(position + start)
    const end = buffer.indexOf(newline, start)
    // The lines become one list where they stand: copying them to put commas in between costs as much as reading them.
    buffer[end] = comma
    start = end + 1
  }
  const lines = JSON.parse(`[${buffer.toString('utf8', 0, length - 1)}]`) as Line[]
  let seq = afterSeq
  for (const record of lines) {
    if (record.seq !== seq + 1) throw new Error(`Record ${record.seq} follows record ${seq} in the journal near ${where(position)}`)
    seq = record.seq
    markErased(record)
  }
  const mark = { seq, position: position + length, last_position: positions.at(-1)!, last_hash: lines.at(-1)!.hash }
  return { records: lines, positions, mark }
}

/** The hash of the record that begins at a position; null when no record begins there. */
export function hashAt(journalFolder: string, position: Position): string | null {
  const start = Buffer.alloc(74)
  try {
    const fd = openSync(segmentPath(journalFolder, segmentOf(position)), 'r')
    try {
      readSync(fd, start, 0, start.length, offsetOf(position))
    } finally {
      closeSync(fd)
    }
  } catch {
    return null
  }
  return /^\{"hash":"([0-9a-f]{64})"$/.exec(start.toString('latin1'))?.[1] ?? null
}
