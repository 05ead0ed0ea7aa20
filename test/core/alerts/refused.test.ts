import { expect, it } from 'vitest'
import { Alerts } from '../../../electron/core/alerts/alerts.ts'
import { fileStorage } from '../../../electron/core/journal/file-storage.ts'
import { ownerEmail } from '../../support/app.ts'
import { FakeClock } from '../../support/fake-clock.ts'
import { recordingStorage, systemError } from '../../support/storage-double.ts'
import { openScene } from './scene.ts'

it('what the disk took is told, although it refused the next one before it was looked at', async () => {
  const double = recordingStorage(fileStorage)
  const scene = await openScene({ storage: double.storage })
  const mine = scene.listen(ownerEmail)
  await mine.ready()
  await scene.ask('First')
  double.fault = ({ op, path }) => (op === 'append' && path.includes('journal') ? { error: systemError('ENOSPC') } : undefined)
  await expect(scene.ask('Second')).rejects.toMatchObject({ code: 'disk-full' })
  double.fault = () => undefined
  await scene.settle()
  expect(mine.said).toEqual(['new: First'])
})

it('what the disk took is told, although it refused the next one before it could be read, and that one is not', async () => {
  const readable = Promise.withResolvers<void>()
  const read: string[] = []
  const clock = new FakeClock()
  const alerts = new Alerts({
    clock,
    live: { approvals: { get: () => ({ approvers: [], due_at: null }), values: () => [] } },
    rules: () => ({ quiet: null }),
    settled: () => readable.promise,
    head: () => 0,
    item(id: string) {
      read.push(id)
      return null
    },
    ranUntil: null,
    log: { error: () => {} },
  } as never)
  alerts.start()
  alerts.opened()
  alerts.setWatched(true)
  const decided = {
    type: 'approval_decided',
    at: new Date(clock.now()).toISOString(),
    actor: { id: 'ana' },
    data: { decision: 'approved' },
  }
  for (const seq of [1, 2]) alerts.apply({ ...decided, seq, approval_id: `apr_${seq}`, run_id: `run_${seq}` } as never)
  alerts.takenBack(2)
  readable.resolve()
  await new Promise((resolve) => setTimeout(resolve, 20))
  expect([...new Set(read)]).toEqual(['apr_1'])
  alerts.stop()
})
