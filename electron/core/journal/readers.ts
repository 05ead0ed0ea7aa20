import type { JournalRecord } from '../../../shared/model/event.ts'
import { offsetOf, type Position, type Storage, type StorageReader, segmentOf } from './port.ts'
import { decodeLine } from './record.ts'
import { segmentName, segmentPath } from './segments.ts'

type Source = { readonly bytes: Buffer } | { readAt(into: Buffer, position: number): number }

const firstRead = 2 * 1024
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

  /** Reads the record at `position`. `current` names where it is when it is not in a closed segment. Throws when there is none. */
  read(position: Position, current: (segment: number, offset: number) => Source | null = () => null): JournalRecord {
    const segment = segmentOf(position)
    const offset = offsetOf(position)
    const source = current(segment, offset) ?? this.#reader(segment)
    const line = 'bytes' in source ? source.bytes : this.#readLine(source, offset)
    const end = line.indexOf(0x0a)
    const decoded = end < 0 ? null : decodeLine(line, null, 0, end)
    if (decoded?.ok) return decoded.value.record
    throw new Error(`There is no readable record at byte ${offset} of ${segmentName(segment)}.`)
  }

  close(): void {
    for (const reader of this.#open.values()) reader.close()
    this.#open.clear()
  }

  #readLine(source: { readAt(into: Buffer, position: number): number }, offset: number): Buffer {
    for (;;) {
      const read = source.readAt(this.#scratch, offset)
      const bytes = this.#scratch.subarray(0, read)
      if (read < this.#scratch.length || bytes.indexOf(0x0a) >= 0) {
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
