import type { App } from '../core/app.ts'
import { ListenError, startListener } from '../core/intake/listener.ts'
import type { Companion } from './core-app.ts'

/**
 * The HTTP door beside the window: local systems post here, commands find it through `server.json`, and a browser may be signed in
 * to the same inbox. A window must not stay shut because a port is taken: then a free one serves, and `server.json` says which.
 */
export async function openDoor(app: App, options: { readonly port: number | null; readonly webRoot: string }): Promise<Companion> {
  const web = { folder: options.webRoot }
  try {
    return await startListener(app, { web, ...(options.port === null ? {} : { port: options.port }) })
  } catch (error) {
    if (!(error instanceof ListenError) || error.code !== 'EADDRINUSE') throw error
    app.log.warn({ error }, 'another port is used')
    return startListener(app, { web, port: 0 })
  }
}
