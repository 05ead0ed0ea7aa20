import fs from 'node:fs'
import path from 'node:path'
import { describe, expect, test } from 'vitest'
import { fileStorage } from '../../../electron/core/journal/file-storage.ts'
import { JournalDamaged } from '../../../electron/core/journal/segments.ts'
import { verifyJournal } from '../../../electron/core/journal/verify.ts'
import { recordingStorage } from '../../support/storage-double.ts'
import { asWritten, linesOf, open, segment, stepEvent, tempFolder, writeSteps } from './scene.ts'

/** Puts these files, and nothing else, into a fresh journal folder. */
function journalOf(files: Record<string, Buffer | string>): string {
  const folder = tempFolder()
  for (const [name, bytes] of Object.entries(files)) fs.writeFileSync(path.join(folder, name), bytes)
  return folder
}

describe('a torn end', () => {
  test('is cut off at every byte of the last three records, and the next append verifies', async () => {
    const source = tempFolder()
    await writeSteps(source, 6)
    const whole = fs.readFileSync(segment(source, 1))
    const ends = linesOf(segment(source, 1)).map(
      (
        (sum) => (line) =>
          (sum += Buffer.byteLength(line))
      )(0),
    )
    const wrong: unknown[] = []
    const { storage } = recordingStorage(fileStorage, { skipSyncs: true })
    const folder = tempFolder()
    for (let cut = ends[2]!; cut <= whole.length; cut++) {
      fs.rmSync(folder, { recursive: true })
      fs.mkdirSync(folder)
      fs.writeFileSync(segment(folder, 1), whole.subarray(0, cut))
      const complete = ends.filter((end) => end <= cut).length
      const good = ends[complete - 1]!
      const { journal, recovered, replayed } = await open(folder, { storage })
      await journal.synced(journal.append(stepEvent(100)).record.seq)
      await journal.close()
      const copied = recovered ? fs.readFileSync(path.join(folder, recovered.copy)).equals(whole.subarray(good, cut)) : null
      const read = replayed.map(({ record }) => record.seq)
      const expected = Array.from({ length: complete + (cut > good ? 1 : 0) }, (_, n) => n + 1)
      const found = [read, recovered?.offset ?? null, recovered?.bytes ?? null, copied]
      const asItShould = cut > good ? [expected, good, cut - good, true] : [expected, null, null, null]
      if (JSON.stringify(found) !== JSON.stringify(asItShould)) wrong.push({ cut, found, asItShould })
      const verified = await verifyJournal(folder)
      if (!verified.ok || verified.torn || verified.records !== expected.length + 1) wrong.push({ cut, verified })
    }
    expect(wrong).toEqual([])
  })

  test('is noted by a recovered record, told to whoever follows, and noted once', async () => {
    const folder = tempFolder()
    await writeSteps(folder, 2)
    const whole = fs.readFileSync(segment(folder, 1))
    fs.writeFileSync(segment(folder, 1), whole.subarray(0, -10))
    const offset = Buffer.byteLength(linesOf(segment(folder, 1))[0]!)
    const torn = { segment: '00000001.jsonl', offset, bytes: whole.length - 10 - offset, copy: `torn-00000001-${offset}.bin` }
    const first = await open(folder)
    await first.journal.close()
    expect(first.recovered).toEqual(torn)
    expect(first.replayed.map(({ record }) => asWritten(record))).toEqual([
      stepEvent(1),
      { type: 'recovered', actor: { kind: 'system', id: 'journal', via: 'engine' }, data: torn, content: null },
    ])
    const second = await open(folder)
    await second.journal.close()
    expect([second.recovered, second.replayed]).toEqual([null, first.replayed])
  })

  test('is noted at the next start when the application was stopped between cutting and noting', async () => {
    const folder = tempFolder()
    await writeSteps(folder, 1)
    fs.writeFileSync(path.join(folder, 'torn-00000001-77.bin'), 'half a record')
    const { journal, replayed } = await open(folder)
    await journal.close()
    expect(replayed.at(-1)?.record.data).toEqual({ segment: '00000001.jsonl', offset: 77, bytes: 13, copy: 'torn-00000001-77.bin' })
  })

  test('never overwrites the copy of an earlier accident at the same place', async () => {
    const folder = tempFolder()
    await writeSteps(folder, 1)
    const good = fs.readFileSync(segment(folder, 1))
    for (const junk of ['{"first accident', '{"second']) {
      fs.writeFileSync(segment(folder, 1), Buffer.concat([good, Buffer.from(junk)]))
      await (await open(folder)).journal.close()
    }
    const copies = fs.readdirSync(folder).filter((name) => name.startsWith('torn-'))
    expect(copies.map((name) => fs.readFileSync(path.join(folder, name), 'utf8')).sort()).toEqual(['{"first accident', '{"second'])
  })

  test('may be a line with its newline whose sectors never reached the disk', async () => {
    const source = tempFolder()
    await writeSteps(source, 3)
    const whole = fs.readFileSync(segment(source, 1))
    const lastAt = whole.length - Buffer.byteLength(linesOf(segment(source, 1)).at(-1)!)
    for (const [from, to] of [
      [lastAt, whole.length - 1],
      [lastAt + 40, lastAt + 100],
      [lastAt, whole.length],
    ] as const) {
      const folder = journalOf({ '00000001.jsonl': Buffer.from(whole).fill(0, from, to) })
      const { journal, recovered } = await open(folder)
      await journal.close()
      expect(recovered).toMatchObject({ offset: lastAt, bytes: whole.length - lastAt })
    }
  })

  test('may be the whole first record', async () => {
    const { journal, recovered, replayed } = await open(journalOf({ '00000001.jsonl': '{"hash":"12' }))
    await journal.close()
    expect([recovered?.offset, replayed.length, journal.durable.seq]).toEqual([0, 1, 1])
  })
})

