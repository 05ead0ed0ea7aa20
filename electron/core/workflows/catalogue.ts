import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { readdir, readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import * as z from 'zod'
import type { WorkflowView } from '../../../shared/contract/workflows.ts'
import type { Clock } from '../clock.ts'
import { messageOf } from '../engine/attempts.ts'
import type { WorkflowSource } from '../engine/installed.ts'
import type { Workflow } from '../engine/workflow.ts'
import { replaceFile } from '../journal/atomic-file.ts'
import type { Storage } from '../journal/port.ts'
import { toWorkflows } from './exports.ts'
import { loadFileModule } from './file-modules.ts'

/** How often the folder is looked at. */
const pollMs = 2000
const largestFile = 1024 * 1024
/** Where every code that was ever loaded is kept, by its SHA-256: a run that is parked goes on with it. */
const keptFolder = '.versions'

export type CatalogueDeps = {
  /** The home's `workflows/`. */
  readonly folder: string
  readonly builtin: Iterable<Workflow>
  /** Workflows that the host brings; several versions of one name may be among them. */
  readonly extra?: Iterable<Workflow>
  readonly storage: Storage
  readonly clock: Clock
  readonly log: { info(details: object, message: string): void; warn(details: object, message: string): void }
}

/** All workflows there are: built in, brought by the host, and from the home's files, which are loaded again when they change. */
export interface Catalogue extends WorkflowSource {
  list(): readonly WorkflowView[]
  /** Looks at the files now. Never throws for what is wrong with one of them: the list says so. */
  reload(): Promise<readonly WorkflowView[]>
  /** Ends watching the folder. */
  stop(): void
}

/** One file of the home. What was good of it last stays in force. */
type WorkflowFile = {
  readonly name: string
  /** SHA-256 of its text as it was last looked at. */
  readonly sha256: string
  readonly workflows: readonly Workflow[]
  readonly error: string | null
}

/** Everything that can be asked for, made anew after each change. */
type Index = {
  /** The newest version of each name. */
  readonly current: ReadonlyMap<string, Workflow>
  readonly views: readonly WorkflowView[]
}

/** Loads what is there, and watches the folder from then on. */
export async function openCatalogue(deps: CatalogueDeps): Promise<Catalogue> {
  const { folder, storage, clock, log } = deps
  const kept = join(folder, keptFolder)
  const builtin = [...deps.builtin]
  const fixed = [...builtin, ...(deps.extra ?? [])]
  const builtinNames = new Set(builtin.map(({ name }) => name))
  const byCode = new Map<string, readonly Workflow[]>()
  let files: readonly WorkflowFile[] = []
  let index: Index = toIndex(fixed, builtinNames, files)
  let stamp = ''
  let turn: Promise<unknown> = Promise.resolve()
  let stopped = false
  let undoTimer = () => {}

  const load = (sha256: string): readonly Workflow[] => {
    const known = byCode.get(sha256)
    if (known) return known
    const workflows = toWorkflows(loadFileModule(kept, join(kept, `${sha256}.ts`)), sha256)
    byCode.set(sha256, workflows)
    return workflows
  }

  /** The code of a file that has changed or is gone since, for the runs that began with it. */
  const loadKept = (sha256: string): readonly Workflow[] => {
    if (!/^[0-9a-f]{64}$/.test(sha256)) return []
    const known = byCode.get(sha256)
    if (known) return known
    try {
      if (hashOf(readFileSync(join(kept, `${sha256}.ts`))) !== sha256) throw new Error('it is not what its name says')
      return load(sha256)
    } catch (error) {
      log.warn({ error, sha256 }, 'the kept code of a workflow could not be loaded')
      return []
    }
  }

  const readOne = async (name: string, before: WorkflowFile | undefined): Promise<WorkflowFile> => {
    let sha256 = ''
    try {
      const bytes = await readFile(join(folder, name))
      sha256 = hashOf(bytes)
      if (before?.sha256 === sha256 && before.error === null) return before
      if (bytes.length > largestFile) throw new Error(`it is larger than ${largestFile / 1024} KiB`)
      const copy = join(kept, `${sha256}.ts`)
      await storage.makeFolder(kept)
      // Kept before anything can start with it.
      if (hashOf(await readFile(copy).catch(() => Buffer.alloc(0))) !== sha256) await replaceFile(storage, copy, bytes)
      const workflows = load(sha256)
      log.info({ file: name, workflows: workflows.map((one) => `${one.name} ${one.version}`) }, 'workflows loaded')
      return { name, sha256, workflows, error: null }
    } catch (error) {
      const said = toProblem(error, sha256)
      log.warn({ file: name, problem: said }, 'a workflow file could not be loaded')
      return { name, sha256, workflows: before?.workflows ?? [], error: said }
    }
  }

  const look = async (): Promise<void> => {
    const { names, stamp: now } = await lookAt(folder)
    const before = new Map(files.map((file) => [file.name, file]))
    const next: WorkflowFile[] = []
    for (const name of names) next.push(await readOne(name, before.get(name)))
    files = next
    index = toIndex(fixed, builtinNames, files)
    stamp = now
  }
  const inTurn = (work: () => Promise<void>): Promise<void> => {
    const done = turn.then(work).catch((error: unknown) => log.warn({ error }, 'the workflow files could not be read'))
    turn = done
    return done
  }
  const poll = () => {
    undoTimer = clock.after(pollMs, () => {
      void inTurn(async () => {
        if (!stopped && (await lookAt(folder)).stamp !== stamp) await look()
      }).then(() => stopped || poll())
    })
  }

  await inTurn(look)
  poll()
  return {
    get(name, version, code) {
      if (version === undefined) return index.current.get(name)
      const among = code ? loadKept(code) : fixed
      return among.find((one) => one.name === name && one.version === version)
    },
    mayStart: (name) => !builtinNames.has(name),
    list: () => index.views,
    async reload() {
      await inTurn(look)
      return index.views
    },
    stop() {
      stopped = true
      undoTimer()
    },
  }
}

/** The folder's workflow files in order, and something that changes when one of them does. */
async function lookAt(folder: string): Promise<{ names: readonly string[]; stamp: string }> {
  const entries = await readdir(folder).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return []
    throw error
  })
  const names = entries.filter((name) => name.endsWith('.ts') && !name.endsWith('.d.ts') && !name.startsWith('.')).sort()
  const stamps: string[] = []
  for (const name of names) {
    const found = await stat(join(folder, name)).catch(() => null)
    stamps.push(found ? `${name} ${found.ino} ${found.size} ${found.mtimeMs} ${found.ctimeMs}` : name)
  }
  return { names, stamp: stamps.join('\n') }
}

