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

/** As the owner: over HTTP where a server runs, else by opening the home in this process. */
export async function openSession(options: Common): Promise<Session> {
  const home = await homeOf(options)
  if ((await findServer(home)) !== null) return { client: await openServer(home, 'owner'), close: async () => {} }
  const { openLocal } = await import('./local.ts')
  return openLocal(home)
}

/** Runs a command's calls and closes what was opened for them. */
export async function withSession<T>(options: Common, work: (client: Client) => Promise<T>): Promise<T> {
  const session = await openSession(options)
  try {
    return await work(session.client)
  } finally {
    await session.close()
  }
}
