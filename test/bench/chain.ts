import * as z from 'zod'
import { defineWorkflow, toChainResult } from '../../electron/core/engine/workflow.ts'
import type { Caller } from '../../shared/model/actor.ts'
import { openTestApp, type TestApp } from '../support/app.ts'
import { pool } from './pool.ts'
import type { Figure } from './report.ts'
import { quietHome, sampleRequest } from './runs.ts'

const stages = ['manager', 'finance', 'ceo'] as const
const emailOf = (stage: string): string => `${stage}@example.com`

/** Three people one after the other, each asked once the one before has agreed. */
export const chain = defineWorkflow({
  name: 'bench-chain',
  input: z.object({ title: z.string(), amount: z.number(), data: z.record(z.string(), z.unknown()) }),
  async run(wf, { title, amount, data }) {
    const levels = stages.map((name) => ({ name, approvers: [emailOf(name)], timeout: '48h' }) as const)
    return toChainResult(await wf.approval('chain', { title, amount, currency: 'EUR', data, levels }))
  },
})

const callers = stages.map(
  (name): Caller => ({
    scopes: ['read', 'decide'],
    person: { email: emailOf(name), name },
    source: null,
    credential: `tok_${name}`,
    via: 'http',
  }),
)

const source = { kind: 'source', id: 'src_test', via: 'http' } as const

/** From the submission over three people's answers to the end of the run, each acknowledged when it is on disk. */
export async function runChain({ app: { engine } }: TestApp, n: number): Promise<void> {
  const { title, amount, data } = sampleRequest(n)
  const spec = engine.toStart('bench-chain', { title, amount, data }, title)
  if (!spec.ok) throw new Error(spec.failure.message)
  const started = await engine.submit(spec.value, { id: 'src_test' }, source)
  if (!started.ok) throw new Error(started.failure.message)
  const { run_id } = started.value
  const ended = engine.wait(run_id, 60_000)
  const approval_id = engine.find(run_id)!.open[0]!
  for (const caller of callers) {
    const said = await engine.decide({ approval_id, decision: 'approve' }, caller)
    if (!said.ok) throw new Error(said.failure.message)
  }
  const status = await ended
  if (status?.status !== 'completed') throw new Error(`${run_id} ended as ${status?.status}`)
}

/** Chains of three levels, start to end. */
export async function measureChains(count: number, repeats: number): Promise<Figure[]> {
  return [await measureAt(count, 64, repeats), await measureAt(count, 256, repeats)]
}

async function measureAt(count: number, inFlight: number, repeats: number): Promise<Figure> {
  const readings: number[] = []
  for (let round = 0; round < repeats; round++) {
    const app = await openTestApp({ home: quietHome(), workflows: [chain] })
    // The first calls compile the code; they are not what it does all day.
    await pool(1000, inFlight, (n) => runChain(app, n))
    const startedAt = performance.now()
    await pool(count, inFlight, (n) => runChain(app, n))
    readings.push(count / ((performance.now() - startedAt) / 1000))
    await app.remove()
  }
  return {
    group: 'A chain of three levels, three people, in process by the engine, everything durable',
    name: `start → three approvals → completed, ${inFlight} in flight`,
    key: `chain.${inFlight}`,
    unit: 'chains/s',
    readings,
    aim: 3000,
    better: 'more',
  }
}
