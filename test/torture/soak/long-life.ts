import { type ChildProcess, fork } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { ownerEmail } from '../../support/app.ts'
import type { Place } from '../life/caller.ts'
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
