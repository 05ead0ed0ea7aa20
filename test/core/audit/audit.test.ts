import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type Audit, createAudit } from '../../../electron/core/audit/audit.ts'
import { verifier } from '../../../electron/core/audit/verifier.ts'
import { encodeRecord, genesisHash } from '../../../electron/core/journal/record.ts'
import type { AuditEntry, AuditQuery } from '../../../shared/contract/audit.ts'
import { ada, type JournalFiles, journalFiles, system } from '../projection/journal-files.ts'

let files: JournalFiles
beforeEach(() => {
  files = journalFiles()
})
afterEach(() => files.remove())

const audit = (mostBytes?: number): Audit =>
  createAudit({
    folder: files.folder,
    checkpoints: join(files.folder, 'checkpoints.jsonl'),
    journal: {
      get durable() {
        return files.durable
      },
    },
    about: ({ run_id }) => (run_id === null ? null : { title: `About ${run_id}`, amount: null, currency: null }),
    ...(mostBytes === undefined ? {} : { mostBytes }),
  })

const retried = (n: number, at?: string) =>
  files.write({ type: 'run_retried', actor: ada, run_id: `run_${n}`, data: {}, content: null }, at === undefined ? {} : { at })

const stepped = (n: number, result: unknown = n, options: { erased?: boolean } = {}) =>
  files.write(
    {
      type: 'step_completed',
      actor: system,
      run_id: `run_${n}`,
      data: { step: 'pay', attempt: 1 },
      content: { result },
    },
    options,
  )

const seqs = (items: readonly AuditEntry[]) => items.map(({ seq }) => seq)

/** All pages of a search, one after the other. */
async function all(one: Audit, query: Partial<AuditQuery>): Promise<{ found: number[]; pages: number }> {
  const found: number[] = []
  let pages = 0
  for (let cursor: string | null | undefined; cursor !== null; ) {
    const page = await one.list({ limit: 50, ...query, ...(cursor ? { cursor } : {}) })
    found.push(...seqs(page.items))
    cursor = page.next_cursor
    pages++
  }
  return { found, pages }
}

