import fs from 'node:fs'
import path from 'node:path'
import { describe, expect, test } from 'vitest'
import { changeFile, replaceFile } from '../../../electron/core/journal/atomic-file.ts'
import { fileStorage } from '../../../electron/core/journal/file-storage.ts'
import type { Storage } from '../../../electron/core/journal/port.ts'
import { failNth, recordingStorage, systemError } from '../../support/storage-double.ts'
import { tempFolder } from './scene.ts'

describe('replacing a file', () => {
  test('syncs the new content before it takes the name, and the name before it says done', async () => {
    const folder = tempFolder()
    const file = path.join(folder, 'config.yaml')
    const double = recordingStorage(fileStorage)
    await replaceFile(double.storage, file, 'first')
    double.fault = ({ op }) => (op === 'append' ? { short: (length) => Math.min(length, 3) } : undefined)
    await replaceFile(double.storage, file, Buffer.from('the second content'))
    expect(fs.readFileSync(file, 'utf8')).toBe('the second content')
    expect(double.log.slice(0, 6).map(({ op }) => op)).toEqual(['open', 'append', 'sync', 'close', 'rename', 'syncDir'])
    expect(fs.readdirSync(folder)).toEqual(['config.yaml'])
  })

  test('leaves the old content whole whichever call fails', async () => {
    const folder = tempFolder()
    const file = path.join(folder, 'config.yaml')
    fs.writeFileSync(file, 'old')
    for (const fault of [{ error: systemError('EIO') }, { error: systemError('ENOSPC') }, { short: () => 0 }]) {
      for (let n = 1; n <= 5; n++) {
        const double = recordingStorage(fileStorage)
        failNth(double, n, fault)
        const outcome = await replaceFile(double.storage, file, 'new').then(
          () => 'done',
          () => 'refused',
        )
        expect([outcome, fs.readFileSync(file, 'utf8')]).toEqual('error' in fault || n === 2 ? ['refused', 'old'] : ['done', 'new'])
        expect(fs.readdirSync(folder)).toEqual(['config.yaml'])
        fs.writeFileSync(file, 'old')
      }
    }
  })
})

describe('changing a file', () => {
  const changed = async (storage: Storage, file: string, confirmed: boolean) =>
    changeFile(storage, file, { before: 'old', after: 'new', confirm: async () => ({ ok: confirmed }) }).then(
      ({ ok }) => (ok ? 'done' : 'not confirmed'),
      (error: Error) => error.name,
    )
  const written = () => {
    const file = path.join(tempFolder(), 'config.yaml')
    fs.writeFileSync(file, 'old')
    return file
  }

  test('leaves the old text where it is refused, also when the new one had its name already', async () => {
    for (let n = 1; n <= 6; n++) {
      const file = written()
      const double = recordingStorage(fileStorage)
      failNth(double, n, { error: systemError('EIO') })
      expect([n, await changed(double.storage, file, true), fs.readFileSync(file, 'utf8')]).toEqual([n, 'Error', 'old'])
    }
    const file = written()
    expect([await changed(fileStorage, file, false), fs.readFileSync(file, 'utf8')]).toEqual(['not confirmed', 'old'])
    expect([await changed(fileStorage, file, true), fs.readFileSync(file, 'utf8')]).toEqual(['done', 'new'])
  })

  test('says so where nobody knows which text is there', async () => {
    const file = written()
    const double = recordingStorage(fileStorage)
    failNth(double, 6, { error: systemError('EIO') }, { persistent: true })
    expect(await changed(double.storage, file, true)).toBe('FileUnsettled')
  })
})
