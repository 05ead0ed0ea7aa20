import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { systemClock } from '../../../electron/core/clock.ts'
import { openProjection } from '../../../electron/core/projection/open.ts'
import { type JournalFiles, journalFiles, runStarted } from './journal-files.ts'

let journal: JournalFiles
beforeEach(() => {
  journal = journalFiles()
})
afterEach(() => journal.remove())

test('nobody waits for ever for a thread that is not there any more to take something out of the file', async () => {
  journal.write(runStarted('run_1'))
  const file = join(journal.home, 'inbox.db')
  const projection = await openProjection({ file, journalFolder: journal.folder, durable: journal.durable, clock: systemClock })
  await projection.caughtUp(journal.durable.seq)
  writeFileSync(join(journal.folder, '00000001.jsonl'), 'this is not a record\n', { flag: 'a' })
  projection.follow({ seq: journal.durable.seq + 1, end: journal.durable.end + 21 })
  await expect(projection.caughtUp(journal.durable.seq + 1)).rejects.toThrow('cannot be computed')
  await expect(projection.purge(['run_1'])).rejects.toThrow('is not valid JSON')
  await projection.close()
})