describe('the list of records', () => {
  it('is newest first, page by page over all segments, each record once', async () => {
    for (let n = 1; n <= 125; n++) {
      if (n % 30 === 0) files.roll()
      if (n % 2) retried(n)
      else stepped(n, 'x'.repeat(n * 40))
    }
    const first = await audit().list({ limit: 50 })
    expect(seqs(first.items)).toEqual(Array.from({ length: 50 }, (_, i) => 125 - i))
    expect(first).toMatchObject({ total: 125, next_cursor: '76', looked_back_to: { seq: 76 } })
    expect((await all(audit(), {})).found).toEqual(Array.from({ length: 125 }, (_, i) => 125 - i))
    expect(first.items[0]).toEqual({
      seq: 125,
      at: expect.any(String),
      type: 'run_retried',
      actor: ada,
      run_id: 'run_125',
      approval_id: null,
      data: {},
      erased: false,
      damaged: false,
      hash: expect.stringMatching(/^[0-9a-f]{64}$/),
      about: { title: 'About run_125', amount: null, currency: null },
    })
  })

  it('is empty for an empty journal, and stays as it is while new records come', async () => {
    writeFileSync(join(files.folder, '00000001.jsonl'), '')
    expect(await audit().list({ limit: 10 })).toEqual({ items: [], total: 0, next_cursor: null, looked_back_to: null })
    for (let n = 1; n <= 20; n++) retried(n)
    const { next_cursor } = await audit().list({ limit: 5 })
    for (let n = 21; n <= 40; n++) retried(n)
    expect(seqs((await audit().list({ limit: 5, cursor: next_cursor! })).items)).toEqual([15, 14, 13, 12, 11])
  })

  it('shows nothing that is not durable yet', async () => {
    retried(1)
    const { line } = encodeRecord(
      { type: 'run_retried', actor: ada, run_id: 'run_2', data: {}, content: null },
      2,
      new Date().toISOString(),
      genesisHash,
    )
    writeFileSync(join(files.folder, '00000001.jsonl'), line, { flag: 'a' })
    expect(seqs((await audit().list({ limit: 5 })).items)).toEqual([1])
  })

  it('is searched by a part of the type, by who did it, and by any id in a record', async () => {
    for (let n = 1; n <= 30; n++) retried(n)
    const made = files.write({
      type: 'token_revoked',
      actor: { ...ada, id: 'bo@example.com', name: 'Bö "Bee" Berg' },
      data: { token_id: 'src_7' },
      content: null,
    })
    for (let n = 32; n <= 60; n++) stepped(n, { note: 'src_7' })
    expect((await all(audit(), { type: 'Retried' })).found).toHaveLength(30)
    expect((await all(audit(), { type: 'run retried' })).found).toHaveLength(30)
    expect((await all(audit(), { actor: 'bö "bee' })).found).toEqual([made.seq])
    expect((await all(audit(), { actor: 'engine' })).found).toHaveLength(29)
    // What a sender wrote is not searched: an id is one only in a place of its own.
    expect((await all(audit(), { id: 'src_7' })).found).toEqual([made.seq])
    expect((await all(audit(), { id: 'run_3' })).found).toEqual([3])
    expect((await all(audit(), { type: 'step', actor: 'ada' })).found).toEqual([])
  })

  it('is searched by dates, also where a clock was set back', async () => {
    for (let n = 1; n <= 40; n++) {
      if (n % 10 === 0) files.roll()
      retried(n, new Date(Date.UTC(2026, 0, n, 12)).toISOString())
    }
    retried(41, '2026-02-08T13:00:00.000Z')
    const from = '2026-01-10T00:00:00Z'
    const to = '2026-01-20T00:00:00Z'
    expect((await all(audit(), { from, to })).found).toEqual([19, 18, 17, 16, 15, 14, 13, 12, 11, 10])
    expect((await all(audit(), { from: '2026-02-08T00:00:00Z' })).found).toEqual([41, 40, 39])
    expect((await all(audit(), { to: '2026-02-08T13:30:00Z', from: '2026-02-08T00:00:00Z' })).found).toEqual([41, 39])
  })

  it('looks through a part at a time and goes on from there', async () => {
    for (let n = 1; n <= 400; n++) stepped(n, 'y'.repeat(2000))
    const wanted = files.write({ type: 'token_revoked', actor: ada, data: { token_id: 'src_1' }, content: null })
    for (let n = 402; n <= 800; n++) stepped(n, 'y'.repeat(2000))
    const { found, pages } = await all(audit(200_000), { type: 'token' })
    expect(found).toEqual([wanted.seq])
    expect(pages).toBeGreaterThan(3)
    const first = await audit(200_000).list({ type: 'token', limit: 5 })
    expect(first.items).toEqual([])
    expect(first.looked_back_to!.seq).toBeLessThan(800)
    expect(first.next_cursor).not.toBeNull()
  })

  it('says what was erased, and shows a changed line instead of leaving it out', async () => {
    stepped(1, 'secret', { erased: true })
    retried(2)
    const path = join(files.folder, '00000001.jsonl')
    writeFileSync(path, readFileSync(path, 'utf8').replace('run_2', 'run_9'))
    const { items } = await audit().list({ limit: 5 })
    expect(items.map(({ seq, erased, damaged, about }) => ({ seq, erased, damaged, about }))).toEqual([
      { seq: 2, erased: false, damaged: true, about: null },
      { seq: 1, erased: true, damaged: false, about: null },
    ])
  })
})

describe('one record', () => {
  it('is given as it is written, with its place and its links', async () => {
    for (let n = 1; n <= 70; n++) {
      if (n % 20 === 0) files.roll()
      stepped(n, 'z'.repeat(n * 500))
    }
    const lines = [1, 2, 3, 4].flatMap((segment) =>
      readFileSync(join(files.folder, `0000000${segment}.jsonl`), 'utf8')
        .trimEnd()
        .split('\n'),
    )
    for (const seq of [1, 19, 20, 41, 60, 70]) {
      const found = await audit().get(seq)
      const written = JSON.parse(lines[seq - 1]!)
      expect(found).toEqual({
        ok: true,
        value: {
          seq,
          hash: written.hash,
          prev: written.prev,
          erased: false,
          segment: expect.stringMatching(/^0000000\d\.jsonl$/),
          offset: expect.any(Number),
          bytes: Buffer.byteLength(lines[seq - 1]!) + 1,
          line: lines[seq - 1],
        },
      })
    }
    expect(await audit().get(71)).toMatchObject({ ok: false, failure: { code: 'not-found' } })
  })
})

