import { resolve } from 'node:path'
import { type App, type AppOptions, createApp } from '../core/app.ts'
import { type Listener, startListener } from '../core/intake/listener.ts'

export type HeadlessOptions = Omit<AppOptions, 'mode'> & {
  /** 0 is any free one; the configured one by default. */
  readonly port?: number
  /** Where the built inbox page is. */
  readonly webFolder?: string
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
  const { port, webFolder = builtPage, ...rest } = options
  const app = await createApp({ ...rest, mode: 'headless' })
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
