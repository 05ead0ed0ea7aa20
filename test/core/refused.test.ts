import { ORPCError } from '@orpc/server'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { fileStorage } from '../../electron/core/journal/file-storage.ts'
import { recordingStorage, systemError } from '../support/storage-double.ts'
import { ask, askAndDecide, openScene, type Scene } from './erasure/scene.ts'

let scene: Scene
const double = recordingStorage(fileStorage)
const fill = () => {
  double.fault = ({ op, path }) => (op === 'append' && path.includes('journal') ? { error: systemError('ENOSPC') } : undefined)
}
const free = () => {
  double.fault = () => undefined
}
beforeEach(async () => {
  free()
  scene = await openScene('', { storage: double.storage })
})
afterEach(async () => {
  free()
  await scene.remove()
})

/** As a client is told it. */
const codeOf = (call: Promise<unknown>) =>
  call.then(JSON.stringify, (error) => (error instanceof ORPCError ? error.code : String(error)))

it('a decision that the disk does not take is refused with the reason, the second time as well', async () => {
  const { approval_id } = await ask(scene)
  fill()
  const decide = () => codeOf(scene.owner.approvals.decide({ approval_id, decision: 'approve' }))
  expect(await Promise.all([decide(), decide()])).toEqual(['disk-full', 'disk-full'])
})

it('what the disk does not take is erased for nobody, not for whoever asks a second time either', async () => {
  const { task_id } = await askAndDecide(scene)
  fill()
  const erase = () => codeOf(scene.owner.erasure.erase({ run_id: task_id, reason: 'They asked for it' }))
  expect(await Promise.all([erase(), erase()])).toEqual(['disk-full', 'disk-full'])
})
