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
