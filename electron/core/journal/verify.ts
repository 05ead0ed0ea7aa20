import fs from 'node:fs'
import { basename } from 'node:path'
import type { JournalRecord } from '../../../shared/model/event.ts'
import { compareWithCheckpoints, ownPublicKey, parseCheckpoints } from './checkpoints.ts'
import { fileStorage } from './file-storage.ts'
import type { Head } from './port.ts'
import { genesisHash } from './record.ts'
import { breather, isTorn, type Link, type Scanned, scanSegment, segmentName, segmentPath, segmentsAmong } from './segments.ts'

/** Something that must not be. `file` and `offset` say where; `seq` is the record concerned, where it is known. */
type VerifyProblem = {
  readonly file: string
  readonly offset: number
  readonly seq: number | null
  readonly message: string
}

/** What the journal's files say, read without the program that wrote them. */
export type Verified = {
  /** True when not one byte is other than it was written. A torn end and erased content are no damage. */
  readonly ok: boolean
  readonly records: number
  readonly segments: number
  /** Records whose content was erased. */
  readonly erased: number
  readonly checkpoints: number
  readonly head: Head
  /** An end that was never completely written, or is being written right now. */
  readonly torn: { readonly file: string; readonly offset: number; readonly bytes: number } | null
  /** Up to the first hundred. */
  readonly problems: readonly VerifyProblem[]
}

const mostProblems = 100

/**
 * Checks every byte of a journal folder and goes on behind what is wrong, to list it all. Reads only, also while the application
 * runs. `checkpoints` names the file of signed heads and the key that signed them; without it a cut end cannot be seen.
 */
export async function verifyJournal(
  folder: string,
  options: {
    readonly checkpoints?: { readonly file: string; readonly keyFile?: string }
    /** Content may be gone only where a later record says that its run was erased. */
    readonly erasures?: 'recorded'
  } = {},
): Promise<Verified> {
  const problems: VerifyProblem[] = []
  const report = (file: string, offset: number, seq: number | null, message: string): void => {
    if (problems.length < mostProblems) problems.push({ file, offset, seq, message })
  }
  // Before the segments: what is signed is already on disk.
  const signed = options.checkpoints ? await checkpointsOf(options.checkpoints, report) : []
  const against = compareWithCheckpoints(signed)
  const segments = segmentsAmong(await fs.promises.readdir(folder))
  const breathe = breather(12)
  let last: Link | null = { seq: 0, hash: genesisHash }
  let head: Link = { seq: 0, hash: genesisHash }
  let records = 0
  let erased = 0
  let torn: Verified['torn'] = null
  const blanked = new Blanked()

  for (const [index, segment] of segments.entries()) {
    const file = segmentName(segment)
    const expected: number = index === 0 ? 1 : segments[index - 1]! + 1
    if (segment !== expected) {
      report(
        segmentName(expected),
        0,
        null,
        segment - expected === 1 ? 'the segment is missing' : `${segment - expected} segments are missing`,
      )
    }
    const reader = fileStorage.openToRead(segmentPath(folder, segment))
    try {
      const size = reader.size()
      for (let from = 0; from < size; ) {
        const visit = (record: JournalRecord, offset: number, hash: string): void => {
          const contradiction = against.see(record.seq, hash)
          if (contradiction !== null) report(file, offset, record.seq, contradiction)
          records++
          if (record.erased) erased++
          if (options.erasures) blanked.see(record, file, offset)
        }
        const scanned: Scanned = await scanSegment(reader, { from, size, after: last, visit, breathe })
        if (scanned.last.seq > 0) head = scanned.last
        if (scanned.fault === null) {
          last = scanned.last
          break
        }
        const tail = Buffer.alloc(size - scanned.end)
        reader.readAt(tail, scanned.end)
        if (index === segments.length - 1 && isTorn(tail)) {
          torn = { file, offset: scanned.end, bytes: tail.length }
          break
        }
        const { failure } = scanned.fault
        report(file, scanned.fault.offset, scanned.last.seq + 1, `${recordAfter(scanned.last)} ${failure.message}`)
        // A whole record in the wrong place is read again for what it is; anything else is stepped over.
        from = failure.code === 'unlinked' ? scanned.fault.offset : scanned.fault.end
        last = null
      }
    } finally {
      reader.close()
    }
  }
  for (const { file, offset, seq } of blanked.left()) {
    report(file, offset, seq, `what record ${seq} said is gone, and no record says that it was erased`)
  }
  const missing = against.end(head)
  if (missing !== null) report(segmentName(segments.at(-1) ?? 1), 0, head.seq + 1, missing)
  return {
    ok: problems.length === 0,
    records,
    segments: segments.length,
    erased,
    checkpoints: signed.length,
    head,
    torn,
    problems,
  }
}

type Place = { readonly file: string; readonly offset: number; readonly seq: number }

/** Records of which the content is gone, until a record comes that says why: one of each run is enough to tell. */
class Blanked {
  readonly #runs = new Map<string, Place>()
  /** Of no run: there is no way in which that goes. */
  readonly #others: Place[] = []

  see(record: JournalRecord, file: string, offset: number): void {
    const run = 'run_id' in record ? record.run_id : null
    if (record.type === 'run_erased') this.#runs.delete(record.run_id)
    if (!record.erased) return
    const place = { file, offset, seq: record.seq }
    if (run !== null) this.#runs.set(run, place)
    else if (this.#others.length < mostProblems) this.#others.push(place)
  }

  left(): readonly Place[] {
    return [...this.#others, ...this.#runs.values()]
  }
}

const recordAfter = (last: Link): string => (last.seq === 0 ? 'the record' : `the record after ${last.seq}`)

async function checkpointsOf(
  { file, keyFile }: { readonly file: string; readonly keyFile?: string },
  report: (file: string, offset: number, seq: number | null, message: string) => void,
) {
  const ownKey = keyFile === undefined ? null : await ownPublicKey(fileStorage, keyFile)
  const bytes = await fs.promises.readFile(file).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return Buffer.alloc(0)
    throw error
  })
  const parsed = parseCheckpoints(bytes, ownKey)
  for (const { offset, message } of parsed.problems) report(basename(file), offset, null, message)
  return parsed.checkpoints
}
