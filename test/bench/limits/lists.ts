import { closeSync, openSync, readSync } from 'node:fs'
import { join } from 'node:path'
import { openReader } from '../../../electron/core/projection/schema.ts'

/** As many as a page has. */
const rows = 50

type Row = { readonly position: number }

/** A page with SQLite and Node alone, over the same files: so many rows in the order of an index, and each row's record from the journal. */
export function openBareLists(file: string, journalFolder: string) {
  const db = openReader(file)
  const inOrder = db.prepare<[number], Row>(`SELECT * FROM approvals WHERE status = 'pending' ORDER BY due_key LIMIT ?`)
  const matching = db.prepare<[string, number], Row>(
    'SELECT * FROM approvals WHERE seq IN (SELECT rowid FROM search_words WHERE search_words MATCH ? ORDER BY rowid DESC LIMIT ?)',
  )
  const segments = new Map<number, number>()
  const buffer = Buffer.allocUnsafe(8192)
  const record = ({ position }: Row): unknown => {
    const segment = Math.floor(position / 2 ** 32)
    let fd = segments.get(segment)
    if (fd === undefined) {
      fd = openSync(join(journalFolder, `${String(segment).padStart(8, '0')}.jsonl`), 'r')
      segments.set(segment, fd)
    }
    const length = readSync(fd, buffer, 0, buffer.length, position % 2 ** 32)
    return JSON.parse(buffer.toString('utf8', 0, buffer.subarray(0, length).indexOf(0x0a)))
  }
  return {
    page: () => inOrder.all(rows).map(record),
    search: (word: string) => matching.all(word, rows).map(record),
    close() {
      db.close()
      for (const fd of segments.values()) closeSync(fd)
    },
  }
}
