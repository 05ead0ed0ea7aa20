import * as z from 'zod'
import { defineWorkflow } from '../../../electron/core/engine/workflow.ts'
import { openTestApp } from '../../support/app.ts'
import { quietHome } from '../runs.ts'
import { type Input, inputOf, type Open, stepA, stepB, until } from './candidate.ts'

/** The same as the others do: step A, a decision with a timeout, step B. */
const steps = defineWorkflow({
  name: 'bench-steps',
  input: z.custom<Input>((value) => typeof (value as Input)?.id === 'string'),
  async run(wf, input) {
    const a = await wf.step('a', async () => stepA(input))
    const { outcome } = await wf.approval('decision', {
      title: a.title,
      approvers: ['owner@example.com'],
      data: { order: a.id },
      timeout: '24h',
    })
    return await wf.step('b', async () => stepB(a, outcome))
  },
})

const source = { kind: 'source', id: 'src_test', via: 'http' } as const

/** The whole application in process, with its projection behind it. A run that waits has its question on disk. */
export const openCountersign = (async () => {
  const { app, home, owner, remove } = await openTestApp({ home: quietHome(), workflows: [steps] })
  const { engine } = app
  const caller = app.ownerCaller('http')
  const runs = new Map<number, string>()
  return {
    home,
    durability: 'fdatasync before each acknowledgement',
    async start(n) {
      const input = inputOf(n)
      const spec = engine.toStart('bench-steps', input, input.title)
      if (!spec.ok) throw new Error(spec.failure.message)
      const started = await engine.submit(spec.value, { id: 'src_test' }, source)
      if (!started.ok) throw new Error(started.failure.message)
      runs.set(n, started.value.run_id)
    },
    // Lists show what is on disk.
    parked: (count) => until(async () => (await owner.approvals.list({ status: ['pending'], limit: 1 })).total >= count, 5),
    async decide(n) {
      const run = runs.get(n)!
      const ended = engine.wait(run, 600_000)
      const said = await engine.decide({ approval_id: engine.find(run)!.open[0]!, decision: 'approve' }, caller)
      if (!said.ok) throw new Error(said.failure.message)
      const status = await ended
      if (status?.status !== 'completed') throw new Error(`${run} ended as ${status?.status}`)
    },
    completed: async () => {},
    close: remove,
  }
}) satisfies Open
