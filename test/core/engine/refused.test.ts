import { describe, expect, it } from 'vitest'
import * as z from 'zod'
import { defineWorkflow } from '../../../electron/core/engine/workflow.ts'
import { fileStorage } from '../../../electron/core/journal/file-storage.ts'
import { recordingStorage, systemError } from '../../support/storage-double.ts'
import { boss, ending, openRig, type Rig, type RigOptions, story, verdict } from './harness.ts'

const ask = { title: 'May I?', approvers: ['boss@example.com'], consequence: 'It happens.', data: {} }

const once = defineWorkflow({
  name: 'once',
  input: z.object({}),
  async run(wf) {
    const answer = await wf.approval('a', { ...ask, timeout: '1h' })
    return wf.step('after', () => answer.outcome)
  },
})

/** A disk that can be full. */
async function openOnDisk(options: Pick<RigOptions, 'graceMs'> = {}): Promise<{ rig: Rig; full: (is: boolean) => void }> {
  const double = recordingStorage(fileStorage)
  const rig = await openRig({ workflows: [once], storage: double.storage, ...options })
  const full = (is: boolean) => {
    double.fault = (operation) => (is && operation.op === 'append' ? { error: systemError('ENOSPC') } : undefined)
  }
  return { rig, full }
}

const submit = (rig: Rig) =>
  rig.engine.submit(
    { workflow: 'once', type: 'once', title: 'once', input: {}, answer: (task_id) => ({ task_id }) },
    { id: 'src' },
    { kind: 'source', id: 'src', via: 'http' },
    { key: 'k', sha256: 'aa' },
  )

describe('on a full disk', () => {
  it('a request is refused with the reason, leaves nothing behind, and is taken once there is space', async () => {
    const { rig, full } = await openOnDisk()
    full(true)
    expect(await submit(rig)).toMatchObject({ ok: false, failure: { code: 'disk-full' } })
    expect([rig.live.runs.size, rig.live.approvals.size, rig.live.keys.size, rig.records.length]).toEqual([0, 0, 0, 0])
    full(false)
    const taken = await submit(rig)
    expect(taken).toMatchObject({ ok: true, value: { repeated: false } })
    await rig.quiet()
    expect(story(rig, taken.ok ? taken.value.run_id : '')).toEqual(['run_started', 'approval_requested'])
  })

  it('what was slept through can still be answered once there is space', async () => {
    const { rig, full } = await openOnDisk({ graceMs: 600_000 })
    const run = await rig.begin('once')
    const approval_id = rig.open(run)
    full(true)
    rig.clock.sleep(8 * 3_600_000)
    await rig.quiet()
    full(false)
    rig.clock.advance(2000)
    await rig.quiet()
    expect(story(rig, run)).toEqual(['run_started', 'approval_requested', 'approval_lapsed'])
    expect(verdict(await rig.engine.decide({ approval_id, decision: 'approve' }, boss))).toBe('approved, approved')
  })

  it('a decision is refused and its approval stays open, its deadline included', async () => {
    const { rig, full } = await openOnDisk()
    const run = await rig.begin('once')
    const approval_id = rig.open(run)
    full(true)
    expect(await rig.engine.decide({ approval_id, decision: 'approve' }, boss)).toMatchObject({
      ok: false,
      failure: { code: 'disk-full' },
    })
    expect(rig.live.runs.get(run)?.status).toBe('waiting')
    expect(rig.live.approvals.get(approval_id)).toBeDefined()
    full(false)
    rig.clock.advance(3_600_000)
    await rig.quiet()
    expect(ending(rig, run)).toBe('expired')
  })

  it('a deadline that could not be recorded is handled once there is space', async () => {
    const { rig, full } = await openOnDisk()
    const run = await rig.begin('once')
    full(true)
    rig.clock.advance(3_600_000)
    await rig.quiet()
    expect(rig.live.runs.get(run)?.status).toBe('waiting')
    full(false)
    rig.clock.advance(1000)
    await rig.quiet()
    expect(ending(rig, run)).toBe('expired')
  })

  it('no step runs on a decision that is not on disk', async () => {
    const ran: string[] = []
    const double = recordingStorage(fileStorage)
    const workflow = defineWorkflow({
      name: 'pay',
      input: z.object({}),
      async run(wf) {
        await wf.approval('a', ask)
        return wf.step('pay', () => void ran.push('paid'))
      },
    })
    const rig = await openRig({ workflows: [workflow], storage: double.storage })
    const run = await rig.begin('pay')
    const gate = double.holdSyncs()
    const deciding = rig.engine.decide({ approval_id: rig.open(run), decision: 'approve' }, boss)
    while (gate.held() === 0) await new Promise((resolve) => setImmediate(resolve))
    expect(ran).toEqual([])
    gate.release()
    expect(verdict(await deciding)).toBe('approved, approved')
    await rig.quiet()
    expect(ran).toEqual(['paid'])
  })
})
