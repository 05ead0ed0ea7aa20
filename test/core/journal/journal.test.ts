import fs from 'node:fs'
import path from 'node:path'
import { describe, expect, test } from 'vitest'
import { fileStorage } from '../../../electron/core/journal/file-storage.ts'
import { JournalError, offsetOf, segmentOf } from '../../../electron/core/journal/port.ts'
import { verifyJournal } from '../../../electron/core/journal/verify.ts'
import type { NewEvent } from '../../../shared/model/event.ts'
import { failNth, recordingStorage, systemError } from '../../support/storage-double.ts'
import { asWritten, linesOf, open, retryEvent, segment, stepEvent, tempFolder } from './scene.ts'

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))
async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await turn()
}

describe('writing', () => {
  test('gives each record its place at once and reads it back before and after it is on disk', async () => {
    const { journal } = await open(tempFolder())
    const first = journal.append(stepEvent(1))
    const second = journal.append(retryEvent(2))
    expect([first.record.seq, second.record.seq, journal.head.seq, journal.durable.seq]).toEqual([1, 2, 2, 0])
    expect(asWritten(journal.read(second.position))).toEqual(retryEvent(2))
    await journal.synced(2)
    expect(journal.durable.seq).toBe(2)
    expect(journal.read(first.position)).toEqual({ ...stepEvent(1), seq: 1, at: '2026-11-21T09:00:00.000Z' })
    expect(asWritten(journal.read(second.position))).toEqual(retryEvent(2))
    await journal.close()
  })

  test('replays the same records at the same positions when it is opened again', async () => {
    const folder = tempFolder()
    const { journal } = await open(folder, { segmentBytes: 2000 })
    const events = Array.from({ length: 40 }, (_, n) => (n % 5 ? stepEvent(n) : retryEvent(n)))
    const positions = events.map((event) => journal.append(event).position)
    await journal.close()
    const again = await open(folder, { segmentBytes: 2000 })
    expect(again.replayed.map(({ record }) => asWritten(record))).toEqual(events)
    expect(again.replayed.map(({ position }) => position)).toEqual(positions)
    expect([...positions].sort((a, b) => a - b)).toEqual(positions)
    expect(positions.map((position) => asWritten(again.journal.read(position)))).toEqual(events)
    expect([again.journal.head, again.recovered]).toEqual([{ seq: 40, hash: journal.head.hash }, null])
    await again.journal.close()
  })

  test('replays the content of those types alone that are asked for, and checks that of all', async () => {
    const folder = tempFolder()
    const { journal } = await open(folder)
    const kept = { ...stepEvent(2), type: 'step_failed', data: { step: 's', attempt: 1, retry_at: null }, content: { error: 'no' } }
    const { position } = journal.append(stepEvent(1))
    journal.append(kept as NewEvent)
    await journal.close()
    const again = await open(folder, { contentOf: new Set(['step_failed']) })
    expect(again.replayed.map(({ record }) => asWritten(record))).toEqual([{ ...stepEvent(1), content: null }, kept])
    expect(asWritten(again.journal.read(position))).toEqual(stepEvent(1))
    await again.journal.close()
    const bytes = fs.readFileSync(segment(folder, 1), 'utf8')
    fs.writeFileSync(segment(folder, 1), bytes.replace('Ergebnis 1', 'Ergebnis 7'))
    await expect(open(folder, { contentOf: new Set() })).rejects.toThrow('has content that does not match its hash')
  })

  test('reads back a record that is larger than any buffer', async () => {
    const { journal } = await open(tempFolder())
    const large = stepEvent(1, 'ö'.repeat(700_000))
    const { record, position } = journal.append(large)
    const behind = journal.append(stepEvent(2))
    expect(asWritten(journal.read(position))).toEqual(large)
    await journal.synced(record.seq)
    expect(asWritten(journal.read(position))).toEqual(large)
    expect(asWritten(journal.read(behind.position))).toEqual(stepEvent(2))
    await journal.close()
  })

  test('reads several back in the order asked for, near and far, from every segment and from those that are not on disk yet', async () => {
    const { journal } = await open(tempFolder(), { segmentBytes: 9000 })
    const long = [3, 8, 9, 30]
    const written = Array.from({ length: 40 }, (_, n) => journal.append(stepEvent(n, 'x'.repeat(long.includes(n) ? 6000 : 40))))
    await journal.synced(40)
    const pending = [journal.append(stepEvent(40)), journal.append(stepEvent(41))]
    const all = [...written, ...pending]
    expect(segmentOf(written.at(-1)!.position)).toBeGreaterThan(2)
    const orders = [all, all.toReversed(), all.filter((_, n) => n % 3 === 0), [all[8]!, all[41]!, all[8]!, all[2]!]]
    for (const order of orders) {
      expect(journal.readAll(order.map(({ position }) => position))).toEqual(order.map(({ record }) => record))
    }
    expect(() => journal.readAll([written[0]!.position, written[1]!.position + 1])).toThrow('no readable record at byte')
    await journal.close()
  })

  test('refuses to read where no record begins', async () => {
    const { journal } = await open(tempFolder())
    const { record, position } = journal.append(stepEvent(1))
    await journal.synced(record.seq)
    expect(() => journal.read(position + 1)).toThrow('no readable record at byte 1 of 00000001.jsonl')
    expect(() => journal.read(journal.durable.end)).toThrow('no readable record')
    await journal.close()
  })

  test('begins a new segment at its size and keeps every record whole', async () => {
    const folder = tempFolder()
    const { journal } = await open(folder, { segmentBytes: 1500 })
    const positions = Array.from({ length: 20 }, (_, n) => journal.append(stepEvent(n)).position)
    await journal.synced(20)
    const segments = fs.readdirSync(folder).sort()
    expect(segments.length).toBeGreaterThan(4)
    expect(segments[0]).toBe('00000001.jsonl')
    expect(segments.map((name) => linesOf(path.join(folder, name)).length).reduce((a, b) => a + b)).toBe(20)
    expect(segmentOf(positions.at(-1)!)).toBe(segments.length)
    expect(journal.durable.end - positions.at(-1)!).toBe(linesOf(segment(folder, segments.length)).at(-1)!.length + 4)
    expect(asWritten(journal.read(positions[3]!))).toEqual(stepEvent(3))
    await journal.close()
    expect(await verifyJournal(folder)).toMatchObject({ ok: true, records: 20, segments: segments.length })
  })

  test('goes on in an empty last segment, as a crash while rolling leaves it', async () => {
    const folder = tempFolder()
    const { journal } = await open(folder)
    journal.append(stepEvent(1))
    await journal.close()
    fs.writeFileSync(segment(folder, 2), '')
    const again = await open(folder)
    const { position } = again.journal.append(stepEvent(2))
    expect([segmentOf(position), offsetOf(position)]).toEqual([2, 0])
    await again.journal.close()
    expect((await open(folder)).replayed.length).toBe(2)
  })

  test.skipIf(process.platform === 'win32')('keeps its files and folder from other users, and follows no links', async () => {
    const folder = path.join(tempFolder(), 'journal')
    const { journal } = await open(folder)
    await journal.close()
    expect(fs.statSync(folder).mode & 0o777).toBe(0o700)
    expect(fs.statSync(segment(folder, 1)).mode & 0o777).toBe(0o600)
    const elsewhere = path.join(tempFolder(), 'link')
    fs.symlinkSync(folder, elsewhere)
    await expect(open(elsewhere)).rejects.toThrow('is a symbolic link')
    fs.renameSync(segment(folder, 1), path.join(folder, 'moved'))
    fs.symlinkSync(path.join(folder, 'moved'), segment(folder, 1))
    await expect(open(folder)).rejects.toThrow('is a symbolic link')
  })
})

