import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Asked } from '../../../shared/model/approval.ts'
import { comparisons } from '../../../shared/model/comparison.ts'
import { notesOf, type Past, type PastRequest, type PresentRequest } from '../../../shared/model/precedent.ts'

const now = Date.parse('2026-03-20T12:00:00.000Z')
const daysAgo = (days: number) => new Date(now - days * 86_400_000).toISOString()

const asked = (more: Partial<Asked> = {}): Asked => ({
  type: 'refund',
  title: 'Refund',
  description: null,
  requester: 'ada@example.com',
  approvers: [],
  amount: null,
  currency: null,
  priority: 'normal',
  consequence: 'The money is sent.',
  data: {},
  ...more,
})

const past = (index: number, more: Partial<Asked> = {}, how: Partial<PastRequest> = {}): PastRequest => ({
  id: `apr_${index}`,
  asked: asked(more),
  decision: 'approved',
  by: 'Bo',
  by_you: false,
  by_person: true,
  created_at: daysAgo(20 + index),
  ...how,
})

const times = (n: number, of: (index: number) => PastRequest): PastRequest[] => Array.from({ length: n }, (_, index) => of(index))
const present = (more: Partial<Asked> = {}): PresentRequest => ({ asked: asked(more), requester: 'Ada', created_at: daysAgo(0) })
const having = (own: readonly PastRequest[], more: Partial<Past> = {}): Past => ({
  own,
  of_type: own,
  waiting: [],
  ...more,
})
const said = (request: PresentRequest, history: Past) => notesOf(request, history, now).map(({ code, message }) => [code, message])
const sayings = (request: PresentRequest, history: Past, code: string) =>
  notesOf(request, history, now).filter((note) => note.code === code)

describe('an amount', () => {
  const usual = times(17, (index) => past(index, { amount: 280 + (index % 5) * 8, currency: 'EUR' }, { by_person: false }))

  test('that is far above the usual one says how far, with the median it is held against', () => {
    expect(notesOf(present({ amount: 1240, currency: 'EUR' }), having(usual), now)).toEqual([
      {
        code: 'amount',
        tone: 'attention',
        message: '4.2 times the usual amount (median EUR 296 of 17)',
        values: { times: 4.2, median: 296, currency: 'EUR', of: 17, of_type: false },
        pointer: '/amount',
      },
    ])
  })

  test('that is like the others, or too alone to compare, says nothing', () => {
    expect(said(present({ amount: 312, currency: 'EUR' }), having(usual))).toEqual([])
    expect(said(present({ amount: 9000, currency: 'EUR' }), having(usual.slice(0, 4)))).toEqual([])
    expect(said(present({ amount: null }), having(usual))).toEqual([])
  })

  test('that is far below is said calmly', () => {
    expect(sayings(present({ amount: 30, currency: 'EUR' }), having(usual), 'amount')).toMatchObject([{ tone: 'calm' }])
  })

  test('written as text counts by its value', () => {
    const texts = usual.map((each) => ({ ...each, asked: { ...each.asked, amount: `${each.asked.amount}.00` } }))
    expect(sayings(present({ amount: '1240.00', currency: 'EUR' }), having(texts), 'amount')).toHaveLength(1)
  })

  test('of somebody new is held against all of its type', () => {
    const history: Past = { own: [], of_type: usual, waiting: [] }
    expect(said(present({ amount: 1240, currency: 'EUR' }), history)).toEqual([
      ['amount', '4.2 times the usual amount for this type (median EUR 296 of 17)'],
      ['first-request', 'First request of this type by Ada'],
    ])
  })

  test('in another currency than ever before says so and is not compared', () => {
    expect(said(present({ amount: 1240, currency: 'USD' }), having(usual))).toEqual([
      ['currency', 'First time in USD: the 17 before were in EUR'],
    ])
  })
})

