import { readFile } from 'node:fs/promises'
import type { AuditEntry, AuditQuery } from '../../../shared/contract/audit.ts'
import { type Failure, failure } from '../../../shared/contract/errors.ts'
import type { Actor } from '../../../shared/model/actor.ts'
import type { JournalRecord } from '../../../shared/model/event.ts'
import { fail, ok, type Result } from '../../../shared/model/result.ts'
import { type Journal, offsetOf, segmentOf } from '../journal/port.ts'
import { decodeLine } from '../journal/record.ts'
import { breather, segmentName } from '../journal/segments.ts'
import { headOf, type JournalFiles, type LineHead, type Lines, linesBefore, openJournalFiles, seek, wholeLines } from './files.ts'
import { verifier } from './verifier.ts'

export type AuditDeps = {
  readonly folder: string
  /** The file of signed heads. */
  readonly checkpoints: string
  readonly journal: Pick<Journal, 'durable'>
  /** What a run or an approval is about, as far as it can be said. */
  readonly about: (ids: { readonly run_id: string | null; readonly approval_id: string | null }) => AuditEntry['about']
  /** How much of the journal one page may look through. */
  readonly mostBytes?: number
}

type AuditPage = {
  readonly items: readonly AuditEntry[]
  readonly total: number
  readonly next_cursor: string | null
  readonly looked_back_to: { readonly seq: number; readonly at: string } | null
}

/** The signed heads as they are written, and a program that needs nothing else to check the records. */
type Proof = { readonly checkpoints: string; readonly verifier: string }

type RawRecord = {
  readonly seq: number
  readonly hash: string
  readonly prev: string
  readonly erased: boolean
  readonly segment: string
  readonly offset: number
  readonly bytes: number
  readonly line: string
}

/** The journal for people who check it: page by page, one record, all of it. Only what is durable is shown. */
export interface Audit {
  list(query: AuditQuery, signal?: AbortSignal): Promise<AuditPage>
  get(seq: number): Promise<Result<RawRecord, Failure>>
  /** What proves it, and then everything as it is written, in pieces of whole lines. */
  export(): AsyncGenerator<{ readonly lines: string; readonly proof?: Proof }>
}

const defaultMostBytes = 48 * 1024 * 1024
/** Longest that the event loop is held at a time. */
const breathEveryMs = 3
/** Clocks are set back now and then: a search by date looks so much further on either side. */
const clockSlackMs = 24 * 3_600_000

export function createAudit({ folder, checkpoints, journal, about, mostBytes = defaultMostBytes }: AuditDeps): Audit {
  const withFiles = async <T>(work: (files: JournalFiles, end: number) => Promise<T>): Promise<T> => {
    const { end } = journal.durable
    const files = await openJournalFiles(folder, end)
    try {
      return await work(files, end)
    } finally {
      await files.close()
    }
  }

  async function search(files: JournalFiles, end: number, query: AuditQuery, signal?: AbortSignal): Promise<AuditPage> {
    const wanted = toFilter(query)
    const pause = breather(breathEveryMs)
    const start = await seek(files, end, wanted.isBehind)
    const items: AuditEntry[] = []
    let last: LineHead | null = null
    let looked = 0
    const page = (more: boolean): AuditPage => ({
      items,
      total: journal.durable.seq,
      next_cursor: more && last !== null && last.seq > 1 ? String(last.seq) : null,
      looked_back_to: last && { seq: last.seq, at: last.at },
    })
    for await (const block of linesBefore(files, start)) {
      if (signal?.aborted) return page(true)
      if (!wanted.mayBeIn(block.bytes)) {
        const [first] = block.lines
        last = (first && headOf(block.bytes, first[0])) ?? last
        if (last !== null && wanted.isTooOld(last)) return page(false)
      } else {
        for (const line of block.lines.toReversed()) {
          const breath = pause()
          if (breath) await breath
          const head = headOf(block.bytes, line[0])
          if (head === null) continue
          if (wanted.isTooOld(head)) return page(false)
          last = head
          const entry = wanted.fits(head, block.bytes, line) ? toEntry(head, block, line, wanted.fitsRecord) : null
          if (entry === null) continue
          items.push(withAbout(entry))
          if (items.length === query.limit) return page(true)
        }
      }
      looked += block.bytes.length
      if (looked >= mostBytes) return page(true)
      await pause()
    }
    return page(false)
  }

  const withAbout = (entry: Omit<AuditEntry, 'about'>): AuditEntry => ({
    ...entry,
    about: entry.erased || (entry.run_id === null && entry.approval_id === null) ? null : about(entry),
  })

  return {
    list: (query, signal) => withFiles((files, end) => search(files, end, query, signal)),

    get: (seq) =>
      withFiles(async (files, end) => {
        const position = await seek(files, end, (head) => head.seq >= seq)
        const segment = segmentOf(position)
        const offset = offsetOf(position)
        const line = position === end ? null : await lineAt(files, segment, offset)
        const decoded = line && decodeLine(line, null)
        if (!decoded?.ok || decoded.value.record.seq !== seq)
          return fail(failure('not-found', `There is no record ${seq} in the journal.`))
        const { hash, prev, record } = decoded.value
        return ok({
          seq,
          hash,
          prev,
          erased: record.erased === true,
          segment: segmentName(segment),
          offset,
          bytes: line!.length + 1,
          line: line!.toString('utf8'),
        })
      }),

    async *export() {
      // Before the records: of what is signed, all is there.
      yield { lines: '', proof: { checkpoints: await textOf(checkpoints), verifier } }
      const files = await openJournalFiles(folder, journal.durable.end)
      try {
        for await (const bytes of wholeLines(files)) yield { lines: bytes.toString('utf8') }
      } finally {
        await files.close()
      }
    },
  }
}

