import { spawn } from 'node:child_process'
import { join } from 'node:path'

export type Ran = { readonly code: number | null; readonly out: string; readonly err: string }

const main = join(import.meta.dirname, '../../electron/cli/main.ts')

/** Runs the real command as its own process. */
export function cli(
  args: readonly string[],
  options: { home?: string; stdin?: string; env?: NodeJS.ProcessEnv } = {},
): Promise<Ran> {
  return new Promise((resolve, reject) => {
    const env = { ...process.env, ...(options.home === undefined ? {} : { COUNTERSIGN_HOME: options.home }), ...options.env }
    const child = spawn(process.execPath, [main, ...args], { env, stdio: 'pipe' })
    let out = ''
    let err = ''
    child.stdout.setEncoding('utf8').on('data', (text: string) => (out += text))
    child.stderr.setEncoding('utf8').on('data', (text: string) => (err += text))
    child.on('error', reject)
    child.on('close', (code) => resolve({ code, out, err }))
    child.stdin.on('error', () => {})
    child.stdin.end(options.stdin ?? '')
  })
}
