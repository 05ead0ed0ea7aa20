import { ORPCError } from '@orpc/server'
import { afterEach, expect, it } from 'vitest'
import { fileStorage } from '../../../electron/core/journal/file-storage.ts'
import { recordingStorage, systemError } from '../../support/storage-double.ts'
import { askAndDecide, openScene, type Scene } from './scene.ts'

let scene: Scene
afterEach(() => scene?.remove())

const double = recordingStorage(fileStorage)
const fill = () => {
  double.fault = ({ op, path }) => (op === 'append' && path.includes('journal') ? { error: systemError('ENOSPC') } : undefined)
}
/** As a client is told it. */
const codeOf = (call: Promise<unknown>) =>
  call.then(JSON.stringify, (error) => (error instanceof ORPCError ? error.code : String(error)))

it('what the disk does not take is erased for nobody, not for whoever asks a second time either', async () => {
  double.fault = () => undefined
  scene = await openScene('', { storage: double.storage })
  const { task_id } = await askAndDecide(scene)
  fill()
  const erase = () => codeOf(scene.owner.erasure.erase({ run_id: task_id, reason: 'They asked for it' }))
  expect(await Promise.all([erase(), erase()])).toEqual(['disk-full', 'disk-full'])
  double.fault = () => undefined
})
