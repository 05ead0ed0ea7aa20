import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { CliError, exitCode } from './exit.ts'
import type { Common } from './output.ts'
import { type Client, connectServer, findServer, readKeys } from './server.ts'

/** A way to call procedures: over HTTP to the server that runs, or in this process where none does. */
export type Session = { readonly client: Client; close(): Promise<void> }

export async function homeOf(options: Common): Promise<string> {
  const { defaultHome, homePaths } = await import('../core/home.ts')
  return homePaths(options.home ?? defaultHome()).root
}

/** The server of this home, as its owner or as the command line that submits; fails with exit code 4 where none runs. */
export async function openServer(home: string, key: 'owner' | 'submit'): Promise<Client> {
  const server = await findServer(home)
  if (server === null) {
    throw new CliError(
      exitCode.unreachable,
      'unreachable',
      `No Countersign is running for ${home}. Start it with "countersign start" or "countersign serve".`,
    )
  }
  return connectServer(server, (await readKeys(home))[key])
}

/** Whether a command may be the first to use a home; looking for something where nothing is would only hide a mistyped --home. */
type FirstUse = 'existing' | 'new-or-existing'

/** As the owner: over HTTP where a server runs, else by opening the home in this process. */
async function openSession(options: Common, use: FirstUse): Promise<Session> {
  const home = await homeOf(options)
  if ((await findServer(home)) !== null) return { client: await openServer(home, 'owner'), close: async () => {} }
  if (use === 'existing' && !existsSync(join(home, 'journal'))) {
    throw new CliError(exitCode.usage, 'not-found', `There is nothing in ${home} yet. Is this the right --home?`)
  }
  const { openLocal } = await import('./local.ts')
  return openLocal(home)
}

/** Runs a command's calls and closes what was opened for them. */
export async function withSession<T>(
  options: Common,
  work: (client: Client) => Promise<T>,
  use: FirstUse = 'existing',
): Promise<T> {
  const session = await openSession(options, use)
  try {
    return await work(session.client)
  } finally {
    await session.close()
  }
}
