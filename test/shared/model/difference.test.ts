import { expect, test } from 'vitest'
import type { Asked, Difference } from '../../../shared/model/approval.ts'
import { differencesOf } from '../../../shared/model/difference.ts'

const asked: Asked = {
  type: 'payment',
  title: 'Pay invoice 7',
  description: null,
  requester: 'grace@example.com',
  approvers: ['ada@example.com'],
  amount: '42.00',
  currency: 'EUR',
  priority: 'normal',
  consequence: 'Pays 42.00 EUR',
  data: { iban: 'DE02', lines: [{ sku: 'a', count: 1 }, { sku: 'b' }], note: 'x' },
}

test.each<[string, Partial<Asked>, readonly Difference[]]>([
  ['nothing', {}, []],
  ['a member', { amount: '40.00' }, [{ pointer: '/amount', before: '42.00', after: '40.00' }]],
  ['a type, and nothing else', { amount: 42 }, [{ pointer: '/amount', before: '42.00', after: 42 }]],
  ['null', { description: 'urgent' }, [{ pointer: '/description', before: null, after: 'urgent' }]],
  [
    'members of the data that changed, went and came',
    { data: { iban: 'GB29', lines: [{ sku: 'a', count: 1 }, { sku: 'b' }], memo: 'y' } },
    [
      { pointer: '/data/iban', before: 'DE02', after: 'GB29' },
      { pointer: '/data/note', before: 'x' },
      { pointer: '/data/memo', after: 'y' },
    ],
  ],
  [
    'arrays by index',
    { data: { iban: 'DE02', lines: [{ sku: 'a', count: 2 }], note: 'x' } },
    [
      { pointer: '/data/lines/0/count', before: 1, after: 2 },
      { pointer: '/data/lines/1', before: { sku: 'b' } },
    ],
  ],
  [
    'a value of another shape, as a whole',
    { data: [1] },
    [{ pointer: '/data', before: { iban: 'DE02', lines: [{ sku: 'a', count: 1 }, { sku: 'b' }], note: 'x' }, after: [1] }],
  ],
  ['a member that only one has', { beneficiary: 'Bob' }, [{ pointer: '/beneficiary', after: 'Bob' }]],
  ['a member that is undefined, which is as good as none', { beneficiary: undefined } as unknown as Partial<Asked>, []],
])('finds %s', (_, change, expected) => {
  expect(differencesOf(asked, { ...asked, ...change } as Asked)).toEqual(expected)
})

test('escapes names, and takes those that every object has for what they are', () => {
  const before = { ...asked, data: JSON.parse('{"a/b": 1, "~": 1, "": 1}') as unknown }
  const after = { ...asked, data: JSON.parse('{"a/b": 2, "~": 2, "": 2, "constructor": 1, "__proto__": 1}') as unknown }
  expect(differencesOf(before, after)).toEqual([
    { pointer: '/data/a~1b', before: 1, after: 2 },
    { pointer: '/data/~0', before: 1, after: 2 },
    { pointer: '/data/', before: 1, after: 2 },
    { pointer: '/data/constructor', after: 1 },
    { pointer: '/data/__proto__', after: 1 },
  ])
})

test('goes as deep as the data', () => {
  const nested = (leaf: number): unknown => {
    let value: unknown = leaf
    for (let depth = 0; depth < 20_000; depth++) value = [value]
    return value
  }
  const [found, ...others] = differencesOf({ ...asked, data: nested(1) }, { ...asked, data: nested(2) })
  expect([found?.pointer.length, found?.before, found?.after, others]).toEqual([5 + 40_000, 1, 2, []])
})
