import { type ChildProcess, spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'

const cli = fileURLToPath(new URL('../../../electron/cli/main.ts', import.meta.url))

export type Life = {
  readonly child: ChildProcess
  /** Resolves with its address once it says that it listens; null when it ended before. */
  readonly listens: Promise<string | null>
  readonly ended: Promise<void>
}

/** The headless application as people start it. */
export function startLife(home: string): Life {
  const args = [cli, 'serve', '--home', home, '--port', '0']
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] })
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()))
  const listens = new Promise<string | null>((resolve) => {
    let said = ''
    child.stdout.on('data', (chunk: Buffer) => {
      said += chunk.toString()
      const url = /listens on (http:\S+)/.exec(said)?.[1]
      if (url !== undefined) resolve(url)
    })
    child.once('exit', () => resolve(null))
  })
  return { child, listens, ended }
}

/** Starts and ends once in order, for Node keeps what it made of the sources only then. */
export async function warmUp(home: string): Promise<void> {
  const { child, listens, ended } = startLife(home)
  if ((await listens) === null) throw new Error('The application ended before it was ready.')
  child.kill('SIGTERM')
  await ended
}
