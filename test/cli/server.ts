import { type ChildProcess, spawn } from 'node:child_process'
import { join } from 'node:path'

/** The real server as its own process. */
export type Served = { readonly url: string; readonly pid: number; stop(signal?: NodeJS.Signals): Promise<number | null> }

const main = join(import.meta.dirname, '../../electron/cli/main.ts')

export function serve(home: string, port = 0): Promise<Served> {
  return new Promise((resolve, reject) => {
    const args = [main, 'serve', '--home', home, '--port', String(port), '--owner', 'ada@example.com']
    const child = spawn(process.execPath, args, { stdio: 'pipe' })
    let said = ''
    const listen = (text: string) => {
      said += text
      const url = /^Countersign listens on (\S+)$/m.exec(said)?.[1]
      if (url !== undefined) resolve({ url, pid: child.pid!, stop: (signal = 'SIGTERM') => stop(child, signal) })
    }
    child.stdout.setEncoding('utf8').on('data', listen)
    child.stderr.setEncoding('utf8').on('data', listen)
    child.on('close', (code) => reject(new Error(`The server ended with ${code}: ${said}`)))
  })
}

function stop(child: ChildProcess, signal: NodeJS.Signals): Promise<number | null> {
  return new Promise((resolve) => {
    if (child.exitCode !== null) return resolve(child.exitCode)
    child.on('close', resolve)
    child.kill(signal)
  })
}
