import { mkdtempSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { ContractRouterClient } from '@orpc/contract'
import { createRouterClient } from '@orpc/server'
import { type App, type AppOptions, createApp } from '../../electron/core/app.ts'
import type { Log } from '../../electron/core/log.ts'
import type { Contract } from '../../shared/contract/contract.ts'
import type { Caller } from '../../shared/model/actor.ts'

export type Client = ContractRouterClient<Contract>

export const silentLog: Log = { info: () => {}, warn: () => {}, error: () => {} }

export const ownerEmail = 'owner@example.com'

/** A source as HTTP would authenticate it. */
export const sourceCaller: Caller = {
  scopes: ['submit'],
  person: null,
  source: { id: 'src_test', name: 'Test' },
  credential: 'src_test',
  via: 'http',
}

export type TestApp = {
  readonly app: App
  readonly home: string
  /** The owner, in process. */
  readonly owner: Client
  /** A source, in process. */
  readonly source: Client
  stop(): Promise<void>
  /** Stops and removes the home. */
  remove(): Promise<void>
}

export const newHome = (): string => mkdtempSync(join(tmpdir(), 'countersign-'))

export const clientFor = (app: App, caller: Caller): Client => createRouterClient(app.router, { context: { caller } }) as Client

/** The real application over a temporary home, with the model switched off unless the home's configuration says otherwise. */
export async function openTestApp(options: Partial<AppOptions> = {}): Promise<TestApp> {
  const home = options.home ?? newHome()
  const app = await createApp({ mode: 'headless', owner: ownerEmail, log: silentLog, ...options, home })
  await app.start()
  let running = true
  const stop = async () => {
    if (running) await app.stop()
    running = false
  }
  return {
    app,
    home,
    owner: clientFor(app, app.ownerCaller('http')),
    source: clientFor(app, sourceCaller),
    stop,
    async remove() {
      await stop()
      await rm(home, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 })
    },
  }
}
