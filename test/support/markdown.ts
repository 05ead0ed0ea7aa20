/** A fenced block of a page: its language, the words behind it, its text and the line it starts at. */
export type Block = {
  readonly language: string
  readonly words: readonly string[]
  readonly text: string
  readonly line: number
}

/** Every fenced block of a markdown page, in order. */
export function blocksOf(markdown: string): Block[] {
  const blocks: Block[] = []
  const pattern = /^```(\S+)?([^\n]*)\n([\s\S]*?)^```$/gm
  for (const { index, 1: language = '', 2: words = '', 3: text = '' } of markdown.matchAll(pattern)) {
    const line = markdown.slice(0, index).split('\n').length
    blocks.push({ language, words: words.split(' ').filter(Boolean), text, line })
  }
  return blocks
}

/** A block of shell lines that a test runs, with what the page says it prints; null where it says nothing. */
export type Example = { readonly script: string; readonly exits: number; readonly line: number; readonly answer: Block | null }

/**
 * The examples of a page: blocks marked `sh run`, each with the `json answer` or `text answer` that follows it before the next
 * one. `exits=N` behind `run` names an exit code other than 0.
 */
export function examplesOf(markdown: string): Example[] {
  const examples: Example[] = []
  for (const block of blocksOf(markdown)) {
    if (block.language === 'sh' && block.words[0] === 'run') {
      const exits = block.words.find((word) => word.startsWith('exits='))?.slice('exits='.length)
      examples.push({ script: block.text, exits: Number(exits ?? 0), line: block.line, answer: null })
    } else if (block.words[0] === 'answer') {
      const last = examples.pop()
      if (last === undefined || last.answer !== null) throw new Error(`Line ${block.line}: an answer without an example before it`)
      examples.push({ ...last, answer: block })
    }
  }
  return examples
}

/**
 * What differs between the shape of an answer and the one that was written down: members that are missing or not written down,
 * and other types. Values may differ; null stands for any. Lists compare by their first items. Of a `shortened` one, members may
 * be left out.
 */
export function differences(actual: unknown, written: unknown, shortened: boolean, at = ''): string[] {
  if (written === null || actual === null) return []
  if (kindOf(actual) !== kindOf(written)) return [`${at || '/'}: ${kindOf(written)} is written down, ${kindOf(actual)} came`]
  if (Array.isArray(actual)) {
    const [first] = written as unknown[]
    if (first === undefined) return []
    return actual.length === 0
      ? [`${at || '/'}: an item is written down, none came`]
      : differences(actual[0], first, shortened, `${at}/0`)
  }
  if (typeof actual !== 'object') return []
  const names = (value: unknown) => Object.keys(value as object)
  const missing = names(written).filter((name) => !Object.hasOwn(actual, name))
  const unsaid = shortened ? [] : names(actual).filter((name) => !Object.hasOwn(written as object, name))
  const inside = names(written).filter((name) => Object.hasOwn(actual, name))
  return [
    ...missing.map((name) => `${at}/${name}: is written down and did not come`),
    ...unsaid.map((name) => `${at}/${name}: came and is not written down`),
    ...inside.flatMap((name) => differences(member(actual, name), member(written, name), shortened, `${at}/${name}`)),
  ]
}

const member = (value: unknown, name: string): unknown => (value as Record<string, unknown>)[name]
const kindOf = (value: unknown): string => (Array.isArray(value) ? 'array' : typeof value)
