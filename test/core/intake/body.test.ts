import { expect, test } from 'vitest'
import { readJson } from '../../../electron/core/intake/body.ts'

const refused = (body: string | Buffer): string | null => {
  const result = readJson(Buffer.isBuffer(body) ? body : Buffer.from(body))
  return result.ok ? null : result.failure
}

test('reads what JSON.parse reads', () => {
  for (const value of [
    {},
    [],
    0,
    -1.5,
    'a"b\\',
    null,
    true,
    { a: [{ b: '𝄞\u0000' }, {}], c: 9007199254740991 },
    { 'a"': { 'a"': 1 } },
  ]) {
    expect(readJson(Buffer.from(JSON.stringify(value)))).toEqual({ ok: true, value })
    expect(readJson(Buffer.from(JSON.stringify(value, null, 2)))).toEqual({ ok: true, value })
  }
})

test.each([
  ['an empty body', '', 'empty'],
  ['a byte order mark', '\uFEFF{}', 'byte order mark'],
  ['invalid UTF-8', Buffer.from([0x22, 0xff, 0x22]), 'UTF-8'],
  ['an overlong UTF-8 sequence', Buffer.from([0x22, 0xc0, 0xaf, 0x22]), 'UTF-8'],
  ['UTF-16', Buffer.from('{"a":1}', 'utf16le'), 'not valid JSON'],
  ['33 levels', '['.repeat(33) + ']'.repeat(33), 'deeper than 32'],
  ['400,000 levels', '['.repeat(400_000), 'deeper than 32'],
  ['more than 100,000 values', JSON.stringify(Array(100_000).fill(1)), 'more than 100,000 values'],
  ['a doubled key', '{"amount":1,"amount":2}', 'twice'],
  ['a doubled key in another spelling', '{"amount":1,"\\u0061mount":2}', 'twice'],
  ['a doubled key deep inside', '{"a":[{"b":{"c":1,"d":[],"c":2}}]}', 'line 1, column 26'],
  ['a prototype key', '{"a":{"__proto__":{}}}', 'prototype'],
  ['an escaped prototype key', '{"\\u005f_proto__":{}}', 'prototype'],
  ['a constructor with a prototype', '{"constructor":{"prototype":{"x":1}}}', 'prototype'],
  ['an integer beyond what is exact', '{"a":12345678901234567890}', 'too large'],
  ['the first integer beyond', '9007199254740993', 'too large'],
  ['its negative', '[-9007199254740993]', 'too large'],
  ['an exponent beyond every number', '{"a":1e400}', 'too large'],
  ['an integer in an exponent', '1E16', 'too large'],
  ['a string without end', '{"a":"', 'never ends'],
  ['two values', '{} {}', 'not valid JSON'],
  ['a trailing comma', '{"a":1,}', 'not valid JSON'],
  ['single quotes', "{'a':1}", 'not valid JSON'],
  ['NaN', '{"a":NaN}', 'not valid JSON'],
  ['a body cut short', '{"a":[1,', 'not valid JSON'],
  ['only spaces', '   ', 'not valid JSON'],
])('refuses %s', (_name, body, message) => {
  expect(refused(body)).toContain(message)
})

test('takes what is just inside the limits', () => {
  for (const body of [
    '['.repeat(32) + ']'.repeat(32),
    JSON.stringify(Array(4999).fill(1)),
    '[9007199254740991,-9007199254740991,0.1234567890123456789,1e-400,1e15]',
    '{"a":{"x":1},"b":{"x":1},"x":[{"x":1},{"x":2}]}',
    '{"constructor":"Ana","prototype":1,"a":{"prototype":{}}}',
    '{"a\\\\":1,"a":"\\"a\\":1,\\"a\\":2"}',
    '"\\ud800"',
  ]) {
    expect(refused(body)).toBeNull()
  }
})

test('never repeats what was sent', () => {
  for (const body of ['{"secret-key":1,"secret-key":2}', '{"secret-key":secret}', '"secret', '[secret-key'])
    expect(refused(body)).not.toContain('secret')
})

test('reads 200 MB a second and a usual body in a few microseconds', () => {
  const usual = Buffer.from(
    JSON.stringify({
      type: 'refund',
      title: 'Refund',
      amount: 12,
      data: { order: '1042', lines: Array(8).fill({ sku: 'x', n: 2 }) },
    }),
  )
  const large = Buffer.from(JSON.stringify({ text: 'lorem ipsum dolor '.repeat(14_000) }))
  const perCall = (body: Buffer, times: number): number => {
    for (let n = 0; n < times; n++) readJson(body)
    const from = performance.now()
    for (let n = 0; n < times; n++) readJson(body)
    return (performance.now() - from) / times
  }
  const usualMs = perCall(usual, 5_000)
  const megabytesPerSecond = large.length / perCall(large, 50) / 1000
  // The bounds leave room for a busy machine; a quadratic scan would miss them by far.
  expect(usualMs).toBeLessThan(0.2)
  expect(megabytesPerSecond).toBeGreaterThan(20)
})
