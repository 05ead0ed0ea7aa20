import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { isBehind, keyOf, placeIn, type Sort, sortsOf, toKey } from '../../renderer/lists.ts'
import { Rows } from '../../renderer/store/rows.ts'
import { approvalItem } from '../support/item.ts'

const idsOf = (rows: Rows) => rows.slice(0, rows.length)
const keysOf = (ids: readonly string[]) => ids.map((id) => id.length)
const make = (ids: readonly string[]) => Rows.of(ids, keysOf(ids))

describe('the rows of a list', () => {
  test('are what an array with the same changes is, and earlier ones stay as they were', () => {
    const word = fc.stringMatching(/^[a-f]{1,3}$/)
    const change = fc.oneof(
      fc.record({ kind: fc.constant('with' as const), ids: fc.array(word, { maxLength: 5 }) }),
      fc.record({ kind: fc.constant('insert' as const), id: word, at: fc.nat(10) }),
      fc.record({ kind: fc.constant('without' as const), ids: fc.array(word, { maxLength: 3 }) }),
      fc.record({ kind: fc.constant('back' as const), to: fc.nat(10) }),
    )
    fc.assert(
      fc.property(fc.array(change, { maxLength: 30 }), (changes) => {
        const states: { rows: Rows; model: readonly string[] }[] = [{ rows: Rows.none, model: [] }]
        for (const each of changes) {
          const { rows, model } = states.at(-1)!
          if (each.kind === 'with') {
            const fresh = [...new Set(each.ids)].filter((id) => !model.includes(id))
            states.push({ rows: rows.with(each.ids, keysOf(each.ids)), model: [...model, ...fresh] })
          } else if (each.kind === 'insert' && !model.includes(each.id)) {
            const at = Math.min(each.at, model.length)
            states.push({ rows: rows.inserted(at, each.id, each.id.length), model: model.toSpliced(at, 0, each.id) })
          } else if (each.kind === 'without') {
            const gone = new Set(each.ids)
            states.push({ rows: rows.without(gone), model: model.filter((id) => !gone.has(id)) })
          } else if (each.kind === 'back') states.push(states[each.to % states.length]!)
        }
        for (const { rows, model } of states) {
          expect(idsOf(rows)).toEqual(model)
          expect(model.map((_, at) => rows.keyAt(at))).toEqual(keysOf(model))
          expect(model.map((id) => rows.placeOf(id))).toEqual(model.map((_, at) => at))
          expect([rows.has('none'), rows.idAt(model.length)]).toEqual([false, undefined])
        }
      }),
    )
  })

  test('are looked through in both directions', () => {
    const rows = make(['a', 'bb', 'c', 'dd'])
    const long = (id: string) => id.length === 2
    expect([rows.find(0, 1, long), rows.find(2, 1, long), rows.find(2, -1, long), rows.find(0, -1, long)]).toEqual([
      'bb',
      'dd',
      'bb',
      null,
    ])
  })

  test('take a new request where the host would list it, whatever they go by', () => {
    const values = fc.record({
      due_at: fc.constantFrom(null, '2026-11-21T10:00:00.000Z', '2026-11-22T10:00:00.000Z'),
      amount: fc.constantFrom(null, '5', '-7.5', '100', 'lots'),
      risk: fc.constantFrom('low', 'medium', 'high'),
      decided_at: fc.constantFrom(null, '2026-11-21T11:00:00.000Z', '2026-11-21T12:00:00.000Z'),
    })
    const rank = { low: 0, medium: 1, high: 2 }
    const size = (amount: unknown) => (amount === null || !Number.isFinite(Number(amount)) ? -1 : Math.abs(Number(amount)))
    /** The host's words: key, then arrival; both backwards where the order descends. */
    const hostOrder: Record<Sort, (item: ReturnType<typeof approvalItem>) => string | number> = {
      due: (item) => item.due_at ?? '~',
      oldest: (item) => item.created_at,
      newest: (item) => item.created_at,
      decided: (item) => item.decided_at ?? '',
      amount: (item) => size(item.amount),
      risk: (item) => rank[item.risk],
    }
    const sorts = [...new Set(Object.values(sortsOf).flat())]
    fc.assert(
      fc.property(fc.constantFrom(...sorts), fc.array(values, { maxLength: 12 }), (sort, all) => {
        const items = all.map((each, n) =>
          approvalItem(`a${n}`, { ...each, created_at: new Date(Date.UTC(2026, 10, 21) + n).toISOString() }),
        )
        const sign = sort === 'due' || sort === 'oldest' ? 1 : -1
        const sorted = items.toSorted((a, b) => {
          const [left, right] = [hostOrder[sort](a), hostOrder[sort](b)]
          return sign * (left < right ? -1 : left > right ? 1 : a.created_at < b.created_at ? -1 : 1)
        })
        let rows = Rows.none
        for (const item of items) {
          const key = keyOf(sort, item)
          rows = rows.inserted(
            placeIn(rows.length, (at) => isBehind(sort, rows.keyAt(at), key)),
            item.id,
            key,
          )
        }
        expect(idsOf(rows)).toEqual(sorted.map(({ id }) => id))
      }),
    )
  })

  test('go by the same number whether the host says it or the request does', () => {
    const item = approvalItem('a', { due_at: null, amount: '12.50', risk: 'medium' })
    expect([toKey('due', null), toKey('amount', 12.5), toKey('risk', 'medium'), toKey('newest', item.created_at)]).toEqual([
      keyOf('due', item),
      keyOf('amount', item),
      keyOf('risk', item),
      keyOf('newest', item),
    ])
  })
})
