import { spawn } from 'node:child_process'
import { accessSync, constants, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, join, resolve } from 'node:path'
import { systemClock } from '../core/clock.ts'

/** Everything about having an Electron runtime, for whoever starts the desktop from plain Node. Imports no `electron`. */

type Env = Readonly<Record<string, string | undefined>>
type Where = { readonly root: string; readonly env?: Env; readonly platform?: NodeJS.Platform }

const isWindows = process.platform === 'win32'

const isFile = (path: string): boolean => {
  try {
    accessSync(path, constants.X_OK)
    return statSync(path).isFile()
  } catch {
    return false
  }
}

/** The executable inside an Electron folder, by platform. */
function executableName(platform: NodeJS.Platform): string {
  if (platform === 'darwin') return 'Electron.app/Contents/MacOS/Electron'
  return platform === 'win32' ? 'electron.exe' : 'electron'
}

/**
 * Path of an Electron executable that is installed, or null: `ELECTRON_OVERRIDE_DIST_PATH`, the one the `electron` package
 * downloaded, or one on the PATH (npm's own `electron` command does not count: it would download).
 */
export function findElectron({ root, env = process.env, platform = process.platform }: Where): string | null {
  const name = executableName(platform)
  if (env.ELECTRON_OVERRIDE_DIST_PATH) {
    const override = join(env.ELECTRON_OVERRIDE_DIST_PATH, name)
    if (isFile(override)) return override
  }
  const installed = join(root, 'node_modules', 'electron')
  const downloaded = join(installed, 'dist', readText(join(installed, 'path.txt')) ?? name)
  if (isFile(downloaded)) return downloaded
  const command = platform === 'win32' ? 'electron.exe' : 'electron'
  for (const folder of (env.PATH ?? env.Path ?? '').split(delimiter)) {
    if (folder === '' || resolve(folder).split(/[\\/]/).includes('node_modules')) continue
    const candidate = join(folder, command)
    if (isFile(candidate)) return candidate
  }
  return null
}

const readText = (path: string): string | null => {
  try {
    return readFileSync(path, 'utf8').trim() || null
  } catch {
    return null
  }
}

/** Whether a window could be shown. */
export function hasDisplay(env: Env = process.env, platform: NodeJS.Platform = process.platform): boolean {
  if (platform === 'darwin') return !env.SSH_CONNECTION
  if (platform === 'win32') return env.SESSIONNAME !== 'Services'
  return Boolean(env.DISPLAY || env.WAYLAND_DISPLAY)
}

export type Fetched = { readonly ok: true; readonly path: string } | { readonly ok: false; readonly reason: string }

/**
 * Runs Electron's own install script, which downloads the runtime and checks its SHA-256. Gives up after a time in which nothing
 * grew on disk: the script itself is silent while it downloads.
 */
export async function fetchElectron(
  options: Where & { readonly timeoutWithoutProgressMs?: number; readonly script?: string },
): Promise<Fetched> {
  const { root, env = process.env, timeoutWithoutProgressMs = 10_000 } = options
  const installed = join(root, 'node_modules', 'electron')
  const script = options.script ?? join(installed, 'install.js')
  if (!existsSync(script)) return { ok: false, reason: 'the electron package is not installed (run "npm ci")' }
  // A folder of its own for the download, so that its growth can be watched.
  const temporary = mkdtempSync(join(tmpdir(), 'countersign-electron-'))
  try {
    const ended = await watchChild(
      script,
      { ...env, TMPDIR: temporary, TEMP: temporary, TMP: temporary },
      timeoutWithoutProgressMs,
      [temporary, join(installed, 'dist')],
    )
    const path = findElectron(options)
    if (path) return { ok: true, path }
    if (ended.stalled) return { ok: false, reason: `the download made no progress for ${timeoutWithoutProgressMs / 1000} s` }
    return { ok: false, reason: lastReason(ended.said) ?? `the download ended with code ${ended.code}` }
  } finally {
    rmSync(temporary, { recursive: true, force: true })
  }
}

type Ended = { readonly code: number | null; readonly said: string; readonly stalled: boolean }

