import { randomBytes } from 'node:crypto'
import type { NewEvent } from '../../../shared/model/event.ts'
import type { Clock } from '../clock.ts'
import type { Commit } from '../commit.ts'
import { JournalError, type Storage, type StorageFile } from './port.ts'

/*
 * Space that is set aside while there is some. When the disk is full it is given back, so that what people decide about what was
 * accepted before, and an orderly stop, still fit. New requests are refused until it could be set aside again.
 */

export interface Reserve {
  /** What is written through it finds the reserve's space where the disk has none. */
  readonly storage: Storage
  /** Whether the space is set aside, or nobody has missed it yet. */
  readonly held: boolean
  /** Sets the space aside, and tries again as long as there is none. */
  start(): void
  /** Gives the space to somebody who writes past the storage; false where it is given already. Somebody else may have it just now. */
  release(): Promise<boolean>
  /** Lets no new request in while the space is needed for those that are there. */
  admitting(commit: Commit): Commit
  stop(): Promise<void>
}

type Options = {
  readonly file: string
  readonly storage: Storage
  readonly clock: Clock
  readonly log: { info(details: object, message: string): void; warn(details: object, message: string): void }
}

export const reserveBytes = 8 * 1024 * 1024
const pieceBytes = 1024 * 1024
const tryAgainMs = 1000

const isFull = (error: unknown): boolean => ['ENOSPC', 'EDQUOT'].includes((error as NodeJS.ErrnoException).code ?? '')

export function createReserve({ file, storage: disk, clock, log }: Options): Reserve {
  let held = true
  let stopped = false
  /** Somebody needs the space while it is being set aside. */
  let wanted = false
  /** How often space was given back. */
  let given = 0
  let working: Promise<unknown> = Promise.resolve()
  let disarm = () => {}

  const inTurn = <T>(work: () => Promise<T>): Promise<T> => {
    const result = working.then(work)
    working = result.catch(() => undefined)
    return result
  }

  async function giveBack(): Promise<boolean> {
    try {
      await disk.unlink(file)
    } catch {
      return false
    }
    given++
    return true
  }

  /** Gives the space back; false where there is none. */
  function release(): Promise<boolean> {
    wanted = true
    return inTurn(async () => {
      wanted = false
      if (!(await giveBack())) return false
      held = false
      log.warn({ file }, 'the disk is full: the reserve is used, and new requests are refused until there is room')
      again()
      return true
    })
  }

  /** All of it or nothing. What compresses well would set nothing aside. */
  async function fill(): Promise<boolean> {
    const opened = await disk.open(file)
    try {
      const piece = randomBytes(pieceBytes)
      for (let size = await opened.size(); size < reserveBytes; ) {
        if (wanted || stopped) return false
        const count = await opened.append(piece.subarray(0, Math.min(pieceBytes, reserveBytes - size)))
        if (count <= 0) return false
        size += count
        // One piece after the other: whoever writes what counts comes in between.
        await new Promise((resolve) => setImmediate(resolve))
      }
      return true
    } finally {
      await opened.close()
    }
  }

  async function hold(): Promise<void> {
    if (stopped) return
    const filled = await fill().catch(() => false)
    if (filled && !held) log.info({ file }, 'there is room on the disk again: new requests are taken')
    held = filled
    if (filled) return
    await giveBack()
    again()
  }

  function again(): void {
    disarm()
    if (!stopped) disarm = clock.after(tryAgainMs, () => void inTurn(hold))
  }

  /** Once more with the reserve's space, where the disk has none left: given now, or to somebody else since this began. */
  async function spared<T>(work: () => Promise<T>): Promise<T> {
    const before = given
    try {
      return await work()
    } catch (error) {
      if (!isFull(error)) throw error
      if (!(await release()) && given === before) throw error
      return work()
    }
  }

  const sparing = (opened: StorageFile): StorageFile => ({
    append: (bytes) =>
      spared(async () => {
        const count = await opened.append(bytes)
        if (count > 0 || bytes.length === 0) return count
        throw Object.assign(new Error('ENOSPC: the disk takes nothing more'), { code: 'ENOSPC' })
      }),
    // What a failed sync has lost no second one brings back. The space is there for the next write.
    async sync() {
      try {
        await opened.sync()
      } catch (error) {
        if (isFull(error)) await release()
        throw error
      }
    },
    truncate: (size) => opened.truncate(size),
    size: () => opened.size(),
    readAt: (into, position) => opened.readAt(into, position),
    close: () => opened.close(),
  })

  return {
    storage: {
      ...disk,
      open: async (path) => sparing(await spared(() => disk.open(path))),
      makeFolder: (path) => spared(() => disk.makeFolder(path)),
      rename: (from, to) => spared(() => disk.rename(from, to)),
    },
    get held() {
      return held
    },
    start: () => void inTurn(hold),
    release,
    admitting(commit) {
      return (...events) => {
        if (!held && events.some(asksForMore)) {
          throw new JournalError('disk-full', 'The disk is full: nothing was recorded. Free some space and try again.')
        }
        return commit(...events)
      }
    },
    async stop() {
      stopped = true
      disarm()
      await working
    },
  }
}

/** A request from outside. What a run starts belongs to one that was accepted. */
const asksForMore = (event: NewEvent): boolean => event.type === 'run_started' && event.data.parent === undefined
