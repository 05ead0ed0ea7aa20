import { randomUUID } from 'node:crypto'
import { appendFileSync } from 'node:fs'
import * as z from 'zod'
import { createApp } from '../../electron/core/app.ts'
import { defineWorkflow } from '../../electron/core/engine/workflow.ts'
import { fileStorage } from '../../electron/core/journal/file-storage.ts'
import type { Storage, StorageFile } from '../../electron/core/journal/port.ts'
import { silentLog, sourceCaller } from '../support/app.ts'

/*
 * One life of a process that is killed between decision, step and completion: `steps.ts <home> <effects> <n> <before|after>`. It first
 * lets everything end that an earlier life left behind, then takes one run up to its decision, and dies at the n-th call of the
 * storage from there on.
 */
const [home, effects, at, side] = process.argv.slice(2) as [string, string, string, 'before' | 'after']

let armed = false
let calls = 0
const die = () => process.kill(process.pid, 'SIGKILL')
/** Lets a call through, and ends the process just before it or just after. */
async function pass<T>(call: () => Promise<T>): Promise<T> {
  if (!armed || ++calls !== Number(at)) return call()
  if (side === 'before') die()
  const result = await call()
  die()
  return result
}

const wrap = (file: StorageFile): StorageFile => ({
  append: (bytes) => pass(() => file.append(bytes)),
  sync: () => pass(() => file.sync()),
  truncate: (size) => file.truncate(size),
  size: () => file.size(),
  readAt: (into, position) => file.readAt(into, position),
  close: () => file.close(),
})
const storage: Storage = { ...fileStorage, open: async (path) => wrap(await fileStorage.open(path)) }

/** What a step does to the world: a line in a file, and a number that no other attempt has. */
function effect(step: string, run: string, key: string): string {
  const mark = randomUUID()
  appendFileSync(effects, `${JSON.stringify({ step, run, key, mark })}\n`)
  return mark
}

const story = defineWorkflow({
  name: 'story',
  input: z.object({}),
  async run(wf) {
    const quote = await wf.step('quote', ({ idempotency_key: key }) => effect('quote', wf.run.id, key))
    const answer = await wf.approval('manager', { title: 'Pay?', approvers: ['owner@example.com'], data: { quote } })
    const pay = await wf.step('pay', ({ idempotency_key: key }) => effect('pay', wf.run.id, key))
    const told = await wf.step('tell', ({ idempotency_key: key }) => effect('tell', wf.run.id, key))
    return { quote, pay, told, outcome: answer.outcome }
  },
})

const app = await createApp({ home, mode: 'headless', owner: 'owner@example.com', log: silentLog, storage, workflows: [story] })
const owner = app.ownerCaller('http')
await app.start()

async function finish(run: string): Promise<void> {
  const [approval_id] = app.engine.find(run)?.open ?? []
  if (approval_id) {
    const said = await app.engine.decide({ approval_id, decision: 'approve' }, owner)
    if (said.ok) console.log(`decided ${run}`)
  }
  if (app.engine.find(run)) await app.engine.wait(run, 10_000)
}

// Whatever was begun is ended first; a run that parked again is decided.
for (const line of process.env.RUNS?.split(',').filter(Boolean) ?? []) await finish(line)

const spec = { workflow: 'story', type: 'story', title: 'Story', input: {}, answer: (task_id: string) => ({ task_id }) }
const started = await app.engine.submit(spec, sourceCaller.source!, { kind: 'source', id: 'src_test', via: 'http' })
if (!started.ok) throw new Error(started.failure.message)
console.log(`begun ${started.value.run_id}`)
for (let turn = 0; turn < 100 && !app.engine.find(started.value.run_id)?.open.length; turn++) {
  await new Promise((resolve) => setImmediate(resolve))
}
armed = true
await finish(started.value.run_id)
console.log('survived')
die()
