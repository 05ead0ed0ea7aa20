import { setTimeout as later } from 'node:timers/promises'
import type { Place } from './caller.ts'
import { journalBytes } from './journal.ts'
import { startLife, warmUp } from './process.ts'
import { type Processor, processorOfStart } from './processor.ts'

/** When a life is killed: so long after it was begun, ready or not; or once something has happened after it was ready. */
export type Death =
  | { readonly from: 'begin'; readonly ms: number }
  | { readonly from: 'ready'; readonly until: () => Promise<unknown> }

export type Start = {
  /** From the start of the process until it answered. */
  readonly ms: number
  /** Bytes of the journal that it read. */
  readonly journal: number
} & Processor

export type Lives = {
  place(): Promise<Place>
  readonly starts: readonly Start[]
  /** How many were killed, and how many of these before they were ready. */
  killed(): { readonly all: number; readonly early: number }
  readonly problems: readonly string[]
  readonly done: Promise<void>
}

/** One life after the other in one home, each killed as `next` says, until it says that there is none. */
export function liveAndDie(home: string, next: () => Death | null): Lives {
  const starts: Start[] = []
  const problems: string[] = []
  let all = 0
  let early = 0
  let place = Promise.withResolvers<Place>()
  let taken = false
  /** From here on callers wait for the next life. */
  const leave = () => {
    if (taken) place = Promise.withResolvers()
    taken = false
  }
  const live = async (death: Death) => {
    const began = performance.now()
    const { child, listens, ended } = startLife(home)
    let killed = false
    const kill = () => {
      killed = true
      all++
      leave()
      child.kill('SIGKILL')
    }
    const goes = () => !killed && child.exitCode === null && child.signalCode === null
    if (death.from === 'begin') setTimeout(kill, death.ms)
    const url = await listens
    if (url !== null && (await answers(url)) && !killed) {
      starts.push({ ms: performance.now() - began, journal: journalBytes(home), ...processorOfStart(child.pid!) })
      taken = true
      place.resolve({ url, goes })
      if (death.from === 'ready') await Promise.race([death.until(), ended])
      else await ended
      if (!goes() && !killed) problems.push('a life ended by itself')
    } else if (killed) early++
    else {
      problems.push('a life ended before it was ready')
      await later(1000)
    }
    if (goes()) kill()
    leave()
    await ended
  }
  const done = (async () => {
    await warmUp(home)
    for (let death = next(); death !== null; death = next()) await live(death)
  })()
  return { place: () => place.promise, starts, killed: () => ({ all, early }), problems, done }
}

const answers = (url: string): Promise<boolean> =>
  fetch(`${url}/healthz`)
    .then((answer) => answer.text())
    .then(() => true)
    .catch(() => false)

const readyWithinMs = 2000
/** Who starts reads all of the journal: beyond this, about a hundred thousand records, a start may take longer in proportion. */
const readAtOnce = 100e6

/** What is wrong with a start, other than that other processes had the processor. */
export const problemsOfStart = ({ ms, waited, journal }: Start, withinMs = readyWithinMs): readonly string[] =>
  ms - waited <= withinMs * Math.max(1, journal / readAtOnce)
    ? []
    : [
        `with ${Math.round(journal / 1e6)} MB it was ready after ${Math.round(ms)} ms, of which it waited ${Math.round(waited)} ms for a processor`,
      ]

export function startsInWords(starts: readonly Start[]): string {
  const at = (value: (start: Start) => number, share: number) => {
    const sorted = starts.map(value).toSorted((a, b) => a - b)
    return Math.round(sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0)
  }
  const of = (value: (start: Start) => number) => `${at(value, 0.5)}, p99 ${at(value, 0.99)}, slowest ${at(value, 1)} ms`
  const without = of(({ ms, waited }) => ms - waited)
  return `median ${of(({ ms }) => ms)}; without waiting for a processor ${without}; at work ${of(({ worked }) => worked)}`
}
