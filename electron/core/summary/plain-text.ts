/**
 * What a reader cannot see, or sees in another order than it is stored: soft hyphen, Arabic letter mark, zero-width characters,
 * line and paragraph separators, embeddings, overrides and isolates, invisible operators, the byte order mark, Hangul fillers,
 * interlinear marks, tag characters and the supplementary variation selectors.
 */
export const hiddenCharacters =
  // biome-ignore lint/suspicious/noMisleadingCharacterClass: single code points are looked for, marks among them
  /\u034f|[\u00ad\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\u3164\ufeff\uffa0\ufff9-\ufffb\u{e0000}-\u{e007f}\u{e0100}-\u{e01ef}]/gu

// biome-ignore lint/suspicious/noControlCharactersInRegex: finding control characters is what it is for
const controlCharacters = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f]/g
// biome-ignore lint/suspicious/noControlCharactersInRegex: an escape sequence begins with a control character
const escapeSequences = /\u001b(?:\[[0-?]*[ -/]*[@-~]|\][^\u0007\u001b]*(?:\u0007|\u001b\\)?|[@-Z\\-_])/g
const simple = /^[\x21-\x7e]+(?: [\x21-\x7e]+)*$/

/** Text without hidden, control and escape characters or halves of a character; whitespace is left alone. */
export function withoutHidden(text: string): string {
  return text.toWellFormed().replace(escapeSequences, '').replace(controlCharacters, '').replace(hiddenCharacters, '')
}

/** One line of visible text of at most `longest` characters: fit to stand inside a sentence. */
export function plainLine(text: string, longest: number): string {
  const line = simple.test(text) ? text : withoutHidden(text).replace(/\s+/g, ' ').trim()
  if (line.length <= longest) return line
  return `${line
    .slice(0, longest - 1)
    .toWellFormed()
    .replace(/\ufffd$/, '')
    .trimEnd()}…`
}
