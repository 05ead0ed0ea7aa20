import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { layOut, spanAt } from '../../renderer/list-layout.ts'
import { type Heading, lineAt } from '../../renderer/lists.ts'

const heights = { row: 68, group: 30 }
/** Headings over some rows, the first of them over the first row. */
const lists = fc.nat(200).chain((rows) =>
  fc.record({
    rows: fc.constant(rows),
    headings: fc
      .uniqueArray(fc.nat(Math.max(0, rows - 1)), { maxLength: 4 })
      .map((places): readonly Heading[] =>
        rows === 0 ? [] : [...new Set([0, ...places])].sort((a, b) => a - b).map((at) => ({ group: 'today' as const, at })),
      ),
  }),
)

test('the lines of a list stand one below the other, each as high as it is', () => {
  fc.assert(
    fc.property(lists, ({ rows, headings }) => {
      const layout = layOut(rows, headings, heights)
      let top = 0
      for (let line = 0; line < layout.lines; line++) {
        const height = heights[lineAt(line, headings).kind]
        expect([layout.topOf(line), layout.lineAt(top), layout.lineAt(top + height - 1)]).toEqual([top, line, line])
        top += height
      }
      expect([layout.lines, layout.height]).toEqual([rows + headings.length, top])
    }),
  )
})

test('what is drawn covers what is seen and little more, at the ends too', () => {
  fc.assert(
    fc.property(lists, fc.nat(20_000), fc.integer({ min: 1, max: 2000 }), ({ rows, headings }, top, height) => {
      const layout = layOut(rows, headings, heights)
      const seenFrom = Math.min(top, Math.max(0, layout.height - height))
      const { from, to } = spanAt(layout, seenFrom, height)
      expect(from).toBeLessThanOrEqual(layout.lineAt(seenFrom))
      expect(to).toBeGreaterThanOrEqual(Math.min(layout.lines, layout.lineAt(seenFrom + height) + 1))
      expect([from >= 0, to <= layout.lines, to - from <= height / heights.group + 18]).toEqual([true, true, true])
    }),
  )
})
