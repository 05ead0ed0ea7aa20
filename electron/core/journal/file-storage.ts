import fs from 'node:fs'
import { systemClock } from '../clock.ts'
import type { Storage, StorageFile } from './port.ts'

/** Names in a folder cannot be synced where the system cannot open folders; Windows writes them through by itself. */
const unsyncable = new Set(['EPERM', 'EISDIR', 'EINVAL', 'EACCES'])
/** What Windows answers while an indexer or a virus scanner holds a file for a moment. */
const busy = new Set(['EPERM', 'EBUSY', 'EACCES'])
const renameAttempts = 10

const codeOf = (error: unknown): string => (error as NodeJS.ErrnoException).code ?? ''

const done = (resolve: () => void, reject: (error: Error) => void) => (error: Error | null) => (error ? reject(error) : resolve())

function refusal(path: string, what: string): Error {
  return Object.assign(new Error(`${path} ${what}. Countersign keeps its records in plain files and folders of its own.`), {
    code: 'ELOOP',
  })
}

/** What the journal and settings write to: plain files of this machine, readable by their owner only. */
export const fileStorage: Storage = {
  async open(path) {
    const known = await fs.promises.lstat(path).catch(() => null)
    if (known?.isSymbolicLink()) throw refusal(path, 'is a symbolic link')
    const { O_RDWR, O_CREAT, O_APPEND, O_NOFOLLOW = 0 } = fs.constants
    const fd = await new Promise<number>((resolve, reject) => {
      fs.open(path, O_RDWR | O_CREAT | O_APPEND | O_NOFOLLOW, 0o600, (error, opened) => (error ? reject(error) : resolve(opened)))
    })
    if (!fs.fstatSync(fd).isFile()) {
      fs.closeSync(fd)
      throw refusal(path, 'is not a plain file')
    }
    return openedFile(fd)
  },

  openToRead(path) {
    if (fs.lstatSync(path).isSymbolicLink()) throw refusal(path, 'is a symbolic link')
    const fd = fs.openSync(path, fs.constants.O_RDONLY | (fs.constants.O_NOFOLLOW ?? 0))
    return {
      size: () => fs.fstatSync(fd).size,
      readAt: (into, position) => readFully(fd, into, position),
      close: () => fs.closeSync(fd),
    }
  },

  list: (folder) => fs.promises.readdir(folder),

  async makeFolder(path) {
    await fs.promises.mkdir(path, { recursive: true, mode: 0o700 })
    if ((await fs.promises.lstat(path)).isSymbolicLink()) throw refusal(path, 'is a symbolic link')
  },

  readFile: (path) => fs.promises.readFile(path),

  async rename(from, to) {
    for (let attempt = 1; ; attempt++) {
      try {
        return await fs.promises.rename(from, to)
      } catch (error) {
        if (process.platform !== 'win32' || attempt === renameAttempts || !busy.has(codeOf(error))) throw error
        await new Promise<void>((resolve) => systemClock.after(Math.min(1000, 10 * 2 ** attempt), resolve))
      }
    }
  },

  unlink: (path) => fs.promises.unlink(path),

  async syncDir(folder) {
    let opened: fs.promises.FileHandle
    try {
      opened = await fs.promises.open(folder, 'r')
    } catch (error) {
      if (process.platform === 'win32' && unsyncable.has(codeOf(error))) return
      throw error
    }
    try {
      await opened.sync()
    } catch (error) {
      if (process.platform !== 'win32' || !unsyncable.has(codeOf(error))) throw error
    } finally {
      await opened.close()
    }
  },
}

function openedFile(fd: number): StorageFile {
  return {
    // The page cache takes it in microseconds, less than handing it to another thread would cost. It is the sync that takes long.
    append: async (bytes) => fs.writeSync(fd, bytes, 0, bytes.length, null),
    sync: () => new Promise((resolve, reject) => fs.fdatasync(fd, done(resolve, reject))),
    truncate: (size) => new Promise((resolve, reject) => fs.ftruncate(fd, size, done(resolve, reject))),
    size: async () => fs.fstatSync(fd).size,
    readAt: (into, position) => readFully(fd, into, position),
    close: () => new Promise((resolve, reject) => fs.close(fd, (error) => (error ? reject(error) : resolve()))),
  }
}

function readFully(fd: number, into: Buffer, position: number): number {
  let filled = 0
  while (filled < into.length) {
    const count = fs.readSync(fd, into, filled, into.length - filled, position + filled)
    if (count === 0) break
    filled += count
  }
  return filled
}
