import { hash, randomBytes } from 'node:crypto'
import type { JournalRecord, NewEvent } from '../../../shared/model/event.ts'
import { fail, invariant, ok, type Result } from '../../../shared/model/result.ts'

/*
 * One record is one line, format version 1:
 *
 *   {"hash":"<64 hex>","head":N,CHAINED,"content":CONTENT}\n
 *
 * CHAINED is exactly N bytes of UTF-8, from `"seq":` to `"prev":"<64 hex>"`. `hash` is the hex SHA-256 over the previous hash's hex
 * text followed by CHAINED. CONTENT is bound to the chain by `content_sha256` inside CHAINED, so it can be blanked to `null` (padded
 * with spaces, so that no record moves) without breaking a single hash. Its first member is a salt: what was erased cannot be
 * guessed from its SHA-256. Verification slices the bytes as they are; it never serialises anything again.
 */

/** The previous hash of the very first record. */
export const genesisHash = '0'.repeat(64)

/** A record's line, newline included, and the hash the next record links to. */
export type Encoded = { readonly line: string; readonly hash: string }

/** A line that is a whole, untouched record linked to the one before it. */
export type Decoded = {
  readonly record: JournalRecord
  readonly hash: string
  readonly prev: string
  /** So many records of the same commit follow. */
  readonly more: number
}

/**
 * Why a line is not accepted. `unreadable`: it does not have the form of a record. `changed`: its bytes do not match its own hash.
 * `unlinked`: a whole record, but not the one that follows the previous hash.
 */
export type BrokenLine = { readonly code: 'unreadable' | 'changed' | 'unlinked'; readonly message: string }

const saltLength = 22
const saltsPerPool = 512
let saltPool = ''
let saltsUsed = saltsPerPool

function nextSalt(): string {
  if (saltsUsed === saltsPerPool) {
    saltPool = randomBytes((saltsPerPool * saltLength * 3) / 4).toString('base64url')
    saltsUsed = 0
  }
  const start = saltsUsed++ * saltLength
  return saltPool.slice(start, start + saltLength)
}

function contentText(content: object): string {
  const text = JSON.stringify(content)
  invariant(text[0] === '{', 'the content of an event is an object or null')
  return text.length === 2 ? `{"salt":"${nextSalt()}"}` : `{"salt":"${nextSalt()}",${text.slice(1)}`
}

/** Writes an event as the line that follows the record with the hash `prev`, and to which so many `more` belong. */
export function encodeRecord(event: NewEvent, seq: number, at: string, prev: string, more = 0): Encoded {
  const ids = event as { run_id?: string; approval_id?: string }
  let chained = `"seq":${seq},"at":"${at}","type":"${event.type}","actor":${JSON.stringify(event.actor)}`
  if (ids.run_id !== undefined) chained += `,"run_id":${JSON.stringify(ids.run_id)}`
  if (ids.approval_id !== undefined) chained += `,"approval_id":${JSON.stringify(ids.approval_id)}`
  chained += `,"data":${JSON.stringify(event.data)}`
  let content = ''
  if (event.content !== null) {
    const text = contentText(event.content)
    chained += `,"content_sha256":"${hash('sha256', text, 'hex')}"`
    content = `,"content":${text}`
  }
  if (more > 0) chained += `,"more":${more}`
  chained += `,"prev":"${prev}"`
  const own = hash('sha256', prev + chained, 'hex')
  return { line: `{"hash":"${own}","head":${Buffer.byteLength(chained)},${chained}${content}}\n`, hash: own }
}

const newline = 0x0a
const comma = 0x2c
const closing = 0x7d
const space = 0x20
const lineStart = '{"hash":"'
const headStart = '","head":'
const contentStart = Buffer.from(',"content":')
const saltStart = '{"salt":"'
const digitsStart = lineStart.length + 64 + headStart.length
/** `"prev":"<64 hex>"` at the very end of CHAINED. */
const prevLength = 73
/** `{"salt":"<22>"` and the comma or brace behind it. */
const saltedLength = saltStart.length + saltLength + 2

/** Where the parts of a line are, from its fixed members alone. */
type Parts = {
  readonly hash: string
  readonly prev: string
  readonly chainedAt: number
  readonly chainedEnd: number
  /** -1 where the line has no content member. */
  readonly contentAt: number
  readonly contentEnd: number
}

function partsOf(bytes: Buffer, start: number, end: number): Parts | null {
  if (end - start < digitsStart + prevLength + 3) return null
  const fixed = bytes.toString('latin1', start, start + digitsStart + 11)
  if (!fixed.startsWith(lineStart) || fixed.slice(lineStart.length + 64, digitsStart) !== headStart) return null
  let length = 0
  let at = digitsStart
  for (; at < digitsStart + 10; at++) {
    const digit = fixed.charCodeAt(at) - 48
    if (!(digit >= 0 && digit <= 9) || (digit === 0 && at === digitsStart)) break
    length = length * 10 + digit
  }
  if (at === digitsStart || fixed.charCodeAt(at) !== comma || length < prevLength) return null
  const chainedAt = start + at + 1
  const chainedEnd = chainedAt + length
  if (chainedEnd >= end || bytes[end - 1] !== closing) return null
  const parts = {
    hash: fixed.slice(lineStart.length, lineStart.length + 64),
    prev: bytes.toString('latin1', chainedEnd - 65, chainedEnd - 1),
    chainedAt,
    chainedEnd,
  }
  if (chainedEnd + 1 === end) return { ...parts, contentAt: -1, contentEnd: -1 }
  const contentAt = chainedEnd + contentStart.length
  if (contentAt >= end || contentStart.compare(bytes, chainedEnd, contentAt) !== 0) return null
  return { ...parts, contentAt, contentEnd: end - 1 }
}

