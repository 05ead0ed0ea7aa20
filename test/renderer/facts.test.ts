import { describe, expect, test } from 'vitest'
import { decodedHost, registrablePart } from '../../renderer/host-name.ts'
import { namedDuration, textKind } from '../../renderer/parts/fact-kind.ts'
import { diffOf, readDiff } from '../../renderer/parts/fact-lines.ts'
import { columnsOf, currencyFor, moneyOf, numberDoubt, openAtFirst, pairIn } from '../../renderer/parts/fact-shape.ts'

const kind = (text: string, name = 'note') => textKind(text, name).kind

describe('a text of a sender', () => {
  test.each([
    ['2026-11-14T09:30:00+01:00', 'instant'],
    ['2026-11-18', 'date'],
    ['2026-02-30', 'prose'],
    ['PT48H', 'duration'],
    ['PAYMENT', 'prose'],
    ['https://shop.example/x', 'address'],
    ['javascript:alert(1)', 'prose'],
    ['ana@example.com', 'email'],
    ['--- a/x\n+++ b/x\n@@ -1 +1 @@\n-a\n+b\n', 'diff'],
    ['- a list\n- of things', 'prose'],
    ['{"a":1}', 'json'],
    ['{"a":1,"a":2}', 'prose'],
    ['{"a":', 'prose'],
    [`iVBORw0KGgo${'A1b2'.repeat(60)}`, 'blob'],
    ['data:image/png;base64,iVBORw0KGgo', 'blob'],
    ['xyz'.repeat(200), 'prose'],
    ['/etc/passwd', 'code'],
  ])('%s is %s', (text, expected) => expect(kind(text)).toBe(expected))

  test('is never hidden behind its size where it is acted upon', () => {
    expect(kind('Qz12'.repeat(60), 'command')).toBe('code')
    expect(kind('Qz12'.repeat(60), 'payee')).toBe('prose')
  })
})

test('a number is a length of time by the unit in its name', () => {
  expect(namedDuration(5_400_000, 'timeout_ms')).toBe(5_400_000)
  expect(namedDuration(90, 'waitMinutes')).toBe(5_400_000)
  expect(namedDuration(90, 'items')).toBeNull()
  expect(namedDuration(90, 'n_constructor')).toBeNull()
})

describe('the shape of data', () => {
  test('like records are a table, also where one lacks a field', () => {
    expect(
      columnsOf([
        { a: 1, b: 2 },
        { a: 3, b: 4 },
        { a: 5, b: 6, c: 7 },
      ]),
    ).toEqual(['a', 'b', 'c'])
    expect(columnsOf([{ a: 1 }, { b: 2 }, { c: 3 }])).toBeNull()
    expect(columnsOf([{ a: 1 }, { a: { b: 2 } }])).toBeNull()
    expect(columnsOf([{ a: 1 }])).toBeNull()
  })

  test('an amount takes the currency that stands beside it, and no other word', () => {
    const bag = { amount: '5.00', unitPrice: 3, count: 4, currency: 'EUR' }
    expect(['amount', 'unitPrice', 'count', 'constructor'].map((name) => currencyFor(bag, name))).toEqual([
      'EUR',
      'EUR',
      null,
      null,
    ])
    expect(currencyFor({ amount: '5.00', currency: 'XQZ' }, 'amount')).toBeNull()
    expect(moneyOf({ amount: '5.00', currency: 'EUR' })).toEqual({ amount: '5.00', currency: 'EUR' })
    expect(moneyOf({ amount: '5.00', currency: 'EUR', note: '' })).toBeNull()
  })

  test('before and after are a pair, and `from` and `to` are not', () => {
    expect(pairIn({ before: 1, after: 2 })).toEqual(['before', 'after'])
    expect(pairIn({ from: 1, to: 2 })).toBeNull()
  })

  test.each([
    ['1.240', { kind: 'two_ways', one: '1.24', other: '1240' }],
    ['12,34,5', { kind: 'grouping' }],
    ['1,24,000', { kind: 'grouping' }],
    ['1,240.50', null],
    ['1.240,50', null],
    ['1240.50', null],
    ['0.125', null],
  ])('an amount written %s', (text, doubt) => expect(numberDoubt(text, 'amount')).toEqual(doubt))

  test('however much there is, little is open at first, the outer before the inner', () => {
    const wide = Object.fromEntries(
      Array.from({ length: 500 }, (_, n) => [`f${n}`, { list: Array.from({ length: 50 }, (__, m) => m) }]),
    )
    expect(openAtFirst(wide).size).toBeLessThan(400)
    expect(openAtFirst(wide).has(wide)).toBe(true)
    const small = { a: { b: { c: [1, 2] } } }
    expect(openAtFirst(small).size).toBe(4)
  })
})

describe('a host', () => {
  test.each([
    ['www.shop.example', 'shop.example'],
    ['pay.bank.co.uk', 'bank.co.uk'],
    ['bank.com.evil.example', 'evil.example'],
    ['bank.pages.dev', 'bank.pages.dev'],
    ['a.bank.pages.dev', 'bank.pages.dev'],
    ['127.0.0.1:8080', '127.0.0.1'],
    ['localhost', 'localhost'],
  ])('%s was registered as %s', (host, part) => expect(registrablePart(host)).toBe(part))

  test('in punycode is decoded as browsers encode it', () => {
    for (const name of ['bücher.example', 'pаypal.com', '例え.テスト', 'xn.example', 'аррӏе.com']) {
      const { host } = new URL(`https://${name}`)
      expect(decodedHost(host) ?? host).toBe(name)
    }
    expect(decodedHost('xn--\u00ff.com')).toBeNull()
  })
})

describe('a difference', () => {
  test('has lines that are added, taken away and kept; a taken line of dashes is no head', () => {
    const lines = readDiff('--- a\n+++ b\n@@ -1,3 +1,2 @@\n same\n--- gone\n-old\n+new\n')
    expect(lines.map(({ kind: each }) => each)).toEqual(['head', 'head', 'place', 'kept', 'removed', 'removed', 'added'])
    expect(lines[4]).toEqual({ kind: 'removed', text: '-- gone' })
  })

  test('of two texts is the shortest there is', () => {
    expect(diffOf('a\nb\nc', 'a\nx\nc')).toEqual([
      { kind: 'kept', text: 'a' },
      { kind: 'removed', text: 'b' },
      { kind: 'added', text: 'x' },
      { kind: 'kept', text: 'c' },
    ])
    expect(diffOf('a\n'.repeat(500), 'b')).toBeNull()
  })
})
