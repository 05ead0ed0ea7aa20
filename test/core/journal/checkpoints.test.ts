import fs from 'node:fs'
import path from 'node:path'
import { describe, expect, test } from 'vitest'
import { type Checkpoints, openCheckpoints, ownPublicKey, parseCheckpoints } from '../../../electron/core/journal/checkpoints.ts'
import { fileStorage } from '../../../electron/core/journal/file-storage.ts'
import { blankContent } from '../../../electron/core/journal/record.ts'
import { verifyJournal } from '../../../electron/core/journal/verify.ts'
import { recordingStorage, systemError } from '../../support/storage-double.ts'
import { linesOf, open, segment, stepEvent, stillClock, tempFolder } from './scene.ts'

function home() {
  const root = tempFolder()
  const paths = {
    root,
    journal: path.join(root, 'journal'),
    file: path.join(root, 'checkpoints.jsonl'),
    keyFile: path.join(root, 'checkpoint.key'),
  }
  const checkpoints = (storage = fileStorage): Promise<Checkpoints> =>
    openCheckpoints({ file: paths.file, keyFile: paths.keyFile, storage, clock: stillClock })
  /** One life of the application: opens, writes `count` records, closes. */
  const live = async (count: number): Promise<void> => {
    const { journal } = await open(paths.journal, { checkpoints: await checkpoints() })
    for (let n = 0; n < count; n++) journal.append(stepEvent(n))
    await journal.close()
  }
  const verify = () => verifyJournal(paths.journal, { checkpoints: paths })
  return { ...paths, checkpoints, live, verify }
}

const seqs = (file: string): number[] => linesOf(file).map((line) => JSON.parse(line).seq)