describe('a value that was never there', () => {
  const first = (data: unknown, history: readonly unknown[], field = 'first-value') =>
    sayings(present({ data }), having(history.map((each, index) => past(index, { data: each }))), field).map(
      ({ message, pointer, tone }) => [message, pointer, tone],
    )
  const eight = <T>(of: (index: number) => T): T[] => Array.from({ length: 8 }, (_, index) => of(index))

  test('is named where the values before were few and settled: a payee, a host, a domain, an environment', () => {
    const known = eight((index) => ({
      payee: { iban: index % 2 ? 'DE89 3704 0044 0532 0130 00' : 'DE75512108001245126199' },
      callback: `https://api.example.com/orders/${index}?at=${index * 77}`,
      contact: `person${index}@example.com`,
      environment: 'staging',
      dry_run: true,
    }))
    const data = {
      payee: { iban: 'FR1420041010050500013M02606' },
      callback: 'https://api.example.com@evil.example/orders/9',
      contact: 'someone@examp1e.com',
      environment: 'production',
      dry_run: false,
    }
    expect(first(data, known)).toEqual([
      ['First time on this host: evil.example', '/data/callback', 'attention'],
      ['First time with this e-mail domain: examp1e.com', '/data/contact', 'attention'],
      ['First time with this dry run: false', '/data/dry_run', 'attention'],
      ['First time in this environment: production', '/data/environment', 'attention'],
      ['First time to this payee: FR1420041010050500013M02606', '/data/payee/iban', 'attention'],
    ])
  })

  test('is the same value in other spelling: an IBAN with spaces, a host in capitals', () => {
    const known = eight((index) => ({ iban: 'DE75512108001245126199', url: `https://api.example.com/${index}` }))
    expect(first({ iban: 'de75 5121 0800 1245 1261 99', url: 'HTTPS://API.EXAMPLE.COM/9' }, known)).toEqual([])
  })

  test('is nothing where values are ids, instants, counters, versions, hashes or free text', () => {
    const known = eight((index) => ({
      order: `A-${1000 + index}`,
      at: `2026-03-0${1 + (index % 2)}`,
      attempt: index % 2,
      version: `1.4.${index % 2}`,
      commit: index % 2 ? 'a3f8c2d1' : 'b4e9d3c2',
      note: 'The customer says that the parcel never came to them',
      small: String(index % 2),
    }))
    const data = {
      order: 'A-2000',
      at: '2026-04-01',
      attempt: 9,
      version: '2.0.0',
      commit: 'c0ffee12',
      note: 'Another customer says that it came too late for them',
      small: '9',
    }
    expect(first(data, known)).toEqual([])
  })

  test('is nothing while the set of values still grows, or is hardly known', () => {
    expect(
      first(
        { payee: 'z' },
        'abcdefgh'.split('').map((payee) => ({ payee })),
      ),
    ).toEqual([])
    expect(
      first(
        { payee: 'z' },
        ['bb', 'bb', 'bb', 'bb', 'aa', 'aa', 'aa', 'aa'].map((payee) => ({ payee })),
      ),
    ).toEqual([])
    expect(
      first(
        { payee: 'z' },
        ['aa', 'aa', 'aa', 'aa'].map((payee) => ({ payee })),
      ),
    ).toEqual([])
  })

  test('that others have used is said calmly, with whose first time it is', () => {
    const own = eight((index) => past(index, { data: { payee: 'ACME' } }))
    const other = past(30, { data: { payee: 'Globex' }, requester: 'cem@example.com' })
    expect(sayings(present({ data: { payee: 'Globex' } }), having(own, { of_type: [...own, other] }), 'first-value')).toMatchObject(
      [{ tone: 'calm', message: 'First time for Ada to this payee: Globex' }],
    )
  })
})

describe('a request that came before', () => {
  const same = { amount: '80.00', currency: 'EUR', data: { iban: 'DE75512108001245126199', order: 'A-1' } }
  const twoDaysAgo = past(0, same, { created_at: daysAgo(2) })

  test('for the same amount and payee a short time ago says when and what became of it', () => {
    const again = present({ ...same, amount: 80, data: { order: 'A-2', iban: 'DE75512108001245126199' } })
    expect(said(again, having([twoDaysAgo]))).toEqual([
      ['same-again', 'Ada asked for the same amount and payee 2 days ago: approved by Bo'],
    ])
  })

  test('and still waits is the first to be named', () => {
    const waiting = [{ asked: asked(same), created_at: daysAgo(1 / 24) }]
    expect(said(present(same), having([twoDaysAgo], { waiting }))).toEqual([
      ['same-again', 'Ada asked for the same 1 hour ago: it still waits'],
    ])
  })

  test('with the very same data says so; with another amount, long ago, or taken back it is none', () => {
    expect(said(present(same), having([{ ...twoDaysAgo, decision: 'rejected' }]))).toEqual([
      ['same-again', 'Ada asked for the same 2 days ago: rejected by Bo'],
    ])
    expect(said(present({ ...same, amount: 81 }), having([twoDaysAgo]))).toEqual([])
    expect(said(present(same), having([{ ...twoDaysAgo, created_at: daysAgo(30) }]))).toEqual([])
    expect(said(present(same), having([{ ...twoDaysAgo, decision: 'cancelled' }]))).toEqual([])
  })
})

describe('what is usual', () => {
  test('is what the reader answered most', () => {
    const own = times(17, (index) => past(index, {}, { by_you: true, decision: index === 3 ? 'rejected' : 'approved' }))
    expect(said(present({ title: 'Another' }), having(own))).toEqual([['usual', 'Usual: you approved 16 of 17']])
  })

  test('wants attention where most were rejected, and is what anybody answered where the reader has not', () => {
    const own = times(4, (index) => past(index, {}, { decision: index === 3 ? 'approved' : 'rejected' }))
    expect(notesOf(present({ title: 'Another' }), having(own), now)).toMatchObject([
      { message: 'Usual: 3 of 4 were rejected', tone: 'attention' },
    ])
  })

  test('is nothing where rules decided', () => {
    expect(said(present({ title: 'Another' }), having(times(9, (index) => past(index, {}, { by_person: false }))))).toEqual([])
  })
})