/** Empty where there is none yet. */
const textOf = (file: string): Promise<string> =>
  readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return ''
    throw error
  })

async function lineAt(files: JournalFiles, segment: number, offset: number): Promise<Buffer | null> {
  for (let length = 16 * 1024; ; length *= 4) {
    const bytes = await files.read(segment, offset, length)
    const end = bytes.indexOf(0x0a)
    if (end >= 0) return bytes.subarray(0, end)
    if (bytes.length < length) return null
  }
}

type Filter = {
  /** False for all that is newer than what is wanted begins with. */
  isBehind(head: LineHead): boolean
  isTooOld(head: LineHead): boolean
  /** A quick look at many lines at once. */
  mayBeIn(bytes: Buffer): boolean
  fits(head: LineHead, bytes: Buffer, line: readonly [number, number]): boolean
  fitsRecord(record: JournalRecord): boolean
}

function toFilter({ type, actor, id, from, to, cursor }: AuditQuery): Filter {
  const before = cursor === undefined ? Number.POSITIVE_INFINITY : Number(cursor)
  const latest = to === undefined ? null : Date.parse(to)
  const earliest = from === undefined ? null : Date.parse(from)
  const word = type?.toLowerCase().replaceAll(/\s+/g, '_')
  const name = actor?.toLowerCase()
  const quotedName = name && JSON.stringify(name).slice(1, -1)
  // Letter case is known without looking further only of these.
  const plainName = (quotedName?.match(/[\x20-\x7e]+/g) ?? []).reduce((a, b) => (b.length > a.length ? b : a), '')
  const quotedId = id && JSON.stringify(id).slice(1, -1)
  return {
    isBehind: (head) => head.seq >= before || (latest !== null && Date.parse(head.at) > latest + clockSlackMs),
    isTooOld: (head) => earliest !== null && Date.parse(head.at) < earliest - clockSlackMs,
    mayBeIn: (bytes) =>
      [quotedId, word].every((part) => part === undefined || bytes.includes(part)) &&
      (plainName === '' || bytes.toString('latin1').toLowerCase().includes(plainName)),
    fits(head, bytes, [start, end]) {
      if (word !== undefined && !head.type.includes(word)) return false
      const at = Date.parse(head.at)
      if ((latest !== null && at > latest) || (earliest !== null && at < earliest)) return false
      if (quotedId !== undefined && !bytes.subarray(start, end).includes(quotedId)) return false
      // The actor stands near the beginning; the record itself is looked at once this may be it.
      return (
        quotedName === undefined ||
        bytes
          .toString('utf8', start, Math.min(end, start + 2048))
          .toLowerCase()
          .includes(quotedName)
      )
    },
    fitsRecord: (record) =>
      (name === undefined || namesOf(record.actor).some((one) => one.toLowerCase().includes(name))) &&
      (id === undefined || idsOf(record).includes(id)),
  }
}

const namesOf = ({ id, name }: Actor): readonly string[] => [id, ...(name === undefined ? [] : [name])]

/** Every id that a record names: its own, its actor's, and those in its data. */
function idsOf(record: JournalRecord): readonly string[] {
  const { actor, data } = record
  const { run_id, approval_id } = record as { run_id?: string; approval_id?: string }
  const given = [run_id, approval_id, actor.id, actor.credential, ...Object.values(data)]
  return given.filter((one) => typeof one === 'string')
}

/** A line that was changed is shown too, with what its beginning says: it must not vanish from the list. */
function toEntry(
  head: LineHead,
  { bytes }: Lines,
  [start, end]: readonly [number, number],
  fits: (record: JournalRecord) => boolean,
): Omit<AuditEntry, 'about'> | null {
  const decoded = decodeLine(bytes, null, start, end)
  if (!decoded.ok) {
    const { seq, at, type } = head
    return { seq, at, type, actor: unknown, run_id: null, approval_id: null, data: null, erased: false, damaged: true, hash: '' }
  }
  if (!fits(decoded.value.record)) return null
  const { record, hash } = decoded.value
  const { run_id = null, approval_id = null } = record as { run_id?: string; approval_id?: string }
  return {
    seq: record.seq,
    at: record.at,
    type: record.type,
    actor: record.actor,
    run_id,
    approval_id,
    data: record.data,
    erased: record.erased === true,
    damaged: false,
    hash,
  }
}

const unknown: Actor = { kind: 'system', id: 'unknown', via: 'engine' }
