import { randomBytes } from 'node:crypto'
import { dirname } from 'node:path'
import type { Storage, StorageFile } from './port.ts'

/** Writes all bytes at the end of a file, however many calls it takes. A disk that takes nothing any more is full. */
export async function appendAll(file: StorageFile, bytes: Buffer): Promise<void> {
  for (let written = 0; written < bytes.length; ) {
    const count = await file.append(written === 0 ? bytes : bytes.subarray(written))
    if (count <= 0) throw Object.assign(new Error('ENOSPC: the disk took only a part of what was written'), { code: 'ENOSPC' })
    written += count
  }
}

/**
 * Replaces a file so that after a crash at any point either the old or the new content is there, whole. Its folder must exist.
 * A failure leaves the old file as it was.
 */
export async function replaceFile(storage: Storage, path: string, bytes: Buffer | string): Promise<void> {
  const temporary = `${path}.${randomBytes(6).toString('hex')}.tmp`
  try {
    const file = await storage.open(temporary)
    try {
      await appendAll(file, typeof bytes === 'string' ? Buffer.from(bytes) : bytes)
      await file.sync()
    } finally {
      await file.close()
    }
    await storage.rename(temporary, path)
  } catch (error) {
    await storage.unlink(temporary).catch(() => undefined)
    throw error
  }
  await storage.syncDir(dirname(path))
}

/** A file could neither be changed for certain nor be put back as it was. */
export class FileUnsettled extends Error {
  constructor(path: string, cause: Error) {
    super(
      `The disk failed while ${path} was saved (${cause.message}). It may have changed or not: look at it before the next start.`,
      {
        cause,
      },
    )
    this.name = 'FileUnsettled'
  }
}

/**
 * Replaces a file's text and has that confirmed. Where either fails the text is there again that was there before; throws
 * `FileUnsettled` where it cannot be put back. `before` is null where there was no file.
 */
export async function changeFile<T extends { readonly ok: boolean }>(
  storage: Storage,
  path: string,
  { before, after, confirm }: { readonly before: string | null; readonly after: string; confirm(): Promise<T> },
): Promise<T> {
  let confirmed: T
  try {
    await replaceFile(storage, path, after)
    confirmed = await confirm()
  } catch (error) {
    await putBack(storage, path, before, error as Error)
    throw error
  }
  if (!confirmed.ok) await putBack(storage, path, before, new Error('it could not be recorded'))
  return confirmed
}

/** Only the last step of a replacement may fail with the new text in its place: then it is what the next start would read. */
async function putBack(storage: Storage, path: string, before: string | null, why: Error): Promise<void> {
  if (before === null) return
  const there = await storage.readFile(path).catch(() => null)
  if (there?.equals(Buffer.from(before))) return
  await replaceFile(storage, path, before).catch(() => {
    throw new FileUnsettled(path, why)
  })
}
