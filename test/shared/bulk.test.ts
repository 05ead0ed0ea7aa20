import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type BulkItem, sortOut } from '../../shared/model/bulk.ts'

const plain = (id: string, change: Partial<BulkItem> = {}): BulkItem => ({
  id,
  type: 'refund',
  requester: 'shop',
  amount: 100,
  currency: 'EUR',
  data: { payee: 'DE89 3704 0044 0532 0130 00', order: `88-${id}` },
  risk: 'low',
  flags: [],
  sent_back: null,
  ...change,
})

const forty = (odd: Partial<BulkItem> = {}) => [
  ...Array.from({ length: 39 }, (_, n) => plain(`n${n}`, { amount: 90 + n })),
  plain('odd', odd),
]

const heldOf = (items: readonly BulkItem[]) =>
  sortOut(items).held.map(({ id, reasons }) => [id, ...reasons.map(({ code }) => code)])

describe('deciding many together', () => {
  it('lets through a group that is alike', () => {
    expect(sortOut(forty())).toEqual({ fits: forty().map(({ id }) => id), held: [] })
  })

  it('holds out what is risky, flagged, wants more than a yes, or waits for an answer, whatever the group', () => {
    const flag = { code: 'bidi', message: 'Hidden', pointer: '/title' }
    const asked = {
      question: 'Why?',
      actor: { kind: 'person', id: 'bo@example.com', via: 'browser' },
      at: '2026-01-01T00:00:00.000Z',
    } as const
    expect(heldOf([plain('a', { risk: 'high' }), plain('b')])).toEqual([['a', 'high_risk']])
    expect(heldOf([plain('a', { flags: [flag] })])).toEqual([['a', 'flagged']])
    expect(heldOf([plain('a', { form: {} })])).toEqual([['a', 'needs_form']])
    expect(heldOf([plain('a', { options: [{ id: 'x', label: 'X', outcome: 'approved' }] })])).toEqual([['a', 'has_options']])
    expect(heldOf([plain('a', { sent_back: asked })])).toEqual([['a', 'open_question']])
  })

  it('holds out an amount far from the others, another payee, type, requester or currency', () => {
    expect(sortOut(forty({ amount: 5000 })).held).toEqual([
      { id: 'odd', reasons: [{ code: 'amount', times: 5000 / 109, median: 109 }] },
    ])
    expect(sortOut(forty({ data: { payee: 'GB29 NWBK 6016 1331 9268 19', order: '88-1' } })).held).toEqual([
      {
        id: 'odd',
        reasons: [
          {
            code: 'other_value',
            pointer: '/data/payee',
            value: 'GB29 NWBK 6016 1331 9268 19',
            usual: 'DE89 3704 0044 0532 0130 00',
          },
        ],
      },
    ])
    expect(heldOf(forty({ type: 'wire' }))).toEqual([['odd', 'other_type']])
    expect(heldOf(forty({ requester: 'mallory' }))).toEqual([['odd', 'other_requester']])
    expect(heldOf(forty({ currency: 'USD' }))).toEqual([['odd', 'other_currency']])
    expect(heldOf(forty({ beneficiary: 'Mallory' }))).toEqual([])
  })

  it('judges each against the others, so that two odd ones do not excuse each other', () => {
    const items = [...forty({ amount: 4000 }), plain('odd2', { amount: 9000 })]
    expect(heldOf(items)).toEqual([
      ['odd', 'amount'],
      ['odd2', 'amount'],
    ])
    const payees = [...forty({ data: { payee: 'GB29' } }), plain('odd2', { data: { payee: 'FR14' } })]
    expect(heldOf(payees)).toEqual([
      ['odd', 'other_value'],
      ['odd2', 'other_value'],
    ])
  })

  it('says nothing about groups of three and fewer, nor about fields in which everybody differs', () => {
    expect(heldOf([plain('a', { amount: 1 }), plain('b', { amount: 9999 }), plain('c', { type: 'wire' })])).toEqual([])
    expect(heldOf(Array.from({ length: 9 }, (_, n) => plain(`n${n}`, { data: { customer: `Customer ${n} of many` } })))).toEqual([])
  })

  it('puts every item in exactly one place, whatever they are, and in any order alike', () => {
    const item = fc.record({
      type: fc.constantFrom('refund', 'wire'),
      requester: fc.option(fc.constantFrom('shop', 'ana')),
      amount: fc.option(fc.oneof(fc.double({ min: -1e9, max: 1e9, noNaN: true }), fc.constantFrom('12.50', 'many', '1e999'))),
      currency: fc.option(fc.constantFrom('EUR', 'USD')),
      data: fc.jsonValue({ maxDepth: 3 }),
      risk: fc.constantFrom('low' as const, 'medium' as const, 'high' as const),
    })
    fc.assert(
      fc.property(
        fc.array(item, { maxLength: 30 }),
        fc.infiniteStream(fc.double({ min: 0, max: 1, noNaN: true })),
        (given, random) => {
          const items = given.map((each, n) => plain(`n${n}`, each))
          const { fits, held } = sortOut(items)
          expect([...fits, ...held.map(({ id }) => id)].sort()).toEqual(items.map(({ id }) => id).sort())
          expect(held.every(({ reasons }) => reasons.length > 0)).toBe(true)
          const order = new Map(items.map(({ id }) => [id, random.next().value as number]))
          const shuffled = sortOut(items.toSorted((a, b) => order.get(a.id)! - order.get(b.id)!))
          expect(new Set(shuffled.fits)).toEqual(new Set(fits))
        },
      ),
    )
  })
})
