import type { Clock } from '../clock.ts'

/** So many in a row are told one by one. */
const singly = 3
const windowMs = 10_000
/** While it does not stop, groups come less and less often. */
const longestWindowMs = 300_000

type Burst<T> = { readonly told: T[]; readonly held: T[]; windowMs: number; cancel: () => void }

/** Tells what comes one by one at once, and what comes in crowds in one at the end of a short while. Each person has their own. */
export interface Bursts<T> {
  add(person: string, thing: T): void
  stop(): void
}

export function createBursts<T>(deps: {
  readonly clock: Clock
  readonly one: (person: string, thing: T) => void
  /** Everything of the burst, with what was told one by one already; `fresh` was not told yet. */
  readonly many: (person: string, all: readonly T[], fresh: readonly T[]) => void
}): Bursts<T> {
  const bursts = new Map<string, Burst<T>>()

  const open = (person: string, ms: number, busy: boolean): Burst<T> => {
    const cancel = deps.clock.after(ms, () => close(person, busy))
    const burst: Burst<T> = { told: [], held: [], windowMs: ms, cancel }
    bursts.set(person, burst)
    return burst
  }

  const close = (person: string, wasBusy: boolean) => {
    const { told, held, windowMs: ms } = bursts.get(person)!
    bursts.delete(person)
    if (held.length === 0) return
    open(person, Math.min(ms * 2, longestWindowMs), true)
    // In the window after a crowd nothing was told singly, so what is held is all there is to tell.
    deps.many(person, wasBusy ? held : [...told, ...held], held)
  }

  return {
    add(person, thing) {
      const burst = bursts.get(person)
      const { told, held, windowMs: ms } = burst ?? open(person, windowMs, false)
      if (ms > windowMs || told.length >= singly) held.push(thing)
      else {
        told.push(thing)
        deps.one(person, thing)
      }
    },
    stop() {
      for (const { cancel } of bursts.values()) cancel()
      bursts.clear()
    },
  }
}
