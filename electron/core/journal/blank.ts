import type { JournalRecord } from '../../../shared/model/event.ts'
import { appendAll } from './atomic-file.ts'
import type { Storage, StorageFile, StorageReader } from './port.ts'
import { blankContent } from './record.ts'
import { breather, JournalDamaged, scanSegment, segmentName, segmentPath } from './segments.ts'

/*
 * Takes what was said out of a segment that is not written to any more. The lines keep their lengths and their hashes, so positions and
 * chain stay as they are. A crash leaves either the old file or the new one; doing it again finds what is left to do.
 */

/** Whose content goes. */
type Wants = (record: JournalRecord) => boolean

export type BlankSegment = {
  readonly folder: string
  readonly storage: Storage
  readonly segment: number
  readonly wants: Wants
  /** Called right before and right after the file is another one: who has it open lets go of it. */
  readonly replacing: () => void
}

type Line = { readonly from: number; to: number }

const copyBytes = 256 * 1024
const breathEveryMs = 8

/** Resolves with how many records were blanked. Throws `JournalDamaged` where the segment is not as it was written, and changes nothing. */
export async function blankSegment(options: BlankSegment): Promise<number> {
  const { folder, storage, segment, replacing } = options
  const path = segmentPath(folder, segment)
  const reader = storage.openToRead(path)
  const temporary = `${path}.erasing`
  let lines: readonly Line[]
  try {
    const size = reader.size()
    lines = await linesToBlank(reader, size, options)
    if (lines.length === 0) return 0
    await writeBlanked(storage, temporary, reader, lines, size)
  } catch (error) {
    await storage.unlink(temporary).catch(() => undefined)
    throw error
  } finally {
    reader.close()
  }
  // A system that does not replace a file which is open is told in time; and who opened the old one meanwhile, afterwards.
  replacing()
  try {
    await storage.rename(temporary, path)
  } finally {
    replacing()
  }
  await storage.syncDir(folder)
  return lines.length
}

async function linesToBlank(reader: StorageReader, size: number, { segment, wants }: BlankSegment): Promise<readonly Line[]> {
  const lines: Line[] = []
  let open: Line | null = null
  const end = (offset: number): void => {
    if (open) open.to = offset
    open = null
  }
  const visit = (record: JournalRecord, offset: number): void => {
    end(offset)
    if (record.content === null || !wants(record)) return
    open = { from: offset, to: offset }
    lines.push(open)
  }
  const scanned = await scanSegment(reader, { from: 0, size, after: null, visit, breathe: breather(breathEveryMs) })
  if (scanned.fault) throw new JournalDamaged(segmentName(segment), scanned.fault.offset, scanned.fault.failure.message)
  end(scanned.end)
  return lines
}

async function writeBlanked(
  storage: Storage,
  path: string,
  reader: StorageReader,
  lines: readonly Line[],
  size: number,
): Promise<void> {
  const file = await storage.open(path)
  try {
    // What an earlier attempt left behind.
    await file.truncate(0)
    const breathe = breather(breathEveryMs)
    let at = 0
    for (const { from, to } of lines) {
      await copy(reader, file, at, from, breathe)
      const line = Buffer.alloc(to - from)
      reader.readAt(line, from)
      await appendAll(file, blankContent(line)!)
      await breathe()
      at = to
    }
    await copy(reader, file, at, size, breathe)
    await file.sync()
  } finally {
    await file.close()
  }
}

async function copy(
  reader: StorageReader,
  file: StorageFile,
  from: number,
  to: number,
  breathe: () => Promise<void> | undefined,
): Promise<void> {
  const buffer = Buffer.allocUnsafe(Math.min(copyBytes, to - from))
  for (let at = from; at < to; ) {
    const read = reader.readAt(buffer.subarray(0, Math.min(buffer.length, to - at)), at)
    if (read === 0) throw new Error('The segment became shorter while it was read.')
    await appendAll(file, buffer.subarray(0, read))
    await breathe()
    at += read
  }
}
