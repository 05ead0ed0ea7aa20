/** A number from 0 up to `below`. */
export type Random = (below: number) => number

export const pick = <T>(random: Random, from: readonly T[]): T => from[random(from.length)]!

/** One in so many. */
export const rarely = (random: Random, times: number): boolean => random(times) === 0

const keys = [
  'type',
  'title',
  'description',
  'amount',
  'currency',
  'data',
  'requester',
  'beneficiary',
  'approver_email',
  'department',
  'priority',
  'timeout_hours',
  'items',
  'options',
  'form',
  'diff',
  'expense_data',
  'approval_id',
  'decision',
  'version',
  'comment',
  'value',
  'to',
  'hours',
  'name',
  'input',
  'payload',
  'email',
  'away',
  'from',
  'ends_at',
  'members',
  'label',
  'scope',
  'reason',
  'key',
  'action',
  'text',
  'hold',
  'until',
  'watching',
  'toString',
  'length',
  'constructor',
  '',
  '0',
  'a b',
  'é',
  '\u0000',
  '\ud800',
]
const texts = [
  '',
  ' ',
  'refund',
  'approve',
  'reject',
  'cancel',
  'ana@example.com',
  'owner@example.com',
  'group:managers',
  'EUR',
  '49.50',
  '-1',
  '1e9',
  'high',
  'submit',
  'true',
  'null',
  '2026-12-24T18:00:00Z',
  '2026-02-30',
  '../../etc/passwd',
  '<script>alert(1)</script>',
  '\u202e001\u202c',
  "'; DROP TABLE runs; --",
  '{{7*7}}',
  '%s%n',
  '\u0000',
  '\ud800',
  '🎉',
  'a'.repeat(300),
  'x'.repeat(10_001),
  'line\r\nline',
]
const numbers = [0, -0, 1, -1, 0.1, 49.5, 1e9, 1e21, 1e-7, 2 ** 53 - 1, -(2 ** 31), 255, 4096]

/** Any JSON value. */
function anyJson(random: Random, depth = 0): unknown {
  const kind = random(depth > 4 ? 4 : 7)
  if (kind === 0) return pick(random, texts)
  if (kind === 1) return pick(random, numbers)
  if (kind === 2) return pick(random, [null, true, false])
  if (kind === 3) return pick(random, keys)
  if (kind === 4) return Array.from({ length: random(5) }, () => anyJson(random, depth + 1))
  return Object.fromEntries(Array.from({ length: random(6) }, () => [pick(random, keys), anyJson(random, depth + 1)]))
}

/** What its door takes, with any of its members of another kind, missing, or one too many. */
function nearly(random: Random, right: Readonly<Record<string, unknown>>): unknown {
  const body: Record<string, unknown> = { ...right }
  for (const name of Object.keys(body)) {
    const fate = random(30)
    if (fate === 0) body[name] = anyJson(random, 2)
    if (fate === 1) delete body[name]
  }
  if (rarely(random, 8)) body[pick(random, keys)] = anyJson(random, 2)
  return body
}

const tokens = [
  '{',
  '}',
  '[',
  ']',
  ',',
  ':',
  '"',
  '\\',
  '\\u',
  '\\u0000',
  '1e400',
  '-',
  '/*',
  'NaN',
  '\u0000',
  '\ufeff',
  '"__proto__":1,',
]

/** The same bytes with some changed, doubled, taken away or put in. */
function damaged(random: Random, bytes: Buffer): Buffer {
  let copy = Buffer.from(bytes)
  for (let change = 0; change <= random(4); change++) {
    const at = random(copy.length + 1)
    const kind = random(5)
    if (kind === 0 && copy.length > 0) copy[at % copy.length]! ^= 1 << random(8)
    else if (kind === 1 && copy.length > 0) copy[at % copy.length] = random(256)
    else if (kind === 2) copy = Buffer.concat([copy.subarray(0, at), Buffer.from(pick(random, tokens)), copy.subarray(at)])
    else if (kind === 3) copy = Buffer.concat([copy.subarray(0, at), copy.subarray(at + 1 + random(8))])
    else copy = Buffer.concat([copy.subarray(0, at), copy.subarray(Math.max(0, at - random(20)))])
  }
  return copy
}

/** What two readers could understand differently, or no reader likes. */
const awkward: readonly (() => Buffer)[] = [
  () => Buffer.from('{"type":"refund","__proto__":{"admin":true}}'),
  () => Buffer.from('{"type":"refund","data":{"constructor":{"prototype":{}}}}'),
  () => Buffer.from('{"type":"refund","amount":1,"amount":1000000}'),
  () => Buffer.from('{"type":"refund","\\u0061mount":1,"amount":2}'),
  () => Buffer.from('{"type":"refund","amount":12345678901234567890}'),
  () => Buffer.from('{"type":"refund","amount":1e400}'),
  () => Buffer.from('\ufeff{"type":"refund"}'),
  () => Buffer.concat([Buffer.from('{"type":"refund","title":"'), Buffer.from([0xff, 0xfe, 0xc0, 0x80]), Buffer.from('"}')]),
  () => Buffer.from('{"type":"refund"}', 'utf16le'),
  () => Buffer.from('['.repeat(5000) + ']'.repeat(5000)),
  () => Buffer.from(`${'{"a":'.repeat(40)}1${'}'.repeat(40)}`),
  () => Buffer.from(`{"type":"refund","data":{"list":[${'0,'.repeat(60_000)}0]}}`),
  () => Buffer.from(`{"type":"refund","data":[${'[],'.repeat(50_001)}[]]}`),
  () => Buffer.from(`{"type":"refund","description":"${'x'.repeat(263_000)}"}`),
  () =>
    Buffer.from(JSON.stringify({ type: 'refund', data: Object.fromEntries(Array.from({ length: 3000 }, (_, n) => [`k${n}`, n])) })),
  () => Buffer.from('{"type":"refund"}{"type":"refund"}'),
  () => Buffer.from('{"type":"refund",}'),
  () => Buffer.alloc(0),
  () => Buffer.alloc(2000, 0),
  () => Buffer.from('"'.repeat(2000)),
  () => Buffer.from(`{"type":"refund","title":"${'\\'.repeat(2001)}"}`),
  () => Buffer.from('payload=%7B%22type%22%3A1%7D&payload=x&a[b]=c&%zz=1'),
]

/** A body for a door that takes such a one. */
export function anyBody(random: Random, right: Readonly<Record<string, unknown>>): Buffer {
  const kind = random(100)
  if (kind < 40) return Buffer.from(JSON.stringify(nearly(random, right)))
  if (kind < 70) return damaged(random, Buffer.from(JSON.stringify(nearly(random, right))))
  if (kind < 85) return Buffer.from(JSON.stringify(anyJson(random)))
  if (kind < 95) return Buffer.from(Array.from({ length: random(200) }, () => random(256)))
  return pick(random, awkward)()
}
