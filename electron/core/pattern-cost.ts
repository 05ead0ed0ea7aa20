/*
 * How much work a pattern from outside may be at most. A pattern is tried in every way in which its repetitions and choices can share a
 * text, so the ways are counted, not the repetitions: `^\d+-\d+$` has few, `^.*.*.*=$` has millions.
 */

/** In how many ways a piece matches from one place, and how many steps trying all of them takes. */
type Cost = { readonly ways: number; readonly steps: number }

/** One member of a sequence. */
type Piece = Cost & {
  /** The single character or class that is repeated, as written; null for what is more than that. */
  readonly repeated: string | null
  /** The character it has to begin with, or the end of the text; null where it may begin otherwise. */
  readonly first: string | null
  /** `^` */
  readonly begins?: true
}

const one: Cost = { ways: 1, steps: 1 }
const theEnd = ''

/** The most steps that holding a pattern against so long a text can take. Throws a text that says why there is no telling. */
export function patternCost(pattern: string, length: number): number {
  const reader = new Reader(pattern, length)
  const { anchored, steps } = reader.choice()
  return anchored ? length + steps : (length + 1) * steps
}

/** Reads a pattern that is known to be well formed. */
class Reader {
  readonly #text: string
  readonly #length: number
  #at = 0

  constructor(text: string, length: number) {
    this.#text = text
    this.#length = length
  }

  choice(): Cost & { readonly anchored: boolean } {
    const found = [this.#sequence()]
    while (this.#take('|')) found.push(this.#sequence())
    const sum = (of: (cost: Cost) => number) => found.reduce((total, each) => total + of(each), 0)
    return { ways: sum(({ ways }) => ways), steps: sum(({ steps }) => steps), anchored: found.every(({ anchored }) => anchored) }
  }

  #sequence(): Cost & { readonly anchored: boolean } {
    let [ways, steps, before] = [1, 1, 1]
    let last: Piece | null = null
    let anchored = false
    while (this.#at < this.#text.length && !'|)'.includes(this.#text[this.#at]!)) {
      const piece = this.#piece()
      anchored ||= last === null && piece.begins === true
      // What follows a repetition of something else can follow it in one place only.
      const settled = last !== null && last.repeated !== null && piece.first !== null && !matches(last.repeated, piece.first)
      steps += settled ? ways + before * piece.steps : ways * piece.steps
      const reached: number = settled ? before : ways
      before = reached
      ways = reached * piece.ways
      last = piece
    }
    return { ways, steps, anchored }
  }

  #piece(): Piece {
    const character = this.#text[this.#at++]!
    if (character === '^') return { ...one, repeated: null, first: null, begins: true }
    if (character === '$') return { ...one, repeated: null, first: theEnd }
    if (character === '(') {
      const group = this.#group()
      const { least, most } = this.#quantifier()
      return { ...times(group, least, Math.min(most, Math.max(this.#length, least))), repeated: null, first: null }
    }
    const source = character === '[' ? this.#class() : character === '\\' ? this.#escape() : character
    if (source === '\\b' || source === '\\B') return { ...one, repeated: null, first: null }
    const { least, most } = this.#quantifier()
    const cost = times(one, least, most === Number.POSITIVE_INFINITY ? Math.max(this.#length, least) : most)
    return { ...cost, repeated: least === most ? null : source, first: least > 0 ? characterOf(source) : null }
  }

  #group(): Cost {
    const kind = /^\?(?:<?[=!]|:|<[^>]*>)/.exec(this.#text.slice(this.#at))?.[0]
    if (kind === undefined && this.#text[this.#at] === '?') throw new Error('switches flags')
    this.#at += kind?.length ?? 0
    const inner = this.choice()
    this.#at++
    return kind !== undefined && /[=!]/.test(kind) ? { ways: 1, steps: inner.steps } : inner
  }

  #class(): string {
    const [source] = /^(?:\\.|[^\]\\])*\]/s.exec(this.#text.slice(this.#at))!
    if (/\\(?:[pP]|u\{)/.test(source.replaceAll('\\\\', ''))) throw new Error('uses \\p or \\u{…}, which are not known here')
    this.#at += source.length
    return `[${source}`
  }

  #escape(): string {
    const source = /^(?:x[0-9a-fA-F]{2}|u[0-9a-fA-F]{4}|c[A-Za-z]|.)/s.exec(this.#text.slice(this.#at))![0]
    if (/^[1-9k]/.test(source)) throw new Error('refers back to what it matched')
    if (/^(?:[pP]|u$)/.test(source)) throw new Error('uses \\p or \\u{…}, which are not known here')
    this.#at += source.length
    return `\\${source}`
  }

  #quantifier(): { readonly least: number; readonly most: number } {
    const found = /^(?:[*+?]|\{(\d+)(,?)(\d*)\})\??/.exec(this.#text.slice(this.#at))
    if (found === null) return { least: 1, most: 1 }
    this.#at += found[0].length
    const unlimited = Number.POSITIVE_INFINITY
    if (found[0].startsWith('*')) return { least: 0, most: unlimited }
    if (found[0].startsWith('+')) return { least: 1, most: unlimited }
    if (found[0].startsWith('?')) return { least: 0, most: 1 }
    const least = Number(found[1])
    return { least, most: found[2] === '' ? least : found[3] === '' ? unlimited : Number(found[3]) }
  }

  #take(character: string): boolean {
    if (this.#text[this.#at] !== character) return false
    this.#at++
    return true
  }
}

/** A piece that is repeated: every number of times is a way of its own, and each time multiplies those of the piece. */
function times({ ways, steps }: Cost, least: number, most: number): Cost {
  if (ways === 1) return { ways: most - least + 1, steps: steps * most + 1 }
  if (most > 1_000) return { ways: Number.POSITIVE_INFINITY, steps: Number.POSITIVE_INFINITY }
  let [power, allWays, allSteps] = [1, least === 0 ? 1 : 0, 1]
  for (let count = 1; count <= most; count++) {
    allSteps += power * steps
    power *= ways
    if (count >= least) allWays += power
  }
  return { ways: allWays, steps: allSteps }
}

/** The one character that a source stands for; null for a class, or what may be several. */
function characterOf(source: string): string | null {
  if (source.length === 1) return source === '.' ? null : source
  return /^\\[^\w\s]$/.test(source) ? source[1]! : null
}

const matches = (source: string, character: string): boolean =>
  character !== theEnd && new RegExp(`^(?:${source})$`, 'i').test(character)
