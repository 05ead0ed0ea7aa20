import { type ChildProcess, spawn } from 'node:child_process'
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'

/**
 * Development: the page is built anew at each change, and the headless server starts anew when its own files change. Both hosts
 * serve the same built page, so what is seen here is what ships; reload the browser after a change of the page.
 * Arguments go to `countersign serve`; without `--home` it works on a folder of its own.
 */

const root = join(import.meta.dirname, '..')
const vite = join(root, 'node_modules', 'vite', 'bin', 'vite.js')
const given = process.argv.slice(2)
const home = join(root, 'node_modules', '.cache', 'dev-home')
const args = given.some((arg) => arg === '--home' || arg.startsWith('--home=')) ? given : ['--home', home, ...given]
mkdirSync(home, { recursive: true })

const children: ChildProcess[] = []
let ending = false

function run(command: readonly string[]): void {
  const child = spawn(process.execPath, command, { cwd: root, stdio: 'inherit' })
  children.push(child)
  child.on('exit', (code) => end(code ?? 1))
}

/** When one ends, all end: half of it running looks like it works. */
function end(code: number): void {
  if (ending) return
  ending = true
  process.exitCode = code
  for (const child of children) child.kill('SIGTERM')
}

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => end(0))
run([vite, 'build', '--watch', '--logLevel', 'warn'])
run(['--watch', '--watch-preserve-output', join(root, 'electron', 'cli', 'main.ts'), 'serve', ...args])
