import { realpath } from 'node:fs/promises'
import { dirname } from 'node:path'
import { type Failure, failure, type ProblemEntry } from '../../../shared/contract/errors.ts'
import type { Person } from '../../../shared/model/actor.ts'
import { fail, ok, type Result } from '../../../shared/model/result.ts'
import type { Clock } from '../clock.ts'
import { changeFile, FileUnsettled, replaceFile } from '../journal/atomic-file.ts'
import type { Storage } from '../journal/port.ts'
import { changedPaths } from './changed-paths.ts'
import { firstConfig } from './first-files.ts'
import { type Config, type DocumentChange, type RecordChange, SettingsError } from './port.ts'
import type { configSchema } from './schema.ts'
import { lineOf, readSettings } from './settings-file.ts'

const pollMs = 2000
/** A text that is the same so much later is not one that is being written. */
const settleMs = 300

type Options = { readonly file: string; readonly storage: Storage; readonly schema: ReturnType<typeof configSchema> }

/**
 * `config.yaml` and what of it is in force. Whoever changes it, the application or an editor, it is read, recorded, and then in force;
 * a text that cannot be used leaves the last good one in force.
 */
export class ConfigFile {
  readonly #options: Options
  readonly #listeners = new Set<(config: Config) => void>()
  #config: Config
  #seen: string
  #problems: readonly ProblemEntry[] = []
  readonly #problemListeners = new Set<() => void>()
  /** Owner where the file names none and could not be written. */
  #owner: Person | null = null
  #recordByHand: RecordChange | null = null
  /** One change after the other: each reads the file anew, so that what was edited by hand meanwhile stays. */
  #last: Promise<unknown> = Promise.resolve()

  private constructor(options: Options, text: string) {
    this.#options = options
    this.#seen = text
    this.#config = this.#parse(text)
  }

  /** Throws `SettingsError` when the file cannot be used. */
  static async open(options: Options): Promise<ConfigFile> {
    return new ConfigFile(options, await readOrCreate(options.storage, options.file, firstConfig))
  }

  get config(): Config {
    return this.#config
  }

  get problems(): readonly ProblemEntry[] {
    return this.#problems
  }

  onChange(listener: (config: Config) => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  lineOf(path: readonly string[]): number | null {
    return lineOf(this.#seen, path)
  }

  onProblems(listener: () => void): () => void {
    this.#problemListeners.add(listener)
    return () => this.#problemListeners.delete(listener)
  }

  assumeOwner(owner: Person): void {
    this.#owner = Object.freeze(owner)
    this.#config = Object.freeze({ ...this.#config, owner: this.#config.owner ?? this.#owner })
  }

  edit(change: DocumentChange, record?: RecordChange): Promise<Result<readonly string[], Failure>> {
    return this.#inTurn(() => this.#edit(change, record))
  }

  reload(): Promise<readonly ProblemEntry[]> {
    return this.#inTurn(async () => {
      await this.#takeIn(await this.#textNow())
      return this.#problems
    })
  }

