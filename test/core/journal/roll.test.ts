import { expect, test } from 'vitest'
import { fileStorage } from '../../../electron/core/journal/file-storage.ts'
import type { Storage } from '../../../electron/core/journal/port.ts'
import { open, stepEvent, tempFolder } from './scene.ts'

/** A disk on which a file stays unusable for a while after it was closed. */
const slowToClose: Storage = {
  ...fileStorage,
  async open(path) {
    const file = await fileStorage.open(path)
    return {
      ...file,
      async close() {
        await file.close()
        for (let turn = 0; turn < 5; turn++) await new Promise((resolve) => setImmediate(resolve))
      },
    }
  },
}

test('records can be read back at every moment of a roll to the next segment', async () => {
  const { journal } = await open(tempFolder(), { storage: slowToClose, segmentBytes: 1500 })
  const appended = []
  for (let n = 1; n <= 40; n++) {
    appended.push(journal.append(stepEvent(n)))
    let written = false
    journal.synced(journal.head.seq).then(() => {
      written = true
    })
    while (!written) {
      for (const { record, position } of appended) expect(journal.read(position)).toEqual(record)
      await new Promise((resolve) => setImmediate(resolve))
    }
  }
  await journal.close()
})
