import { ORPCError } from '@orpc/server'
import { afterEach, expect, it } from 'vitest'
import { fileStorage } from '../../electron/core/journal/file-storage.ts'
import { recordingStorage, systemError } from '../support/storage-double.ts'
import { ask, openScene, type Scene } from './erasure/scene.ts'

let scene: Scene
afterEach(() => scene?.remove())

const double = recordingStorage(fileStorage)
const fill = () => {
  double.fault = ({ op, path }) => (op === 'append' && path.includes('journal') ? { error: systemError('ENOSPC') } : undefined)
}
/** As a client is told it. */
const codeOf = (call: Promise<unknown>) =>
  call.then(JSON.stringify, (error) => (error instanceof ORPCError ? error.code : String(error)))

it('a decision that the disk does not take is refused with the reason, the second time as well', async () => {
  double.fault = () => undefined
  scene = await openScene('', { storage: double.storage })
  const { approval_id } = await ask(scene)
  fill()
  const decide = () => codeOf(scene.owner.approvals.decide({ approval_id, decision: 'approve' }))
  expect(await Promise.all([decide(), decide()])).toEqual(['disk-full', 'disk-full'])
  double.fault = () => undefined
})
