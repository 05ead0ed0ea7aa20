import fs from 'node:fs'
import type { Storage, StorageFile } from '../../electron/core/journal/port.ts'

const full = () => Object.assign(new Error('ENOSPC: no space left on device'), { code: 'ENOSPC' })

/** A storage with room for so many bytes. The write that reaches the end is short, the next one fails, and what is removed makes room. */
export function quotaStorage(inner: Storage, bytes: number): { readonly storage: Storage; left(bytes: number): void } {
  let room = bytes
  const sizeOf = (path: string) => (fs.existsSync(path) ? fs.statSync(path).size : 0)
  const counted = (file: StorageFile): StorageFile => ({
    ...file,
    async append(given) {
      const count = Math.min(room, given.length)
      if (count === 0 && given.length > 0) throw full()
      room -= count
      return file.append(given.subarray(0, count))
    },
    async truncate(size) {
      const before = await file.size()
      await file.truncate(size)
      room += Math.max(0, before - size)
    },
  })
  const storage: Storage = {
    ...inner,
    open: async (path) => counted(await inner.open(path)),
    async rename(from, to) {
      const replaced = sizeOf(to)
      await inner.rename(from, to)
      room += replaced
    },
    async unlink(path) {
      const freed = sizeOf(path)
      await inner.unlink(path)
      room += freed
    },
  }
  return {
    storage,
    left(now) {
      room = now
    },
  }
}
