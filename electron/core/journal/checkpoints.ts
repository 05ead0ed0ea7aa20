import { createPrivateKey, createPublicKey, generateKeyPairSync, type KeyObject, sign, verify } from 'node:crypto'
import { basename, dirname } from 'node:path'
import { type Clock, toInstant } from '../clock.ts'
import { appendAll, replaceFile } from './atomic-file.ts'
import type { Head, Storage } from './port.ts'
import { isTorn, JournalDamaged } from './segments.ts'

/** What the journal's head was at some time, signed. Kept apart from the journal: it shows that the journal's end was cut off. */
export type Checkpoint = {
  readonly seq: number
  readonly hash: string
  readonly at: string
  /** The public half of the key that signed, raw Ed25519, base64url. */
  readonly key: string
  readonly signature: string
}

/** The checkpoints of a home folder. */
export interface Checkpoints {
  /** Those that were there when it was opened, oldest first. */
  readonly known: readonly Checkpoint[]
  /** Why the latest checkpoint could not be written; null while it works. Never in the way of the journal itself. */
  readonly problem: string | null
  /** Signs the journal's head and writes it down. Never rejects. */
  record(head: Head): Promise<void>
}

export type CheckpointFile = {
  readonly checkpoints: readonly Checkpoint[]
  /** Bytes up to the last whole line; what is behind was never completely written. */
  readonly end: number
  readonly problems: readonly { readonly offset: number; readonly message: string }[]
}

const newlineByte = 0x0a
const closing = 0x7d

const signedText = (point: { seq: number; hash: string; at: string }): Buffer =>
  Buffer.from(`countersign checkpoint 1\n${point.seq}\n${point.hash}\n${point.at}`)

const rawPublicKey = (key: KeyObject): string => createPublicKey(key).export({ format: 'jwk' }).x ?? ''

function isGenuine(point: Checkpoint): boolean {
  try {
    const key = createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x: point.key }, format: 'jwk' })
    const signature = Buffer.from(point.signature, 'base64url')
    // The last characters have bits that say nothing: another spelling of the same bytes is a change too.
    if (signature.toString('base64url') !== point.signature || key.export({ format: 'jwk' }).x !== point.key) return false
    return verify(null, signedText(point), key, signature)
  } catch {
    return false
  }
}

/** Reads a file of checkpoints and checks each signature with the key it names. `ownKey` is the only key that may have signed. */
export function parseCheckpoints(bytes: Buffer, ownKey: string | null): CheckpointFile {
  const checkpoints: Checkpoint[] = []
  const problems: { offset: number; message: string }[] = []
  let at = 0
  for (; at < bytes.length; ) {
    const newline = bytes.indexOf(0x0a, at)
    const point = newline < 0 ? null : toCheckpoint(bytes.toString('utf8', at, newline))
    if (point === null && isTorn(bytes.subarray(at)) && !isOverrun(bytes.subarray(at))) break
    if (point === null) problems.push({ offset: at, message: 'is not a checkpoint' })
    else if (!isGenuine(point)) problems.push({ offset: at, message: `the signature of checkpoint ${point.seq} is not valid` })
    else if (ownKey !== null && point.key !== ownKey) {
      problems.push({ offset: at, message: `checkpoint ${point.seq} was signed with a key that is not this installation's` })
    } else checkpoints.push(point)
    at = newline < 0 ? bytes.length : newline + 1
  }
  return { checkpoints, end: at, problems }
}

/** Whether something else stands where the newline was: what a power cut leaves of a line ends sooner, or goes on with zeros. */
function isOverrun(tail: Buffer): boolean {
  const end = tail.indexOf(closing) + 1
  return end > 0 && end < tail.length && !tail.includes(newlineByte) && tail[end] !== 0
}

function toCheckpoint(text: string): Checkpoint | null {
  try {
    const { seq, hash, at, key, signature } = JSON.parse(text) as Checkpoint
    const point = { seq, hash, at, key, signature }
    const whole = Number.isSafeInteger(seq) && [hash, at, key, signature].every((part) => typeof part === 'string')
    // As it was written, and no other text that reads the same.
    return whole && JSON.stringify(point) === text ? point : null
  } catch {
    return null
  }
}

