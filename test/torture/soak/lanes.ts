import { type ChildProcess, fork } from 'node:child_process'
import { setTimeout as later } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { ownerEmail } from '../../support/app.ts'
import { startLife, warmUp } from '../life/process.ts'
import type { Random } from '../life/random.ts'
import type { Place } from './caller.ts'
import type { Condition } from './server.ts'

const program = fileURLToPath(new URL('./server.ts', import.meta.url))
const answersWithinMs = 20_000

export type LongLife = {
  readonly place: Place
  /** Null when it does not answer. */
  condition(): Promise<Condition | null>
  /** Why it ended by itself; null while it runs. */
  fell(): string | null
  stop(): Promise<void>
}

/** The process that lives through. */
export async function startLongLife(home: string): Promise<LongLife> {
  const child = fork(program, [home, ownerEmail], { execArgv: ['--expose-gc'], stdio: ['ignore', 'ignore', 'inherit', 'ipc'] })
  let fell: string | null = null
  let stopping = false
  const exited = new Promise<void>((resolve) =>
    child.once('exit', (code, signal) => {
      if (!stopping) fell = `the process ended with ${signal ?? code}`
      resolve()
    }),
  )
  const told = (await message(child)) as { url: string } | null
  if (told === null) throw new Error('The process did not say where it listens.')
  return {
    place: { url: told.url, goes: () => fell === null },
    async condition() {
      const answer = message(child)
      child.send('condition')
      return (await answer) as Condition | null
    },
    fell: () => fell,
    async stop() {
      stopping = true
      child.send('stop')
      await exited
    },
  }
}

function message(child: ChildProcess): Promise<unknown> {
  return new Promise((resolve) => {
    const end = (value: unknown) => {
      clearTimeout(timer)
      child.off('message', end)
      child.off('exit', gone)
      resolve(value)
    }
    const gone = () => end(null)
    const timer = setTimeout(gone, answersWithinMs)
    child.once('message', end)
    child.once('exit', gone)
  })
}

export type KilledLives = {
  place(): Promise<Place>
  /** Milliseconds from the start of each process until it answered. */
  readonly starts: readonly number[]
  readonly problems: readonly string[]
  /** Runs until it is told to end; the last life is killed too. */
  readonly done: Promise<void>
}

/** One life after the other in one home, each killed after some seconds under load. */
export function liveAndDie(home: string, random: Random, over: AbortSignal): KilledLives {
  const starts: number[] = []
  const problems: string[] = []
  let place = Promise.withResolvers<Place>()
  const live = async () => {
    const began = performance.now()
    const { child, listens, ended: gone } = startLife(home)
    let alive = true
    child.once('exit', () => {
      if (alive) problems.push('a life ended before it was killed')
      alive = false
    })
    const url = await listens
    if (url === null) return void (await later(1000))
    await fetch(`${url}/healthz`).then((answer) => answer.arrayBuffer())
    starts.push(performance.now() - began)
    const here = place
    here.resolve({ url, goes: () => alive })
    await later(5000 + random(5000), undefined, { signal: over }).catch(() => undefined)
    place = Promise.withResolvers()
    alive = false
    child.kill('SIGKILL')
    await gone
  }
  const done = (async () => {
    await warmUp(home)
    while (!over.aborted) await live()
  })()
  return { place: () => place.promise, starts, problems, done }
}
