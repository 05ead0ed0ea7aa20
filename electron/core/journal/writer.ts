import type { JournalRecord, NewEvent } from '../../../shared/model/event.ts'
import { invariant } from '../../../shared/model/result.ts'
import { type Clock, toInstant } from '../clock.ts'
import { appendAll } from './atomic-file.ts'
import { blankSegment } from './blank.ts'
import type { Checkpoints } from './checkpoints.ts'
import {
  type Appended,
  type ErasableJournal,
  type Head,
  JournalError,
  offsetOf,
  type Position,
  type Storage,
  type StorageFile,
  segmentOf,
  toPosition,
} from './port.ts'
import { SegmentReaders } from './readers.ts'
import { encodeRecord } from './record.ts'
import { JournalDamaged, type Link, largestBatchBytes, segmentPath } from './segments.ts'

/** Where writing goes on: an open segment whose first `size` bytes are durable. */
export type Tail = {
  readonly segment: number
  readonly file: StorageFile
  readonly size: number
  readonly end: Position
  readonly last: Link
}

export type WriterDeps = {
  readonly folder: string
  readonly storage: Storage
  readonly clock: Clock
  readonly segmentBytes: number
  readonly checkpoints: Checkpoints | null
}

/** Records on their way to the disk: one write, one sync, one outcome for everybody who waits. */
class Batch {
  readonly segment: number
  readonly start: number
  bytes: Buffer
  length = 0
  count = 0
  last: Link
  sealed = false
  /** By their offsets in the segment: what is not on disk yet is not read from there. */
  readonly records = new Map<number, JournalRecord>()
  readonly outcome: Promise<void>
  resolve!: () => void
  reject!: (error: JournalError) => void

  constructor(segment: number, start: number, last: Link, bytes: Buffer) {
    this.segment = segment
    this.start = start
    this.last = last
    this.bytes = bytes
    this.outcome = new Promise((resolve, reject) => {
      this.resolve = resolve
      this.reject = reject
    })
    // A batch that nobody waits for may fail too.
    this.outcome.catch(() => undefined)
  }

  get end(): number {
    return this.start + this.length
  }

  add(record: JournalRecord, line: string, link: Link): void {
    this.records.set(this.end, record)
    const room = line.length * 3
    if (this.bytes.length - this.length < room) {
      const larger = Buffer.allocUnsafe(Math.max(this.bytes.length * 2, this.length + room))
      this.bytes.copy(larger, 0, 0, this.length)
      this.bytes = larger
    }
    this.length += this.bytes.write(line, this.length)
    this.count++
    this.last = link
  }
}

const checkpointEvery = 10_000
/** So many records are worth a sync of their own. */
const worthSyncing = 32
const settled = Promise.resolve()

/** The writing end of an open journal. Appends take their place at once; one loop writes, syncs and tells. */
export class JournalWriter implements ErasableJournal {
  readonly #deps: WriterDeps
  readonly #readers: SegmentReaders
  #file: StorageFile
  #segment: number
  /** Durable bytes of the current segment. */
  #size: number
  /** The current segment's name may not be on disk yet. */
  #unlisted = false
  /** The next record begins a segment, however short this one is. */
  #startsSegment = false
  /** Of the commit that is being appended more is to come, into the same batch. */
  #unfinished = false
  #durable: { seq: number; end: Position; hash: string }
  #head: Head
  #queue: Batch[] = []
  #flushing: Promise<void> | null = null
  #spare: Buffer | null = null
  #readOnly: string | null = null
  #closed = false
  #lastFailure: JournalError | null = null
  #beginFlush: (() => void) | null = null
  #checkpointed: number
  #lastMs = -1
  #lastAt = ''
  readonly #syncedListeners = new Set<(durable: { seq: number; end: Position }) => void>()
  readonly #takenBackListeners = new Set<(fromSeq: number, error: JournalError) => void>()
  readonly #replacedListeners = new Set<() => void>()

  constructor(tail: Tail, deps: WriterDeps) {
    this.#deps = deps
    this.#readers = new SegmentReaders(deps.folder, deps.storage)
    this.#file = tail.file
    this.#segment = tail.segment
    this.#size = tail.size
    this.#durable = { ...tail.last, end: tail.end }
    this.#head = tail.last
    this.#checkpointed = tail.last.seq
  }

  get head(): Head {
    return this.#head
  }

