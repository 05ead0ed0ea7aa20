import { expect, it } from 'vitest'
import { toPath, toPointer, valueAt, withValueAt } from '../../../shared/contract/pointer.ts'

it('Values are found and replaced at pointers, and the rest is not touched', () => {
  const value = { a: [{ 'b/c': 1 }], d: { e: 2 } }
  const path = toPath('/a/0/b~1c')
  expect([toPointer(path), valueAt(value, path)]).toEqual(['/a/0/b~1c', 1])
  const next = withValueAt(value, path, 9) as typeof value
  expect(next).toEqual({ a: [{ 'b/c': 9 }], d: { e: 2 } })
  expect(next.d).toBe(value.d)
  expect(Object.keys(next)).toEqual(['a', 'd'])
  expect(withValueAt(value, [], 9)).toBe(9)
})

it('Nothing is found where there is nothing', () => {
  for (const pointer of ['/__proto__', '/a/length', '/a/01', '/a/-', '/d/e/f'])
    expect(valueAt({ a: [1], d: { e: 2 } }, toPath(pointer)), pointer).toBeUndefined()
})
