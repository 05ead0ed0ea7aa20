import { resolve } from 'node:path'
import { type App, createApp } from '../core/app.ts'
import { type Listener, startListener } from '../core/intake/listener.ts'
import type { Log } from '../core/log.ts'

export type HeadlessOptions = {
  readonly home: string
  /** 0 is any free one; the configured one by default. */
  readonly port?: number
  /** E-mail of the owner, where the home names none. */
  readonly owner?: string
  /** Where the built inbox page is. */
  readonly webFolder?: string
  readonly log?: Log
}

export type Headless = {
  readonly app: App
  readonly url: string
  /** A link that signs the owner in, once, within ten minutes. */
  signInLink(): string
  /** Closes connections, finishes what is being written and gives the home back. A second call waits for the first. */
  stop(): Promise<void>
}

const builtPage = resolve(import.meta.dirname, '../../dist/web')

/** The whole application as a plain server on loopback: API, event stream and the inbox page. */
export async function startHeadless(options: HeadlessOptions): Promise<Headless> {
  const { home, port, owner, log, webFolder = builtPage } = options
  const app = await createApp({ home, mode: 'headless', ...(owner ? { owner } : {}), ...(log ? { log } : {}) })
  let listener: Listener
  try {
    // Keys first, address second: who finds the address must be able to sign in.
    await app.start()
    listener = await startListener(app, { web: { folder: webFolder }, ...(port === undefined ? {} : { port }) })
  } catch (error) {
    await app.stop()
    throw error
  }
  const { url } = listener
  let stopping: Promise<void> | undefined
  return {
    app,
    url,
    signInLink: () => `${url}/#key=${app.access.createLink().key}`,
    stop() {
      stopping ??= listener.stop().finally(() => app.stop())
      return stopping
    },
  }
}