function watchChild(script: string, env: Env, patienceMs: number, folders: readonly string[]): Promise<Ended> {
  return new Promise((done) => {
    const child = spawn(process.execPath, [script], { env: { ...env }, stdio: ['ignore', 'pipe', 'pipe'], detached: !isWindows })
    let said = ''
    let stalled = false
    let size = -1
    let grewAt = systemClock.now()
    let cancelTimer = () => {}
    const look = () => {
      const now = systemClock.now()
      const measured = folders.reduce((sum, folder) => sum + sizeOf(folder), 0)
      if (measured !== size) grewAt = now
      size = measured
      if (now - grewAt >= patienceMs) {
        stalled = true
        endGroup(child.pid)
      } else cancelTimer = systemClock.after(Math.min(500, patienceMs / 4), look)
    }
    const listen = (chunk: Buffer) => {
      said = (said + chunk.toString('utf8')).slice(-8_000)
    }
    child.stdout.on('data', listen)
    child.stderr.on('data', listen)
    const finish = (code: number | null) => {
      cancelTimer()
      done({ code, said, stalled })
    }
    child.on('error', () => finish(null))
    child.on('close', finish)
    look()
  })
}

/** Bytes in a folder; files come and go while it is read. */
function sizeOf(folder: string): number {
  let bytes = 0
  try {
    for (const entry of readdirSync(folder, { withFileTypes: true, recursive: true })) {
      if (entry.isFile()) bytes += statSync(join(entry.parentPath, entry.name), { throwIfNoEntry: false })?.size ?? 0
    }
  } catch {
    // Not there yet.
  }
  return bytes
}

/** The one line of the script's output that says what went wrong. */
function lastReason(said: string): string | null {
  const lines = said.split('\n').map((line) => line.trim())
  const line =
    lines.find((text) => /^(\w*Error|HTTPError|RequestError)\b.*:/.test(text)) ?? lines.find((text) => text.includes('Error:'))
  const reason = line?.replace(/^.*?Error:\s*/, '').slice(0, 200)
  return reason === 'fetch failed' ? 'the download server cannot be reached' : (reason ?? null)
}

function endGroup(pid: number | undefined): void {
  if (pid === undefined) return
  try {
    process.kill(isWindows ? pid : -pid, 'SIGTERM')
  } catch {
    // It ended by itself.
  }
}

/** What `runDesktop` resolves with when Electron died before it could run anything: no usable sandbox, a missing system library. */
export const couldNotStart = 86
const startWithinMs = 15_000

/** Builds what is missing or older than its sources, starts the desktop and resolves with its exit code. */
export async function runDesktop(options: {
  readonly root: string
  readonly electron: string
  readonly args: readonly string[]
  readonly env?: Env
}): Promise<number> {
  // Set by whatever started us from inside another Electron; with it there would be no window.
  const { ELECTRON_RUN_AS_NODE: _, ...env } = options.env ?? process.env
  const build = join(options.root, 'scripts', 'build-if-stale.ts')
  if (existsSync(build)) {
    const built = await run(process.execPath, [build, 'web', 'main', 'preload'], env)
    if (built.code !== 0) return built.code ?? 1
  }
  const began = systemClock.now()
  const { code, signal } = await run(options.electron, [options.root, ...options.args], env)
  if (code !== null && code !== 127) return code
  const asked = signal === 'SIGINT' || signal === 'SIGTERM' || signal === 'SIGHUP'
  return !asked && systemClock.now() - began < startWithinMs ? couldNotStart : 1
}

type Exit = { readonly code: number | null; readonly signal: NodeJS.Signals | null }

function run(command: string, args: readonly string[], env: Env): Promise<Exit> {
  return new Promise((done) => {
    const child = spawn(command, args, { stdio: 'inherit', env: { ...env } })
    const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const
    const pass = (signal: NodeJS.Signals) => child.kill(signal)
    for (const signal of signals) process.on(signal, pass)
    const finish = (exit: Exit) => {
      for (const signal of signals) process.removeListener(signal, pass)
      done(exit)
    }
    child.on('error', () => finish({ code: null, signal: null }))
    child.on('close', (code, signal) => finish({ code, signal }))
  })
}