/** The public half of the key in `keyFile`; null where there is none. */
export async function ownPublicKey(storage: Pick<Storage, 'readFile'>, keyFile: string): Promise<string | null> {
  const pem = await readIfThere(storage, keyFile)
  return pem === null ? null : rawPublicKey(createPrivateKey(pem))
}

/** Opens the checkpoints of a home folder; makes the signing key where there is none. Throws `JournalDamaged` for forged ones. */
export async function openCheckpoints(options: {
  readonly file: string
  readonly keyFile: string
  readonly storage: Storage
  readonly clock: Clock
}): Promise<Checkpoints> {
  const { file, keyFile, storage, clock } = options
  const bytes = (await readIfThere(storage, file)) ?? Buffer.alloc(0)
  const parsed = parseCheckpoints(bytes, null)
  const [problem] = parsed.problems
  if (problem) throw new JournalDamaged(basename(file), problem.offset, problem.message)
  const key = await signingKey(storage, keyFile)
  const publicKey = rawPublicKey(key)

  let end = parsed.end
  /** The file's name may not be on disk yet, also when somebody who was killed made it. */
  let unlisted = true
  let failure: string | null = null
  let writing: Promise<void> = Promise.resolve()

  async function write(head: Head): Promise<void> {
    const point = { seq: head.seq, hash: head.hash, at: toInstant(clock.now()) }
    const signature = sign(null, signedText(point), key).toString('base64url')
    const line = Buffer.from(`${JSON.stringify({ ...point, key: publicKey, signature })}\n`)
    const opened = await storage.open(file)
    try {
      // Whatever an earlier attempt left behind its last whole line goes first, for certain: a power cut while the new line is written
      // would else mix the two into a line that reads as forged.
      if ((await opened.size()) !== end) {
        await opened.truncate(end)
        await opened.sync()
      }
      await appendAll(opened, line)
      await opened.sync()
      if (unlisted) await storage.syncDir(dirname(file))
      unlisted = false
      end += line.length
    } finally {
      await opened.close()
    }
  }

  return {
    known: parsed.checkpoints,
    get problem() {
      return failure
    },
    record(head) {
      writing = writing
        .then(() => write(head))
        .then(
          () => {
            failure = null
          },
          (error: Error) => {
            failure = `The journal's checkpoint could not be written: ${error.message}`
          },
        )
      return writing
    },
  }
}

async function signingKey(storage: Storage, keyFile: string): Promise<KeyObject> {
  const pem = await readIfThere(storage, keyFile)
  if (pem !== null) return createPrivateKey(pem)
  const { privateKey } = generateKeyPairSync('ed25519')
  await replaceFile(storage, keyFile, privateKey.export({ format: 'pem', type: 'pkcs8' }))
  return privateKey
}

async function readIfThere(storage: Pick<Storage, 'readFile'>, path: string): Promise<Buffer | null> {
  try {
    return await storage.readFile(path)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null
    throw error
  }
}

/** What contradicts a checkpoint: told the hash of each record on the way, and the head at the end. */
export function compareWithCheckpoints(checkpoints: readonly Checkpoint[]): {
  see(seq: number, hash: string): string | null
  end(head: Head): string | null
} {
  const expected = new Map(checkpoints.map((point) => [point.seq, point]))
  const latest = checkpoints.reduce<Checkpoint | null>((max, point) => (max === null || point.seq > max.seq ? point : max), null)
  return {
    see(seq, hash) {
      const point = expected.get(seq)
      if (point === undefined || point.hash === hash) return null
      return `record ${seq} is not the one that the checkpoint of ${point.at} saw: the journal was rewritten`
    },
    end(head) {
      const missing = latest === null ? 0 : latest.seq - head.seq
      if (missing <= 0) return null
      const what = missing === 1 ? '1 record is' : `${missing} records are`
      return `${what} missing from the end: the checkpoint of ${latest!.at} saw record ${latest!.seq}`
    },
  }
}
