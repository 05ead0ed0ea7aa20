import type { Storage, StorageFile, StorageReader } from '../../electron/core/journal/port.ts'

/** One call to the storage, in the order in which they began. `n` counts from 1. */
export type Operation = {
  readonly n: number
  readonly op: 'open' | 'openToRead' | 'list' | 'makeFolder' | 'readFile' | 'rename' | 'unlink' | 'syncDir' | FileOperation
  readonly path: string
  /** What an append was given. */
  readonly bytes?: Buffer
  /** Where a truncate cuts, or the new name of a rename. */
  readonly to?: number | string
}
type FileOperation = 'append' | 'sync' | 'truncate' | 'size' | 'readAt' | 'close'

/** What happens to a call instead of succeeding. `short` lets an append write that part of its bytes. */
export type Fault = { readonly error: Error } | { readonly short: (length: number) => number }

/** A system error as Node reports it. */
export const systemError = (code: string): NodeJS.ErrnoException => Object.assign(new Error(`${code}: made up by a test`), { code })

export type StorageDouble = {
  readonly storage: Storage
  /** Every call so far. */
  readonly log: readonly Operation[]
  count(op: Operation['op']): number
  /** Asked before each call; what it returns happens instead. Replace it at any time. */
  fault: (operation: Operation) => Fault | undefined
  /** Syncs of files begin but do not end until released. */
  holdSyncs(): { readonly held: () => number; readonly release: () => void }
}

/**
 * Wraps a storage so that a test sees each call and can fail, shorten or hold it. `skipSyncs` does everything but the real syncs,
 * for tests that never lose power.
 */
export function recordingStorage(inner: Storage, { skipSyncs = false }: { readonly skipSyncs?: boolean } = {}): StorageDouble {
  const log: Operation[] = []
  let gate: Promise<void> | null = null
  let held = 0

  const begin = (op: Operation['op'], path: string, more: { bytes?: Buffer; to?: number | string } = {}): Fault | undefined => {
    const operation = { n: log.length + 1, op, path, ...more }
    log.push(operation)
    return double.fault(operation)
  }
  const refuse = (fault: Fault | undefined): void => {
    if (fault && 'error' in fault) throw fault.error
  }

  function wrapFile(path: string, file: StorageFile): StorageFile {
    return {
      async append(bytes) {
        const fault = begin('append', path, { bytes: Buffer.from(bytes) })
        refuse(fault)
        if (!fault || !('short' in fault)) return file.append(bytes)
        const length = fault.short(bytes.length)
        return length === 0 ? 0 : file.append(bytes.subarray(0, length))
      },
      async sync() {
        const fault = begin('sync', path)
        held++
        await gate
        held--
        refuse(fault)
        if (!skipSyncs) await file.sync()
      },
      async truncate(size) {
        refuse(begin('truncate', path, { to: size }))
        await file.truncate(size)
      },
      async size() {
        refuse(begin('size', path))
        return file.size()
      },
      readAt(into, position) {
        refuse(begin('readAt', path))
        return file.readAt(into, position)
      },
      async close() {
        const fault = begin('close', path)
        await file.close()
        refuse(fault)
      },
    }
  }

  function wrapReader(path: string, reader: StorageReader): StorageReader {
    return {
      size() {
        refuse(begin('size', path))
        return reader.size()
      },
      readAt(into, position) {
        refuse(begin('readAt', path))
        return reader.readAt(into, position)
      },
      close: () => reader.close(),
    }
  }

  const storage: Storage = {
    async open(path) {
      refuse(begin('open', path))
      return wrapFile(path, await inner.open(path))
    },
    openToRead(path) {
      refuse(begin('openToRead', path))
      return wrapReader(path, inner.openToRead(path))
    },
    async list(folder) {
      refuse(begin('list', folder))
      return inner.list(folder)
    },
    async makeFolder(path) {
      refuse(begin('makeFolder', path))
      await inner.makeFolder(path)
    },
    async readFile(path) {
      refuse(begin('readFile', path))
      return inner.readFile(path)
    },
    async rename(from, to) {
      refuse(begin('rename', from, { to }))
      await inner.rename(from, to)
    },
    async unlink(path) {
      refuse(begin('unlink', path))
      await inner.unlink(path)
    },
    async syncDir(folder) {
      refuse(begin('syncDir', folder))
      if (!skipSyncs) await inner.syncDir(folder)
    },
  }

  const double: StorageDouble = {
    storage,
    log,
    count: (op) => log.filter((operation) => operation.op === op).length,
    fault: () => undefined,
    holdSyncs() {
      const { promise, resolve } = Promise.withResolvers<void>()
      gate = promise
      return {
        held: () => held,
        release() {
          if (gate === promise) gate = null
          resolve()
        },
      }
    },
  }
  return double
}

/** Fails the n-th call, once or from then on. Counts from the calls made so far. */
export function failNth(double: StorageDouble, n: number, fault: Fault, { persistent = false } = {}): void {
  const target = double.log.length + n
  double.fault = (operation) => ((persistent ? operation.n >= target : operation.n === target) ? fault : undefined)
}
