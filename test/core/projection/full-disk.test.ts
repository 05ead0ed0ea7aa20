import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { openProjection } from '../../../electron/core/projection/open.ts'
import { FakeClock } from '../../support/fake-clock.ts'
import { mountSmallDisk } from '../../support/small-disk.ts'
import { approvalRequested, type JournalFiles, journalFiles, runStarted } from './journal-files.ts'

const folder = mkdtempSync(join(tmpdir(), 'projection-full-'))
const probe = mountSmallDisk(folder, 1024 * 1024)
probe?.unmount()

function writeRun(journal: JournalFiles, n: number): void {
  journal.write(runStarted(`run_${n}`))
  journal.write(approvalRequested(`run_${n}`, `apr_${n}`))
}

/** The database on a full disk of its own, and twenty runs that it has yet to take in. `makeRoom` is what the application has for that. */
async function scene(makeRoom: (free: () => void) => boolean) {
  const disk = mountSmallDisk(folder, 4 * 1024 * 1024)
  if (!disk) throw new Error('no small disk can be mounted here')
  const journal = journalFiles()
  const clock = new FakeClock()
  const asked: string[] = []
  const projection = await openProjection({
    file: join(folder, 'inbox.db'),
    journalFolder: journal.folder,
    durable: journal.durable,
    clock,
    makeRoom: async () => {
      asked.push('room')
      return makeRoom(disk.free)
    },
  })
  disk.fill(0)
  for (let n = 1; n <= 20; n++) writeRun(journal, n)
  projection.follow(journal.durable)
  const end = async () => {
    await projection.close()
    disk.unmount()
    journal.remove()
  }
  return { projection, journal, clock, disk, asked, end, [Symbol.asyncDispose]: end }
}

/** A database on a small disk of its own, and how it is opened. */
function startScene() {
  const disk = mountSmallDisk(folder, 4 * 1024 * 1024)
  if (!disk) throw new Error('no small disk can be mounted here')
  const journal = journalFiles()
  const clock = new FakeClock()
  for (let n = 1; n <= 20; n++) writeRun(journal, n)
  const open = (makeRoom: () => Promise<boolean>) =>
    openProjection({ file: join(folder, 'inbox.db'), journalFolder: journal.folder, durable: journal.durable, clock, makeRoom })
  const end = () => {
    disk.unmount()
    journal.remove()
  }
  return { disk, journal, clock, open, [Symbol.dispose]: end }
}

describe.skipIf(!probe)('a database on a full disk (skipped where none can be mounted)', () => {
  test('is written with the room that is made for it', async () => {
    await using on = await scene((free) => {
      free()
      return true
    })
    await on.projection.caughtUp(on.journal.durable.seq)
    expect([on.projection.problem, on.projection.approval('apr_20')?.id, on.asked]).toEqual([null, 'apr_20', ['room']])
  })

  test('is written with the room that somebody else has made meanwhile', async () => {
    await using on = await scene((free) => {
      free()
      return false
    })
    await on.projection.caughtUp(on.journal.durable.seq)
    expect([on.projection.problem, on.projection.approval('apr_20')?.id, on.asked]).toEqual([null, 'apr_20', ['room']])
  })

  test('is said to be so where nobody makes room, answers as it is, and follows again once there is some', async () => {
    await using on = await scene(() => false)
    await expect(on.projection.caughtUp(on.journal.durable.seq)).rejects.toMatchObject({ diskFull: true })
    expect([on.projection.problem, on.projection.runs({ limit: 5 }).items]).toEqual([expect.stringMatching('full'), []])
    on.disk.free()
    while (on.projection.problem !== null) {
      await on.clock.advance(1000)
      await new Promise((resolve) => setTimeout(resolve, 10))
    }
    await on.projection.caughtUp(on.journal.durable.seq)
    expect(on.projection.approval('apr_20')?.id).toBe('apr_20')
  })

  test('is opened as it is, with the room that is made for it', async () => {
    using on = startScene()
    const first = await on.open(async () => false)
    await first.caughtUp(on.journal.durable.seq)
    await first.close()
    on.disk.fill(0)
    const again = await on.open(async () => {
      on.disk.free()
      return true
    })
    expect(again.progress).toEqual({ applied: on.journal.durable.seq, total: on.journal.durable.seq, rebuilding: false })
    expect(again.approval('apr_20')?.id).toBe('apr_20')
    await again.close()
  })

  test('is tried once a second, however much comes meanwhile', async () => {
    using on = startScene()
    const projection = await on.open(async () => false)
    await projection.caughtUp(on.journal.durable.seq)
    on.disk.fill(0)
    for (let n = 21; n <= 60; n++) {
      writeRun(on.journal, n)
      projection.follow(on.journal.durable)
      on.clock.advance(100)
      await new Promise((resolve) => setTimeout(resolve, 20))
    }
    expect([projection.problem, on.clock.timers]).toEqual([expect.stringMatching('full'), 1])
    await projection.close()
    expect(on.clock.timers).toBe(0)
  })
})

afterAll(() => rmSync(folder, { recursive: true, force: true }))
