import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { Table } from '../../renderer/store/table.ts'

test('a table holds what a map would, and no earlier table changes', () => {
  const id = fc.integer({ min: 0, max: 60 }).map((n) => `apr_${(n * 7919).toString(16).padStart(6, '0')}`)
  const step = fc.oneof(
    fc.array(fc.tuple(id, fc.integer()), { maxLength: 8 }).map((put) => ({ put })),
    fc.array(id, { maxLength: 8 }).map((drop) => ({ drop })),
  )
  fc.assert(
    fc.property(fc.array(step, { maxLength: 30 }), (steps) => {
      let table = Table.empty<number>()
      const model = new Map<string, number>()
      const before: (readonly [Table<number>, readonly (readonly [string, number])[]])[] = []
      for (const each of steps) {
        before.push([table, [...model]])
        if ('put' in each) {
          table = table.with(each.put)
          for (const [key, value] of each.put) model.set(key, value)
        } else {
          table = table.without(each.drop)
          for (const key of each.drop) model.delete(key)
        }
        expect(table.size).toBe(model.size)
        expect([...table.values()].sort()).toEqual([...model.values()].sort())
      }
      for (const [earlier, held] of before) {
        expect(earlier.size).toBe(held.length)
        for (const [key, value] of held) expect(earlier.get(key)).toBe(value)
      }
      for (const [key, value] of model) expect([table.get(key), table.has(key)]).toEqual([value, true])
      expect([table.get('apr_none'), table.has('a')]).toEqual([undefined, false])
    }),
  )
})

test('what changes nothing is the same table', () => {
  const table = Table.of([{ id: 'apr_000001' }])
  expect([table.with([]), table.without(['apr_000002'])]).toEqual([table, table])
  expect(table.with([]) === table && table.without(['apr_000002']) === table).toBe(true)
})
