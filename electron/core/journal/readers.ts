import type { JournalRecord } from '../../../shared/model/event.ts'
import { offsetOf, type Position, type Storage, type StorageReader, segmentOf } from './port.ts'
import { decodeLine } from './record.ts'
import { segmentName, segmentPath } from './segments.ts'

type Source = { readAt(into: Buffer, position: number): number }

/** Where records are that are in no closed segment. */
type Current = {
  pending(position: Position): JournalRecord | undefined
  file(segment: number): Source | null
}

/** Bytes of a segment from `from` on: one whole line or more. */
type Window = { readonly segment: number; readonly from: number; readonly bytes: Buffer }

const newline = 0x0a
/** The start of a run and what it asks stand side by side; mostly both fit. */
const firstRead = 4 * 1024
const mostOpen = 8

/** Reads single records back by position. Keeps a few closed segments open, the least recently used one goes first. */
export class SegmentReaders {
  readonly #folder: string
  readonly #storage: Storage
  readonly #open = new Map<number, StorageReader>()
  #scratch: Buffer = Buffer.allocUnsafe(firstRead)

  constructor(folder: string, storage: Storage) {
    this.#folder = folder
    this.#storage = storage
  }

  /**
   * Reads the records at these positions. `current` names the file of a segment that is not closed, and the record itself where it is
   * not on disk yet. Throws where there is none.
   */
  readAll(positions: readonly Position[], current: Current): readonly JournalRecord[] {
    let window: Window | null = null
    return positions.map((position) => {
      const pending = current.pending(position)
      if (pending) return pending
      if (window === null || !holds(window, position)) window = this.#fetch(position, current)
      return recordAt(window, offsetOf(position))
    })
  }

  close(): void {
    for (const reader of this.#open.values()) reader.close()
    this.#open.clear()
  }

  /** What is fetched stays until the next time. */
  #fetch(position: Position, current: Current): Window {
    const segment = segmentOf(position)
    const offset = offsetOf(position)
    return { segment, from: offset, bytes: this.#readLine(current.file(segment) ?? this.#reader(segment), offset) }
  }

  #readLine(source: Source, offset: number): Buffer {
    for (;;) {
      const read = source.readAt(this.#scratch, offset)
      const bytes = this.#scratch.subarray(0, read)
      if (read < this.#scratch.length || bytes.includes(newline)) {
        // One large record must not keep its memory for ever.
        if (this.#scratch.length > 1024 * 1024) this.#scratch = Buffer.allocUnsafe(firstRead)
        return bytes
      }
      this.#scratch = Buffer.allocUnsafe(this.#scratch.length * 4)
    }
  }

  #reader(segment: number): StorageReader {
    const known = this.#open.get(segment)
    const reader = known ?? this.#storage.openToRead(segmentPath(this.#folder, segment))
    this.#open.delete(segment)
    this.#open.set(segment, reader)
    if (this.#open.size > mostOpen) {
      const [oldest, unused] = this.#open.entries().next().value!
      this.#open.delete(oldest)
      unused.close()
    }
    return reader
  }
}

function holds({ segment, from, bytes }: Window, position: Position): boolean {
  const at = offsetOf(position) - from
  return segmentOf(position) === segment && at >= 0 && at < bytes.length && bytes.includes(newline, at)
}

function recordAt({ segment, from, bytes }: Window, offset: number): JournalRecord {
  const start = offset - from
  const end = bytes.indexOf(newline, start)
  const decoded = end < 0 ? null : decodeLine(bytes, null, start, end)
  if (decoded?.ok) return decoded.value.record
  throw new Error(`There is no readable record at byte ${offset} of ${segmentName(segment)}.`)
}
