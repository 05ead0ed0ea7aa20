import { readFile, realpath } from 'node:fs/promises'
import { join } from 'node:path'
import * as z from 'zod'
import { connectOver, type Procedures } from '../../shared/client/link.ts'
import { CliError, exitCode } from './exit.ts'

export type Client = Procedures

const serverFile = z.object({ url: z.url(), pid: z.int() })
const keysFile = z.object({ owner: z.string(), submit: z.string() })
const probeMs = 3000

/** A running Countersign, found through its home. */
export type Server = { readonly url: string; readonly pid: number }

/** The server that runs for this home and answers; null when there is none. */
export async function findServer(home: string): Promise<Server | null> {
  const server = await readJson(join(home, 'server.json'), serverFile)
  if (server === null) return null
  try {
    await fetch(new URL('/healthz', server.url), { signal: AbortSignal.timeout(probeMs) })
    return (await holds(server, home)) ? server : null
  } catch {
    // A file left behind by a crash, or a server on its way up or down.
    return null
  }
}

/** Whether the server works on this very folder. A copy of a home names the server of the original, and has its keys. */
async function holds(server: Server, home: string): Promise<boolean> {
  const keys = await readJson(join(home, 'keys.json'), keysFile)
  if (keys === null) return true
  try {
    const { home: held } = await connectServer(server, keys.owner).settings.get({})
    return (await realpath(held)) === (await realpath(home))
  } catch {
    // Whatever is wrong with these keys is said when they are used.
    return true
  }
}

/** The keys that the application writes for this machine's own commands. */
export async function readKeys(home: string): Promise<z.infer<typeof keysFile>> {
  const path = join(home, 'keys.json')
  const keys = await readJson(path, keysFile)
  if (keys !== null) return keys
  throw new CliError(exitCode.usage, 'unauthorized', `The keys of this home could not be read: ${path} is missing or not yours.`)
}

export const connectServer = (server: Server, key: string): Client => connectOver({ url: server.url, token: key })

/** Null when the file is missing, unreadable or not what it should be. */
async function readJson<S extends z.ZodType>(path: string, schema: S): Promise<z.infer<S> | null> {
  try {
    return schema.parse(JSON.parse(await readFile(path, 'utf8')))
  } catch {
    return null
  }
}
