import { join } from 'node:path'
import type { JournalRecord } from '../../../shared/model/event.ts'
import { type BrokenLine, type ContentOf, decodeLine } from './record.ts'

const segmentPattern = /^(\d{8})\.jsonl$/

/** The file of a segment: `00000001.jsonl` is the first. */
export const segmentName = (segment: number): string => `${String(segment).padStart(8, '0')}.jsonl`

export const segmentPath = (folder: string, segment: number): string => join(folder, segmentName(segment))

/** The segments among the names of a folder, in order. */
export function segmentsAmong(names: readonly string[]): number[] {
  const numbers = names.flatMap((name) => {
    const match = segmentPattern.exec(name)
    return match ? [Number(match[1])] : []
  })
  return numbers.sort((a, b) => a - b)
}

/** The journal was changed by something else than Countersign, or the disk lost a part of it. Nothing was touched. */
export class JournalDamaged extends Error {
  readonly segment: string
  readonly offset: number
  readonly reason: string
  constructor(segment: string, offset: number, reason: string) {
    super(
      `The journal is damaged: ${segment}, byte ${offset}: ${reason}. Nothing was changed and nothing will be written. ` +
        'Run `countersign audit verify` for the full list, then restore the journal folder from a copy.',
    )
    this.name = 'JournalDamaged'
    this.segment = segment
    this.offset = offset
    this.reason = reason
  }
}

/** The last record read so far. */
export type Link = { readonly seq: number; readonly hash: string }

/** The first line of a segment that is not the next record. `end` is just behind its newline, or the end of what was read. */
type Fault = { readonly offset: number; readonly end: number; readonly complete: boolean; readonly failure: BrokenLine }

export type Scanned = {
  readonly last: Link
  /** Just behind the last good record. */
  readonly end: number
  readonly fault: Fault | null
}

type ReadAt = { readAt(into: Buffer, position: number): number }

export type Scan = {
  readonly from: number
  /** Reads no further than here. */
  readonly size: number
  /** The record before `from`; null believes the first line's own claim. */
  readonly after: Link | null
  readonly visit: (record: JournalRecord, offset: number, hash: string, more: number) => void
  /** Of which records the content is read too; of all where this is left out. */
  readonly contentOf?: ContentOf | null
  /** Asked after each chunk and every few milliseconds; lets the event loop turn. */
  readonly breathe: (readTo: number) => Promise<void> | undefined
}

const chunkBytes = 1024 * 1024
const linesPerBreath = 64

/** Reads a segment record by record, checking each against the one before it, up to the first fault. */
export async function scanSegment(file: ReadAt, scan: Scan): Promise<Scanned> {
  let buffer = Buffer.allocUnsafe(Math.min(chunkBytes, Math.max(4096, scan.size - scan.from)))
  let offset = scan.from
  let last: Link = scan.after ?? { seq: 0, hash: '' }
  let known = scan.after !== null
  let lines = 0
  while (offset < scan.size) {
    const read = file.readAt(buffer.subarray(0, Math.min(buffer.length, scan.size - offset)), offset)
    if (read === 0) break
    let at = 0
    for (;;) {
      const newline = buffer.subarray(0, read).indexOf(0x0a, at)
      if (newline < 0) break
      const decoded = decodeLine(buffer, known ? last.hash : null, at, newline, scan.contentOf)
      const failure = decoded.ok ? outOfOrder(decoded.value.record, known ? last.seq : null) : decoded.failure
      if (!decoded.ok || failure !== null) {
        const fault = { offset: offset + at, end: offset + newline + 1, complete: true, failure: failure! }
        return { last, end: offset + at, fault }
      }
      scan.visit(decoded.value.record, offset + at, decoded.value.hash, decoded.value.more)
      last = { seq: decoded.value.record.seq, hash: decoded.value.hash }
      known = true
      at = newline + 1
      if (++lines % linesPerBreath === 0) await scan.breathe(offset + at)
    }
    if (at === 0 && offset + read >= scan.size) break
    if (at === 0) buffer = Buffer.allocUnsafe(buffer.length * 2)
    offset += at
  }
  await scan.breathe(offset)
  if (offset >= scan.size) return { last, end: offset, fault: null }
  const failure = { code: 'unreadable', message: 'is cut off in the middle of a record' } as const
  return { last, end: offset, fault: { offset, end: scan.size, complete: false, failure } }
}

function outOfOrder(record: JournalRecord, after: number | null): BrokenLine | null {
  if (after === null || record.seq === after + 1) return null
  return { code: 'unlinked', message: `has seq ${record.seq} where ${after + 1} was expected` }
}

/** Lets the event loop turn whenever this much time has passed since it last did. */
export function breather(everyMs: number): () => Promise<void> | undefined {
  let last = performance.now()
  return () => {
    if (performance.now() - last < everyMs) return undefined
    return new Promise((resolve) =>
      setImmediate(() => {
        last = performance.now()
        resolve()
      }),
    )
  }
}

/** No batch takes another commit beyond this. */
export const largestBatchBytes = 256 * 1024
/** So far behind its beginning the last record of a batch may start, with what belongs to it: what a power cut can leave half-written. */
const largestTornBytes = 4 * largestBatchBytes

/**
 * Whether the end of the last segment was never completely written: it is one line without an end, or it begins with a line of which
 * the disk never received a part (a record has no zero bytes). Records of the same batch may stand whole behind such a hole; none
 * of them was acknowledged, for a batch has one sync. A whole line that reads wrongly was changed, not torn.
 */
export function isTorn(tail: Buffer): boolean {
  const newline = tail.indexOf(0x0a)
  if (newline < 0) return true
  if (tail.subarray(0, newline).indexOf(0) < 0) return false
  const lastLine = tail.lastIndexOf(0x0a, tail.length - 2) + 1
  return lastLine <= largestTornBytes
}
