import { createRouterClient } from '@orpc/server'
import { createApp } from '../core/app.ts'
import type { Client } from './server.ts'
import type { Session } from './session.ts'

/**
 * Opens the home in this process, for as long as one command takes. Nothing is set in motion: a decision made here is recorded, and
 * what follows from it happens when Countersign runs next.
 */
export async function openLocal(home: string): Promise<Session> {
  const app = await createApp({ home, mode: 'cli' })
  const client = createRouterClient(app.router, { context: { caller: app.ownerCaller('cli') } })
  return { client: client as unknown as Client, close: () => app.stop() }
}