describe('acknowledging', () => {
  test('waits for the sync, and what comes meanwhile shares the next one', async () => {
    const double = recordingStorage(fileStorage)
    const { journal } = await open(tempFolder(), { storage: double.storage })
    const before = double.count('sync')
    const told: number[] = []
    journal.onSynced(({ seq }) => told.push(seq))
    const gate = double.holdSyncs()
    journal.append(stepEvent(1))
    journal.append(stepEvent(2))
    let acknowledged = false
    const second = journal.synced(2).then(() => {
      acknowledged = true
    })
    await until(() => gate.held() === 1)
    for (let n = 3; n <= 50; n++) journal.append(stepEvent(n))
    for (let i = 0; i < 20; i++) await turn()
    expect([acknowledged, journal.durable.seq, told, double.count('sync') - before]).toEqual([false, 0, [], 1])
    gate.release()
    await second
    expect(journal.durable.seq).toBe(2)
    await journal.synced(50)
    expect([told, double.count('sync') - before]).toEqual([[2, 50], 2])
    await journal.close()
  })

  test('writes 64 writers who wait for each other a few times each with few syncs', async () => {
    const double = recordingStorage(fileStorage)
    const { journal } = await open(tempFolder(), { storage: double.storage })
    const before = double.count('sync')
    await Promise.all(
      Array.from({ length: 64 }, async (_, writer) => {
        for (let n = 0; n < 10; n++) await journal.synced(journal.append(stepEvent(writer * 10 + n)).record.seq)
      }),
    )
    expect(journal.durable.seq).toBe(640)
    expect(double.count('sync') - before).toBeLessThanOrEqual(20)
    await journal.close()
  })

  test('makes the name of a new segment durable before anything in it counts', async () => {
    const double = recordingStorage(fileStorage)
    const { journal } = await open(tempFolder(), { storage: double.storage, segmentBytes: 500 })
    const listed: boolean[] = []
    journal.onSynced(() => {
      const opened = double.log.findLastIndex(({ op }) => op === 'open')
      const synced = double.log.findLastIndex(({ op }) => op === 'syncDir')
      listed.push(synced > opened)
    })
    for (let n = 1; n <= 6; n++) await journal.synced(journal.append(stepEvent(n)).record.seq)
    expect([double.count('open'), listed]).toEqual([3, Array(6).fill(true)])
    await journal.close()
  })

  test('syncs what it found before it builds on it, for it may have come from the cache alone', async () => {
    const folder = tempFolder()
    await (await open(folder)).journal.close()
    const double = recordingStorage(fileStorage)
    const { journal } = await open(folder, { storage: double.storage })
    // The folder's own name as well: whoever made it may have been killed before it was safe.
    expect([double.count('sync'), double.count('syncDir')]).toEqual([1, 2])
    await journal.close()
  })

  test('writes what is pending when it is closed, and takes nothing afterwards', async () => {
    const folder = tempFolder()
    const { journal } = await open(folder)
    journal.append(stepEvent(1))
    await journal.close()
    await journal.close()
    expect(() => journal.append(stepEvent(2))).toThrow(new JournalError('read-only', 'The journal is closed.'))
    expect((await open(folder)).replayed.length).toBe(1)
  })
})

