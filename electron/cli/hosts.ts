import { dirname, resolve } from 'node:path'
import type { Command } from 'commander'
import { exitCode } from './exit.ts'
import { type Common, note, print } from './output.ts'
import { command, number, usage } from './program.ts'

type HostOptions = Common & { port?: number; owner?: string }

const impatienceMs = 2000
const root = resolve(dirname(import.meta.dirname), '..')

const hostCommand = (name: string, description: string): Command =>
  command(name, description)
    .option('--port <n>', 'port on 127.0.0.1; 0 is any that is free', port)
    .option('--owner <email>', 'who this inbox belongs to, where that is not set yet')

function port(text: string): number {
  const value = number(text)
  if (!Number.isInteger(value) || value < 0 || value > 65_535) throw usage(`"${text}" is not a port: use 0 to 65535.`)
  return value
}

export function serveCommand(): Command {
  return hostCommand('serve', 'Run without a window: the API and the inbox for browsers').action((options: HostOptions) =>
    serve(options),
  )
}

export function startCommand(): Command {
  return hostCommand('start', 'Open the desktop app; without a display or Electron, the inbox in a browser').action(start)
}

async function start(options: HostOptions): Promise<void> {
  const runtime = await import('../desktop/runtime.ts')
  const electron = await findRuntime(runtime)
  if ('path' in electron) {
    const home = options.home === undefined ? [] : ['--home', resolve(options.home)]
    const port = options.port === undefined ? [] : ['--port', String(options.port)]
    const owner = options.owner === undefined ? [] : ['--owner', options.owner]
    const code = await runtime.runDesktop({ root, electron: electron.path, args: [...home, ...port, ...owner] })
    if (code !== runtime.couldNotStart) {
      process.exitCode = code
      return
    }
  }
  const reason = 'path' in electron ? 'Electron could not start here' : electron.reason
  note(`No desktop window: ${reason}. Serving the inbox for browsers.`)
  await serveAndOpen(options, runtime.hasDisplay())
}

async function findRuntime(runtime: typeof import('../desktop/runtime.ts')): Promise<{ path: string } | { reason: string }> {
  if (!runtime.hasDisplay()) return { reason: 'there is no display' }
  const installed = runtime.findElectron({ root })
  if (installed !== null) return { path: installed }
  note('Fetching the Electron runtime, once.')
  const fetched = await runtime.fetchElectron({ root })
  return fetched.ok ? { path: fetched.path } : { reason: `the Electron runtime could not be fetched (${fetched.reason})` }
}

/** Runs until it is told to stop. */
async function serve(options: HostOptions): Promise<void> {
  const host = await open(options)
  print(`Countersign listens on ${host.url}`)
  print(`Open your inbox (this link works once, for ten minutes): ${host.signInLink()}`)
  await stopped(host)
}

/** The inbox in a browser, for whoever sits here; one that runs already is only opened. */
async function serveAndOpen(options: HostOptions, display: boolean): Promise<void> {
  const { homeOf, openServer } = await import('./session.ts')
  const { findServer } = await import('./server.ts')
  const { openBrowser } = await import('../headless/browser.ts')
  const home = await homeOf(options)
  const running = await findServer(home)
  const host = running === null ? await open(options) : null
  // From here on a signal ends it in order, also while the browser is still opening.
  const ended = host === null ? null : stopped(host)
  const link = host === null ? (await (await openServer(home, 'owner')).system.link({})).url : host.signInLink()
  print(host === null ? `Countersign is running already, on ${running?.url}` : `Countersign listens on ${host.url}`)
  print(`Open your inbox (this link works once, for ten minutes): ${link}`)
  if (display && !(await openBrowser(link))) note('No browser could be opened; use the link above.')
  await ended
}

async function open(options: HostOptions) {
  const { homeOf } = await import('./session.ts')
  const { startHeadless } = await import('../headless/host.ts')
  return startHeadless({
    home: await homeOf(options),
    ...(options.port === undefined ? {} : { port: options.port }),
    ...(options.owner === undefined ? {} : { owner: options.owner }),
  })
}

/**
 * Resolves once a signal came and everything is closed. Wrappers pass a Ctrl+C on that the terminal sent here too, so only one that
 * comes later is taken for impatience.
 */
function stopped(host: { stop(): Promise<void> }): Promise<void> {
  return new Promise((resolve, reject) => {
    let since: number | null = null
    const stop = () => {
      if (since !== null && Date.now() - since > impatienceMs) process.exit(exitCode.rejected)
      if (since !== null) return
      since = Date.now()
      host.stop().then(resolve, reject)
    }
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, stop)
  })
}
