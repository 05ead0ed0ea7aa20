import { type Heading, placeIn } from './lists.ts'

/** In pixels. */
export type Heights = { readonly row: number; readonly group: number }

/** Where the lines of a list stand. Rows are of one height and headings are few, so nothing is measured and nothing is kept for a line. */
export type Layout = {
  readonly lines: number
  /** In pixels, as everything here. */
  readonly height: number
  topOf(line: number): number
  /** The line at a height. */
  lineAt(top: number): number
}

/** `rows` are counted without the headings between them. */
export function layOut(rows: number, headings: readonly Heading[], { row, group }: Heights): Layout {
  const lines = rows + headings.length
  const topOf = (line: number): number => {
    let above = 0
    for (const { at } of headings) {
      if (at + above >= line) break
      above++
    }
    return above * group + (line - above) * row
  }
  return {
    lines,
    height: topOf(lines),
    topOf,
    lineAt: (top) => Math.max(0, placeIn(lines, (line) => topOf(line) > top) - 1),
  }
}

/** From the first line to behind the last. */
export type Span = { readonly from: number; readonly to: number }

/** Drawn above and below what is seen, so that a scroll has something to show. */
const spare = 6
/** The span moves by so many at once: who scrolls slowly redraws less often. */
const step = 2

/** The lines to draw for what is seen. */
export function spanAt({ lines, lineAt }: Layout, top: number, height: number): Span {
  const from = Math.floor((lineAt(top) - spare) / step) * step
  const to = Math.ceil((lineAt(top + height) + 1 + spare) / step) * step
  return { from: Math.max(0, from), to: Math.min(lines, to) }
}