function isBlanked(bytes: Buffer, from: number, to: number): boolean {
  if (to - from < 4 || bytes.toString('latin1', from, from + 4) !== 'null') return false
  for (let i = from + 4; i < to; i++) if (bytes[i] !== space) return false
  return true
}

let scratch: Buffer = Buffer.allocUnsafe(16 * 1024)

function chainHash(prev: string, bytes: Buffer, from: number, to: number): string {
  const length = 64 + to - from
  if (scratch.length < length) scratch = Buffer.allocUnsafe(length * 2)
  scratch.write(prev, 0, 'latin1')
  bytes.copy(scratch, 64, from, to)
  return hash('sha256', scratch.subarray(0, length), 'hex')
}

const unreadable = fail<BrokenLine>({ code: 'unreadable', message: 'is not a record' })

/** Records of which types are read with their content. */
export type ContentOf = ReadonlySet<JournalRecord['type']>

/**
 * Reads the line in `bytes[start, end)`, without its newline, and checks every byte of it. With `prevHash` null the record's own
 * claim about its predecessor is believed, so that one record can be read alone. Never throws, whatever the bytes are. The content of
 * types that are not in `contentOf` is checked and not read: it is null then.
 */
export function decodeLine(
  bytes: Buffer,
  prevHash: string | null,
  start = 0,
  end = bytes.length,
  contentOf: ContentOf | null = null,
): Result<Decoded, BrokenLine> {
  if (end > start && bytes[end - 1] === newline) end--
  const parts = partsOf(bytes, start, end)
  if (parts === null) return unreadable
  const { prev, chainedAt, chainedEnd, contentAt, contentEnd } = parts
  if (chainHash(prev, bytes, chainedAt, chainedEnd) !== parts.hash) {
    return fail({ code: 'changed', message: 'does not match its hash' })
  }
  const parsed = parseChained(bytes, parts)
  if (parsed === null) return unreadable
  if ((parsed.content_sha256 === undefined) !== contentAt < 0) {
    return fail({ code: 'changed', message: contentAt < 0 ? 'has lost its content' : 'has content that does not belong to it' })
  }
  const blanked = contentAt >= 0 && isBlanked(bytes, contentAt, contentEnd)
  const written = contentAt >= 0 && !blanked
  if (written && hash('sha256', bytes.subarray(contentAt, contentEnd), 'hex') !== parsed.content_sha256) {
    return fail({ code: 'changed', message: 'has content that does not match its hash' })
  }
  if (prevHash !== null && prev !== prevHash) {
    return fail({ code: 'unlinked', message: 'does not follow the record before it' })
  }
  const wanted = written && (contentOf === null || contentOf.has(parsed.type))
  const content = wanted ? parseContent(bytes, parts) : null
  if (wanted && content === null) return unreadable
  return ok({ record: toRecord(parsed, content, blanked), hash: parts.hash, prev, more: parsed.more ?? 0 })
}

type Parsed = {
  seq: number
  at: string
  type: JournalRecord['type']
  actor: object
  run_id?: string
  approval_id?: string
  data: object
  content_sha256?: string
  more?: number
  prev: string
}

function parseChained(bytes: Buffer, { chainedAt, chainedEnd, prev }: Parts): Parsed | null {
  try {
    const parsed = JSON.parse(`{${bytes.toString('utf8', chainedAt, chainedEnd)}}`) as Parsed
    const whole =
      Number.isSafeInteger(parsed.seq) &&
      typeof parsed.at === 'string' &&
      typeof parsed.type === 'string' &&
      typeof parsed.actor === 'object' &&
      typeof parsed.data === 'object' &&
      parsed.prev === prev
    return whole ? parsed : null
  } catch {
    return null
  }
}

/** The content without its salt; null where it is none. */
function parseContent(bytes: Buffer, { contentAt, contentEnd }: Parts): object | null {
  if (contentEnd - contentAt < saltedLength || bytes.toString('latin1', contentAt, contentAt + saltStart.length) !== saltStart)
    return null
  const rest = bytes.toString('utf8', contentAt + saltedLength, contentEnd)
  try {
    return JSON.parse(`{${rest === '' ? '}' : rest}`) as object
  } catch {
    return null
  }
}

function toRecord(parsed: Parsed, content: object | null, erased: boolean): JournalRecord {
  const { seq, at, type, actor, run_id, approval_id, data } = parsed
  const record: Record<string, unknown> =
    run_id === undefined
      ? { seq, at, type, actor, data, content }
      : approval_id === undefined
        ? { seq, at, type, actor, run_id, data, content }
        : { seq, at, type, actor, run_id, approval_id, data, content }
  if (erased) record.erased = true
  return record as unknown as JournalRecord
}

/**
 * The same line with its content blanked, equally long: hashes and positions stay, what was written there is gone. Null where the
 * line is not a whole record; a line without content comes back as it is.
 */
export function blankContent(line: Buffer): Buffer | null {
  const end = line.at(-1) === newline ? line.length - 1 : line.length
  const parts = partsOf(line, 0, end)
  if (parts === null) return null
  if (parts.contentAt < 0) return line
  const blanked = Buffer.from(line)
  blanked.fill(space, parts.contentAt, parts.contentEnd)
  blanked.write('null', parts.contentAt, 'latin1')
  return blanked
}
