/*
 * Letters, digits and signs that pass for others. A word is judged as a whole: Greek in Greek and Cyrillic in Cyrillic are what they
 * are; one Cyrillic letter among Latin ones is there to deceive, or by a mistake that matters as much.
 */

/** A part of a text; `odd` where it looks like something else than it is. */
export type OddPart = { readonly text: string; readonly odd: boolean }

/** Letters of other scripts that are drawn as Latin ones are. */
const foreign = 'авеԁһіјӏорԛѕтуѵԝхгсмнкзбьԍАВЕԌНІЈКМОРԚЅТУԜХСЗБЬҮүҺεοαρνικυωγτηβϲϳχΑΒΕΖΗΙΚΜΝΟΡΤΥΧϹϳօսոցհյկԱՕՍԼՏ' + 'ɑɡᴀᴄᴇᴍɴᴏᴘʀᴛᴜᴠᴡᴢ'
const foreignLetter = new RegExp(`[${foreign}\\p{Script=Cherokee}\\p{Script=Lisu}]`, 'u')
const foreignLetters = new RegExp(foreignLetter.source, 'gu')
const otherScript = /[\p{Script=Cyrillic}\p{Script=Greek}\p{Script=Armenian}\p{Script=Cherokee}\p{Script=Lisu}]/u
const latinLetters = /[A-Za-z]/g

/** Wide and mathematical letters and digits, which are drawn as plain ones are. */
const styled = /[\u{1d400}-\u{1d7ff}\u{1f130}-\u{1f149}\u249c-\u24e9\u2460-\u249b\u2160-\u217f]/u
const wide = /[\uff10-\uff19\uff21-\uff3a\uff41-\uff5a]/u
const eastAsian = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}]/u

/** Signs that pass for the slash, the full stop, the colon, the semicolon and the at of an address. */
const sign = /[\u2044\u2215\uff0f\u29f8\u2571\u2024\uff0e\u3002\uff61\ua789\u2236\uff1a\u037e\uff20\ufe6b\uff1f\uff03]/u
const eastAsianSign = /[\u3002\uff61\uff0e\uff0f\uff1a\uff1f\uff03\uff20]/u

/** Dashes in front of a number, where a reader takes them for a minus or overlooks them. */
const dashes = /[\u2010-\u2015\u2212\uff0d\ufe63\ufe58\u02d7\u2796]/u
const dash = new RegExp(String.raw`(?<![\p{L}\p{N}])${dashes.source}(?=\s?[\p{Sc}\d])`, 'u')

const anything = new RegExp([String.raw`[\p{L}\p{M}\p{N}]+`, styled.source, sign.source, dash.source].join('|'), 'gu')
const beyondAscii = /\P{ASCII}/u
/** A letter where only digits stand: "1O0", "2l4". */
const letterInNumber = /(?<![A-Za-z])\d+(?:[OolI]+\d+)+(?:[OolI]*)(?![A-Za-z])|(?<![A-Za-z])\d{2,}O+(?![A-Za-z])/g

/** Splits a text into what it seems to be and what it is not. */
export function oddParts(text: string): readonly OddPart[] {
  const isOdd = new Set<number>()
  if (beyondAscii.test(text)) markForeign(text, isOdd)
  for (const match of text.matchAll(letterInNumber)) {
    for (const letter of match[0].matchAll(/[OolI]/g)) isOdd.add(match.index + letter.index)
  }
  return isOdd.size === 0 ? [{ text, odd: false }] : split(text, isOdd)
}

function markForeign(text: string, isOdd: Set<number>): void {
  const inEast = eastAsian.test(text)
  const inLatin = /[A-Za-z]/.test(text)
  for (const { 0: found, index } of text.matchAll(anything)) {
    if (sign.test(found) && !(inEast && eastAsianSign.test(found))) isOdd.add(index)
    else if (dashes.test(found)) isOdd.add(index)
    else markWord(found, index, { inEast, inLatin }, isOdd)
  }
}

type Around = { readonly inEast: boolean; readonly inLatin: boolean }

function markWord(word: string, at: number, { inEast, inLatin }: Around, isOdd: Set<number>): void {
  if (!beyondAscii.test(word)) return
  let offset = at
  for (const character of word) {
    const isDigit = /\p{Nd}/u.test(character) && !/[0-9]/.test(character)
    if (styled.test(character) || (!inEast && wide.test(character)) || (isDigit && /[0-9A-Za-z]/.test(word))) isOdd.add(offset)
    offset += character.length
  }
  const others = [...word.matchAll(foreignLetters)]
  if (others.length === 0) return
  const latin = [...word.matchAll(latinLetters)]
  if (latin.length > 0) {
    const odd = latin.length < [...word].filter((each) => otherScript.test(each)).length ? latin : others
    for (const { index } of odd) isOdd.add(at + index)
  } else if (others.length > 1 && inLatin && [...word].every((each) => foreignLetter.test(each) || /\d/.test(each))) {
    // A whole word in letters that are drawn as Latin ones, in a text that is Latin otherwise.
    for (const { index } of others) isOdd.add(at + index)
  }
}

function split(text: string, isOdd: ReadonlySet<number>): readonly OddPart[] {
  const parts: { text: string; odd: boolean }[] = []
  let offset = 0
  for (const character of text) {
    const odd = isOdd.has(offset)
    const last = parts.at(-1)
    if (last && last.odd === odd) last.text += character
    else parts.push({ text: character, odd })
    offset += character.length
  }
  return parts
}
