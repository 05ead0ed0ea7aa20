import { describe, expect, it } from 'vitest'
import * as z from 'zod'
import type { Outcome } from '../../../electron/core/channels/port.ts'
import { defineWorkflow, type StepOptions } from '../../../electron/core/engine/workflow.ts'
import { boss, ending, openRig, type Rig, source, story } from './harness.ts'

/** A journey: booked piece by piece, each with what takes it back. */
function journey(options: StepOptions = {}) {
  const log: string[] = []
  const faults = new Set<string>()
  const note = (what: string) => () => {
    if (faults.has(what)) throw new Error(`${what} is not possible`)
    log.push(what)
  }
  const workflow = defineWorkflow({
    name: 'journey',
    input: z.unknown(),
    async run(wf) {
      wf.onCancel('unbook-flight', note('unbook flight'), options)
      await wf.step('book-flight', note('book flight'))
      wf.onCancel('unbook-hotel', note('unbook hotel'), options)
      await wf.step('book-hotel', note('book hotel'))
      const answer = await wf.approval('boss', { title: 'Go?', approvers: ['boss@example.com'] })
      log.push(`answered ${answer.outcome}`)
      wf.onCancel('unbook-car', note('unbook car'), options)
      await wf.step('book-car', note('book car'))
      return 'booked'
    },
  })
  return { log, faults, workflow }
}

const cancel = async (rig: Rig, run: string) => {
  expect(await rig.engine.cancel(run, 'Ill', source)).toEqual({ ok: true, value: null })
  await rig.quiet()
}

describe('cancelling', () => {
  it('runs what was registered so far, the newest first, and nothing of the story', async () => {
    const told: Outcome[] = []
    const { log, workflow } = journey()
    const rig = await openRig({ workflows: [workflow], told })
    const run = await rig.begin('journey')
    log.length = 0
    await cancel(rig, run)
    expect(log).toEqual(['unbook hotel', 'unbook flight'])
    expect(story(rig, run).slice(-5)).toEqual([
      'run_cancelling',
      'approval_decided',
      'step_completed',
      'step_completed',
      'run_cancelled',
    ])
    expect(rig.records.at(-1)).toMatchObject({ actor: { kind: 'source', id: 'src_shop' }, content: { reason: 'Ill' } })
    expect(told).toMatchObject([{ task_id: run, status: 'cancelled', error: 'Ill' }])
    expect(rig.live.approvals.size).toBe(0)
    await rig.crash()
  })

  it('runs nothing after the run has gone on to its end', async () => {
    const { log, workflow } = journey()
    const rig = await openRig({ workflows: [workflow] })
    const run = await rig.begin('journey')
    await rig.engine.decide({ approval_id: rig.open(run), decision: 'approve' }, boss)
    await rig.quiet()
    expect([log.at(-1), ending(rig, run)]).toEqual(['book car', 'booked'])
    expect(await rig.engine.cancel(run, null, source)).toMatchObject({ ok: false, failure: { code: 'already-ended' } })
    await rig.crash()
  })

  it('is immediate where there is nothing to clean up', async () => {
    const plain = defineWorkflow({ name: 'plain', input: z.unknown(), run: (wf) => wf.sleep('nap', '1h') })
    const rig = await openRig({ workflows: [plain] })
    const run = await rig.begin('plain')
    await cancel(rig, run)
    expect(story(rig, run)).toEqual(['run_started', 'timer_set', 'run_cancelled'])
    await rig.crash()
  })

  it('retries a clean-up like any step, goes to review when it fails for good, and goes on from there', async () => {
    const { log, faults, workflow } = journey({ retry: { attempts: 2, backoff: '1m' } })
    const rig = await openRig({ workflows: [workflow] })
    const run = await rig.begin('journey')
    log.length = 0
    faults.add('unbook flight')
    await cancel(rig, run)
    expect([log, rig.live.runs.get(run)?.status]).toEqual([['unbook hotel'], 'running'])
    await rig.crash()

    const after = await openRig({ workflows: [workflow], folder: rig.folder, clock: rig.clock })
    after.clock.advance(60_000)
    await after.quiet()
    expect(ending(after, run)).toEqual({ type: 'run_needs_review', error: expect.stringContaining('unbook flight') })
    faults.clear()
    await after.engine.retry(run, boss)
    await after.quiet()
    expect([log, ending(after, run)]).toEqual([['unbook hotel', 'unbook flight'], { type: 'run_cancelled', reason: 'Ill' }])
    await after.crash()
  })

  it('once more gives up a clean-up that failed for good', async () => {
    const { faults, workflow } = journey()
    const rig = await openRig({ workflows: [workflow] })
    const run = await rig.begin('journey')
    faults.add('unbook hotel')
    await cancel(rig, run)
    expect(rig.live.runs.get(run)?.status).toBe('needs_review')
    await cancel(rig, run)
    expect(ending(rig, run)).toMatchObject({ type: 'run_cancelled' })
    await rig.crash()
  })

  it('aborts the step at work and waits for it to let go before it cleans up', async () => {
    const log: string[] = []
    const slow = defineWorkflow({
      name: 'slow',
      input: z.unknown(),
      async run(wf) {
        wf.onCancel('undo', () => void log.push('undo'))
        await wf.step('long', ({ signal }) => {
          log.push('begin')
          return new Promise((resolve) => {
            signal.addEventListener('abort', () => {
              log.push('let go')
              resolve(null)
            })
          })
        })
        log.push('never')
      },
    })
    const rig = await openRig({ workflows: [slow] })
    const run = await rig.begin('slow')
    await cancel(rig, run)
    expect([log, ending(rig, run)]).toEqual([['begin', 'let go', 'undo'], { type: 'run_cancelled', reason: 'Ill' }])
    await rig.crash()
  })

  it('finishes after a crash in the middle, each clean-up once', async () => {
    const { log, workflow } = journey()
    const rig = await openRig({ workflows: [workflow] })
    const run = await rig.begin('journey')
    log.length = 0
    void rig.engine.cancel(run, 'Ill', source)
    await rig.journal.synced(rig.journal.head.seq)
    await rig.crash()
    const after = await openRig({ workflows: [workflow], folder: rig.folder, clock: rig.clock })
    expect([log, ending(after, run)]).toEqual([['unbook hotel', 'unbook flight'], { type: 'run_cancelled', reason: 'Ill' }])
    await after.crash()
  })

  it('reaches a child’s clean-ups too', async () => {
    const { log, workflow } = journey()
    const parent = defineWorkflow({ name: 'parent', input: z.unknown(), run: (wf) => wf.child('trip', 'journey', {}) })
    const rig = await openRig({ workflows: [parent, workflow] })
    const run = await rig.begin('parent')
    log.length = 0
    await cancel(rig, run)
    expect([log, rig.live.runs.size]).toEqual([['unbook hotel', 'unbook flight'], 0])
    await rig.crash()
  })
})
