import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { silentLog } from '../support/app.ts'

/** The real headless application as a process of its own, which a test can kill. */
export type HostProcess = {
  readonly url: string
  readonly port: number
  readonly link: string
  /** Ends it without warning, as a crash or a power cut would. */
  kill(): Promise<void>
}

export async function startHostProcess(home: string, owner: string, port: number): Promise<HostProcess> {
  const program = fileURLToPath(import.meta.url)
  const child = spawn(process.execPath, [program, home, owner, String(port)], { stdio: ['ignore', 'pipe', 'inherit'] })
  const { url, link } = await firstLine(child)
  return {
    url,
    link,
    port: Number(new URL(url).port),
    async kill() {
      if (child.exitCode !== null || child.signalCode !== null) return
      const gone = once(child, 'exit')
      child.kill('SIGKILL')
      await gone
    },
  }
}

async function firstLine(child: ChildProcess): Promise<{ url: string; link: string }> {
  for await (const line of createInterface({ input: child.stdout! })) return JSON.parse(line)
  throw new Error('the application ended before it was ready')
}

if (import.meta.main) {
  const { startHeadless } = await import('../../electron/headless/host.ts')
  const [home, owner, port] = process.argv.slice(2)
  const host = await startHeadless({ home: home!, owner: owner!, port: Number(port), log: silentLog })
  console.log(JSON.stringify({ url: host.url, link: host.signInLink() }))
}
