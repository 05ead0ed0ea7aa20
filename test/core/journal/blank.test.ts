import fs from 'node:fs'
import { expect, test } from 'vitest'
import { fileStorage } from '../../../electron/core/journal/file-storage.ts'
import { JournalError, type Position, segmentOf } from '../../../electron/core/journal/port.ts'
import { verifyJournal } from '../../../electron/core/journal/verify.ts'
import type { JournalRecord, NewEvent } from '../../../shared/model/event.ts'
import { failNth, recordingStorage, systemError } from '../../support/storage-double.ts'
import { open, segment, stepEvent, tempFolder, writeSteps } from './scene.ts'

const secret = 'QuixoticPayload'
const small = { segmentBytes: 2000 }
const said = (n: number) => stepEvent(n, `${secret} ${n} – ✓`)

/** Everything in the folder, byte for byte. */
const bytesIn = (folder: string): Buffer =>
  Buffer.concat(fs.readdirSync(folder).map((name) => fs.readFileSync(`${folder}/${name}`)))

const ofRun = (n: number) => (record: JournalRecord) => 'run_id' in record && record.run_id === `run_${n}`

/** Twelve records over several segments; every third says something that is to go. */
async function written(folder: string): Promise<readonly Position[]> {
  const { journal } = await open(folder, small)
  const positions: Position[] = []
  for (let n = 1; n <= 12; n++) {
    const { record, position } = journal.append(n % 3 === 0 ? ({ ...said(n), run_id: 'run_0' } as NewEvent) : stepEvent(n))
    positions.push(position)
    await journal.synced(record.seq)
  }
  await journal.close()
  return positions
}

const closedOf = (positions: readonly Position[], last: number) => positions.map(segmentOf).filter((one) => one < last)

test('what a run said is gone from closed segments, and every hash, length and position stays', async () => {
  const folder = tempFolder()
  const positions = await written(folder)
  const { journal } = await open(folder, small)
  const before = positions.map((position) => journal.read(position))
  const sizes = closedOf(positions, segmentOf(journal.durable.end)).map((one) => fs.statSync(segment(folder, one)).size)
  journal.startSegment()
  await journal.synced(journal.append(stepEvent(13)).record.seq)
  expect(await journal.blank(positions.map(segmentOf), ofRun(0))).toBe(4)
  expect(bytesIn(folder).includes(secret)).toBe(false)
  expect(positions.map((position) => journal.read(position))).toEqual(
    before.map((record, n) => ((n + 1) % 3 === 0 ? { ...record, content: null, erased: true } : record)),
  )
  expect(closedOf(positions, segmentOf(journal.durable.end)).map((one) => fs.statSync(segment(folder, one)).size)).toEqual(
    expect.arrayContaining(sizes),
  )
  await journal.close()
  expect(await verifyJournal(folder)).toMatchObject({ ok: true, records: 13, erased: 4 })
  expect((await open(folder, small)).replayed.map(({ position }) => position).slice(0, 12)).toEqual(positions)
})

test('a record that is written next begins a segment of its own, once', async () => {
  const folder = tempFolder()
  await writeSteps(folder, 2)
  const { journal } = await open(folder)
  journal.startSegment()
  const positions = [3, 4].map((n) => journal.append(stepEvent(n)).position)
  await journal.synced(4)
  expect(positions.map(segmentOf)).toEqual([2, 2])
  await journal.close()
  expect(await verifyJournal(folder)).toMatchObject({ ok: true, records: 4, segments: 2 })
})

test('an empty segment is not followed by another one', async () => {
  const folder = tempFolder()
  const { journal } = await open(folder)
  journal.startSegment()
  expect(segmentOf(journal.append(stepEvent(1)).position)).toBe(1)
  await journal.close()
})