describe('damage', () => {
  async function scene() {
    const folder = tempFolder()
    await writeSteps(folder, 12, { segmentBytes: 1500 })
    const names = fs.readdirSync(folder).sort()
    expect(names.length).toBe(3)
    const files = Object.fromEntries(names.map((name) => [name, fs.readFileSync(path.join(folder, name), 'utf8')]))
    const lines = names.map((name) => linesOf(path.join(folder, name)))
    return { files, lines }
  }
  const change = (line: string): string => line.replace('Ergebnis', 'Ergebnys')

  test.each([
    [
      'a changed record in the middle',
      2,
      (l: string[]) => [l[0]!, change(l[1]!), ...l.slice(2)],
      'has content that does not match',
    ],
    [
      'a changed last record, complete with its newline',
      2,
      (l: string[]) => [...l.slice(0, -1), change(l.at(-1)!)],
      'does not match',
    ],
    ['a last line that was replaced', 2, (l: string[]) => [...l.slice(0, -1), 'hello\n'], 'is not a record'],
    ['a deleted record', 1, (l: string[]) => l.toSpliced(1, 1), 'does not follow the record before it'],
    ['a doubled record', 1, (l: string[]) => [l[0]!, l[0]!, ...l.slice(1)], 'does not follow the record before it'],
    ['swapped records', 0, (l: string[]) => [l[1]!, l[0]!, ...l.slice(2)], 'does not follow the record before it'],
    ['a torn end in a closed segment', 0, (l: string[]) => [...l.slice(0, -1), l.at(-1)!.slice(0, -5)], 'cut off in the middle'],
    ['an emptied closed segment', 1, () => [], 'does not follow the record before it'],
    ['an empty line', 0, (l: string[]) => [l[0]!, '\n', ...l.slice(1)], 'is not a record'],
  ])('refuses to start and changes nothing: %s', async (_name, index, edit, reason) => {
    const { files, lines } = await scene()
    const name = `0000000${index + 1}.jsonl`
    const folder = journalOf({ ...files, [name]: edit(lines[index]!).join('') })
    const before = fs.readdirSync(folder).map((file) => [file, fs.readFileSync(path.join(folder, file), 'utf8')])
    const error = await open(folder).catch((caught: unknown) => caught)
    expect(error).toBeInstanceOf(JournalDamaged)
    expect((error as Error).message).toContain(reason)
    expect((error as Error).message).toContain('Nothing was changed')
    expect((error as Error).message).toContain('countersign audit verify')
    expect(fs.readdirSync(folder).map((file) => [file, fs.readFileSync(path.join(folder, file), 'utf8')])).toEqual(before)
    const verified = await verifyJournal(folder)
    expect([verified.ok, verified.problems.length > 0]).toEqual([false, true])
    expect(verified.problems[0]?.message).toContain(reason)
  })

  test('refuses to start when zeros are further from the end than one batch can reach', async () => {
    const folder = tempFolder()
    const { journal } = await open(folder)
    for (let n = 0; n < 1200; n++) journal.append(stepEvent(n, 'x'.repeat(1000)))
    await journal.close()
    const bytes = fs.readFileSync(segment(folder, 1))
    const near = await open(
      journalOf({ '00000001.jsonl': Buffer.from(bytes).fill(0, bytes.length - 200_000, bytes.length - 199_990) }),
    )
    await near.journal.close()
    expect(near.recovered?.bytes).toBeGreaterThan(199_990)
    await expect(open(journalOf({ '00000001.jsonl': Buffer.from(bytes).fill(0, 5000, 5010) }))).rejects.toThrow(
      'the record after 3 has content that does not match its hash',
    )
  })

  test('refuses to start when a segment is missing', async () => {
    const { files } = await scene()
    const { '00000001.jsonl': _first, ...rest } = files
    await expect(open(journalOf(rest))).rejects.toThrow('00000001.jsonl, byte 0: the whole segment is missing')
    const { '00000002.jsonl': _second, ...ends } = files
    await expect(open(journalOf(ends))).rejects.toThrow('00000002.jsonl, byte 0: the whole segment is missing')
    expect((await verifyJournal(journalOf(ends))).problems.map(({ message }) => message)).toEqual([
      'the segment is missing',
      'the record after 4 does not follow the record before it',
    ])
  })
})

