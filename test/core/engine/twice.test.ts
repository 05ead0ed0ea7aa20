import { describe, expect, it } from 'vitest'
import * as z from 'zod'
import { defineWorkflow, type Workflow } from '../../../electron/core/engine/workflow.ts'
import { fileStorage } from '../../../electron/core/journal/file-storage.ts'
import { recordingStorage, systemError } from '../../support/storage-double.ts'
import { boss, openRig, type Rig, type RigOptions, story } from './harness.ts'
import { mail, person } from './people.ts'

const ask = { title: 'May I?', approvers: ['boss@example.com'], consequence: 'It happens.', data: {} }
const asking = (options: object = {}) =>
  defineWorkflow({ name: 'one', input: z.object({}), run: (wf) => wf.approval('a', { ...ask, ...options }) })

/** Asks only after its own code has taken as long as it takes until then. */
const slow = (until: Promise<void>) =>
  defineWorkflow({
    name: 'one',
    input: z.object({}),
    async run(wf) {
      await until
      return wf.approval('a', ask)
    },
  })

/** A disk that becomes full while something is written. */
async function openOnDisk(workflow: Workflow, options: Partial<RigOptions> = {}) {
  const double = recordingStorage(fileStorage)
  const rig = await openRig({ workflows: [workflow], storage: double.storage, ...options })
  const fill = () => {
    double.fault = ({ op }) => (op === 'append' ? { error: systemError('ENOSPC') } : undefined)
  }
  return { rig, fill }
}

const submit = (rig: Rig) =>
  rig.engine.submit(
    { workflow: 'one', type: 'one', title: 'one', input: {}, answer: (task_id) => ({ task_id }) },
    { id: 'src' },
    { kind: 'source', id: 'src', via: 'http' },
  )

const full = { ok: false, failure: { code: 'disk-full' } }

describe('what the disk does not take', () => {
  it('is no accepted request, however long its workflow takes to ask', async () => {
    const { promise, resolve } = Promise.withResolvers<void>()
    const { rig, fill } = await openOnDisk(slow(promise))
    rig.journal.onTakenBack(() => setImmediate(resolve))
    fill()
    expect(await submit(rig)).toMatchObject(full)
    expect(rig.live.runs.size).toBe(0)
  })

  it('is no recorded answer for whoever gives it twice, held', async () => {
    const { rig, fill } = await openOnDisk(asking())
    const approval_id = rig.open(await rig.begin('one'))
    fill()
    const decide = () => rig.engine.decide({ approval_id, decision: 'approve', hold: true }, boss)
    expect(await Promise.all([decide(), decide()])).toMatchObject([full, full])
  })

  it('is no recorded vote for whoever gives it twice', async () => {
    const { rig, fill } = await openOnDisk(asking({ approvers: mail('ana', 'ben'), votes: 2 }))
    const approval_id = rig.open(await rig.begin('one'))
    fill()
    const decide = () => rig.engine.decide({ approval_id, decision: 'approve' }, person('ana'))
    expect(await Promise.all([decide(), decide()])).toMatchObject([full, full])
  })

  it('cancels nothing for whoever cancels twice', async () => {
    const cleaning = defineWorkflow({
      name: 'one',
      input: z.object({}),
      async run(wf) {
        wf.onCancel('tidy', () => {})
        return wf.approval('a', ask)
      },
    })
    const { rig, fill } = await openOnDisk(cleaning)
    const run = await rig.begin('one')
    fill()
    const cancel = () => rig.engine.cancel(run, null, boss)
    expect(await Promise.all([cancel(), cancel()])).toMatchObject([full, full])
    expect(story(rig, run)).not.toContain('run_cancelling')
  })
})
