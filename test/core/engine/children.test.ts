import { describe, expect, it } from 'vitest'
import * as z from 'zod'
import type { Outcome } from '../../../electron/core/channels/port.ts'
import { defineWorkflow } from '../../../electron/core/engine/workflow.ts'
import { boss, ending, openRig, type Rig, source, story } from './harness.ts'

/** A parent that waits for a child, which asks. */
const parent = defineWorkflow({
  name: 'parent',
  input: z.object({ amount: z.number() }),
  async run(wf, { amount }) {
    const paid = await wf.child<{ paid: number }>('payment', 'child', { amount }, { title: `Pay ${amount}` })
    return { child: paid, after: await wf.step('after', () => 'done') }
  },
})

const child = defineWorkflow({
  name: 'child',
  input: z.object({ amount: z.number().positive(), currency: z.string().default('EUR') }),
  async run(wf, { amount, currency }) {
    const answer = await wf.approval('cfo', { title: `Pay ${amount} ${currency}`, approvers: ['boss@example.com'] })
    if (answer.outcome !== 'approved') throw new Error('not approved')
    return { paid: amount, currency }
  },
})

const childOf = (rig: Rig, runId: string): string => {
  const started = rig.records.find((record) => record.type === 'child_started' && record.run_id === runId)
  if (started?.type !== 'child_started') throw new Error('it has no child')
  return started.data.child_id
}

const approve = async (rig: Rig, runId: string) => {
  expect(await rig.engine.decide({ approval_id: rig.open(runId), decision: 'approve' }, boss)).toMatchObject({ ok: true })
  await rig.quiet()
}

describe('a child', () => {
  it('belongs to the parent’s source, ends in the same commit as its parent’s wait, and tells nobody else', async () => {
    const told: Outcome[] = []
    const rig = await openRig({ workflows: [parent, child], told })
    const run = await rig.begin('parent', { amount: 5 })
    const id = childOf(rig, run)
    expect(rig.live.runs.get(id)).toMatchObject({ source: 'src_shop', source_name: 'src_shop', ties: { parent: { run_id: run } } })
    expect(rig.live.runs.get(run)).toMatchObject({ status: 'waiting', current: 'payment', ties: { children: [id] } })
    await approve(rig, id)
    const result = { run_id: id, status: 'completed', result: { paid: 5, currency: 'EUR' }, error: null }
    expect(ending(rig, run)).toEqual({ child: result, after: 'done' })
    const end = rig.records.findIndex((record) => record.type === 'child_ended')
    expect(rig.records[end + 1]).toMatchObject({ type: 'run_completed', run_id: id })
    expect(told.map(({ task_id }) => task_id)).toEqual([run])
    await rig.crash()
  })

  it('that needs review keeps its parent waiting, and lets it go on after a retry', async () => {
    let broken = true
    const fragile = defineWorkflow({
      name: 'child',
      input: z.object({ amount: z.number() }),
      run: (wf) =>
        wf.step('pay', () => {
          if (broken) throw new Error('the bank is closed')
          return 'paid'
        }),
    })
    const rig = await openRig({ workflows: [parent, fragile] })
    const run = await rig.begin('parent', { amount: 5 })
    expect(rig.live.runs.get(run)?.status).toBe('waiting')
    broken = false
    await rig.engine.retry(childOf(rig, run), boss)
    await rig.quiet()
    expect(ending(rig, run)).toMatchObject({ child: { status: 'completed', result: 'paid' } })
    await rig.crash()
  })

  it('that was cancelled by itself is an answer for its parent', async () => {
    const rig = await openRig({ workflows: [parent, child] })
    const run = await rig.begin('parent', { amount: 5 })
    await rig.engine.cancel(childOf(rig, run), 'Not this one', boss)
    await rig.quiet()
    expect(ending(rig, run)).toMatchObject({ child: { status: 'cancelled', result: null, error: 'Not this one' }, after: 'done' })
    await rig.crash()
  })

  it('is cancelled with its parent, and what it asks is withdrawn', async () => {
    const told: Outcome[] = []
    const rig = await openRig({ workflows: [parent, child], told })
    const run = await rig.begin('parent', { amount: 5 })
    const id = childOf(rig, run)
    await rig.engine.cancel(run, 'Changed my mind', source)
    await rig.quiet()
    expect([story(rig, run).at(-1), story(rig, id).slice(-2)]).toEqual(['run_cancelled', ['approval_decided', 'run_cancelled']])
    expect([rig.live.runs.size, rig.live.approvals.size]).toEqual([0, 0])
    expect(told).toMatchObject([{ task_id: run, status: 'cancelled' }])
    await rig.crash()
  })

  it.each([
    ['nowhere', {}, 'there is no workflow "nowhere"'],
    ['child', { amount: -1 }, '/input/amount'],
  ])('that cannot start sends its parent to review: %s %j', async (name, input, message) => {
    const wrong = defineWorkflow({ name: 'wrong', input: z.unknown(), run: (wf) => wf.child('x', name, input) })
    const rig = await openRig({ workflows: [wrong, child] })
    const run = await rig.begin('wrong')
    expect(ending(rig, run)).toMatchObject({ type: 'run_needs_review', error: expect.stringContaining(message) })
    await rig.crash()
  })

  it('is waited for over a crash, whether it ended before or after', async () => {
    const before = await openRig({ workflows: [parent, child] })
    const [one, two] = [await before.begin('parent', { amount: 1 }), await before.begin('parent', { amount: 2 })]
    await before.crash()
    const during = await openRig({ workflows: [parent, child], folder: before.folder, clock: before.clock })
    await approve(during, childOf(during, one))
    void during.engine.decide({ approval_id: during.open(childOf(during, two)), decision: 'approve' }, boss)
    await during.crash()
    const after = await openRig({ workflows: [parent, child], folder: before.folder, clock: before.clock })
    expect([ending(after, one), ending(after, two)]).toMatchObject([{ after: 'done' }, { child: { result: { paid: 2 } } }])
    await after.crash()
  })

  it('of which the disk got only the intention is started then', async () => {
    const rig = await openRig({ workflows: [parent, child] })
    const run = 'run_1'
    const by = { actor: { kind: 'source', id: 'src_shop', name: 'Shop', via: 'http' }, run_id: run } as const
    const input = { amount: 7 }
    await rig.commit(
      {
        type: 'run_started',
        ...by,
        data: { workflow: 'parent', workflow_version: 1, type: 'parent', source: 'src_shop' },
        content: { title: 'Cut', input, answer: null },
      },
      { type: 'child_started', ...by, data: { step: 'payment', child_id: 'run_2', workflow: 'child' }, content: null },
    ).durable
    await rig.crash()
    const after = await openRig({ workflows: [parent, child], folder: rig.folder, clock: rig.clock })
    await approve(after, 'run_2')
    expect(ending(after, run)).toMatchObject({ child: { run_id: 'run_2', result: { paid: 7 } } })
    await after.crash()
  })

  it('may have children itself, three deep', async () => {
    const nest = defineWorkflow({
      name: 'nest',
      input: z.object({ depth: z.number() }),
      async run(wf, { depth }): Promise<unknown> {
        if (depth === 0) return 'bottom'
        return (await wf.child('below', 'nest', { depth: depth - 1 })).result
      },
    })
    const rig = await openRig({ workflows: [nest] })
    expect(ending(rig, await rig.begin('nest', { depth: 3 }))).toBe('bottom')
    expect(rig.live.runs.size).toBe(0)
    await rig.crash()
  })
})