/* What holds for whatever senders write. */

const scalar = fc.oneof(
  fc.constantFrom('ACME', 'Globex', 'DE75512108001245126199', 'https://api.example.com/1', 'ada@example.com', 'production'),
  fc.string({ maxLength: 20 }),
  fc.boolean(),
  fc.double(),
  fc.constant(null),
)
const name = fc.oneof(fc.constantFrom('payee', 'iban', 'url', 'environment', '__proto__', 'constructor', 'a/b~c'), fc.string())
const dataOf = fc.oneof(
  fc.dictionary(name, scalar, { maxKeys: 5 }),
  fc.dictionary(name, fc.dictionary(name, scalar, { maxKeys: 3 }), { maxKeys: 3 }),
  fc.jsonValue(),
)
const amountOf = fc.oneof(fc.constant(null), fc.integer(), fc.constantFrom('80.00', '-3', '999999999999999999.99'))
const matter = fc.record({
  data: dataOf as fc.Arbitrary<unknown>,
  amount: amountOf,
  currency: fc.constantFrom('EUR', 'USD', null),
  title: fc.constantFrom('Refund', 'Another'),
})
/** A few of them again and again, as real ones come. */
const history = fc.tuple(fc.array(matter, { minLength: 1, maxLength: 3 }), fc.integer({ min: 0, max: 20 }))
const requests = ([some, n]: [Partial<Asked>[], number]) => times(n, (index) => past(index, some[index % some.length]))

const reversed = (value: unknown): unknown =>
  typeof value !== 'object' || value === null || Array.isArray(value)
    ? value
    : Object.fromEntries(
        Object.entries(value)
          .reverse()
          .map(([key, each]) => [key, reversed(each)]),
      )

test('nothing that a sender writes makes it fail, and the order of fields changes nothing', () => {
  fc.assert(
    fc.property(matter, history, (request, earlier) => {
      const own = requests(earlier)
      const notes = notesOf(present(request), having(own), now)
      const turned = own.map((each) => ({ ...each, asked: { ...each.asked, data: reversed(each.asked.data) } }))
      expect(notesOf(present({ ...request, data: reversed(request.data) }), having(turned), now)).toEqual(notes)
      expect(() =>
        comparisons(
          asked(request),
          own.map((each) => each.asked),
        ),
      ).not.toThrow()
    }),
    { numRuns: 500 },
  )
})

/** Requests that look alike, as those of one sender do: the same fields, and few values. */
const alike = fc.record({
  payee: scalar,
  site: fc.record({ url: fc.constantFrom('https://a.example/1', 'https://b.example/2?x'), 'a/b~c': scalar }),
})

test('a note about a value names one that stands in the request where it points to', () => {
  let found = 0
  fc.assert(
    fc.property(alike, alike, fc.integer({ min: 5, max: 12 }), (data, usual, n) => {
      const earlier = times(n, (index) => past(index, { data: usual }))
      for (const { code, message, pointer } of notesOf(present({ data }), having(earlier), now)) {
        if (code !== 'first-value') continue
        found++
        const value = pointer
          .split('/')
          .slice(2)
          .reduce<unknown>((at, key) => (at as Record<string, unknown>)[key.replaceAll('~1', '/').replaceAll('~0', '~')], data)
        expect(String(value)).toContain(message.slice(message.indexOf(': ') + 2))
      }
    }),
    { numRuns: 500 },
  )
  expect(found).toBeGreaterThan(20)
})

test('data that is nested without end, or has ten thousand fields, is compared in a moment', () => {
  let deep: unknown = 'x'
  for (let level = 0; level < 20_000; level++) deep = { deep }
  const wide = Object.fromEntries(Array.from({ length: 10_000 }, (_, index) => [`f${index}`, 'same']))
  const own = [past(0, { data: deep }), past(1, { data: wide })]
  expect(() => notesOf(present({ data: deep, title: 'Another' }), having(own), now)).not.toThrow()
  expect(comparisons(asked({ data: wide }), [asked({ data: deep })])[0]?.differences.length).toBeGreaterThan(0)
})

test('what differs each time is counted and not listed, and long values are cut', () => {
  const earlier = [1, 2, 3, 4].map((n) => asked({ amount: 295, currency: 'EUR', data: { order: `A-${n}`, payee: 'ACME' } }))
  const [first] = comparisons(asked({ amount: 1240, currency: 'EUR', data: { order: 'A-9', payee: 'x'.repeat(500) } }), earlier)
  expect(first).toEqual({
    differences: [
      { pointer: '/amount', before: 295, after: 1240 },
      { pointer: '/data/payee', before: 'ACME', after: `${'x'.repeat(200)}…` },
    ],
    more: 0,
    routine: 1,
  })
})
