import { basename, dirname } from 'node:path'
import type { Storage, StorageFile } from '../../../electron/core/journal/port.ts'

/*
 * A disk in memory that remembers, for each file, which bytes are safe and which contents it had since, and for each folder which names
 * are safe and which changes followed. Every call leaves a state behind, so that a power cut can be tried after each of them.
 */

/** A file's content: what a sync made safe, and each content that it has had since, the latest last. */
type FileState = { readonly safe: Buffer; readonly since: readonly Buffer[] }
/** Names that come and go in one step; null is gone. A rename is one step. */
type Step = readonly { readonly name: string; readonly to: number | 'folder' | null }[]
type Names = ReadonlyMap<string, number | 'folder'>
type FolderState = { readonly safe: Names; readonly since: readonly Step[] }

/** Never changed: each call makes a new one. */
export type DiskState = {
  readonly files: ReadonlyMap<number, FileState>
  readonly folders: ReadonlyMap<string, FolderState>
}

export const emptyDisk = (...folders: readonly string[]): DiskState => ({
  files: new Map(),
  folders: new Map(folders.map((folder) => [folder, { safe: new Map(), since: [] }])),
})

const latest = ({ safe, since }: FileState): Buffer => since.at(-1) ?? safe

export function namesIn({ safe, since }: FolderState): Map<string, number | 'folder'> {
  const names = new Map(safe)
  for (const step of since) take(names, step)
  return names
}

export function take(names: Map<string, number | 'folder'>, step: Step): void {
  for (const { name, to } of step) {
    if (to === null) names.delete(name)
    else names.set(name, to)
  }
}

function systemError(code: string, path: string): NodeJS.ErrnoException {
  return Object.assign(new Error(`${code}: ${path}`), { code })
}

const aTurn = () => new Promise<void>((resolve) => setImmediate(resolve))

/** Everything of a file that has a name, by path, as a program sees it. */
export function contentsOf(state: DiskState): Map<string, Buffer> {
  const found = new Map<string, Buffer>()
  for (const [folder, names] of state.folders) {
    for (const [name, inode] of namesIn(names)) {
      if (inode !== 'folder') found.set(`${folder}/${name}`, latest(state.files.get(inode)!))
    }
  }
  return found
}

export type Disk = {
  readonly storage: Storage
  /** The state before the first call, and after each that changed something. */
  readonly states: readonly DiskState[]
  /** What was called, in the same order; the first is `start`. */
  readonly calls: readonly string[]
}

/** A disk that begins in this state. */
export function openDisk(start: DiskState): Disk {
  const states = [start]
  const calls = ['start']
  let nextInode = Math.max(0, ...start.files.keys()) + 1
  const now = () => states.at(-1)!

  function change(call: string, files: ReadonlyMap<number, FileState>, folders = now().folders): void {
    states.push({ files, folders })
    calls.push(call)
  }
  const folderAt = (path: string): FolderState => {
    const folder = now().folders.get(path)
    if (!folder) throw systemError('ENOENT', path)
    return folder
  }
  const inodeAt = (path: string): number => {
    const found = namesIn(folderAt(dirname(path))).get(basename(path))
    if (typeof found !== 'number') throw systemError('ENOENT', path)
    return found
  }
  const withStep = (folder: string, step: Step): ReadonlyMap<string, FolderState> => {
    const { safe, since } = folderAt(folder)
    return new Map(now().folders).set(folder, { safe, since: [...since, step] })
  }
  const contentOf = (inode: number): Buffer => latest(now().files.get(inode)!)
  const becomes = (inode: number, bytes: Buffer): ReadonlyMap<number, FileState> => {
    const { safe, since } = now().files.get(inode)!
    return new Map(now().files).set(inode, { safe, since: [...since, bytes] })
  }
  const readAt = (inode: number) => (into: Buffer, position: number) =>
    position < contentOf(inode).length ? contentOf(inode).copy(into, 0, position) : 0

  function file(inode: number, path: string): StorageFile {
    return {
      async append(bytes) {
        change(`append ${bytes.length} to ${path}`, becomes(inode, Buffer.concat([contentOf(inode), bytes])))
        return bytes.length
      },
      async sync() {
        // What comes while it runs may be safe or not: it is not counted on.
        const { safe, since } = now().files.get(inode)!
        await aTurn()
        const later = now().files.get(inode)!.since.slice(since.length)
        change(`sync ${path}`, new Map(now().files).set(inode, { safe: since.at(-1) ?? safe, since: later }))
      },
      async truncate(size) {
        const bytes = contentOf(inode)
        change(`truncate ${path} to ${size}`, becomes(inode, Buffer.from(bytes.subarray(0, size))))
      },
      size: async () => contentOf(inode).length,
      readAt: readAt(inode),
      close: async () => undefined,
    }
  }

  const storage: Storage = {
    async open(path) {
      const known = namesIn(folderAt(dirname(path))).get(basename(path))
      if (known === 'folder') throw systemError('EISDIR', path)
      if (known !== undefined) return file(known, path)
      const inode = nextInode++
      const folders = withStep(dirname(path), [{ name: basename(path), to: inode }])
      change(`create ${path}`, new Map(now().files).set(inode, { safe: Buffer.alloc(0), since: [] }), folders)
      return file(inode, path)
    },
    openToRead(path) {
      const inode = inodeAt(path)
      return { size: () => contentOf(inode).length, readAt: readAt(inode), close: () => undefined }
    },
    list: async (folder) => [...namesIn(folderAt(folder)).keys()],
    async makeFolder(path) {
      if (now().folders.has(path)) return
      if (!now().folders.has(dirname(path))) await storage.makeFolder(dirname(path))
      const folders = new Map(withStep(dirname(path), [{ name: basename(path), to: 'folder' }]))
      change(`make ${path}`, now().files, folders.set(path, { safe: new Map(), since: [] }))
    },
    readFile: async (path) => Buffer.from(contentOf(inodeAt(path))),
    async rename(from, to) {
      const inode = inodeAt(from)
      const step = [
        { name: basename(from), to: null },
        { name: basename(to), to: inode },
      ]
      change(`rename ${from} to ${to}`, now().files, withStep(dirname(from), step))
    },
    async unlink(path) {
      inodeAt(path)
      change(`unlink ${path}`, now().files, withStep(dirname(path), [{ name: basename(path), to: null }]))
    },
    async syncDir(folder) {
      const { since } = folderAt(folder)
      await aTurn()
      const { safe, since: grown } = folderAt(folder)
      const names = new Map(safe)
      for (const step of since) take(names, step)
      const state = { safe: names, since: grown.slice(since.length) }
      change(`sync folder ${folder}`, now().files, new Map(now().folders).set(folder, state))
    },
  }
  return { storage, states, calls }
}
