import { createHash } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { blankContent, decodeLine, encodeRecord, genesisHash } from '../../../electron/core/journal/record.ts'
import type { NewEvent } from '../../../shared/model/event.ts'
import { retryEvent, stepEvent } from './scene.ts'

const at = '2026-11-21T09:00:00.000Z'
const lineOf = (event: NewEvent, seq = 1, prev = genesisHash): Buffer => Buffer.from(encodeRecord(event, seq, at, prev).line)

describe('a record', () => {
  test('is one line of JSON that can be checked without our code', () => {
    const line = lineOf(stepEvent(7)).toString('utf8')
    const parsed = JSON.parse(line)
    expect(Object.keys(parsed)).toEqual([
      'hash',
      'head',
      'seq',
      'at',
      'type',
      'actor',
      'run_id',
      'data',
      'content_sha256',
      'prev',
      'content',
    ])
    const bytes = Buffer.from(line)
    const chainedAt = line.indexOf('"seq":')
    const chained = bytes.subarray(chainedAt, chainedAt + parsed.head)
    expect(createHash('sha256').update(parsed.prev).update(chained).digest('hex')).toBe(parsed.hash)
    const content = bytes.subarray(chainedAt + parsed.head + ',"content":'.length, bytes.length - 2)
    expect(createHash('sha256').update(content).digest('hex')).toBe(parsed.content_sha256)
    expect(parsed.content.salt).toMatch(/^[\w-]{22}$/)
    expect(line.indexOf('\n')).toBe(line.length - 1)
  })

  test.each([
    ['content and ids', stepEvent(1)],
    ['no content', retryEvent(1)],
    ['line breaks, quotes, lone surrogates and NUL', stepEvent(1, 'a\nb\u2028"\\ \ud800 \u0000 \ufffd')],
    ['a member called salt', stepEvent(1, { salt: 'mine', __proto__x: 1 })],
    ['an approval', { ...stepEvent(1), approval_id: 'apr_1' } as NewEvent],
  ])('reads back as it was written: %s', (_name, event) => {
    const decoded = decodeLine(lineOf(event, 3), genesisHash)
    const plain = JSON.parse(JSON.stringify({ ...event, seq: 3, at }))
    expect(decoded.ok && decoded.value.record).toEqual(plain)
  })

  test('reads back whatever JSON its content is', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const decoded = decodeLine(lineOf(stepEvent(1, value)), genesisHash)
        expect(decoded.ok && decoded.value.record.content).toEqual({ result: JSON.parse(JSON.stringify(value)) })
      }),
      { numRuns: 300 },
    )
  })

  test('salts its content anew each time', () => {
    const hashes = Array.from({ length: 2000 }, () => JSON.parse(lineOf(stepEvent(1)).toString()).content_sha256)
    expect(new Set(hashes).size).toBe(2000)
  })

  test('keeps hash and length when its content is erased', () => {
    const line = lineOf(stepEvent(1, 'a secret'))
    const blanked = blankContent(line)!
    expect(blanked.length).toBe(line.length)
    expect(blanked.includes('secret')).toBe(false)
    expect(blanked.includes(JSON.parse(line.toString()).content.salt)).toBe(false)
    expect(JSON.parse(blanked.toString()).content).toBeNull()
    const before = decodeLine(line, genesisHash)
    const after = decodeLine(blanked, genesisHash)
    expect(after).toEqual({
      ok: true,
      value: before.ok && { ...before.value, record: { ...before.value.record, content: null, erased: true } },
    })
  })

  test('is not marked erased when it never had content', () => {
    const decoded = decodeLine(lineOf(retryEvent(1)), genesisHash)
    expect(decoded.ok && 'erased' in decoded.value.record).toBe(false)
  })
})

describe('the reader', () => {
  test('refuses a line with any single bit flipped', () => {
    const line = lineOf(stepEvent(1))
    const accepted: number[] = []
    for (let bit = 0; bit < (line.length - 1) * 8; bit++) {
      const flipped = Buffer.from(line)
      flipped[bit >> 3]! ^= 1 << (bit & 7)
      if (decodeLine(flipped, genesisHash).ok) accepted.push(bit)
    }
    expect(accepted).toEqual([])
  })

  test('refuses a line with any byte left out or doubled', () => {
    const line = lineOf(stepEvent(1))
    for (let i = 0; i < line.length - 1; i++) {
      const without = Buffer.concat([line.subarray(0, i), line.subarray(i + 1)])
      const doubled = Buffer.concat([line.subarray(0, i + 1), line.subarray(i)])
      expect([i, decodeLine(without, genesisHash).ok, decodeLine(doubled, genesisHash).ok]).toEqual([i, false, false])
    }
  })

  test('tells invalid UTF-8 from the character that usually replaces it', () => {
    const line = lineOf(stepEvent(1, 'x\ufffdx'))
    const hostile = Buffer.from(line.toString('latin1').replace('\u00ef\u00bf\u00bd', '\u00ff\u00fe\u00fd'), 'latin1')
    expect(hostile.length).toBe(line.length)
    expect(decodeLine(hostile, genesisHash)).toMatchObject({ ok: false, failure: { code: 'changed' } })
  })

  test('refuses a whole record behind another one than it names', () => {
    expect(decodeLine(lineOf(stepEvent(1)), 'f'.repeat(64))).toMatchObject({ ok: false, failure: { code: 'unlinked' } })
    expect(decodeLine(lineOf(stepEvent(1)), null).ok).toBe(true)
  })

  test('refuses content that was put on, taken off or swapped', () => {
    const bare = lineOf(retryEvent(1)).toString()
    const full = lineOf(stepEvent(1)).toString()
    const content = full.slice(full.indexOf(',"content":'), -2)
    const other = lineOf(stepEvent(1)).toString()
    for (const line of [
      bare.replace(/\}\n$/, `${content}}\n`),
      bare.replace(/\}\n$/, ',"content":null}\n'),
      full.replace(content, ''),
      full.replace(content, other.slice(other.indexOf(',"content":'), -2)),
      full.replace(content, ',"content":nulll'),
    ]) {
      expect(decodeLine(Buffer.from(line), genesisHash).ok).toBe(false)
    }
  })

  test('never throws and never accepts arbitrary bytes', () => {
    const whole = lineOf(stepEvent(1))
    const pieces = fc.oneof(
      fc.uint8Array({ maxLength: 400 }).map((bytes) => Buffer.from(bytes)),
      fc
        .tuple(fc.nat(whole.length), fc.uint8Array({ maxLength: 40 }))
        .map(([cut, junk]) => Buffer.concat([whole.subarray(0, cut), junk])),
      fc
        .tuple(fc.nat({ max: 999_999_999 }), fc.string(), fc.string())
        .map(([n, a, b]) => Buffer.from(`{"hash":"${a.padEnd(64, '0')}","head":${n},${b.padEnd(200, '}')}}`)),
    )
    fc.assert(
      fc.property(pieces, fc.boolean(), (bytes, alone) => {
        const decoded = decodeLine(bytes, alone ? null : genesisHash)
        expect(decoded.ok).toBe(bytes.equals(whole) || bytes.equals(whole.subarray(0, -1)))
        blankContent(bytes)
      }),
      { numRuns: 5000 },
    )
  })
})
