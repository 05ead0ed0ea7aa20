const ascii = /^[\x20-\x7e\s]*$/

/** Letters as they are compared: no case, no accents, and one spelling for what looks the same to a reader. */
const folded = (text: string): string =>
  ascii.test(text)
    ? text.toLowerCase()
    : text
        .toLowerCase()
        .normalize('NFKD')
        .replaceAll(/[\p{M}\p{Cf}]+/gu, '')
        .toLowerCase()

/** The words of a text as they are indexed and looked for: letters and digits, the rest parts them. */
export const wordsOf = (text: string): readonly string[] => folded(text).match(/[\p{L}\p{N}]+/gu) ?? []
