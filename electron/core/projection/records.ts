import { closeSync, openSync, readSync } from 'node:fs'
import type { JournalRecord } from '../../../shared/model/event.ts'
import { offsetOf, type Position, segmentOf } from '../journal/port.ts'
import { segmentPath } from '../journal/segments.ts'

/** Reads single records back from the journal's files: the database says where they are, and does not copy them. */
export interface Records {
  /** The record that begins here, as the journal has it now. Throws when there is none. */
  at<R extends JournalRecord>(position: Position): R
  close(): void
}

const nobody = { has: () => false }
const newline = 0x0a
const mostFiles = 32

/** `erased` names runs whose content counts as gone, also where the files still have it. */
export function openRecords(journalFolder: string, erased: { has(runId: string): boolean } = nobody): Records {
  const files = new Map<number, number>()
  let line = Buffer.allocUnsafe(4096)

  function fileOf(segment: number): number {
    const known = files.get(segment)
    if (known !== undefined) return known
    if (files.size >= mostFiles) close()
    const fd = openSync(segmentPath(journalFolder, segment), 'r')
    files.set(segment, fd)
    return fd
  }

  function close(): void {
    for (const fd of files.values()) closeSync(fd)
    files.clear()
  }

  return {
    at<R extends JournalRecord>(position: Position): R {
      const fd = fileOf(segmentOf(position))
      for (;;) {
        const length = readSync(fd, line, 0, line.length, offsetOf(position))
        const end = line.subarray(0, length).indexOf(newline)
        if (end >= 0) {
          const record = JSON.parse(line.toString('utf8', 0, end)) as JournalRecord
          markErased(record)
          return ('run_id' in record && erased.has(record.run_id) ? withoutContent(record) : record) as R
        }
        if (length < line.length) throw new Error(`The journal has no whole record at ${where(position)}`)
        line = Buffer.allocUnsafe(line.length * 4)
      }
    },
    close,
  }
}

export const where = (position: Position): string => `byte ${offsetOf(position)} of segment ${segmentOf(position)}`

/** A record as it reads once its content is blanked. */
const withoutContent = (record: JournalRecord): JournalRecord =>
  record.content === null ? record : ({ ...record, content: null, erased: true } as JournalRecord)

/** A line has `content: null` where it was erased, and no content where there never was any. */
export function markErased(record: { content: unknown; erased?: true }): void {
  if (record.content === null) record.erased = true
  else if (record.content === undefined) record.content = null
}
