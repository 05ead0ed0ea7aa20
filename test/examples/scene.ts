import { copyFileSync, mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileStorage } from '../../electron/core/journal/file-storage.ts'
import { openCatalogue } from '../../electron/core/workflows/catalogue.ts'
import { builtinWorkflows } from '../../electron/core/workflows/registry.ts'
import type { Caller } from '../../shared/model/actor.ts'
import { ending, openRig, type Rig } from '../core/engine/harness.ts'
import { plainDirectory } from '../support/directory.ts'
import { FakeClock } from '../support/fake-clock.ts'

const examples = join(import.meta.dirname, '../../docs/examples')
export const exampleFiles = readdirSync(examples).filter((name) => name.endsWith('.ts'))

const groups = {
  managers: ['mia@example.com'],
  directors: ['dirk@example.com'],
  finance: ['fin@example.com'],
  'ml-team': ['mo@example.com', 'ml@example.com'],
  compliance: ['cora@example.com'],
  office: ['otto@example.com'],
  owners: ['olga@example.com'],
}

const person = (name: string): Caller => ({
  scopes: ['read', 'decide'],
  person: { email: name.includes('@') ? name : `${name}@example.com`, name },
  source: null,
  credential: `tok_${name}`,
  via: 'http',
})

/** The examples of the documentation as files of a home, in an application that is driven by hand. */
export type Scene = {
  readonly rig: Rig
  readonly home: string
  readonly listed: readonly { readonly origin: string; readonly error: string | null }[]
  start(workflow: string, input: unknown): Promise<string>
  /** The approval that a run has open: its step. */
  asks(run: string): string | null
  approve(run: string, name: string, also?: object): Promise<void>
  reject(run: string, name: string, comment: string): Promise<void>
  pass(ms: number): Promise<void>
  result(run: string): unknown
  /** The process dies, and another one takes over. */
  crash(): Promise<Scene>
  close(): Promise<void>
}

export async function openScene(before?: { home: string; folder: string; clock: FakeClock }): Promise<Scene> {
  const home = before?.home ?? mkdtempSync(join(tmpdir(), 'examples-'))
  const folder = join(home, 'workflows')
  mkdirSync(folder, { recursive: true })
  for (const name of exampleFiles) copyFileSync(join(examples, name), join(folder, name))
  const clock = before?.clock ?? new FakeClock()
  const log = { info: () => {}, warn: () => {}, error: () => {} }
  const installed = await openCatalogue({ folder, builtin: builtinWorkflows.values(), storage: fileStorage, clock, log })
  const directory = plainDirectory({ groups })
  const rig = await openRig({ workflows: [], installed, clock, directory, ...(before ? { folder: before.folder } : {}) })
  /** Steps that work with real files take real time. */
  const settled = async (run: string) => {
    await rig.quiet()
    while (rig.live.runs.get(run)?.status === 'running') await new Promise((resolve) => setImmediate(resolve))
    await rig.quiet()
  }
  const decide = async (run: string, name: string, answer: { decision: 'approve' | 'reject'; comment?: string }) => {
    const said = await rig.engine.decide({ approval_id: rig.open(run), ...answer }, person(name))
    if (!said.ok) throw new Error(said.failure.message)
    await settled(run)
  }
  return {
    rig,
    home,
    listed: installed.list(),
    async start(workflow, input) {
      const spec = rig.engine.toStart(workflow, input)
      if (!spec.ok) throw new Error(spec.failure.message)
      const started = await rig.engine.submit(spec.value, { id: 'src_shop' }, { kind: 'source', id: 'src_shop', via: 'http' })
      if (!started.ok) throw new Error(started.failure.message)
      await settled(started.value.run_id)
      return started.value.run_id
    },
    asks: (run) => rig.live.approvals.get(rig.live.runs.get(run)?.open[0] ?? '')?.step ?? null,
    approve: (run, name, also = {}) => decide(run, name, { decision: 'approve', ...also }),
    reject: (run, name, comment) => decide(run, name, { decision: 'reject', comment }),
    async pass(ms) {
      clock.advance(ms)
      await rig.quiet()
    },
    result: (run) => ending(rig, run),
    async crash() {
      installed.stop()
      await rig.crash()
      return openScene({ home, folder: rig.folder, clock })
    },
    async close() {
      installed.stop()
      await rig.crash()
      rmSync(home, { recursive: true })
      rmSync(rig.folder, { recursive: true })
    },
  }
}
