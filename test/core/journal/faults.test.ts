import fs from 'node:fs'
import path from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { fileStorage } from '../../../electron/core/journal/file-storage.ts'
import { JournalError, type Storage } from '../../../electron/core/journal/port.ts'
import { verifyJournal } from '../../../electron/core/journal/verify.ts'
import { type Fault, failNth, recordingStorage, systemError } from '../../support/storage-double.ts'
import { linesOf, open, stepEvent, tempFolder } from './scene.ts'

const unhandled: unknown[] = []
const onUnhandled = (reason: unknown): void => void unhandled.push(reason)
process.on('unhandledRejection', onUnhandled)
afterAll(() => process.off('unhandledRejection', onUnhandled))

const segmentBytes = 4000

type Told = { readonly acknowledged: ReadonlySet<string>; readonly refused: ReadonlySet<string> }

/** 40 appends in batches of 1 to 4 over several segments, as a program does that goes on after a failure. */
async function appends(folder: string, storage: Storage): Promise<Told> {
  const acknowledged = new Set<string>()
  const refused = new Set<string>()
  const opened = await open(folder, { storage, segmentBytes }).catch(() => null)
  if (!opened) return { acknowledged, refused }
  const { journal } = opened
  const refuse = (run: string, error: unknown): void => {
    expect(error).toBeInstanceOf(JournalError)
    // A disk that broke may keep what it said it would not; a full one, or one that refused a write, must not.
    if ((error as JournalError).code !== 'read-only') refused.add(run)
  }
  for (let n = 0; n < 40; ) {
    const batch: Promise<void>[] = []
    for (let i = 0; i <= n % 4 && n < 40; i++, n++) {
      const run = `run_${n}`
      try {
        const { seq } = journal.append(stepEvent(n)).record
        // Every third one is not waited for: its failure must not surface anywhere.
        const outcome = journal.synced(seq)
        if (n % 3)
          batch.push(
            outcome.then(
              () => void acknowledged.add(run),
              (error) => refuse(run, error),
            ),
          )
      } catch (error) {
        expect(error).toBeInstanceOf(JournalError)
      }
    }
    await Promise.all(batch)
  }
  await journal.close().catch(() => undefined)
  return { acknowledged, refused }
}

async function check(folder: string, { acknowledged, refused }: Told): Promise<string[]> {
  const { journal, replayed } = await open(folder, {
    storage: recordingStorage(fileStorage, { skipSyncs: true }).storage,
    segmentBytes,
  })
  const runs = replayed.map(({ record }) => ('run_id' in record ? record.run_id : `record ${record.seq}`))
  const problems = [...acknowledged].filter((run) => !runs.includes(run)).map((run) => `${run} is lost`)
  problems.push(...runs.filter((run) => refused.has(run)).map((run) => `${run} was refused and is there`))
  if (new Set(runs).size < runs.length) problems.push(`written twice: ${runs}`)
  await journal.synced(journal.append(stepEvent(99)).record.seq)
  await journal.close()
  const verified = await verifyJournal(folder)
  if (!verified.ok) problems.push(JSON.stringify(verified.problems))
  for (const name of fs.readdirSync(folder).filter((file) => file.endsWith('.jsonl'))) {
    for (const line of linesOf(path.join(folder, name))) {
      if (line.indexOf('{"hash"', 1) >= 0) problems.push(`a glued line in ${name}`)
    }
  }
  return problems
}

describe('the n-th call to the disk fails', () => {
  const faults: Record<string, Fault> = {
    EIO: { error: systemError('EIO') },
    ENOSPC: { error: systemError('ENOSPC') },
    'a short write': { short: (length) => Math.max(1, length >> 1) },
    'a write of nothing': { short: () => 0 },
  }
  for (const [name, fault] of Object.entries(faults)) {
    for (const persistent of [false, true]) {
      test(`loses nothing acknowledged: ${name}, ${persistent ? 'from then on' : 'once'}, for every n`, async () => {
        const clean = recordingStorage(fileStorage, { skipSyncs: true })
        const { acknowledged: all } = await appends(path.join(tempFolder(), 'journal'), clean.storage)
        expect([all.size, clean.count('open')]).toEqual([26, 5])
        const found: string[] = []
        for (let n = 1; n <= clean.log.length; n++) {
          // Only writes can be short.
          if ('short' in fault && clean.log[n - 1]?.op !== 'append') continue
          const folder = path.join(tempFolder(), 'journal')
          const double = recordingStorage(fileStorage, { skipSyncs: true })
          failNth(double, n, fault, { persistent })
          const told = await appends(folder, double.storage)
          found.push(...(await check(folder, told)).map((problem) => `${n}: ${problem}`))
        }
        expect(found).toEqual([])
        await new Promise((resolve) => setImmediate(resolve))
        expect(unhandled).toEqual([])
      })
    }
  }

  test('goes on after one full disk or one refused write, and stops after one failed sync', async () => {
    const outcome = async (op: string, code: string) => {
      const double = recordingStorage(fileStorage, { skipSyncs: true })
      let fired = false
      double.fault = (operation) => {
        if (fired || operation.op !== op || double.count('append') < 5) return undefined
        fired = true
        return { error: systemError(code) }
      }
      return (await appends(path.join(tempFolder(), 'journal'), double.storage)).acknowledged.size
    }
    expect(await outcome('append', 'ENOSPC')).toBeGreaterThan(20)
    expect(await outcome('append', 'EIO')).toBeGreaterThan(20)
    expect(await outcome('sync', 'ENOSPC')).toBeGreaterThan(20)
    expect(await outcome('sync', 'EIO')).toBeLessThan(10)
  })
})
