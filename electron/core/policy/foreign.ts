import { Worker } from 'node:worker_threads'
import { type Failure, failure, type ProblemEntry } from '../../../shared/contract/errors.ts'
import { fail, ok, type Result } from '../../../shared/model/result.ts'
import type { Clock } from '../clock.ts'
import type { Draft } from './decide.ts'
import type { Matter } from './port.ts'

/** How long a text that is not in force may take for all that it is asked. */
const limitMs = 2_000
/** Starting a thread takes its time on a busy machine, and is not the policy's doing. */
const startMs = 15_000

export type ForeignWork = { readonly file: string; readonly text: string; readonly matters: readonly Matter[] }

/** What became of it: one draft for each matter, or why there are none. */
export type ForeignAnswer =
  | { readonly version: string; readonly drafts: readonly Draft[] }
  | { readonly problems: readonly ProblemEntry[] }

/** Sources run as they are; a bundle has the worker beside it. */
const workerUrl = (): URL => new URL(import.meta.url.endsWith('.ts') ? './worker.ts' : './policy-worker.js', import.meta.url)

/** One thread at a time: each takes some 20 MB, and texts can be made to keep theirs busy. */
const mostWaiting = 8

const busy = failure('rate-limited', 'Other policies are being tried out just now. Try again in a few seconds.')

/** Reads policies' texts and holds requests against them, one after the other; refused where too many wait already. */
export function createForeign(clock: Clock): (work: ForeignWork) => Promise<Result<ForeignAnswer, Failure>> {
  let last: Promise<unknown> = Promise.resolve()
  let inside = 0
  return async (work) => {
    if (inside > mostWaiting) return fail(busy)
    inside++
    const answer = last.then(() => askForeign(work, clock))
    last = answer.catch(() => undefined)
    try {
      return ok(await answer)
    } finally {
      inside--
    }
  }
}

/** Reads one text in a thread of its own. What takes too long is a problem of the text. */
function askForeign(work: ForeignWork, clock: Clock): Promise<ForeignAnswer> {
  const worker = new Worker(workerUrl(), {
    workerData: work,
    name: 'policy',
    resourceLimits: { maxOldGenerationSizeMb: 512, stackSizeMb: 2 },
  })
  const { promise, resolve } = Promise.withResolvers<ForeignAnswer>()
  const refuse = (message: string): void => resolve({ problems: [{ pointer: '', message }] })
  const late = (): void => refuse(`takes longer than ${limitMs / 1_000} seconds for ${work.matters.length || 'no'} request(s)`)
  let undo = clock.after(startMs + limitMs, late)
  worker.on('message', (message: ForeignAnswer | 'ready') => {
    if (message !== 'ready') return resolve(message)
    undo()
    undo = clock.after(limitMs, late)
  })
  worker.on('error', (error) => refuse(`cannot be evaluated: ${error instanceof Error ? error.message : String(error)}`))
  worker.on('exit', () => refuse('cannot be evaluated: its thread ended'))
  return promise.finally(async () => {
    undo()
    await worker.terminate()
  })
}
