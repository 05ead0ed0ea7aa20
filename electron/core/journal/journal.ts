import { dirname } from 'node:path'
import type { JournalRecord, NewEvent } from '../../../shared/model/event.ts'
import type { Clock } from '../clock.ts'
import { type Checkpoints, compareWithCheckpoints } from './checkpoints.ts'
import { type Opened, type Replay, type Storage, type StorageReader, toPosition } from './port.ts'
import { type ContentOf, genesisHash } from './record.ts'
import {
  breather,
  isTorn,
  JournalDamaged,
  type Link,
  type Scanned,
  scanSegment,
  segmentName,
  segmentPath,
  segmentsAmong,
} from './segments.ts'
import { cutTorn, type Torn, unnoted } from './torn.ts'
import { JournalWriter } from './writer.ts'

export type OpenJournal = {
  readonly folder: string
  readonly storage: Storage
  readonly clock: Clock
  /** Told of each record, in order, with the chain already checked. */
  readonly replay: Replay
  /** Of which records it is told the content, too; of the others that is null. Left out: of all. */
  readonly contentOf?: ContentOf
  /** A segment that has reached this size is followed by a new one. */
  readonly segmentBytes?: number
  /** Where the journal's head is written down, and compared with at the next start. */
  readonly checkpoints?: Checkpoints
  readonly onProgress?: (progress: { readonly read: number; readonly total: number }) => void
}

const defaultSegmentBytes = 16 * 1024 * 1024
/** Reading pauses this often, so that a window opened at the same time stays alive. */
const breathEveryMs = 8

/**
 * Reads the whole journal, checks it and opens it for writing. A torn end is copied aside, cut off and noted by a `recovered`
 * record; anything else that is wrong throws `JournalDamaged` before a single byte was changed.
 */
export async function openJournal(options: OpenJournal): Promise<Opened> {
  const { folder, storage, clock, segmentBytes = defaultSegmentBytes, checkpoints = null } = options
  await storage.makeFolder(folder)
  const names = await storage.list(folder)
  const segments = segmentsAmong(names)
  const noted = new Set<string>()
  const read = await readSegments(segments, options, noted)

  const segment = segments.at(-1) ?? 1
  const file = await storage.open(segmentPath(folder, segment))
  try {
    const torn = read.tail === null ? null : await cutTorn({ ...options, file, segment, end: read.end, tail: read.tail })
    // What was read came from the cache; after a kill nobody knows yet whether the disk has it.
    await file.sync()
    await storage.syncDir(folder)
    // Also when it was there already: whoever made it may have been killed before the name was safe.
    await storage.syncDir(dirname(folder))
    const tail = { segment, file, size: read.end, end: toPosition(segment, read.end), last: read.last }
    const journal = new JournalWriter(tail, { folder, storage, clock, segmentBytes, checkpoints })
    const copies = (await unnoted(names, folder, noted, storage)).filter(({ copy }) => copy !== torn?.copy)
    await noteRecovered(journal, torn ? [...copies, torn] : copies, options.replay)
    const known = checkpoints?.known.at(-1)?.seq ?? 0
    if (journal.durable.seq > known) await checkpoints?.record(journal.head)
    return { journal, recovered: torn }
  } catch (error) {
    await file.close().catch(() => undefined)
    throw error
  }
}

/** A record of a commit whose last one has not been read yet. */
type Visited = { readonly record: JournalRecord; readonly offset: number; readonly hash: string }

type Read = {
  readonly last: Link
  /** Just behind the last good record, in the last segment. */
  readonly end: number
  /** What is behind it, never completely written. */
  readonly tail: Buffer | null
}

async function readSegments(segments: readonly number[], options: OpenJournal, noted: Set<string>): Promise<Read> {
  const { folder, storage, replay, contentOf = null, onProgress } = options
  const against = compareWithCheckpoints(options.checkpoints?.known ?? [])
  const readers: StorageReader[] = []
  let last: Link = { seq: 0, hash: genesisHash }
  let end = 0
  let tail: Buffer | null = null
  try {
    for (const [index, segment] of segments.entries()) {
      if (segment !== index + 1) throw new JournalDamaged(segmentName(index + 1), 0, 'the whole segment is missing')
      readers.push(storage.openToRead(segmentPath(folder, segment)))
    }
    const sizes = readers.map((reader) => reader.size())
    const total = sizes.reduce((sum, size) => sum + size, 0)
    const pause = breather(breathEveryMs)
    let before = 0
    for (const [index, reader] of readers.entries()) {
      const segment = segments[index]!
      const size = sizes[index]!
      const take = ({ record, offset, hash }: Visited): void => {
        const contradiction = against.see(record.seq, hash)
        if (contradiction !== null) throw new JournalDamaged(segmentName(segment), offset, contradiction)
        if (record.type === 'recovered') noted.add(record.data.copy)
        replay(record, toPosition(segment, offset))
        last = { seq: record.seq, hash }
      }
      let commit: Visited[] = []
      const visit = (record: JournalRecord, offset: number, hash: string, more: number): void => {
        if (more > 0 || commit.length > 0) commit.push({ record, offset, hash })
        else take({ record, offset, hash })
        if (more > 0 || commit.length === 0) return
        for (const one of commit) take(one)
        commit = []
      }
      const breathe = (readTo: number): Promise<void> | undefined => {
        const paused = pause()
        if (paused) onProgress?.({ read: before + readTo, total })
        return paused
      }
      const scanned = await scanSegment(reader, { from: 0, size, after: last, contentOf, visit, breathe })
      const isLast = index === segments.length - 1
      tail = tornTail(reader, scanned, size, segment, isLast)
      end = scanned.end
      const half = commit[0]
      if (half && isLast) {
        // A commit of which not all arrived has not happened.
        end = half.offset
        tail = Buffer.alloc(size - end)
        reader.readAt(tail, end)
      } else for (const one of commit) take(one)
      before += size
    }
    onProgress?.({ read: total, total })
  } finally {
    for (const reader of readers) reader.close()
  }
  const missing = against.end(last)
  if (missing !== null) throw new JournalDamaged(segmentName(segments.at(-1) ?? 1), end, missing)
  return { last, end, tail }
}

function tornTail(reader: StorageReader, scanned: Scanned, size: number, segment: number, isLast: boolean): Buffer | null {
  if (scanned.fault === null) return null
  const tail = Buffer.alloc(size - scanned.end)
  reader.readAt(tail, scanned.end)
  if (isLast && isTorn(tail)) return tail
  const after = scanned.last.seq === 0 ? 'the first record' : `the record after ${scanned.last.seq}`
  throw new JournalDamaged(segmentName(segment), scanned.fault.offset, `${after} ${scanned.fault.failure.message}`)
}

async function noteRecovered(journal: JournalWriter, found: readonly Torn[], replay: Replay): Promise<void> {
  for (const { segment, offset, bytes, copy } of found) {
    const event: NewEvent = {
      type: 'recovered',
      actor: { kind: 'system', id: 'journal', via: 'engine' },
      data: { segment, offset, bytes, copy },
      content: null,
    }
    const { record, position } = journal.append(event)
    replay(record, position)
  }
  await journal.synced(journal.head.seq)
}
