/** What the palette offers, as far as finding it goes. */
export type Findable = {
  /** The same each time, so that what was used lately is known again. */
  readonly id: string
  readonly label: string
  /** Other words that it is found by. */
  readonly also?: string
}

/** Without accents and case: "Läufe" is found by "laufe". */
const plain = (text: string): string => text.normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase()

const wordsOf = (text: string): readonly string[] => plain(text).match(/[\p{L}\p{N}]+/gu) ?? []

/** Letters of a query in their order, the first of them at the start of a word. */
function isScattered(wanted: string, words: readonly string[]): boolean {
  return words.some((word, first) => {
    if (word[0] !== wanted[0]) return false
    const text = words.slice(first).join('')
    let at = 0
    for (const letter of text) if (letter === wanted[at]) at++
    return at >= wanted.length
  })
}

/** Letters that each begin a further word: "wo" finds "Waiting on others". */
function areInitials(wanted: string, words: readonly string[]): boolean {
  if (wanted.length < 2) return false
  let at = 0
  for (const word of words) if (word[0] === wanted[at]) at++
  return at >= wanted.length
}

/** How well one word of a query fits, best first. Null: not at all. */
function fitOf(wanted: string, words: readonly string[]): number | null {
  if (words[0]?.startsWith(wanted)) return 0
  if (words.some((word) => word.startsWith(wanted))) return 1
  if (areInitials(wanted, words)) return 2
  if (words.some((word) => word.includes(wanted))) return 3
  return isScattered(wanted, words) ? 4 : null
}

/** Found by its other words it comes after everything that says so itself. */
const byOtherWords = 5

function rankOf(query: readonly string[], entry: Findable): number | null {
  const own = wordsOf(entry.label)
  const other = wordsOf(entry.also ?? '')
  let sum = 0
  for (const wanted of query) {
    const fit = fitOf(wanted, own)
    // Scattered letters in words that nobody sees would find anything.
    const elsewhere = fit === null && other.some((word) => word.startsWith(wanted)) ? byOtherWords : fit
    if (elsewhere === null) return null
    sum += elsewhere
  }
  return sum
}

/**
 * What a query finds: each of its words has to be in there. Starts of words come before initials, those before parts of words, and
 * scattered letters last; among equals what was used lately, then the order given. An empty query finds all.
 */
export function find<T extends Findable>(query: string, entries: readonly T[], recent: readonly string[]): readonly T[] {
  const wanted = wordsOf(query)
  const age = new Map(recent.map((id, index) => [id, index]))
  return entries
    .flatMap((entry, index) => {
      const rank = rankOf(wanted, entry)
      return rank === null ? [] : [{ entry, index, rank, age: age.get(entry.id) ?? recent.length }]
    })
    .sort((a, b) => a.rank - b.rank || a.age - b.age || a.index - b.index)
    .map(({ entry }) => entry)
}

const mostRecent = 8

/** What was used lately, the latest first. */
export const withRecent = (recent: readonly string[], id: string): readonly string[] =>
  [id, ...recent.filter((each) => each !== id)].slice(0, mostRecent)

/** Where an arrow leads: around the ends. Null where the key does not move. */
export function moved(key: string, at: number, length: number): number | null {
  if (length === 0) return null
  const page = 8
  switch (key) {
    case 'ArrowDown':
      return (at + 1) % length
    case 'ArrowUp':
      return at <= 0 ? length - 1 : at - 1
    case 'PageDown':
      return Math.min(length - 1, at + page)
    case 'PageUp':
      return Math.max(0, at - page)
    case 'Home':
      return 0
    case 'End':
      return length - 1
    default:
      return null
  }
}
