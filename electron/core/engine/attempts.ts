import type { Actor } from '../../../shared/model/actor.ts'
import type { Clock } from '../clock.ts'
import { type StepContext, type StepOptions, toMs } from './workflow.ts'

/** Who acts when a run goes on by itself. */
export const engineActor: Actor = { kind: 'system', id: 'engine', via: 'engine' }

/** Runs one attempt, and gives up on it when its time is over. */
export async function runLimited<T>(
  work: (context: StepContext) => T | Promise<T>,
  context: Omit<StepContext, 'signal'>,
  timeout: StepOptions['timeout'],
  deps: { readonly clock: Clock; readonly abort: AbortSignal },
): Promise<T> {
  const limit = new AbortController()
  const signal = AbortSignal.any([deps.abort, limit.signal])
  if (timeout === undefined) return work({ ...context, signal })
  const ms = toMs(timeout)
  let undo = () => {}
  const late = new Promise<never>((_, reject) => {
    undo = deps.clock.after(ms, () => {
      const error = new Error(`timed out after ${timeout}${typeof timeout === 'number' ? ' ms' : ''}`)
      limit.abort(error)
      reject(error)
    })
  })
  try {
    return await Promise.race([work({ ...context, signal }), late])
  } finally {
    undo()
  }
}

/** When a failed attempt is tried again; null when it was the last one. */
export function nextRetryAt({ retry }: StepOptions, attempt: number, now: number): number | null {
  const { attempts, backoff = '1s', max_backoff = '5m' } = retry ?? { attempts: 1 }
  if (!(attempt < attempts)) return null
  return now + Math.min(toMs(backoff) * 2 ** (attempt - 1), toMs(max_backoff))
}

/** What a step returns is stored as JSON, so the first pass gets it as every later one will. */
export function toJson(value: unknown): unknown {
  if (value === undefined || value === null) return null
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') return value
  return JSON.parse(JSON.stringify(value) ?? 'null')
}

export function messageOf(error: unknown): string {
  if (error instanceof Error) return error.message || error.name
  return String(error)
}
