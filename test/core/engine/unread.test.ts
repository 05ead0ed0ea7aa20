import { expect, it } from 'vitest'
import * as z from 'zod'
import { defineWorkflow } from '../../../electron/core/engine/workflow.ts'
import { fileStorage } from '../../../electron/core/journal/file-storage.ts'
import type { ErasableJournal } from '../../../electron/core/journal/port.ts'
import { failNth, recordingStorage, systemError } from '../../support/storage-double.ts'
import { ending, openRig } from './harness.ts'

const ask = { title: 'May I?', approvers: ['boss@example.com'], consequence: 'It happens.', data: {} }

const sleeper = defineWorkflow({
  name: 'sleeper',
  input: z.object({}),
  async run(wf) {
    await wf.sleep('nap', '1h')
    return 'awake'
  },
})
const asker = defineWorkflow({ name: 'asker', input: z.object({}), run: async (wf) => (await wf.approval('a', ask)).outcome })

async function scene() {
  const double = recordingStorage(fileStorage)
  const rig = await openRig({ workflows: [sleeper, asker], storage: double.storage })
  /** From then on what came before is read through a file that is opened for it. */
  const closeSegment = async () => {
    ;(rig.journal as ErasableJournal).startSegment()
    await rig.begin('asker')
  }
  return { double, rig, closeSegment }
}

it('a run whose records cannot be read for a moment, as too many files are open, goes on a moment later', async () => {
  const { double, rig, closeSegment } = await scene()
  const run = await rig.begin('sleeper')
  await closeSegment()
  failNth(double, 1, { error: systemError('EMFILE') })
  rig.clock.advance(3_600_000)
  await rig.quiet()
  rig.clock.advance(1000)
  await rig.quiet()
  expect(ending(rig, run)).toBe('awake')
})

it('a run whose records the disk does not give needs a person', async () => {
  const { double, rig, closeSegment } = await scene()
  const run = await rig.begin('sleeper')
  await closeSegment()
  failNth(double, 1, { error: systemError('EIO') })
  rig.clock.advance(3_600_000)
  await rig.quiet()
  expect(ending(rig, run)).toMatchObject({ type: 'run_needs_review' })
})
