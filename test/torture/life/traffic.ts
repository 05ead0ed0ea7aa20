import { setTimeout as later } from 'node:timers/promises'
import { changes, type Doing, endings, type Lane, submit } from './doings.ts'
import { list, one, wait, watch, wrong } from './looks.ts'
import { pick } from './random.ts'

/** Of a hundred things that happen, so many are new requests, ends of requests, and so on; the rest is looking. */
type Shares = {
  readonly submit: number
  readonly end: number
  readonly change: number
  readonly one: number
  readonly wait: number
  readonly wrong: number
}
const ordinary: Shares = { submit: 26, end: 26, change: 8, one: 14, wait: 3, wrong: 4 }
/** So many pages are open all the time. */
const pages = 4

export function next({ book, random }: Lane, parked: number, shares: Shares = ordinary): Doing {
  const drawn = random(100)
  const { submit: submits, end, change, one: ones, wait: waits, wrong: wrongs } = shares
  const edges = [submits + end, change, ones, waits, wrongs]
  const at = edges.findIndex((_, index) => drawn < edges.slice(0, index + 1).reduce((sum, edge) => sum + edge, 0))
  // As many wait as are meant to: from then on, one ends for each that comes.
  if (at === 0)
    return book.waiting < parked * 0.95 || (book.waiting < parked * 1.05 && drawn < submits) ? submit : pick(random, endings)
  return [submit, pick(random, changes), one, wait, wrong][at] ?? list
}

/** So many things a second until it is over, each begun when its time has come, whatever became of those before. */
export async function drive(lane: Lane, options: { readonly perSecond: number; readonly parked: number }): Promise<void> {
  const under = new Set<Promise<void>>()
  const begin = (doing: Doing) => {
    const work = doing(lane)
      .catch((error: Error) => lane.caller.blame(`${lane.name}: ${error.stack ?? error.message}`))
      .finally(() => under.delete(work))
    under.add(work)
  }
  const watching = Array.from({ length: pages }, async () => {
    while (!lane.over()) {
      await watch(lane)
      await later(200)
    }
  })
  const began = performance.now()
  for (let n = 0; !lane.over(); n++) {
    const due = began + (n * 1000) / options.perSecond
    const early = due - performance.now()
    if (early > 0) await later(early)
    begin(next(lane, options.parked))
  }
  await Promise.all([...under, ...watching])
}