describe('checkpoints', () => {
  test('sign the head when the journal is closed, and once where nothing was added', async () => {
    const { live, file, keyFile, verify } = home()
    await live(5)
    await live(3)
    await live(0)
    expect(seqs(file)).toEqual([5, 8, 8])
    if (process.platform !== 'win32') expect(fs.statSync(keyFile).mode & 0o777).toBe(0o600)
    expect(await verify()).toMatchObject({ ok: true, records: 8, checkpoints: 3, torn: null, problems: [] })
  })

  test('are also written every 10,000 records, and at the start after a kill', async () => {
    const { journal: folder, file, checkpoints } = home()
    const first = await open(folder, { checkpoints: await checkpoints() })
    for (let n = 0; n < 20_001; n++) {
      const { seq } = first.journal.append(stepEvent(n, n)).record
      if (seq % 10_000 === 0) await first.journal.synced(seq)
    }
    await first.journal.synced(20_001)
    while (seqs(file).length < 2) await new Promise((resolve) => setImmediate(resolve))
    // Never closed, as after a kill.
    const again = await open(folder, { checkpoints: await checkpoints() })
    expect(seqs(file)).toEqual([10_000, 20_000, 20_001])
    await again.journal.close()
  })

  test('show that the end was cut off, and the journal does not open then', async () => {
    const { live, journal, verify, checkpoints } = home()
    await live(10)
    const lines = linesOf(segment(journal, 1))
    for (const kept of [9, 4, 0]) {
      fs.writeFileSync(segment(journal, 1), lines.slice(0, kept).join(''))
      const what = kept === 9 ? '1 record is missing from the end' : `${10 - kept} records are missing from the end`
      await expect(open(journal, { checkpoints: await checkpoints() })).rejects.toThrow(what)
      expect((await verify()).problems.map(({ message }) => message.slice(0, what.length))).toEqual([what])
      expect(fs.readFileSync(segment(journal, 1), 'utf8')).toBe(lines.slice(0, kept).join(''))
    }
    fs.rmSync(segment(journal, 1))
    await expect(open(journal, { checkpoints: await checkpoints() })).rejects.toThrow('10 records are missing')
  })

  test('show a cut end even where the cut looks like a torn record, and nothing is cut off then', async () => {
    const { live, journal, checkpoints } = home()
    await live(10)
    const bytes = fs.readFileSync(segment(journal, 1)).subarray(0, -30)
    fs.writeFileSync(segment(journal, 1), bytes)
    await expect(open(journal, { checkpoints: await checkpoints() })).rejects.toThrow('1 record is missing from the end')
    expect(fs.readFileSync(segment(journal, 1)).equals(bytes)).toBe(true)
    expect(fs.readdirSync(journal)).toEqual(['00000001.jsonl'])
  })

  test('show that the whole journal was written anew', async () => {
    const { live, journal, verify, checkpoints } = home()
    await live(10)
    fs.rmSync(journal, { recursive: true })
    const forged = await open(journal)
    for (let n = 0; n < 12; n++) forged.journal.append(stepEvent(n, 'forged'))
    await forged.journal.close()
    await expect(open(journal, { checkpoints: await checkpoints() })).rejects.toThrow('record 10 is not the one')
    expect((await verifyJournal(journal)).ok).toBe(true)
    expect((await verify()).problems[0]).toMatchObject({ seq: 10, message: expect.stringContaining('the journal was rewritten') })
  })

  test('cannot be changed or signed by another key unseen', async () => {
    const { live, file, keyFile, verify, checkpoints } = home()
    await live(10)
    const line = fs.readFileSync(file, 'utf8')
    fs.writeFileSync(file, line.replace('"seq":10', '"seq":1'))
    await expect(checkpoints()).rejects.toThrow('the signature of checkpoint 1 is not valid')
    expect((await verify()).problems.map(({ message }) => message)).toEqual(['the signature of checkpoint 1 is not valid'])
    fs.writeFileSync(file, line)
    fs.rmSync(keyFile)
    await live(1)
    expect((await verify()).problems.map(({ message }) => message)).toEqual([
      "checkpoint 10 was signed with a key that is not this installation's",
    ])
  })

  test('show each flipped bit of their own, whichever it is', async () => {
    const { live, file, keyFile } = home()
    await live(2)
    await live(1)
    const bytes = fs.readFileSync(file)
    const ownKey = await ownPublicKey(fileStorage, keyFile)
    expect(parseCheckpoints(bytes, ownKey)).toMatchObject({ checkpoints: [{ seq: 2 }, { seq: 3 }], problems: [] })
    const unseen: string[] = []
    for (let bit = 0; bit < bytes.length * 8; bit++) {
      const flipped = Buffer.from(bytes)
      flipped[bit >> 3]! ^= 1 << (bit & 7)
      if (parseCheckpoints(flipped, ownKey).problems.length === 0) unseen.push(`bit ${bit} of ${flipped}`)
    }
    expect(unseen).toEqual([])
  })

  test('survive being torn, and never stand in the way of the journal', async () => {
    const { live, file, journal, checkpoints, verify } = home()
    await live(2)
    fs.appendFileSync(file, '{"seq":99,"ha')
    await live(2)
    expect(seqs(file)).toEqual([2, 4])
    const double = recordingStorage(fileStorage)
    const opened = await checkpoints(double.storage)
    double.fault = ({ op, path: at }) => (op === 'append' && at === file ? { error: systemError('ENOSPC') } : undefined)
    const full = await open(journal, { checkpoints: opened })
    full.journal.append(stepEvent(1))
    await full.journal.close()
    expect(opened.problem).toContain('could not be written: ENOSPC')
    expect(await verify()).toMatchObject({ ok: true, records: 5 })
  })
})

