/*
 * German writes every noun with a capital, so that a capital alone says nothing. A name is told by what stands in front of it: another
 * word with a capital ("Ana Silva", "Frau Silva", "Abteilung Vertrieb"), or by how it is written itself ("ACME", "GitHub"). A single
 * name that stands alone looks like any noun and is not found; numbers, addresses, hosts, paths, dates and codes are, as in English.
 */

/** Nouns that stand right behind another word with a capital without naming anything. */
const ordinary = new Set(['euro', 'dollar', 'franken', 'pfund', 'yen', 'cent', 'uhr', 'prozent', 'mio', 'mrd'])

/** What may begin a sentence in front of a noun; the polite forms stand inside a sentence too. */
const functionWords = new Set(
  [
    'der die das den dem des ein eine einen einem einer eines kein keine keinen keinem keiner alle jede jeder jedes jeden',
    'diese dieser dieses diesen diesem dies es er sie ihnen ihr ihre ihren ihrem ihrer ihres sein seine seinen seinem seiner wir',
    'bei nach mit für von vom zum zur zu im in am an auf aus durch über unter ohne um vor wegen gegen seit laut per pro als wie',
    'und oder wenn falls sobald dass ob weil damit sofern wird werden wurde wurden soll sollen',
  ].flatMap((line) => line.split(' ')),
)

/** An adjective or participle, as it stands before a noun: "Neue", "Monatliche", "Freigegebene". */
const bends =
  /(?:lich|isch|ig|end|bar|sam|neu|groß|hoh|weiter)e[nmrs]?$|geb(?:en)?e[nmrs]?$|[^e]te[ns]?$|^(?:ge|be|ver|er|an|ab|aus|zu)\p{Ll}{3,}ter$/u

/** Whether a word of a German sentence is written as a name, so that it can be looked for in the request. */
export function isNameInGerman(text: string, at: number, word: string): boolean {
  if (!/^\p{Lu}/u.test(word) || ordinary.has(word.toLowerCase())) return false
  if (/^\p{Lu}{2}|\p{Ll}\p{Lu}/u.test(word)) return true
  const before = /\p{Lu}[\p{L}\p{M}’'-]* $/u.exec(text.slice(0, at))
  if (before === null) return false
  const lower = before[0].trimEnd().toLowerCase()
  if (functionWords.has(lower)) return false
  const beginsSentence = /(?:^|[.!?…:;]["“”’)]?\s+)["„“(]?$/u.test(text.slice(0, before.index))
  return !beginsSentence || !bends.test(lower)
}