  watch({ clock, record }: { readonly clock: Clock; readonly record?: RecordChange }): () => void {
    let undo = () => {}
    let stopped = false
    let changed: string | null = null
    const later = (ms: number) => {
      if (!stopped) undo = clock.after(ms, () => void look())
    }
    const look = async () => {
      await this.#inTurn(async () => {
        const text = await this.#textNow()
        if (stopped) return
        // An editor may be in the middle of writing: a text counts once it is the same twice.
        const settled = text === changed
        changed = text !== null && text !== this.#seen && !settled ? text : null
        if (changed === null) await this.#takeIn(text)
      }).catch(() => undefined)
      later(changed === null ? pollMs : settleMs)
    }
    this.#recordByHand = record ?? null
    later(pollMs)
    return () => {
      stopped = true
      undo()
      this.#recordByHand = null
    }
  }

  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const result = this.#last.then(work)
    this.#last = result.catch(() => undefined)
    return result
  }

  #parse(text: string): Config {
    const parsed = readSettings(this.#options.file, text, this.#options.schema).value as Config
    return parsed.owner === null && this.#owner !== null ? Object.freeze({ ...parsed, owner: this.#owner }) : parsed
  }

  /** Null with a problem noted: it cannot be read right now. */
  async #textNow(): Promise<string | null> {
    try {
      return decoded(await this.#options.storage.readFile(this.#options.file))
    } catch (error) {
      const { code, message } = error as NodeJS.ErrnoException
      const why = code === 'ENOENT' ? 'is not there any more' : `cannot be read: ${message}`
      this.#note([{ pointer: '', message: why }])
      return null
    }
  }

  async #takeIn(text: string | null): Promise<void> {
    if (text === null) return
    if (text === this.#seen && this.#problems.length === 0) return
    try {
      const next = this.#parse(text)
      const paths = changedPaths(this.#config, next)
      const recorded = paths.length === 0 ? ok(null) : await this.#recordByHand?.(paths, next)
      if (recorded?.ok === false) {
        this.#note([{ pointer: '', message: `the change could not be recorded: ${recorded.failure.message}` }])
        return
      }
      this.#note([])
      if (paths.length > 0) this.#putInForce(next)
    } catch (error) {
      if (!(error instanceof SettingsError)) throw error
      this.#note(error.problems)
    }
    this.#seen = text
  }

  #note(problems: readonly ProblemEntry[]): void {
    const isSame = JSON.stringify(problems) === JSON.stringify(this.#problems)
    this.#problems = problems
    if (!isSame) for (const listener of [...this.#problemListeners]) listener()
  }

  #putInForce(next: Config): void {
    this.#config = next
    for (const listener of [...this.#listeners]) listener(next)
  }

  async #edit(change: DocumentChange, record?: RecordChange): Promise<Result<readonly string[], Failure>> {
    const { file, storage, schema } = this.#options
    let before: string
    try {
      before = await readOrCreate(storage, file, firstConfig)
      // What was edited by hand is not this caller's change: it is recorded as its own.
      if (this.#recordByHand !== null) await this.#takeIn(before)
      readSettings(file, before, schema)
    } catch (error) {
      return fail(toBroken(error, file))
    }
    try {
      const { document, value } = readSettings(file, before, schema)
      const changed = change(document, value as Config)
      if (!changed.ok) return changed
      if (!changed.value) return ok([])
      // Lists in one line stay as they were written: [a, b] or [ a, b ].
      const text = document.toString({ lineWidth: 0, flowCollectionPadding: /[[{] \S/.test(before) })
      const next = this.#parse(text)
      const paths = changedPaths(this.#config, next)
      const target = await realpath(file).catch(() => file)
      // What the journal does not tell of has not happened.
      const recorded = await changeFile(storage, target, {
        before,
        after: text,
        confirm: async () => (paths.length === 0 ? ok(null) : ((await record?.(paths, next)) ?? ok(null))),
      })
      if (!recorded.ok) return recorded
      this.#seen = text
      this.#note([])
      this.#putInForce(next)
      return ok(paths)
    } catch (error) {
      return fail(toFailure(error, file))
    }
  }
}

/** The text of a settings file, which is written as it begins where there is none. */
export async function readOrCreate(storage: Storage, file: string, first: string): Promise<string> {
  try {
    return decoded(await storage.readFile(file))
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') {
      throw new SettingsError(file, [{ pointer: '', message: `cannot be read: ${(error as Error).message}` }])
    }
    await storage.makeFolder(dirname(file))
    await replaceFile(storage, file, first)
    return first
  }
}

const decoded = (bytes: Buffer): string => bytes.toString('utf8').replace(/^\ufeff/, '')

/** The file is broken already, so that nothing can be written into it: where, so that somebody corrects it. */
function toBroken(error: unknown, file: string): Failure {
  if (!(error instanceof SettingsError)) return toFailure(error, file)
  const what = error.problems.map(({ pointer, message }) => `${pointer || '/'}: ${message}`).join('; ')
  return failure('invalid-input', `${file} has to be corrected first: ${what}`, { errors: error.problems })
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
  if (error instanceof FileUnsettled) return failure('read-only', message)
  if (code === 'ENOSPC' || code === 'EDQUOT')
    return failure('disk-full', `${file} could not be written: the disk is full. Nothing was changed.`)
  return failure('read-only', `${file} could not be written (${message}). Nothing was changed.`)
}