describe('the verifier', () => {
  test('counts erased records and finds every hash still right', async () => {
    const { live, journal, verify } = home()
    await live(6)
    const lines = linesOf(segment(journal, 1))
    const erased = lines.map((line, n) => (n % 2 ? blankContent(Buffer.from(line))! : Buffer.from(line)))
    fs.writeFileSync(segment(journal, 1), Buffer.concat(erased))
    expect(await verify()).toMatchObject({ ok: true, records: 6, erased: 3 })
    const { replayed, ...opened } = await open(journal)
    await opened.journal.close()
    expect(replayed.map(({ record }) => [record.content === null, record.erased])).toEqual(
      [1, 2, 3, 4, 5, 6].map((n) => (n % 2 ? [false, undefined] : [true, true])),
    )
  })

  test('takes content that is gone for erased only where a later record says so', async () => {
    const { live, journal: folder, file, keyFile } = home()
    await live(4)
    const lines = linesOf(segment(folder, 1))
    const blanked = lines.map((line, n) => (n === 1 ? blankContent(Buffer.from(line))! : Buffer.from(line)))
    fs.writeFileSync(segment(folder, 1), Buffer.concat(blanked))
    const verify = () => verifyJournal(folder, { checkpoints: { file, keyFile }, erasures: 'recorded' })
    const offset = Buffer.byteLength(lines[0]!)
    expect(await verify()).toMatchObject({
      ok: false,
      problems: [{ file: '00000001.jsonl', offset, seq: 2, message: expect.stringContaining('no record says that it was erased') }],
    })
    const { journal } = await open(folder)
    const erased = { actor: { kind: 'person', id: 'ana', via: 'cli' }, data: { reason: 'asked' }, content: null } as const
    await journal.synced(journal.append({ ...erased, type: 'run_erased', run_id: 'run_2' }).record.seq)
    expect((await verify()).ok).toBe(false)
    await journal.synced(journal.append({ ...erased, type: 'run_erased', run_id: 'run_1' }).record.seq)
    expect(await verify()).toMatchObject({ ok: true, erased: 1 })
    await journal.close()
  })

  test('reports a torn end as torn, and reads while the application runs', async () => {
    const { journal: folder, checkpoints, verify } = home()
    const { journal } = await open(folder, { checkpoints: await checkpoints() })
    await journal.synced(journal.append(stepEvent(1)).record.seq)
    expect(await verify()).toMatchObject({ ok: true, records: 1, head: journal.head, torn: null })
    const size = fs.statSync(segment(folder, 1)).size
    fs.appendFileSync(segment(folder, 1), '{"hash":"being written')
    expect(await verify()).toMatchObject({ ok: true, records: 1, torn: { file: '00000001.jsonl', offset: size, bytes: 22 } })
    fs.truncateSync(segment(folder, 1), size)
    await journal.close()
  })

  test('lists all that is wrong and where, not only the first', async () => {
    const { live, journal, verify } = home()
    await live(12)
    const lines = linesOf(segment(journal, 1))
    const broken = lines.with(2, lines[2]!.replace('Ergebnis', 'Ergebnys')).toSpliced(7, 2)
    fs.writeFileSync(segment(journal, 1), broken.join(''))
    const at = (index: number): number => Buffer.byteLength(broken.slice(0, index).join(''))
    const { ok, records, problems } = await verify()
    expect([ok, records]).toEqual([false, 9])
    expect(problems).toEqual([
      { file: '00000001.jsonl', offset: at(2), seq: 3, message: 'the record after 2 has content that does not match its hash' },
      { file: '00000001.jsonl', offset: at(7), seq: 8, message: 'the record after 7 does not follow the record before it' },
    ])
  })

  test('finds each of 2,000 flipped bits', async () => {
    const { live, journal, verify } = home()
    await live(8)
    const bytes = fs.readFileSync(segment(journal, 1))
    const unseen: number[] = []
    for (let n = 0; n < 2000; n++) {
      const bit = (n * 7919 + 13) % (bytes.length * 8)
      const flipped = Buffer.from(bytes)
      flipped[bit >> 3]! ^= 1 << (bit & 7)
      fs.writeFileSync(segment(journal, 1), flipped)
      if ((await verify()).ok) unseen.push(bit)
    }
    expect(unseen).toEqual([])
  })
})