test('blanking again finds nothing left to do and writes nothing', async () => {
  const folder = tempFolder()
  const positions = await written(folder)
  const double = recordingStorage(fileStorage)
  const { journal } = await open(folder, { ...small, storage: double.storage })
  const closed = closedOf(positions, segmentOf(journal.durable.end))
  await journal.blank(closed, ofRun(0))
  const renames = double.count('rename')
  expect(await journal.blank(closed, ofRun(0))).toBe(0)
  expect(double.count('rename')).toBe(renames)
  await journal.close()
})

test('readers are told to let go of the old file before and after it is replaced', async () => {
  const folder = tempFolder()
  const positions = await written(folder)
  const { journal } = await open(folder, small)
  const inodes: number[] = []
  journal.onReplaced(() => inodes.push(fs.statSync(segment(folder, 1)).ino))
  await journal.blank([segmentOf(positions[2]!)], ofRun(0))
  expect(inodes).toHaveLength(2)
  expect(inodes[0]).not.toBe(inodes[1])
  await journal.close()
})

test('the new file is on disk before it takes the name, and the name before it says done', async () => {
  const folder = tempFolder()
  const positions = await written(folder)
  const double = recordingStorage(fileStorage)
  const { journal } = await open(folder, { ...small, storage: double.storage })
  const from = double.log.length
  await journal.blank([segmentOf(positions[2]!)], ofRun(0))
  const order = double.log.slice(from).flatMap(({ op }) => (['append', 'sync', 'rename', 'syncDir'].includes(op) ? op : []))
  expect(order.filter((op, n) => op !== order[n - 1])).toEqual(['append', 'sync', 'rename', 'syncDir'])
  await journal.close()
})

test('a segment that was changed by something else is left as it is', async () => {
  const folder = tempFolder()
  const positions = await written(folder)
  const { journal } = await open(folder, small)
  const file = segment(folder, segmentOf(positions[2]!))
  const bytes = fs.readFileSync(file)
  bytes.write('x', bytes.indexOf('"seq":') + 20)
  fs.writeFileSync(file, bytes)
  await expect(journal.blank([segmentOf(positions[2]!)], ofRun(0))).rejects.toThrow('The journal is damaged')
  expect(fs.readFileSync(file).equals(bytes)).toBe(true)
  await journal.close()
})

test('whichever call to the disk fails, the journal stays whole, and a second attempt finishes', async () => {
  // The calls that one run of it takes.
  const counted = tempFolder()
  const places = await written(counted)
  const double = recordingStorage(fileStorage, { skipSyncs: true })
  const { journal } = await open(counted, { ...small, storage: double.storage })
  const closed = closedOf(places, segmentOf(journal.durable.end))
  const from = double.log.length
  await journal.blank(closed, ofRun(0))
  const calls = double.log.length - from
  await journal.close()
  expect(calls).toBeGreaterThan(15)

  for (let n = 1; n <= calls; n++) {
    const folder = tempFolder()
    await written(folder)
    const failing = recordingStorage(fileStorage, { skipSyncs: true })
    const opened = await open(folder, { ...small, storage: failing.storage })
    // From here on the disk takes nothing more, as after a kill at this call.
    failNth(failing, n, { error: systemError(n % 2 ? 'EIO' : 'ENOSPC') }, { persistent: true })
    const refused = await opened.journal.blank(closed, ofRun(0)).catch((error: unknown) => error)
    expect(refused, `call ${n}`).toBeInstanceOf(Error)
    expect(refused instanceof JournalError && refused.code, `call ${n}`).toBe(n % 2 ? 'io' : 'disk-full')
    failing.fault = () => undefined
    await opened.journal.close()
    expect(await verifyJournal(folder), `call ${n}`).toMatchObject({ ok: true, records: 12, torn: null })
    const again = await open(folder, small)
    expect(again.replayed).toHaveLength(12)
    await again.journal.blank(closed, ofRun(0))
    await again.journal.close()
    expect(await verifyJournal(folder)).toMatchObject({ ok: true, records: 12 })
    for (const one of closed) expect(fs.readFileSync(segment(folder, one)).includes(secret), `call ${n}`).toBe(false)
    expect(fs.readdirSync(folder).filter((name) => name.endsWith('.erasing'))).toEqual([])
  }
})
