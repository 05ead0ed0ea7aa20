import type { Items } from './items.ts'
import type { Change } from './port.ts'

/** Hands changed items to whoever listens, each once and whole, in slices so that the thread is never held for long. */
export interface ChangeFeed {
  readonly listening: boolean
  listen(listener: (changes: readonly Change[]) => void): () => void
  /** These runs, with their approvals and deliveries, are different now. */
  changed(runIds: readonly string[]): void
  /** Hands over what could not be read before. */
  again(): void
  close(): void
}

const runsPerSlice = 50

/**
 * `items` gives the reading of the moment, null while there is none. `unread` is told of what could not be read, which is not lost: it
 * is handed over with the next change, or by `again`.
 */
export function createChangeFeed(items: () => Items | null, unread: (error: Error) => void): ChangeFeed {
  const listeners = new Set<(changes: readonly Change[]) => void>()
  let waiting = new Set<string>()
  let scheduled = false

  function schedule(): void {
    if (scheduled || waiting.size === 0) return
    scheduled = true
    setImmediate(handOver)
  }

  function handOver(): void {
    scheduled = false
    const reading = items()
    if (!reading || listeners.size === 0) {
      waiting.clear()
      return
    }
    const slice: string[] = []
    for (const id of waiting) {
      if (slice.length === runsPerSlice) break
      slice.push(id)
      waiting.delete(id)
    }
    try {
      const changes = changesOf(reading, slice)
      if (changes.length > 0) for (const listener of [...listeners]) listener(changes)
    } catch (error) {
      for (const id of slice) waiting.add(id)
      unread(error as Error)
      return
    }
    schedule()
  }

  return {
    get listening() {
      return listeners.size > 0
    },
    listen(listener) {
      listeners.add(listener)
      return () => {
        listeners.delete(listener)
      }
    },
    changed(runIds) {
      if (listeners.size === 0) return
      for (const id of runIds) waiting.add(id)
      schedule()
    },
    again: schedule,
    close() {
      listeners.clear()
      waiting = new Set()
    },
  }
}

function changesOf(items: Items, runIds: readonly string[]): readonly Change[] {
  const seqs = items.runSeqs(runIds)
  return [
    ...items.runs(seqs).map((item): Change => ({ kind: 'run', item })),
    ...items.approvals(items.approvalsOfRuns(seqs), false).map((item): Change => ({ kind: 'approval', item })),
  ]
}
