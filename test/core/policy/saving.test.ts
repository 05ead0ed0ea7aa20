import { readFileSync, writeFileSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { expect, it, onTestFinished } from 'vitest'
import { fileStorage } from '../../../electron/core/journal/file-storage.ts'
import { ana, openScene } from './scene.ts'

const mine = 'self_approval: sole_operator\n'
const byHand = 'grace_minutes: 5\n'

it('does not overwrite what is edited by hand while the new text is looked at', async () => {
  let edit = () => {}
  const storage = {
    ...fileStorage,
    async readFile(path: string) {
      const text = await fileStorage.readFile(path)
      edit()
      return text
    },
  }
  const { book, file, folder } = await openScene('{}\n', { storage })
  onTestFinished(() => rm(folder, { recursive: true, force: true }))
  edit = () => {
    edit = () => {}
    // A moment later, and sooner than the text can have been looked at.
    setImmediate(() => writeFileSync(file, byHand))
  }
  expect(await book.save(mine, book.version, ana)).toMatchObject({ ok: false, failure: { code: 'stale-version' } })
  expect(readFileSync(file, 'utf8')).toBe(byHand)
})
