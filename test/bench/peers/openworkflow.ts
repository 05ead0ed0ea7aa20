import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import Database from 'better-sqlite3'
import { type Input, inputOf, type Open, stepA, stepB, until } from './candidate.ts'

/* What is used of it. It is no dependency, so its own types are not there. */
type Steps = {
  run<T>(config: { readonly name: string }, work: () => T): Promise<T>
  waitForSignal(options: { readonly signal: string; readonly timeout: string }): Promise<{ readonly data: unknown } | null>
}
type Story = (context: { readonly input: Input; readonly step: Steps }) => Promise<unknown>
type Backend = { readonly db: { exec(sql: string): void; prepare(sql: string): { get(): unknown } }; stop(): Promise<void> }
type Client = {
  defineWorkflow(spec: { readonly name: string }, story: Story): { run(input: Input): Promise<unknown> }
  newWorker(options: { readonly concurrency: number }): { start(): Promise<void>; stop(): Promise<void> }
  sendSignal(options: { readonly signal: string; readonly data: unknown }): Promise<{ readonly workflowRunIds: readonly string[] }>
}
type Library = { OpenWorkflow: new (options: { readonly backend: Backend }) => Client }
type Sqlite = { BackendSqlite: { connect(file: string): Backend } }

/** On its own backend, with its own worker in the same process. */
export const openOpenworkflow: Open = async ({ folder, scratch, inFlight }) => {
  const module = (name: string) => import(pathToFileURL(join(scratch, 'node_modules/openworkflow/dist', name)).href)
  const { OpenWorkflow } = (await module('index.js')) as Library
  const { BackendSqlite } = (await module('sqlite.js')) as Sqlite
  const file = join(folder, 'openworkflow.db')
  const backend = BackendSqlite.connect(file)
  backend.db.exec('PRAGMA synchronous = FULL')
  const { synchronous } = backend.db.prepare('PRAGMA synchronous').get() as { synchronous: number }
  const client = new OpenWorkflow({ backend })
  const workflow = client.defineWorkflow({ name: 'bench-steps' }, async ({ input, step }) => {
    const a = await step.run({ name: 'a' }, () => stepA(input))
    const decision = await step.waitForSignal({ signal: `decision:${input.id}`, timeout: '24h' })
    return await step.run({ name: 'b' }, () => stepB(a, decision?.data))
  })
  const worker = client.newWorker({ concurrency: inFlight })
  await worker.start()
  const reader = new Database(file, { readonly: true })
  const waiting = reader
    .prepare<[], number>(`SELECT count(*) FROM step_attempts WHERE kind = 'signal-wait' AND status = 'running'`)
    .pluck()
  const ended = reader.prepare<[], number>(`SELECT count(*) FROM workflow_runs WHERE status = 'completed'`).pluck()
  return {
    durability: `SQLite, synchronous=${synchronous === 2 ? 'FULL' : 'other'}`,
    start: (n) => workflow.run(inputOf(n)),
    parked: (count) => until(() => waiting.get()! >= count, 10),
    async decide(n) {
      const { id } = inputOf(n)
      const { workflowRunIds } = await client.sendSignal({ signal: `decision:${id}`, data: { approved: true } })
      if (workflowRunIds.length !== 1) throw new Error(`${workflowRunIds.length} runs waited for ${id}`)
    },
    completed: (count) => until(() => ended.get()! >= count, 10),
    async close() {
      await worker.stop()
      reader.close()
      await backend.stop()
    },
  }
}
