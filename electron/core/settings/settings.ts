import type { Document } from 'yaml'
import type { Failure } from '../../../shared/contract/errors.ts'
import { email as emailSchema } from '../../../shared/contract/schemas.ts'
import type { SettingsInput } from '../../../shared/contract/settings.ts'
import { normalEmail } from '../../../shared/model/actor.ts'
import { ok, type Result } from '../../../shared/model/result.ts'
import { fileStorage } from '../journal/file-storage.ts'
import type { Storage } from '../journal/port.ts'
import { defaultOllamaHost, hostFromEnvironment } from '../summary/host.ts'
import { ConfigFile } from './config-file.ts'
import { setIn, syncList } from './document.ts'
import { setFilters } from './filters.ts'
import { setActions } from './outgoing.ts'
import { nameFromEmail } from './owner.ts'
import { type Config, type RecordChange, type Settings, SettingsError } from './port.ts'
import { configSchema } from './schema.ts'

export type SettingsOptions = {
  readonly configFile: string
  /** E-mail of the owner, used where the file names none. */
  readonly owner?: string
  readonly environment?: Readonly<Record<string, string | undefined>>
  readonly storage?: Storage
}

/** Opens `config.yaml`, writing a commented one at a first start. Throws `SettingsError` listing all that is wrong. */
export async function openSettings(options: SettingsOptions): Promise<Settings> {
  const { configFile, storage = fileStorage, environment = process.env } = options
  const schema = configSchema(hostFromEnvironment(environment.OLLAMA_HOST) ?? defaultOllamaHost)
  const file = await ConfigFile.open({ file: configFile, storage, schema })
  const update = (input: SettingsInput, record?: RecordChange) =>
    file.edit((document, config) => setMembers(document, config, input), record)

  if (options.owner !== undefined && file.config.owner === null) {
    const owner = ownerFrom(options.owner, configFile)
    const written = await update({ owner })
    // A file that cannot be written still leaves the owner known for this run.
    if (!written.ok) file.assumeOwner(owner)
  }
  return {
    get config() {
      return file.config
    },
    get problems() {
      return file.problems
    },
    update,
    edit: (change, record) => file.edit(change, record),
    reload: () => file.reload(),
    watch: (deps) => file.watch(deps),
    onChange: (listener) => file.onChange(listener),
    onProblems: (listener) => file.onProblems(listener),
    lineOf: (path) => file.lineOf(path),
  }
}

function ownerFrom(address: string, file: string) {
  const parsed = emailSchema.safeParse(address)
  if (!parsed.success)
    throw new SettingsError(file, [{ pointer: '/owner/email', message: `“${address}” is not an e-mail address` }])
  return { name: nameFromEmail(parsed.data), email: normalEmail(parsed.data) }
}

/** Puts each given member into the document; says whether there was any. */
function setMembers(document: Document, config: Config, input: SettingsInput): Result<boolean, Failure> {
  let any = false
  const { language, filters, actions = {}, hooks = {}, http: { hosts, ...http } = {}, ...sections } = input
  if (language !== undefined) {
    setIn(document, ['language'], language)
    any = true
  }
  if (filters !== undefined) {
    setFilters(document, filters)
    any = true
  }
  if (hosts !== undefined) {
    syncList(document, ['http', 'hosts'], hosts, (host) => host)
    any = true
  }
  for (const name of Object.keys(hooks)) if (document.hasIn(['hooks', name])) any = document.deleteIn(['hooks', name]) || any
  for (const [section, members] of Object.entries({ ...sections, http })) {
    for (const [name, value] of Object.entries(members ?? {})) {
      if (value === undefined) continue
      setIn(document, [section, name], value)
      any = true
    }
  }
  const acted = setActions(document, config, actions)
  return acted.ok ? ok(any || acted.value) : acted
}