/** Joins all there are. A name belongs to who had it first; of one name, the highest version is the one that is started. */
function toIndex(fixed: readonly Workflow[], builtinNames: ReadonlySet<string>, files: readonly WorkflowFile[]): Index {
  const current = new Map<string, Workflow>()
  const taken = new Map<string, string>()
  const views: WorkflowView[] = []
  const add = (workflow: Workflow, origin: string, error: string | null) => {
    const known = current.get(workflow.name)
    if (!known || known.version < workflow.version) current.set(workflow.name, workflow)
    taken.set(`${workflow.name} ${workflow.version}`, origin)
    views.push({ name: workflow.name, version: workflow.version, origin, input: toInputSchema(workflow), error })
  }
  for (const workflow of fixed) add(workflow, builtinNames.has(workflow.name) ? 'built-in' : 'host', null)
  for (const { name: origin, workflows, error } of files) {
    if (workflows.length === 0) {
      views.push({ name: origin.replace(/\.ts$/, ''), version: 0, origin, input: null, error: error ?? 'it has no workflow' })
    }
    for (const workflow of workflows) {
      const { name, version } = workflow
      const other = taken.get(`${name} ${version}`)
      if (builtinNames.has(name)) {
        views.push(refused(workflow, origin, `"${name}" is built in: give it another name`))
      } else if (other !== undefined) {
        views.push(
          refused(workflow, origin, `"${name}" version ${version} is in ${other} already: give one of them another version`),
        )
      } else add(workflow, origin, error)
    }
  }
  return { current, views }
}

const refused = ({ name, version }: Workflow, origin: string, error: string): WorkflowView => ({
  name,
  version,
  origin,
  input: null,
  error,
})

const schemas = new WeakMap<Workflow, unknown>()

/** JSON Schema of what a workflow takes; null where that cannot be said in one. */
function toInputSchema(workflow: Workflow): unknown {
  if (schemas.has(workflow)) return schemas.get(workflow)
  let schema: unknown = null
  try {
    schema = z.toJSONSchema(workflow.input, { io: 'input', unrepresentable: 'any' })
  } catch {
    // It has something that JSON Schema has no word for.
  }
  schemas.set(workflow, schema)
  return schema
}

const hashOf = (bytes: Buffer): string => createHash('sha256').update(bytes).digest('hex')

/** What is wrong with a file, with the line where that is known. */
function toProblem(error: unknown, sha256: string): string {
  const stack = error instanceof Error ? (error.stack ?? '') : ''
  const line = new RegExp(`(?:${sha256 || '-'}\\.ts|^\\s*):(\\d+)`).exec(stack)?.[1]
  const code = (error as { code?: string }).code
  const said =
    code === 'ERR_REQUIRE_ASYNC_MODULE'
      ? 'it has an await outside of a function: what takes time belongs into a step'
      : messageOf(error).split('\n')[0]!
  return line ? `line ${line}: ${said}` : said
}
