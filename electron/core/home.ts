import fs from 'node:fs'
import { homedir } from 'node:os'
import { dirname, posix, resolve, win32 } from 'node:path'
import Database from 'better-sqlite3'
import { fail, ok, type Result } from '../../shared/model/result.ts'
import { type Clock, systemClock, toInstant } from './clock.ts'
import { replaceFile } from './journal/atomic-file.ts'
import { fileStorage } from './journal/file-storage.ts'
import type { Storage } from './journal/port.ts'

/** Which host holds a home folder. */
export type HomeMode = 'desktop' | 'headless' | 'cli'

/** Where everything in a home folder is. All paths are absolute. */
export type HomePaths = {
  readonly root: string
  /** The truth: segments of JSON lines. */
  readonly journal: string
  /** The projection; can be deleted while nothing runs. */
  readonly database: string
  readonly config: string
  readonly policy: string
  /** Workflow files people add themselves. */
  readonly workflows: string
  /** Where the running server says its address. */
  readonly server: string
  /** Signed heads of the journal, and the key that signs them. */
  readonly checkpoints: string
  readonly checkpointKey: string
  /** Space that is given back when the disk is full. */
  readonly reserve: string
  readonly lock: string
  /** Who holds the lock: a hint for people, never what decides. */
  readonly holder: string
}

/** A home folder that belongs to this process until it is released. */
export type Home = {
  readonly paths: HomePaths
  release(): Promise<void>
}

type HomeHolder = { readonly pid: number; readonly mode: string; readonly started_at: string }

/** Why a home folder cannot be used. `message` is for people. */
export type HomeFailure = {
  readonly code: 'home-in-use' | 'home-unusable'
  readonly message: string
  readonly holder: HomeHolder | null
  readonly cause: unknown
}

/** The home cannot be used: somebody else holds it, or it is not ours to write. */
export class HomeUnusable extends Error {
  readonly code: string
  constructor(code: string, message: string) {
    super(message)
    this.name = 'HomeUnusable'
    this.code = code
  }
}

/** The layout of a home folder. */
export function homePaths(path: string): HomePaths {
  const root = resolve(path)
  const inside = (name: string): string => resolve(root, name)
  return {
    root,
    journal: inside('journal'),
    database: inside('inbox.db'),
    config: inside('config.yaml'),
    policy: inside('policy.yaml'),
    workflows: inside('workflows'),
    server: inside('server.json'),
    checkpoints: inside('checkpoints.jsonl'),
    checkpointKey: inside('checkpoint.key'),
    reserve: inside('reserve'),
    lock: inside('lock.db'),
    holder: inside('lock.json'),
  }
}

/** `COUNTERSIGN_HOME`, else the platform's application-data folder. */
export function defaultHome(
  env: Readonly<Record<string, string | undefined>> = process.env,
  platform: NodeJS.Platform = process.platform,
  user: string = homedir(),
): string {
  if (env.COUNTERSIGN_HOME) return env.COUNTERSIGN_HOME
  if (platform === 'win32') return win32.join(env.APPDATA || win32.join(user, 'AppData', 'Roaming'), 'Countersign')
  if (platform === 'darwin') return posix.join(user, 'Library', 'Application Support', 'Countersign')
  const data = env.XDG_DATA_HOME
  return posix.join(data && posix.isAbsolute(data) ? data : posix.join(user, '.local', 'share'), 'countersign')
}

/** Takes a home folder for this process, before anything in it is opened. A second taker is refused and told who holds it. */
export async function openHome(
  path: string,
  mode: HomeMode,
  { clock = systemClock, storage = fileStorage }: { readonly clock?: Clock; readonly storage?: Storage } = {},
): Promise<Result<Home, HomeFailure>> {
  const paths = homePaths(path)
  const parents = parentsToSync(paths.root)
  let lock: Database.Database | null = null
  try {
    await storage.makeFolder(paths.root)
    lock = takeLock(paths.lock)
    if (lock === null) return fail(await inUse(paths, storage))
    await storage.makeFolder(paths.journal)
    await storage.makeFolder(paths.workflows)
    await storage.syncDir(paths.root)
    // The home's own name, and those above it. A parent that cannot be read was there before us.
    for (const parent of parents) await storage.syncDir(parent).catch(() => undefined)
    const holder: HomeHolder = { pid: process.pid, mode, started_at: toInstant(clock.now()) }
    await replaceFile(storage, paths.holder, `${JSON.stringify(holder)}\n`)
  } catch (cause) {
    lock?.close()
    const message = `The home folder ${paths.root} cannot be used: ${(cause as Error).message}`
    return fail({ code: 'home-unusable', message, holder: null, cause })
  }
  return ok({ paths, release: releaseOnce(paths, storage, lock) })
}

/** The folder a home is in, and each above it that has to be made. */
function parentsToSync(root: string): readonly string[] {
  const parents = [dirname(root)]
  for (let at = dirname(root); !fs.existsSync(at); at = dirname(at)) parents.push(dirname(at))
  return parents
}

function releaseOnce(paths: HomePaths, storage: Storage, lock: Database.Database): () => Promise<void> {
  let released = false
  return async () => {
    if (released) return
    released = true
    // The hint first: once the lock is free it may be another process's hint.
    await storage.unlink(paths.holder).catch(() => undefined)
    lock.close()
  }
}

/**
 * SQLite's exclusive lock is the kernel's, on each platform: it ends with the process, however that ends. Held by a transaction
 * that stays open. Null when somebody else has it.
 */
function takeLock(path: string): Database.Database | null {
  if (!fs.existsSync(path)) fs.closeSync(fs.openSync(path, 'a', 0o600))
  const database = new Database(path, { timeout: 0 })
  try {
    database.pragma('journal_mode = MEMORY')
    database.exec('BEGIN EXCLUSIVE')
    return database
  } catch (error) {
    database.close()
    const code = (error as { code?: string }).code ?? ''
    if (code.startsWith('SQLITE_BUSY') || code.startsWith('SQLITE_LOCKED')) return null
    throw error
  }
}

async function inUse(paths: HomePaths, storage: Storage): Promise<HomeFailure> {
  const holder = await readHolder(paths, storage)
  const who = holder ? `process ${holder.pid} (${holder.mode}), running since ${holder.started_at}` : 'another process'
  const message = `The home folder ${paths.root} is in use by ${who}. Stop it first, or choose another folder with --home.`
  return { code: 'home-in-use', message, holder, cause: null }
}

async function readHolder(paths: HomePaths, storage: Storage): Promise<HomeHolder | null> {
  try {
    const { pid, mode, started_at } = JSON.parse((await storage.readFile(paths.holder)).toString('utf8')) as HomeHolder
    return Number.isInteger(pid) && typeof mode === 'string' && typeof started_at === 'string' ? { pid, mode, started_at } : null
  } catch {
    return null
  }
}