describe('the export', () => {
  it('is every record, byte for byte', async () => {
    for (let n = 1; n <= 50; n++) {
      if (n === 25) files.roll()
      stepped(n, `Grüße ${'ö'.repeat(20_000)}`)
    }
    const written = ['00000001.jsonl', '00000002.jsonl'].map((name) => readFileSync(join(files.folder, name), 'utf8')).join('')
    let text = ''
    for await (const { lines } of audit().export()) text += lines
    expect(text).toBe(written)
  })

  it('comes with the signed heads and a program that proves it, before the first record', async () => {
    stepped(1)
    const proofs = async () => {
      const found: unknown[] = []
      for await (const { proof } of audit().export()) found.push(proof)
      return found
    }
    expect(await proofs()).toEqual([{ checkpoints: '', verifier }, undefined])
    writeFileSync(join(files.folder, 'checkpoints.jsonl'), '{"seq":1}\n')
    expect((await proofs())[0]).toEqual({ checkpoints: '{"seq":1}\n', verifier })
  })
})

/** Builds a large journal quickly: the lines of one segment at a time. */
function manyRecords(count: number): void {
  let hash = genesisHash
  let batch: string[] = []
  let segment = 1
  const flush = () => {
    writeFileSync(join(files.folder, `${String(segment).padStart(8, '0')}.jsonl`), batch.join(''))
    batch = []
    segment++
  }
  for (let seq = 1; seq <= count; seq++) {
    const special = seq === 1000
    const encoded = encodeRecord(
      special
        ? { type: 'token_revoked', actor: ada, data: { token_id: 'src_needle' }, content: null }
        : {
            type: 'step_completed',
            actor: system,
            run_id: `run_${seq}`,
            data: { step: 'pay', attempt: 1 },
            content: { result: 'paid' },
          },
      seq,
      new Date(Date.UTC(2026, 0, 1) + seq * 1000).toISOString(),
      hash,
    )
    hash = encoded.hash
    batch.push(encoded.line)
    if (seq % 40_000 === 0) flush()
  }
  if (batch.length > 0) flush()
}

describe('a journal of many records', () => {
  it('answers pages and searches without holding up what else runs', { timeout: 60_000 }, async () => {
    const count = Number(process.env.AUDIT_RECORDS ?? 120_000)
    manyRecords(count)
    const one = createAudit({
      folder: files.folder,
      checkpoints: join(files.folder, 'checkpoints.jsonl'),
      journal: { durable: { seq: count, end: Number.MAX_SAFE_INTEGER } },
      about: () => null,
    })
    let turns = 0
    let watching = true
    const watch = () => {
      turns++
      if (watching) setImmediate(watch)
    }
    setImmediate(watch)
    const timed = async <T>(work: Promise<T>) => {
      const start = performance.now()
      const value = await work
      return { value, ms: Math.round(performance.now() - start) }
    }
    const page = await timed(one.list({ limit: 50 }))
    const deep = await timed(one.list({ limit: 50, cursor: '5000' }))
    const record = await timed(one.get(Math.floor(count / 2)))
    const needle = await timed(all(one, { id: 'src_needle' }))
    const rare = await timed(all(one, { actor: 'ada' }))
    watching = false
    console.info(
      `audit of ${count} records: page ${page.ms} ms, deep page ${deep.ms} ms, one record ${record.ms} ms, by id ${needle.ms} ms, by actor ${rare.ms} ms, ${turns} turns of the event loop`,
    )
    expect(seqs(page.value.items)[0]).toBe(count)
    expect(seqs(deep.value.items)[0]).toBe(4999)
    expect(record.value).toMatchObject({ ok: true })
    expect(needle.value.found).toEqual([1000])
    expect(rare.value.found).toEqual([1000])
    // A search that reads in one go would leave a handful.
    expect(turns).toBeGreaterThan(count / 2000)
  })
})
