import { contract } from '../../../shared/contract/contract.ts'
import type { App } from '../app.ts'
import { toInstant } from '../clock.ts'
import { replaceFile } from '../journal/atomic-file.ts'
import { fileStorage } from '../journal/file-storage.ts'
import type { Storage } from '../journal/port.ts'
import { version } from '../version.ts'
import type { Tree } from './procedures.ts'
import { createHttpServer } from './server.ts'

export type ListenerOptions = {
  /** 0 is any free one; the configured one by default. */
  readonly port?: number
  /** The built inbox page; null for a host that shows it otherwise. */
  readonly web: { readonly folder: string } | null
  readonly storage?: Storage
}

export type Listener = {
  readonly url: string
  readonly port: number
  /** Removes `server.json` and closes every connection. The application goes on. */
  stop(): Promise<void>
}

/** The address cannot be listened on. The message says why and what to do. */
export class ListenError extends Error {
  readonly code: string
  constructor(code: string, message: string, options: { cause: unknown }) {
    super(message, options)
    this.name = 'ListenError'
    this.code = code
  }
}

/** Puts HTTP in front of an application and says in `<home>/server.json` where it is. For both hosts. */
export async function startListener(app: App, options: ListenerOptions): Promise<Listener> {
  const { storage = fileStorage, web } = options
  const { router, access, hooks, settings, clock, log, home } = app
  const port = options.port ?? settings.config.http.port
  const server = createHttpServer({ router: router as Tree, contract, access, hooks, settings, clock, web, log, version })
  const bound = await server.listen({ port }).catch(async (error: NodeJS.ErrnoException) => {
    await server.close()
    throw new ListenError(error.code ?? 'unknown', whyNot(port, error), { cause: error })
  })
  const stop = async (): Promise<void> => {
    app.setUrl(null)
    await storage.unlink(home.paths.server).catch(() => undefined)
    await server.close()
  }
  app.setUrl(bound.url)
  try {
    const text = JSON.stringify({ url: bound.url, pid: process.pid, started_at: toInstant(clock.now()), version })
    await replaceFile(storage, home.paths.server, `${text}\n`)
  } catch (error) {
    await stop()
    throw error
  }
  return { ...bound, stop }
}

function whyNot(port: number, error: NodeJS.ErrnoException): string {
  if (error.code === 'EADDRINUSE')
    return `Port ${port} is taken by another program. Choose another with --port, or 0 for any free one.`
  if (error.code === 'EACCES') return `Port ${port} needs more rights than this program has. Choose one above 1023 with --port.`
  return `Port ${port} cannot be listened on: ${error.message}`
}
