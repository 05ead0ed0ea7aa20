import { realpath } from 'node:fs/promises'
import { dirname } from 'node:path'
import type { Document } from 'yaml'
import { type Failure, failure, type ProblemEntry } from '../../../shared/contract/errors.ts'
import { email as emailSchema } from '../../../shared/contract/schemas.ts'
import type { SettingsInput } from '../../../shared/contract/settings.ts'
import { normalEmail } from '../../../shared/model/actor.ts'
import { fail, ok, type Result } from '../../../shared/model/result.ts'
import { replaceFile } from '../journal/atomic-file.ts'
import { fileStorage } from '../journal/file-storage.ts'
import type { Storage } from '../journal/port.ts'
import { defaultOllamaHost, hostFromEnvironment } from '../summary/host.ts'
import { firstConfig, firstPolicy } from './first-files.ts'
import { nameFromEmail } from './owner.ts'
import { type Config, type Policy, type RecordChange, type Settings, SettingsError } from './port.ts'
import { configSchema, policySchema } from './schema.ts'
import { readSettings } from './settings-file.ts'

export type SettingsOptions = {
  readonly configFile: string
  readonly policyFile: string
  /** E-mail of the owner, used where the file names none. */
  readonly owner?: string
  readonly environment?: Readonly<Record<string, string | undefined>>
  readonly storage?: Storage
}

/** Opens the home's two settings files, writing commented ones at a first start. Throws `SettingsError` listing all that is wrong. */
export async function openSettings(options: SettingsOptions): Promise<Settings> {
  const { configFile, policyFile, storage = fileStorage, environment = process.env } = options
  const schema = configSchema(hostFromEnvironment(environment.OLLAMA_HOST) ?? defaultOllamaHost)
  const read = async () => readSettings(configFile, await textOf(storage, configFile, firstConfig), schema)
  const policy: Policy = readSettings(policyFile, await textOf(storage, policyFile, firstPolicy), policySchema).value as Policy
  let config = (await read()).value as Config
  const listeners = new Set<(config: Config) => void>()

  async function change(input: SettingsInput, record?: RecordChange): Promise<Result<readonly string[], Failure>> {
    try {
      const before = await textOf(storage, configFile, firstConfig)
      const { document } = readSettings(configFile, before, schema)
      if (!setMembers(document, input)) return ok([])
      const text = document.toString({ lineWidth: 0 })
      const next = readSettings(configFile, text, schema).value as Config
      const paths = changedPaths(config, next)
      const file = await realpath(configFile).catch(() => configFile)
      await replaceFile(storage, file, text)
      const recorded = paths.length === 0 ? ok(null) : await record?.(paths)
      if (recorded?.ok === false) {
        // What the journal does not tell of has not happened.
        await replaceFile(storage, file, before)
        return recorded
      }
      config = next
      for (const listener of [...listeners]) listener(next)
      return ok(paths)
    } catch (error) {
      return fail(toFailure(error, configFile))
    }
  }

  // One change after the other: each reads the file anew, so that what was edited by hand meanwhile stays.
  let last: Promise<unknown> = Promise.resolve()
  const update = (input: SettingsInput, record?: RecordChange) => {
    const result = last.then(() => change(input, record))
    last = result
    return result
  }

  if (options.owner !== undefined && config.owner === null) {
    const owner = ownerFrom(options.owner, configFile)
    const written = await update({ owner })
    // A file that cannot be written still leaves the owner known for this run.
    if (!written.ok) config = Object.freeze({ ...config, owner: Object.freeze(owner) })
  }
  return {
    get config() {
      return config
    },
    policy,
    update,
    onChange(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
  }
}

function ownerFrom(address: string, file: string) {
  const parsed = emailSchema.safeParse(address)
  if (!parsed.success)
    throw new SettingsError(file, [{ pointer: '/owner/email', message: `“${address}” is not an e-mail address` }])
  return { name: nameFromEmail(parsed.data), email: normalEmail(parsed.data) }
}

async function textOf(storage: Storage, file: string, first: string): Promise<string> {
  let bytes: Buffer
  try {
    bytes = await storage.readFile(file)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') {
      throw new SettingsError(file, [{ pointer: '', message: `cannot be read: ${(error as Error).message}` }])
    }
    await storage.makeFolder(dirname(file))
    await replaceFile(storage, file, first)
    return first
  }
  return bytes.toString('utf8').replace(/^\ufeff/, '')
}

/** Puts each given member into the document; says whether there was any. */
function setMembers(document: Document, input: SettingsInput): boolean {
  let any = false
  for (const [section, members] of Object.entries(input)) {
    for (const [name, value] of Object.entries(members ?? {})) {
      if (value === undefined) continue
      if (document.contents === null) Object.assign(document, { contents: document.createNode({}) })
      // A section that is there but empty (`model:`) is no map yet.
      if (document.hasIn([section]) && document.getIn([section]) === null) document.setIn([section], document.createNode({}))
      document.setIn([section, name], value)
      any = true
    }
  }
  return any
}

/** Dotted paths of the values that differ. */
function changedPaths(before: unknown, after: unknown, path = ''): string[] {
  const isTree = (value: unknown) => typeof value === 'object' && value !== null && !Array.isArray(value)
  if (!isTree(before) && !isTree(after)) return JSON.stringify(before) === JSON.stringify(after) ? [] : [path]
  const left = (isTree(before) ? before : {}) as Record<string, unknown>
  const right = (isTree(after) ? after : {}) as Record<string, unknown>
  return [...new Set([...Object.keys(left), ...Object.keys(right)])].flatMap((name) =>
    changedPaths(left[name], right[name], path === '' ? name : `${path}.${name}`),
  )
}

function toFailure(error: unknown, file: string): Failure {
  if (error instanceof SettingsError) {
    const errors: ProblemEntry[] = error.problems.map(({ pointer, message }) => ({
      pointer,
      message: message.replace(/^line \d+, column \d+: /, ''),
    }))
    const what = errors.map((problem) => `${problem.pointer || file}: ${problem.message}`).join('; ')
    return failure('invalid-input', `These settings cannot be used: ${what}`, { errors })
  }
  const { code, message } = error as NodeJS.ErrnoException
  if (code === 'ENOSPC' || code === 'EDQUOT')
    return failure('disk-full', `${file} could not be written: the disk is full. Nothing was changed.`)
  return failure('read-only', `${file} could not be written (${message}). Nothing was changed.`)
}
