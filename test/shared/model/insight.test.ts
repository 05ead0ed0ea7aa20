import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { type TimeCount, timeWithin } from '../../../shared/model/insight.ts'

const counts: fc.Arbitrary<readonly TimeCount[]> = fc.array(fc.record({ class: fc.nat(40), n: fc.nat(5) }), { maxLength: 20 })
const share = fc.nat(100).map((hundredths) => hundredths / 100)

test('a larger share is never decided in a shorter time, and it does not matter in how many parts a class is told of', () => {
  fc.assert(
    fc.property(counts, share, share, (told, a, b) => {
      const [less, more] = [Math.min(a, b), Math.max(a, b)]
      expect(timeWithin(told, less) ?? 0).toBeLessThanOrEqual(timeWithin(told, more) ?? 0)
      const singly = told.flatMap((each) => Array.from({ length: each.n }, () => ({ class: each.class, n: 1 })))
      expect(timeWithin(singly, a)).toBe(timeWithin(told, a))
    }),
  )
})