describe('a commit of several records', () => {
  const committed = async (folder: string) => {
    const { journal } = await open(folder)
    await journal.synced(journal.append(stepEvent(1)).record.seq)
    for (const [n, more] of [
      [2, 2],
      [3, 1],
      [4, 0],
    ] as const)
      journal.append(stepEvent(n), more)
    await journal.close()
    return fs.readFileSync(segment(folder, 1))
  }

  test('of which not all arrived has not happened, wherever it broke off', async () => {
    const whole = await committed(tempFolder())
    const ends = [...whole.toString('latin1').matchAll(/\n/g)].map(({ index }) => index + 1)
    const { storage } = recordingStorage(fileStorage, { skipSyncs: true })
    for (const cut of [ends[1]!, ends[2]!, ends[2]! + 40, whole.length - 1]) {
      const folder = journalOf({ '00000001.jsonl': whole.subarray(0, cut) })
      const { journal, replayed, recovered } = await open(folder, { storage })
      await journal.synced(journal.append(stepEvent(9)).record.seq)
      await journal.close()
      expect(replayed.map(({ record }) => record.type)).toEqual(['step_completed', 'recovered'])
      expect(recovered).toMatchObject({ offset: ends[0], bytes: cut - ends[0]! })
      expect(await verifyJournal(folder)).toMatchObject({ ok: true, records: 3, torn: null })
    }
    expect((await open(journalOf({ '00000001.jsonl': whole }), { storage })).replayed).toHaveLength(4)
  })

  test('stands in one segment, whose end it goes beyond', async () => {
    const folder = tempFolder()
    const { journal } = await open(folder, { segmentBytes: 700 })
    const positions = [3, 2, 1, 0].map((more, n) => journal.append(stepEvent(n), more).position)
    await journal.synced(4)
    expect(new Set(positions.map((position) => Math.floor(position / 2 ** 32))).size).toBe(1)
    await journal.close()
  })
})
