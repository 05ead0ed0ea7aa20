import { expect, test } from 'vitest'
import type { Checkpoints } from '../../../electron/core/journal/checkpoints.ts'
import { fileStorage } from '../../../electron/core/journal/file-storage.ts'
import { recordingStorage } from '../../support/storage-double.ts'
import { linesOf, open, segment, stepEvent, tempFolder } from './scene.ts'

test('a journal that is being closed refuses what it could not write any more', async () => {
  const folder = tempFolder()
  const [begun, goOn] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()]
  const checkpoints: Checkpoints = {
    known: [],
    problem: null,
    record() {
      begun.resolve()
      return goOn.promise
    },
  }
  const double = recordingStorage(fileStorage)
  const { journal } = await open(folder, { checkpoints, storage: double.storage })
  const closed = journal.close()
  await begun.promise
  expect(() => journal.append(stepEvent(1))).toThrow('closed')
  goOn.resolve()
  await closed
  await new Promise((resolve) => setTimeout(resolve, 20))
  expect([linesOf(segment(folder, 1)), double.log.at(-1)?.op]).toEqual([[], 'close'])
})