describe('a disk that fails', () => {
  test('takes everything back before anybody is told, and a full disk takes the next record again', async () => {
    const folder = tempFolder()
    const double = recordingStorage(fileStorage)
    const { journal } = await open(folder, { storage: double.storage })
    await journal.synced(journal.append(stepEvent(1)).record.seq)
    const head = journal.head
    const story: unknown[] = []
    journal.onTakenBack((fromSeq, error) => story.push(['taken back', fromSeq, error.code, journal.head.seq]))
    let writes = 0
    double.fault = ({ op }) => {
      if (op !== 'append') return undefined
      return writes++ === 0 ? { short: (length) => length >> 1 } : { error: systemError('ENOSPC') }
    }
    const lost = journal.append(stepEvent(2)).record
    const waiting = journal.synced(lost.seq).catch((error: JournalError) => story.push([error.code, journal.head.seq]))
    await waiting
    expect(story).toEqual([
      ['taken back', 2, 'disk-full', 1],
      ['disk-full', 1],
    ])
    expect([journal.head, journal.readOnly]).toEqual([head, null])
    await expect(journal.synced(lost.seq)).rejects.toMatchObject({ code: 'disk-full' })
    double.fault = () => undefined
    await journal.synced(journal.append(stepEvent(3)).record.seq)
    await journal.close()
    expect((await open(folder)).replayed.map(({ record }) => asWritten(record))).toEqual([stepEvent(1), stepEvent(3)])
  })

  test('takes back what was appended while the write was failing', async () => {
    const double = recordingStorage(fileStorage)
    const { journal } = await open(tempFolder(), { storage: double.storage })
    const from: number[] = []
    journal.onTakenBack((seq) => from.push(seq))
    const gate = double.holdSyncs()
    double.fault = ({ op }) => (op === 'append' ? { error: systemError('EIO') } : undefined)
    const first = journal.synced(journal.append(stepEvent(1)).record.seq)
    await until(() => gate.held() === 1)
    const second = journal.synced(journal.append(stepEvent(2)).record.seq)
    gate.release()
    const outcomes = await Promise.allSettled([first, second])
    expect(outcomes.map((o) => o.status === 'rejected' && o.reason.code)).toEqual(['io', 'io'])
    expect([from, journal.head.seq, journal.readOnly]).toEqual([[1], 0, null])
    await journal.close()
  })

  test('never asks a failed sync again: it is read-only until it is opened again, and nothing refused is there then', async () => {
    const folder = tempFolder()
    const double = recordingStorage(fileStorage)
    const { journal } = await open(folder, { storage: double.storage })
    await journal.synced(journal.append(stepEvent(1)).record.seq)
    failNth(double, 2, { error: systemError('EIO') })
    await expect(journal.synced(journal.append(stepEvent(2)).record.seq)).rejects.toMatchObject({ code: 'read-only' })
    expect(journal.readOnly).toMatch(
      /^The disk failed while saving .*Nothing more is recorded until Countersign is started again\.$/,
    )
    expect(() => journal.append(stepEvent(3))).toThrow(journal.readOnly!)
    expect(journal.read(0 + 2 ** 32).seq).toBe(1)
    await journal.close()
    expect((await open(folder)).replayed.length).toBe(1)
  })

  test('is read-only when the half-written record cannot be cut off', async () => {
    const double = recordingStorage(fileStorage)
    const { journal } = await open(tempFolder(), { storage: double.storage })
    double.fault = ({ op }) => (op === 'append' || op === 'truncate' ? { error: systemError('ENOSPC') } : undefined)
    await expect(journal.synced(journal.append(stepEvent(1)).record.seq)).rejects.toMatchObject({ code: 'read-only' })
    expect(journal.readOnly).not.toBeNull()
    await journal.close()
  })

  test('calls a disk that takes no more bytes full', async () => {
    const double = recordingStorage(fileStorage)
    const { journal } = await open(tempFolder(), { storage: double.storage })
    double.fault = ({ op }) => (op === 'append' ? { short: () => 0 } : undefined)
    await expect(journal.synced(journal.append(stepEvent(1)).record.seq)).rejects.toMatchObject({ code: 'disk-full' })
    expect(journal.readOnly).toBeNull()
    await journal.close()
  })
})
