import { type FileHandle, open, readdir } from 'node:fs/promises'
import { offsetOf, type Position, segmentOf, toPosition } from '../journal/port.ts'
import { segmentPath, segmentsAmong } from '../journal/segments.ts'

/** The journal's files up to what is durable, read beside the writer and without holding up the event loop. */
export type JournalFiles = {
  /** In order, oldest first. */
  readonly segments: readonly number[]
  size(segment: number): Promise<number>
  /** Bytes from an offset on; fewer where the segment ends. */
  read(segment: number, from: number, length: number): Promise<Buffer>
  close(): Promise<void>
}

export async function openJournalFiles(folder: string, end: Position): Promise<JournalFiles> {
  const last = segmentOf(end)
  const segments = segmentsAmong(await readdir(folder)).filter((segment) => segment <= last)
  const handles = new Map<number, Promise<FileHandle>>()
  const handleOf = (segment: number): Promise<FileHandle> => {
    const held = handles.get(segment) ?? open(segmentPath(folder, segment), 'r')
    handles.set(segment, held)
    return held
  }
  const size = async (segment: number): Promise<number> =>
    segment === last ? offsetOf(end) : (await (await handleOf(segment)).stat()).size
  return {
    segments,
    size,
    async read(segment, from, length) {
      const until = Math.min(from + length, await size(segment))
      const bytes = Buffer.allocUnsafe(Math.max(0, until - from))
      const { bytesRead } = await (await handleOf(segment)).read(bytes, 0, bytes.length, from)
      return bytes.subarray(0, bytesRead)
    },
    async close() {
      const open = await Promise.allSettled(handles.values())
      await Promise.all(open.map((one) => (one.status === 'fulfilled' ? one.value.close() : undefined)))
    },
  }
}

/** What a line begins with. */
export type LineHead = { readonly seq: number; readonly at: string; readonly type: string }

const headPattern = /^\{"hash":"[0-9a-f]{64}","head":\d+,"seq":(\d+),"at":"([^"]+)","type":"([^"]+)"/
const headBytes = 256
const newline = 0x0a

export function headOf(bytes: Buffer, start = 0): LineHead | null {
  const found = headPattern.exec(bytes.toString('latin1', start, start + headBytes))
  return found ? { seq: Number(found[1]), at: found[2]!, type: found[3]! } : null
}

/**
 * Where the first record begins for which `reached` is true; the end where there is none. It must be false for all records before
 * that one: halving finds it in a few reads, however many records there are.
 */
export async function seek(files: JournalFiles, end: Position, reached: (head: LineHead) => boolean): Promise<Position> {
  const isReached = async (segment: number, offset: number): Promise<boolean> => {
    const head = headOf(await files.read(segment, offset, headBytes))
    return head !== null && reached(head)
  }
  let low = 0
  let high = files.segments.length
  while (low < high) {
    const middle = (low + high) >> 1
    if (await isReached(files.segments[middle]!, 0)) high = middle
    else low = middle + 1
  }
  // It is in the segment before the first one that begins behind it, or begins that one.
  const next = files.segments[low]
  const inside = files.segments[low - 1]
  if (inside === undefined) return next === undefined ? end : toPosition(next, 0)
  const size = await files.size(inside)
  let from = 0
  let to = size
  while (from < to) {
    const line = await lineFrom(files, inside, (from + to) >> 1, size)
    if (line === null || line >= to || (await isReached(inside, line))) to = (from + to) >> 1
    else from = line + 1
  }
  const found = (await lineFrom(files, inside, from, size)) ?? size
  if (found < size) return toPosition(inside, found)
  return next === undefined ? end : toPosition(next, 0)
}

/** Where the first line begins at or behind an offset; null where none does. */
async function lineFrom(files: JournalFiles, segment: number, offset: number, size: number): Promise<number | null> {
  if (offset === 0) return 0
  for (let at = offset - 1; at < size; ) {
    const bytes = await files.read(segment, at, 16 * 1024)
    if (bytes.length === 0) return null
    const found = bytes.indexOf(newline)
    if (found >= 0) return at + found + 1 < size ? at + found + 1 : null
    at += bytes.length
  }
  return null
}

/** Whole lines that stand side by side. */
export type Lines = {
  readonly segment: number
  /** Where the bytes begin in the segment. */
  readonly from: number
  readonly bytes: Buffer
  /** Where each line begins and ends in the bytes, without its newline; oldest first. */
  readonly lines: readonly (readonly [start: number, end: number])[]
}

const blockBytes = 128 * 1024

/** All lines before a position, block by block, the newest block first. */
export async function* linesBefore(files: JournalFiles, before: Position): AsyncGenerator<Lines> {
  for (const segment of files.segments.toReversed()) {
    if (segment > segmentOf(before)) continue
    let end = segment === segmentOf(before) ? offsetOf(before) : await files.size(segment)
    for (let length = blockBytes; end > 0; ) {
      const start = Math.max(0, end - length)
      const bytes = await files.read(segment, start, end - start)
      // The first line of a block in the middle has lost its beginning: it comes with the next one.
      const first = start === 0 ? 0 : bytes.indexOf(newline) + 1
      if (start > 0 && (first === 0 || first === bytes.length)) {
        length *= 2
        continue
      }
      yield { segment, from: start, bytes, lines: splitLines(bytes, first) }
      end = start + first
      length = blockBytes
    }
  }
}

function splitLines(bytes: Buffer, first: number): (readonly [number, number])[] {
  const lines: (readonly [number, number])[] = []
  for (let start = first; start < bytes.length; ) {
    const end = bytes.indexOf(newline, start)
    if (end < 0) break
    lines.push([start, end])
    start = end + 1
  }
  return lines
}

/** The bytes of these files up to each one's last newline: a record that is being written right now is left out. */
export async function* wholeLines(files: JournalFiles, length = 256 * 1024): AsyncGenerator<Buffer> {
  for (const segment of files.segments) {
    let rest: Buffer = Buffer.alloc(0)
    for (let at = 0; ; ) {
      const read = await files.read(segment, at, length)
      if (read.length === 0) break
      at += read.length
      const bytes = rest.length === 0 ? read : Buffer.concat([rest, read])
      const end = bytes.lastIndexOf(newline) + 1
      if (end > 0) yield bytes.subarray(0, end)
      rest = bytes.subarray(end)
    }
  }
}
