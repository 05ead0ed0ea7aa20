import fs from 'node:fs'
import path from 'node:path'
import { describe, expect, test } from 'vitest'
import { replaceFile } from '../../../electron/core/journal/atomic-file.ts'
import { fileStorage } from '../../../electron/core/journal/file-storage.ts'
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
