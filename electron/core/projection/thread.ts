import { Worker } from 'node:worker_threads'
import type { Position } from '../journal/port.ts'
import type { FromWorker, ToWorker, WorkerInput } from './messages.ts'

export type Durable = { readonly seq: number; readonly end: Position }

/** The worker thread, from the side of whoever started it. */
export interface Thread {
  /** Resolves once the file was checked: with the last record it holds, or with why it cannot be used. */
  readonly checked: Promise<{ readonly seq: number } | { readonly damaged: string }>
  /** Asks for what is durable. While it is busy only the newest wish is kept. */
  follow(durable: Durable): void
  /** Writes the file anew without what these runs said. */
  purge(runs: readonly string[]): Promise<void>
  /** Ends after the batch it is at, with the file closed. */
  stop(): Promise<void>
}

export type ThreadEvents = {
  onApplied(seq: number, runIds: readonly string[]): void
  onStalled(message: string): void
  /** It ended without being told to. */
  onDied(error: Error): void
}

/** Sources run as they are; a bundle has the worker beside it. */
const workerUrl = (): URL => new URL(import.meta.url.endsWith('.ts') ? './worker.ts' : './projection-worker.js', import.meta.url)

export function startThread(input: WorkerInput, events: ThreadEvents): Thread {
  const worker = new Worker(workerUrl(), {
    workerData: input,
    name: 'projection',
    // A batch is many short-lived objects; room for all of them spares copying them about.
    resourceLimits: { maxYoungGenerationSizeMb: 64 },
  })
  const { promise: checked, resolve: check } = Promise.withResolvers<{ seq: number } | { damaged: string }>()
  const { promise: exited, resolve: exit } = Promise.withResolvers<void>()
  let busy = true
  let wish: Durable | null = null
  let stopping = false
  let failure: Error | null = null
  /** Why nobody answers any more. */
  let died: Error | null = null
  /** Those who wait for a purge, oldest first. */
  let purging: PromiseWithResolvers<void>[] = []

  const post = (message: ToWorker): void => worker.postMessage(message)

  function ask(): void {
    if (busy || stopping || !wish) return
    busy = true
    post({ kind: 'follow', ...wish })
    wish = null
  }

  worker.on('message', (message: FromWorker) => {
    switch (message.kind) {
      case 'ready':
        busy = false
        check({ seq: message.seq })
        return ask()
      case 'damaged':
        return check({ damaged: message.message })
      case 'applied':
        if (message.idle) busy = false
        if (!stopping) events.onApplied(message.seq, message.runs)
        return ask()
      case 'stalled':
        busy = false
        if (!stopping) events.onStalled(message.message)
        return
      case 'purged':
        if (message.problem === null) purging.shift()?.resolve()
        else purging.shift()?.reject(new Error(message.problem))
    }
  })
  worker.on('error', (error) => {
    failure = error instanceof Error ? error : new Error(String(error))
  })
  worker.on('exit', (code) => {
    exit()
    died = failure ?? new Error(`the projection's thread ended by itself (code ${code})`)
    check({ damaged: died.message })
    for (const one of purging) one.reject(died)
    purging = []
    if (!stopping) events.onDied(died)
  })

  return {
    checked,
    follow(durable) {
      wish = durable
      ask()
    },
    purge(runs) {
      if (died) return Promise.reject(died)
      const waiting = Promise.withResolvers<void>()
      purging.push(waiting)
      post({ kind: 'purge', runs })
      return waiting.promise
    },
    async stop() {
      if (!stopping) {
        stopping = true
        post({ kind: 'close' })
      }
      await exited
    },
  }
}
