import fs from 'node:fs'
import path from 'node:path'
import { describe, expect, test } from 'vitest'
import type { Commit } from '../../../electron/core/commit.ts'
import { fileStorage } from '../../../electron/core/journal/file-storage.ts'
import { createReserve, reserveBytes } from '../../../electron/core/journal/reserve.ts'
import type { NewEvent } from '../../../shared/model/event.ts'
import { silentLog } from '../../support/app.ts'
import { FakeClock } from '../../support/fake-clock.ts'
import { recordingStorage, systemError } from '../../support/storage-double.ts'
import { stepEvent, tempFolder } from './scene.ts'

const submitted = { type: 'run_started', run_id: 'run_1', data: {}, content: null } as unknown as NewEvent
const started = { ...submitted, data: { parent: { run_id: 'run_0', step: 'child' } } } as unknown as NewEvent

/** A reserve on a disk that takes nothing while `full`, unless the reserve's file is gone. */
function scene() {
  const folder = tempFolder()
  const file = path.join(folder, 'reserve')
  const clock = new FakeClock()
  const double = recordingStorage(fileStorage, { skipSyncs: true })
  const disk = { full: false }
  double.fault = ({ op, path: at }) =>
    op === 'append' && disk.full && (at === file || fs.existsSync(file)) ? { error: systemError('ENOSPC') } : undefined
  const reserve = createReserve({ file, storage: double.storage, clock, log: silentLog })
  const size = () => (fs.existsSync(file) ? fs.statSync(file).size : 0)
  const until = async (wanted: () => boolean) => {
    while (!wanted()) await new Promise((resolve) => setImmediate(resolve))
  }
  return { folder, clock, double, disk, reserve, size, until }
}

const taking = (): { commit: Commit; taken: string[] } => {
  const taken: string[] = []
  const commit = (...events: readonly NewEvent[]) => {
    taken.push(...events.map(({ type }) => type))
    return { records: [], durable: Promise.resolve() }
  }
  return { commit, taken }
}

describe('the reserve', () => {
  test('is set aside at the start, and once', async () => {
    const { reserve, double, size, until } = scene()
    reserve.start()
    await until(() => size() === reserveBytes)
    const appends = double.count('append')
    reserve.start()
    await reserve.stop()
    expect([reserve.held, double.count('append'), size()]).toEqual([true, appends, reserveBytes])
  })

  test('gives its space to a write that the disk has no room for, which then succeeds', async () => {
    const { reserve, folder, disk, size, until } = scene()
    reserve.start()
    await until(() => size() === reserveBytes)
    const file = await reserve.storage.open(path.join(folder, 'journal'))
    disk.full = true
    expect(await file.append(Buffer.from('decided\n'))).toBe(8)
    await file.close()
    expect([reserve.held, size()]).toEqual([false, 0])
    await reserve.stop()
  })

  test('gives its space to all who found none at once', async () => {
    const { reserve, folder, disk, size, until } = scene()
    reserve.start()
    await until(() => size() === reserveBytes)
    const files = await Promise.all(['journal', 'checkpoints'].map((name) => reserve.storage.open(path.join(folder, name))))
    disk.full = true
    expect(await Promise.all(files.map((file) => file.append(Buffer.from('decided\n'))))).toEqual([8, 8])
    for (const file of files) await file.close()
    await reserve.stop()
  })

  test('lets requests wait outside while it is used, and lets in what runs need', async () => {
    const { reserve, folder, disk, size, until } = scene()
    const { commit, taken } = taking()
    const admitted = reserve.admitting(commit)
    reserve.start()
    await until(() => size() === reserveBytes)
    admitted(submitted)
    disk.full = true
    await reserve.storage.open(path.join(folder, 'journal')).then(async (file) => {
      await file.append(Buffer.from('x'))
      await file.close()
    })
    expect(() => admitted(submitted)).toThrow('The disk is full')
    admitted(stepEvent(1))
    admitted(started)
    expect(taken).toEqual(['run_started', 'step_completed', 'run_started'])
    await reserve.stop()
  })

  test('is set aside again within a second once there is room', async () => {
    const { reserve, folder, disk, clock, size, until } = scene()
    reserve.start()
    await until(() => size() === reserveBytes)
    disk.full = true
    const file = await reserve.storage.open(path.join(folder, 'journal'))
    await file.append(Buffer.from('x'))
    await clock.advance(1000)
    await until(() => size() === 0)
    expect(reserve.held).toBe(false)
    disk.full = false
    for (let n = 0; n < 3 && !reserve.held; n++) {
      await clock.advance(1000)
      await new Promise((resolve) => setTimeout(resolve, 50))
    }
    expect([reserve.held, size()]).toEqual([true, reserveBytes])
    await file.close()
    await reserve.stop()
  })

  test('makes a full disk no other error where there is none', async () => {
    const { reserve, folder, double } = scene()
    double.fault = ({ op }) => (op === 'append' ? { error: systemError('ENOSPC') } : undefined)
    const file = await reserve.storage.open(path.join(folder, 'journal'))
    await expect(file.append(Buffer.from('x'))).rejects.toMatchObject({ code: 'ENOSPC' })
    await file.close()
    await reserve.stop()
  })
})
