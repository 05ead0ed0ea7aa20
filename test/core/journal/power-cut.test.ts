import fs from 'node:fs'
import path from 'node:path'
import { expect, test } from 'vitest'
import { fileStorage } from '../../../electron/core/journal/file-storage.ts'
import { verifyJournal } from '../../../electron/core/journal/verify.ts'
import type { JournalRecord } from '../../../shared/model/event.ts'
import { type Operation, recordingStorage, systemError } from '../../support/storage-double.ts'
import { open, stepEvent, tempFolder } from './scene.ts'

const sector = 512

/** Small and repeatable: the same seed gives the same disks. */
function random(seed: number): (below: number) => number {
  let state = seed
  return (below) => {
    state = (state * 1664525 + 1013904223) % 2 ** 32
    return Math.floor((state / 2 ** 32) * below)
  }
}

/** `stale` is what was cut off since the last sync: it may still be there. */
type DiskFile = { durable: Buffer; cached: Buffer; stale: Buffer; named: boolean }

/** What was on disk for certain, and what was only in the cache, after the first `count` calls. */
function disk(log: readonly Operation[], written: ReadonlyMap<number, number>, count: number): Map<string, DiskFile> {
  const files = new Map<string, DiskFile>()
  for (const { n, op, path: at, bytes, to } of log.slice(0, count)) {
    const file = files.get(at) ?? { durable: Buffer.alloc(0), cached: Buffer.alloc(0), stale: Buffer.alloc(0), named: false }
    if (op === 'open') files.set(at, file)
    if (op === 'append') file.cached = Buffer.concat([file.cached, bytes!.subarray(0, written.get(n) ?? bytes!.length)])
    if (op === 'truncate') {
      file.stale = file.cached
      file.cached = file.cached.subarray(0, Number(to))
    }
    if (op === 'sync') {
      file.durable = file.cached
      file.stale = Buffer.alloc(0)
    }
    if (op === 'syncDir') for (const known of files.values()) known.named = true
  }
  return files
}

/** One of the disks a power cut may leave: names may be lost, sizes may run ahead of content, sectors may never have arrived. */
function afterPowerCut({ durable, cached, stale, named }: DiskFile, pick: (below: number) => number): Buffer | null {
  if (!named && pick(2)) return null
  const longest = Math.max(cached.length, stale.length)
  const size = durable.length + (longest > durable.length ? pick(longest - durable.length + 1) : 0)
  const left = Buffer.alloc(size)
  durable.copy(left)
  const style = pick(3)
  for (let from = durable.length, to: number; from < size; from = to) {
    to = Math.min(size, (Math.floor(from / sector) + 1) * sector)
    const source = style === 0 ? cached : [cached, stale, null][style === 1 ? pick(3) : 2]
    source?.subarray(from, to).copy(left, from)
  }
  return left
}

test('a power cut at any point loses nothing acknowledged and leaves a journal that opens and verifies', async () => {
  const double = recordingStorage(fileStorage, { skipSyncs: true })
  const written = new Map<number, number>()
  const { journal } = await open(path.join(tempFolder(), 'journal'), { storage: double.storage, segmentBytes: 6000 })
  const acknowledgedAt: { after: number; seq: number }[] = []
  journal.onSynced(({ seq }) => acknowledgedAt.push({ after: double.log.length, seq }))
  let writes = 0
  double.fault = ({ op, n, bytes }) => {
    if (op !== 'append') return undefined
    const turn = ++writes % 7
    if (turn === 6) {
      written.set(n, 0)
      return { error: systemError('ENOSPC') }
    }
    if (turn !== 2 && turn !== 5) return undefined
    written.set(n, bytes!.length >> 1)
    return { short: (length) => length >> 1 }
  }
  for (let turn = 0; turn < 24; turn++) {
    for (let i = 0; i <= (turn * 5) % 8; i++) journal.append(stepEvent(turn * 10 + i))
    await journal.synced(journal.head.seq).catch(() => undefined)
  }
  await journal.close()
  const { replayed: all } = await open(path.dirname(double.log.find(({ op }) => op === 'append')!.path))
  expect([all.length > 60, double.count('open') > 4]).toEqual([true, true])

  const pick = random(20261121)
  const { storage } = recordingStorage(fileStorage, { skipSyncs: true })
  const folder = tempFolder()
  const wrong: unknown[] = []
  let torn = 0
  for (let count = 1; count <= double.log.length; count++) {
    const acknowledged = acknowledgedAt.findLast(({ after }) => after <= count)?.seq ?? 0
    for (let variant = 0; variant < 8; variant++) {
      fs.rmSync(folder, { recursive: true })
      fs.mkdirSync(folder)
      for (const [file, state] of disk(double.log, written, count)) {
        const left = afterPowerCut(state, pick)
        if (left) fs.writeFileSync(path.join(folder, path.basename(file)), left)
      }
      try {
        const { journal: again, replayed, recovered } = await open(folder, { storage, segmentBytes: 6000 })
        if (recovered) torn++
        const same = replayed.filter(({ record }, n) => n < acknowledged && asEqual(record, all[n]!.record)).length
        if (same !== acknowledged) wrong.push({ count, variant, acknowledged, same })
        await again.synced(again.append(stepEvent(999)).record.seq)
        await again.close()
        const { ok, problems } = await verifyJournal(folder)
        if (!ok) wrong.push({ count, variant, problems })
      } catch (error) {
        wrong.push({ count, variant, message: (error as Error).message })
      }
    }
  }
  expect(wrong).toEqual([])
  expect(torn).toBeGreaterThan(50)
})

const asEqual = (a: JournalRecord, b: JournalRecord): boolean => JSON.stringify(a) === JSON.stringify(b)
