import type { JournalRecord, NewEvent } from '../../../shared/model/event.ts'

/**
 * Every call that touches the disk on behalf of the journal and of files that must survive a power cut. One interface, so that a
 * test can record, cut and fail each of them. All paths are absolute. Every method rejects with the system's error (`code`).
 */
export interface Storage {
  /** Opens for append and read, creating the file (0600) where it is missing. */
  open(path: string): Promise<StorageFile>
  /** Opens an existing file to read only, at once: a record of a closed segment is read back in the middle of a synchronous turn. */
  openToRead(path: string): StorageReader
  list(folder: string): Promise<readonly string[]>
  /** Creates a folder (0700) and its parents. */
  makeFolder(path: string): Promise<void>
  readFile(path: string): Promise<Buffer>
  rename(from: string, to: string): Promise<void>
  unlink(path: string): Promise<void>
  /** Makes names in a folder durable. Done at once where the platform cannot. */
  syncDir(folder: string): Promise<void>
}

/** A file that is only read. Synchronous: the page cache answers. */
export interface StorageReader {
  size(): number
  /** Fills as much of `into` as the file has from `position`; returns the bytes read. */
  readAt(into: Buffer, position: number): number
  close(): void
}

export interface StorageFile {
  /** Writes at the end; resolves with how many bytes arrived, which may be fewer than were given. */
  append(bytes: Buffer): Promise<number>
  /** Makes all that was written durable (fdatasync). */
  sync(): Promise<void>
  truncate(size: number): Promise<void>
  size(): Promise<number>
  /** Fills as much of `into` as the file has from `position`; returns the bytes read. Synchronous: the page cache answers. */
  readAt(into: Buffer, position: number): number
  close(): Promise<void>
}

/** Where a record begins: segment number times 2^32, plus the byte offset in the segment. Orders like the journal. */
export type Position = number
export const segmentOf = (position: Position): number => Math.floor(position / 2 ** 32)
export const offsetOf = (position: Position): number => position % 2 ** 32
export const toPosition = (segment: number, offset: number): Position => segment * 2 ** 32 + offset

export type JournalErrorCode = 'disk-full' | 'read-only' | 'io'

/** Why a record could not be made durable. Nothing of it is on disk; the sender must be told so. */
export class JournalError extends Error {
  readonly code: JournalErrorCode
  constructor(code: JournalErrorCode, message: string, options?: { cause?: unknown }) {
    super(message, options)
    this.name = 'JournalError'
    this.code = code
  }
}

export type Head = { readonly seq: number; readonly hash: string }

/** A record that has its place in the order, but is durable only once `synced(seq)` resolves. */
export type Appended = { readonly record: JournalRecord; readonly position: Position }

/** The append-only truth. One writer; events of one synchronous turn share a batch, and batches share an fdatasync. */
export interface Journal {
  /** Last record that has a place in the order. */
  readonly head: Head
  /** Last record that is on disk, and the position just behind it. */
  readonly durable: { readonly seq: number; readonly end: Position }
  /** Null while writing works; otherwise why this journal takes nothing more until it is opened again. */
  readonly readOnly: string | null
  /**
   * Gives the event its seq, instant, position and hash at once; writes behind. Throws `JournalError('read-only')`. So many `more`
   * belong to it and follow in the same turn: all of them reach the disk, or none does.
   */
  append(event: NewEvent, more?: number): Appended
  /** Resolves when the record is on disk; rejects with `JournalError` when it never will be. Already durable: resolved. */
  synced(seq: number): Promise<void>
  /** Reads one record back, durable or not yet. Throws when there is none at this position. */
  read(position: Position): JournalRecord
  /** The same for several, in their order: those that stand side by side are fetched at once. */
  readAll(positions: readonly Position[]): readonly JournalRecord[]
  /** Told after each sync, in order. Returns its undo. */
  onSynced(listener: (durable: { seq: number; end: Position }) => void): () => void
  /** Told synchronously, before anybody waiting is, that all records from `fromSeq` on were taken back. Returns its undo. */
  onTakenBack(listener: (fromSeq: number, error: JournalError) => void): () => void
  /** Syncs what is pending and closes the files. */
  close(): Promise<void>
}

/** A journal from which what was said can be taken, line by line. */
export interface ErasableJournal extends Journal {
  /** What is appended from now on goes into a segment of its own, so that everything before it stands in closed ones. */
  startSegment(): void
  /**
   * Blanks the content of records in these closed segments, one file at a time; resolves with how many there were once that is on disk.
   * May be repeated. Rejects with `JournalError`, or `JournalDamaged` where a segment is not as it was written.
   */
  blank(segments: readonly number[], wants: (record: JournalRecord) => boolean): Promise<number>
  /** Told when a segment's file becomes another one: who has it open closes it, and opens it anew for the next read. */
  onReplaced(listener: () => void): () => void
}

/** What opening found, before anything new is written. */
export type Opened = {
  readonly journal: ErasableJournal
  /** Set when a torn tail was copied aside and cut off; a `recovered` record was appended for it. */
  readonly recovered: { readonly segment: string; readonly offset: number; readonly bytes: number; readonly copy: string } | null
}

/** Told for each record on the way up, in order, with the chain already checked. */
export type Replay = (record: JournalRecord, position: Position) => void