  get durable(): { readonly seq: number; readonly end: Position } {
    return { seq: this.#durable.seq, end: this.#durable.end }
  }

  get readOnly(): string | null {
    return this.#readOnly
  }

  append(event: NewEvent, more = 0): Appended {
    if (this.#readOnly !== null) throw new JournalError('read-only', this.#readOnly)
    const seq = this.#head.seq + 1
    const at = this.#now()
    const { line, hash } = encodeRecord(event, seq, at, this.#head.hash, more)
    const batch = this.#openBatch()
    this.#unfinished = more > 0
    const position = toPosition(batch.segment, batch.end)
    this.#head = { seq, hash }
    const record = { ...event, seq, at } as JournalRecord
    batch.add(record, line, this.#head)
    if (this.#flushing === null) this.#flushing = this.#flush()
    if (batch.count >= worthSyncing) this.#beginFlush?.()
    return { record, position }
  }

  synced(seq: number): Promise<void> {
    if (seq <= this.#durable.seq) return settled
    const batch = this.#queue.find((candidate) => seq <= candidate.last.seq)
    if (batch) return batch.outcome
    const failed = Promise.reject(this.#lastFailure ?? new JournalError('io', `There is no record ${seq} in the journal.`))
    failed.catch(() => undefined)
    return failed
  }

  read(position: Position): JournalRecord {
    return this.readAll([position])[0]!
  }

  readAll(positions: readonly Position[]): readonly JournalRecord[] {
    return this.#readers.readAll(positions, {
      pending: (position) => this.#pending(position),
      file: (segment) => (segment === this.#segment ? this.#file : null),
    })
  }

  #pending(position: Position): JournalRecord | undefined {
    const segment = segmentOf(position)
    for (const batch of this.#queue) {
      const record = batch.segment === segment ? batch.records.get(offsetOf(position)) : undefined
      if (record) return record
    }
    return undefined
  }

  onSynced(listener: (durable: { seq: number; end: Position }) => void): () => void {
    this.#syncedListeners.add(listener)
    return () => this.#syncedListeners.delete(listener)
  }

  onTakenBack(listener: (fromSeq: number, error: JournalError) => void): () => void {
    this.#takenBackListeners.add(listener)
    return () => this.#takenBackListeners.delete(listener)
  }

  startSegment(): void {
    this.#startsSegment = true
  }

  async blank(segments: readonly number[], wants: (record: JournalRecord) => boolean): Promise<number> {
    const { folder, storage } = this.#deps
    let blanked = 0
    for (const segment of [...new Set(segments)].sort((a, b) => a - b)) {
      if (this.#readOnly !== null) throw new JournalError('read-only', this.#readOnly)
      invariant(segment < this.#segment, 'only a closed segment can be replaced')
      blanked += await blankSegment({ folder, storage, segment, wants, replacing: () => this.#forgetFiles() }).catch(toJournalError)
    }
    return blanked
  }

  onReplaced(listener: () => void): () => void {
    this.#replacedListeners.add(listener)
    return () => this.#replacedListeners.delete(listener)
  }

  /** Whoever still reads the file as it was would go on reading what is gone from it. */
  #forgetFiles(): void {
    this.#readers.close()
    for (const listener of this.#replacedListeners) tell(listener)
  }

  async close(): Promise<void> {
    while (this.#flushing !== null) await this.#flushing
    if (this.#closed) return
    this.#closed = true
    const failed = this.#readOnly !== null
    // First: what came while the checkpoint is signed would find the file closed.
    this.#readOnly ??= 'The journal is closed.'
    if (!failed) await this.#deps.checkpoints?.record(this.#durable)
    this.#readers.close()
    await this.#file.close()
  }

  #now(): string {
    const now = this.#deps.clock.now()
    if (now !== this.#lastMs) {
      this.#lastMs = now
      this.#lastAt = toInstant(now)
    }
    return this.#lastAt
  }

  #openBatch(): Batch {
    const latest = this.#queue.at(-1)
    if (this.#unfinished && latest && !latest.sealed) return latest
    const segment = latest?.segment ?? this.#segment
    const end = latest?.end ?? this.#size
    const full = end >= this.#deps.segmentBytes || (this.#startsSegment && end > 0)
    this.#startsSegment = false
    if (latest && !latest.sealed && !full && latest.length < largestBatchBytes) return latest
    const bytes = this.#spare ?? Buffer.allocUnsafe(largestBatchBytes)
    this.#spare = null
    const batch = full ? new Batch(segment + 1, 0, this.#head, bytes) : new Batch(segment, end, this.#head, bytes)
    this.#queue.push(batch)
    return batch
  }

  /** The one loop that touches the disk. It starts with the first record that waits and ends when none does. */
  async #flush(): Promise<void> {
    for (;;) {
      await this.#gathered()
      const batch = this.#queue[0]
      if (!batch) break
      batch.sealed = true
      const failure = await this.#write(batch)
      if (failure) this.#takeBack(failure)
      else this.#settle(batch)
      if (this.#queue.length === 0) break
    }
    this.#flushing = null
  }

  /**
   * All records of a turn share a batch, and so do those of writers who were told just now. But once there are enough of them the disk
   * is put to work at once: a long turn would otherwise leave it idle, and then wait for it.
   */
  #gathered(): Promise<void> {
    if ((this.#queue[0]?.count ?? 0) >= worthSyncing) return settled
    return new Promise((resolve) => {
      const begin = () => {
        if (this.#beginFlush === begin) this.#beginFlush = null
        resolve()
      }
      this.#beginFlush = begin
      setImmediate(begin)
    })
  }

  /** Makes a batch durable, or puts the disk back to where it was and says why. */
  async #write(batch: Batch): Promise<JournalError | null> {
    let syncing = false
    try {
      if (batch.segment !== this.#segment) {
        const next = await this.#deps.storage.open(segmentPath(this.#deps.folder, batch.segment))
        const full = this.#file
        this.#file = next
        this.#segment = batch.segment
        this.#size = 0
        this.#unlisted = true
        // Last: until the new one has its place, records of this segment are read through this file.
        await full.close().catch(() => undefined)
      }
      await appendAll(this.#file, batch.bytes.subarray(0, batch.length))
      syncing = true
      await this.#file.sync()
      if (this.#unlisted) await this.#deps.storage.syncDir(this.#deps.folder)
      this.#unlisted = false
      return null
    } catch (error) {
      return this.#recover(error as NodeJS.ErrnoException, syncing)
    }
  }

  async #recover(cause: NodeJS.ErrnoException, syncing: boolean): Promise<JournalError> {
    const full = cause.code === 'ENOSPC' || cause.code === 'EDQUOT'
    let undone = true
    try {
      await this.#file.truncate(this.#size)
      await this.#file.sync()
    } catch {
      undone = false
    }
    // After a failed sync nobody knows what the disk holds, and asking again would be told a lie.
    if (!undone || (syncing && !full)) {
      this.#readOnly = `The disk failed while saving (${cause.message}). Nothing more is recorded until Countersign is started again.`
      return new JournalError('read-only', this.#readOnly, { cause })
    }
    return full
      ? new JournalError('disk-full', 'The disk is full: nothing was recorded. Free some space and try again.', { cause })
      : new JournalError('io', `The disk refused to save (${cause.message}): nothing was recorded. Try again.`, { cause })
  }

  #settle(batch: Batch): void {
    this.#queue.shift()
    this.#size = batch.end
    this.#durable = { ...batch.last, end: toPosition(batch.segment, batch.end) }
    if (batch.bytes.length <= largestBatchBytes) this.#spare = batch.bytes
    batch.resolve()
    const { checkpoints } = this.#deps
    if (checkpoints && this.#durable.seq - this.#checkpointed >= checkpointEvery) {
      this.#checkpointed = this.#durable.seq
      void checkpoints.record(this.#durable)
    }
    const { durable } = this
    for (const listener of this.#syncedListeners) tell(() => listener(durable))
  }

  #takeBack(error: JournalError): void {
    const lost = this.#queue
    this.#queue = []
    this.#head = { seq: this.#durable.seq, hash: this.#durable.hash }
    this.#lastFailure = error
    const from = this.#durable.seq + 1
    for (const listener of this.#takenBackListeners) tell(() => listener(from, error))
    for (const batch of lost) batch.reject(error)
  }
}

function toJournalError(cause: NodeJS.ErrnoException): never {
  if (cause instanceof JournalDamaged) throw cause
  const full = cause.code === 'ENOSPC' || cause.code === 'EDQUOT'
  throw full
    ? new JournalError('disk-full', 'The disk is full: nothing was erased from the files yet. It is tried again.', { cause })
    : new JournalError('io', `The disk refused to erase (${cause.message}). It is tried again.`, { cause })
}

/** A listener's bug is loud, and does not keep the others from being told. */
function tell(call: () => void): void {
  try {
    call()
  } catch (error) {
    queueMicrotask(() => {
      throw error
    })
  }
}
