import { type Document, isScalar } from 'yaml'

/**
 * Where in a file's text a character of a YAML string stands; null where the path leads to no string. Quotes, escapes and the
 * indentation of blocks lie between the two: what is not part of the string is stepped over.
 */
export function offsetInString(text: string, document: Document, path: readonly PropertyKey[], inside: number): number | null {
  const node = document.getIn(path, true)
  if (!isScalar(node) || typeof node.value !== 'string' || !node.range) return null
  const [start, end] = node.range
  const block = node.type === 'BLOCK_LITERAL' || node.type === 'BLOCK_FOLDED'
  let at = block ? text.indexOf('\n', start) + 1 : start
  if (node.type === 'QUOTE_DOUBLE' || node.type === 'QUOTE_SINGLE') at++
  const isSpace = (character: string | undefined): boolean => character !== undefined && /\s/.test(character)
  for (let index = 0; index < node.value.length && at < end; index++) {
    const wanted = node.value[index]!
    if (isSpace(wanted)) {
      // A line break and the indentation behind it may have become one space.
      if (index >= inside) return at
      if (isSpace(text[at])) at++
      if (!isSpace(node.value[index + 1])) while (at < end && isSpace(text[at])) at++
      continue
    }
    while (at < end && text[at] !== wanted) at++
    if (index >= inside) return at
    at++
  }
  return Math.min(at, end)
}
