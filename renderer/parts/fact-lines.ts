/** One line of a difference: added, taken away, kept, or a head over what follows. */
export type DiffLine = { readonly kind: 'added' | 'removed' | 'kept' | 'head' | 'place'; readonly text: string }

/** A unified difference, line by line. A line that begins like a file's head inside of a place is no head. */
export function readDiff(text: string): readonly DiffLine[] {
  const lines = text.endsWith('\n') ? text.slice(0, -1).split('\n') : text.split('\n')
  let [removed, added] = [0, 0]
  return lines.map((line) => {
    const place = /^@@ -\d+(?:,(\d+))? \+\d+(?:,(\d+))? @@/.exec(line)
    if (place) {
      ;[removed, added] = [Number(place[1] ?? 1), Number(place[2] ?? 1)]
      return { kind: 'place', text: line }
    }
    const inPlace = removed > 0 || added > 0
    if (
      !inPlace &&
      /^(?:diff |index |--- |\+\+\+ |Index: |new file|deleted file|similarity|rename |old mode|new mode|Binary )/.test(line)
    ) {
      return { kind: 'head', text: line }
    }
    if (line.startsWith('+')) {
      added--
      return { kind: 'added', text: line.slice(1) }
    }
    if (line.startsWith('-')) {
      removed--
      return { kind: 'removed', text: line.slice(1) }
    }
    if (!line.startsWith('\\')) {
      added--
      removed--
    }
    return { kind: 'kept', text: line.startsWith(' ') ? line.slice(1) : line }
  })
}

const mostCompared = 400

/** What changed between two texts, line by line; null where they are too long to be compared here. */
export function diffOf(before: string, after: string): readonly DiffLine[] | null {
  const [a, b] = [before.split('\n'), after.split('\n')]
  if (a.length > mostCompared || b.length > mostCompared) return null
  const width = b.length + 1
  const longest = new Uint16Array((a.length + 1) * width)
  for (let i = a.length - 1; i >= 0; i--) {
    for (let j = b.length - 1; j >= 0; j--) {
      const at = i * width + j
      longest[at] = a[i] === b[j] ? longest[at + width + 1]! + 1 : Math.max(longest[at + width]!, longest[at + 1]!)
    }
  }
  const lines: DiffLine[] = []
  let [i, j] = [0, 0]
  while (i < a.length || j < b.length) {
    if (i < a.length && j < b.length && a[i] === b[j]) {
      lines.push({ kind: 'kept', text: a[i++]! })
      j++
    } else if (j >= b.length || (i < a.length && longest[(i + 1) * width + j]! >= longest[i * width + j + 1]!)) {
      lines.push({ kind: 'removed', text: a[i++]! })
    } else lines.push({ kind: 'added', text: b[j++]! })
  }
  return lines
}
